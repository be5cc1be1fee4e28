"""Vectors of EXCHANGE "What an importer holds": a return, and the returns that the importer took before it."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from construction import (
    EPOCH,
    KEMS,
    STATIONS,
    TODAY,
    Vector,
    certificate,
    certificate_body,
    fixed,
    head,
    signed,
    u8,
    u16,
    u32,
)
from make_keyring import BASE, ONE, OTHER, TWO, WEEKS, board, first_number, keys_body, listed, of_keys, returned
from make_signed import given

NEXT: Final = first_number(8)  # under the certificate of a later serial
RENEWED: Final = certificate(certificate_body(serial=8))
ZEROS: Final = bytes(32)
STOLEN: Final = fixed("a stolen key", 32)


def sha256(data: bytes) -> bytes:
    """Of a body."""
    return hashlib.sha256(data).digest()


def statistics(number: int = BASE, rows: int = 9, quarters: Sequence[int] = (0,)) -> bytes:
    """One period of ten days for each quarter, with one number each."""
    name, column, row = (u8(len(one)) + one for one in (b"channel", b"cases", b"total"))
    table = name + u8(1) + column + u16(1) + row + u32(rows)
    firsts = [TODAY - 99 + 10 * quarter for quarter in quarters]
    periods = b"".join(u32(first) + u32(first + 9) + u32(TODAY) + u8(1) + table for first in firsts)
    return signed("statistics", head(number=number) + u8(len(firsts)) + periods)


def _lists() -> Iterator[tuple[str, str, str, list[bytes], bytes]]:
    """(name, outcome, comment, returns that were taken, the return)."""
    held = [returned([], revocations=listed(STOLEN, number=3, made=TODAY - 3))]
    lacks = returned([], revocations=listed(number=4), number=BASE + 1)
    yield "list-lacks-key", "held-list", "the later list lacks a key", held, lacks
    day = returned([], revocations=listed(STOLEN, number=4), number=BASE + 1)
    yield "list-other-day", "held-list", "the later list gives a key another day", held, day
    back = returned([], revocations=listed(number=4, made=TODAY - 4), number=BASE + 1)
    nothing = [returned([], revocations=listed(number=3, made=TODAY - 3))]
    yield "list-made-decreases", "held-list", "the later list was made before", nothing, back
    more = returned([], revocations=listed(STOLEN, number=2, made=TODAY - 3), number=BASE + 1)
    yield "list-older-with-more", "held-list", "the older list has a key more", nothing, more
    later = returned([], revocations=listed(number=2, made=TODAY - 2), number=BASE + 1)
    yield "list-older-made-later", "held-list", "the older list was made later", nothing, later
    other = returned([], revocations=listed(STOLEN, number=3, made=TODAY - 3), number=BASE + 1)
    yield "list-same-number", "held-list", "another list under the held number", nothing, other


def _refused() -> Iterator[tuple[str, str, str, list[bytes], bytes]]:
    two = [returned(of_keys(ONE, TWO), WEEKS)]
    yield "return-older", "held-return", "a lower number", [returned([], number=BASE + 1)], returned([])
    yield "return-other-body", "held-return", "the same number with another body", [returned([board()])], returned([])
    yield from _lists()
    other = keys_body("itjen", BASE, fixed("other", 32))
    second = keys_body("itjen", BASE + 1, sha256(other))
    yield (
        "chain-other-body",
        "held-chain",
        "another body under a known number, below the newest",
        two,
        returned(of_keys(other, second), WEEKS, number=BASE + 1),
    )
    older = returned(of_keys(ONE), WEEKS, number=BASE + 1)
    yield "chain-older", "held-chain", "the newest bundle is older than the held one", two, older
    high = [returned([board(number=BASE + 1)])]
    yield "board-older", "held-board", "a board of a lower number", high, returned([board()], number=BASE + 1)
    bytes_ = returned([board(number=BASE + 1, made=TODAY - 1)], number=BASE + 1)
    yield "board-other-bytes", "held-board", "another board under the held number", high, bytes_
    counted = [returned([statistics(BASE + 1)])]
    yield "statistics-older", "held-statistics", "a lower number", counted, returned([statistics()], number=BASE + 1)
    another = returned([statistics(BASE + 1, quarters=(0, 1))], number=BASE + 1)
    yield "statistics-other-bytes", "held-statistics", "other statistics under the held number", counted, another
    whole = [returned([board(number=BASE + 1), statistics(BASE + 1)], revocations=listed(STOLEN, number=3))]
    wrong = returned([board(), statistics()], revocations=listed(number=4), number=BASE + 1)
    yield "list-and-board", "held-list", "the list is checked before board and statistics", whole, wrong
    both = returned([board(), statistics()], revocations=listed(STOLEN, number=3), number=BASE + 1)
    yield "board-and-statistics", "held-board", "the board is checked before the statistics", whole, both
    chain_held = [returned([*of_keys(ONE, TWO), board(number=BASE + 1)], WEEKS)]
    chain_wrong = returned([*of_keys(ONE), board()], WEEKS, number=BASE + 1)
    yield "chain-and-board", "held-chain", "the chain is checked before the board", chain_held, chain_wrong


def _taken() -> Iterator[tuple[str, str, list[bytes], bytes, dict[str, object]]]:
    """(name, comment, returns that were taken, the return, what is held then)."""
    all_of_it = [*of_keys(ONE, TWO), board(), statistics()]
    first = returned(all_of_it, WEEKS)
    held: dict[str, object] = {"return": BASE, "list": 3, "bundle": BASE + 1, "board": BASE, "statistics": BASE}
    yield "first", "an importer that holds nothing", [], first, held
    yield "again", "the same return again changes nothing", [first], first, held | {"new": "no"}
    after = returned([board(number=BASE + 1), statistics(BASE + 1)], number=BASE + 1)
    numbers: dict[str, object] = {"return": BASE + 1, "board": BASE + 1, "statistics": BASE + 1}
    yield "next", "a later one without keys", [first], after, held | numbers
    yield (
        "same-parts",
        "the same parts in a later return",
        [first],
        returned(all_of_it, WEEKS, number=BASE + 1),
        held | {"return": BASE + 1},
    )
    few = returned([], revocations=listed(number=2, made=TODAY - 5), number=BASE + 1)
    yield "list-older", "an older list that is a part of the held one", [first], few, held | {"return": BASE + 1}
    more = returned([], revocations=listed(STOLEN, number=4, made=TODAY - 1), number=BASE + 1)
    yield "list-newer", "a later list with a key more", [first], more, held | {"return": BASE + 1, "list": 4}
    counted: dict[str, object] = {"return": BASE + 1, "said": "statistics-stay"}
    changed = returned([statistics(BASE + 1, rows=8)], number=BASE + 1)
    yield "statistics-changed", "a shown period with another number", [first], changed, held | counted
    lost = returned([statistics(BASE + 1, quarters=(1,))], number=BASE + 1)
    yield "statistics-lost", "a shown period is missing", [first], lost, held | counted
    eight = returned([statistics(BASE + 1, quarters=tuple(range(1, 9)))], number=BASE + 1)
    fallen = held | {"return": BASE + 1, "statistics": BASE + 1}
    yield "statistics-eight", "the oldest falls away where there are eight", [first], eight, fallen
    for name, said, previous in (
        ("continues", "", sha256(TWO)),
        ("restored", "restored", sha256(ONE)),
        ("new-vault", "new", ZEROS),
        ("unknown", "unknown", fixed("unknown", 32)),
    ):
        bundle = keys_body("itjen", NEXT, previous, weeks=((EPOCH, KEMS[2].public),))
        untrusted = returned(of_keys(bundle, shown=RENEWED), OTHER, shown=RENEWED, number=NEXT)
        yield (
            f"chain-{name}",
            "the first bundle of a later serial",
            [first],
            untrusted,
            held
            | {
                "return": NEXT,
                "bundle": NEXT,
                "said": said,
            },
        )


def vectors() -> Iterator[Vector]:
    """Family imported-after/."""

    def vector(name: str, expect: str, comment: str, held: list[bytes], body: bytes, more: dict[str, str]) -> Vector:
        before = {f"held.{at}": one.hex() for at, one in enumerate(held)}
        return Vector("imported-after", name, expect, comment, given() | before | more, body)

    for name, expect, comment, held, body in _refused():
        yield vector(name, expect, comment, held, body, {})
    for name, comment, held, body, state in _taken():
        shown = {"new": "yes", "said": ""} | {key: str(value) for key, value in state.items()}
        yield vector(f"ok-{name}", "ok", comment, held, body, shown)
    own = STATIONS["itjen"].public
    untrusted = returned([], number=BASE + 1)
    revoked = returned([], revocations=listed(own, number=4), number=BASE + 1)
    yield vector("list-own-key", "revoked", "the later list names its own station", [untrusted], revoked, {})
