"""Take returns as an importer does that holds others (EXCHANGE.md, "What an importer holds")."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .grammar import need
from .primitives import sha256
from .returned import Imported, read_import
from .root import Revocations, Trust
from .signed import Period

Numbered = tuple[int, bytes]
_NONE: Numbered = (0, b"")


@dataclass(frozen=True)
class Held:
    """What an importer keeps of one desk, and the newest list."""

    returned: Numbered = _NONE
    revocations: Revocations | None = None
    bundles: dict[int, bytes] = field(default_factory=dict)
    board: Numbered = _NONE
    statistics: Numbered = _NONE
    periods: tuple[Period, ...] = ()


def _later(new: Numbered, held: Numbered, stage: str) -> None:
    need(new[0] > held[0] or new == held, stage)


def _check_list(new: Revocations, held: Revocations | None) -> Revocations:
    if held is None:
        return new
    earlier, later = sorted((held, new), key=lambda one: one.number)
    need(earlier.keys.items() <= later.keys.items() and earlier.made <= later.made, "held-list")
    need(new.number != held.number or new == held, "held-list")
    return later


def _chained(taken: Imported, held: Held) -> tuple[dict[int, bytes], list[str]]:
    """The known bundles, and what an importer must say of the first one of a serial."""
    known = held.bundles
    if not taken.keys:
        return known, []
    new = {bundle.signed.head.number: sha256(bundle.signed.body) for bundle in taken.keys}
    need(all(known.get(number, digest) == digest for number, digest in new.items()), "held-chain")
    need(not known or max(new) >= max(known), "held-chain")
    return known | new, list(_said(taken, known))


def _said(taken: Imported, known: dict[int, bytes]) -> Iterator[str]:
    first = taken.keys[0]
    newest = known[max(known)] if known else bytes(32)
    if first.signed.head.number not in known and first.previous != newest:
        yield "restored" if first.previous in known.values() else "new" if not any(first.previous) else "unknown"


def _shows(new: list[Period], held: tuple[Period, ...]) -> bool:
    """Whether every shown period is there as it was; the oldest may fall away where there are eight."""
    since = new[0].first if len(new) == 8 else 0
    return all(period in new for period in held if period.first >= since)


def take(untrusted: bytes, trust: Trust, held: Held) -> tuple[Held, bool, list[str]]:
    """What is held after a return, whether it was new, and what the importer says of it. Raises Stop."""
    known = held.revocations.keys.keys() if held.revocations else set()
    taken = read_import(untrusted, replace(trust, revoked=trust.revoked | known))
    number = taken.head.head.number
    returned = number, taken.head.body
    _later(returned, held.returned, "held-return")
    if returned == held.returned:
        return held, False, []
    listed = _check_list(taken.revocations, held.revocations)
    bundles, said = _chained(taken, held)
    board = held.board
    if taken.board:
        board = taken.board.head.number, taken.board_bytes
        _later(board, held.board, "held-board")
    statistics, periods = held.statistics, held.periods
    if taken.statistics_head:
        statistics = taken.statistics_head.head.number, taken.statistics_head.body
        _later(statistics, held.statistics, "held-statistics")
        if _shows(taken.statistics, held.periods):
            periods = tuple(taken.statistics)
        else:
            statistics = held.statistics
            said.append("statistics-stay")
    return Held(returned, listed, bundles, board, statistics, periods), True, said
