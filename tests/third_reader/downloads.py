"""Verify what browsers download: the keyring file and the boards file (FORMAT.md, "What browsers download")."""

from dataclasses import dataclass, replace

from .board import join_shards, read_shard
from .grammar import Cursor, Stop, ascending, need
from .root import Certificate, Revocations, Trust, verify_certificate, verify_revocations
from .signed import KeyBundle, Signed, read_keyed, split_keyed, split_object


@dataclass(frozen=True)
class Slot:
    """A desk of the keyring, in its slot."""

    certificate: Certificate
    bundle: KeyBundle
    carried: dict[int, bytes]
    open: bool


@dataclass(frozen=True)
class Keyring:
    """All desks with a slot, and the list that is in force."""

    slots: list[Slot]
    revocations: Revocations


def epoch_of(day: int) -> int:
    """The week of a day."""
    return (day - 4) // 7


def read_keyring(data: bytes, trust: Trust) -> Keyring:
    """Verify a keyring file; `trust.ahead` is 2 for a reader with a person's own clock. Raises Stop."""
    cursor = Cursor(data)
    count = cursor.u16()
    need(1 <= count <= 8, "malformed")
    desks = [cursor.lp() for _ in range(count)]
    listed = cursor.lp()
    cursor.end()

    revocations = verify_revocations(listed, trust.anchor)
    revocations.check_age(trust)
    trust = replace(trust, revoked=trust.revoked | revocations.keys.keys())

    slots = [slot for slot in (_read_slot(desk, trust) for desk in desks) if slot is not None]
    need(bool(slots), "revoked")
    need(ascending([slot.certificate.desk.encode() for slot in slots]), "malformed")
    need(any(slot.open for slot in slots), "date")
    return Keyring(slots, revocations)


def _read_slot(data: bytes, trust: Trust) -> Slot | None:
    parts = split_object(split_keyed(data)[0])
    try:
        certificate = verify_certificate(parts.certificate, trust, dated=False)
    except Stop as stop:
        if stop.stage == "revoked":
            return None
        raise
    bundle, carried = read_keyed(data, trust, dated=False)
    is_open = certificate.holds(trust.today) and epoch_of(trust.today) in carried
    return Slot(certificate, bundle, carried, is_open)


@dataclass(frozen=True)
class Board:
    """A desk's whole board."""

    signed: Signed
    shards: int
    cells: dict[bytes, bytes]


def read_boards(data: bytes, trust: Trust) -> list[Board]:
    """Verify a boards file with the revocations of the keyring file in `trust.revoked`. Raises Stop."""
    cursor = Cursor(data)
    count = cursor.u16()
    need(count <= 1024, "malformed")
    desks = [cursor.lp() for _ in range(count)]
    cursor.end()
    boards = [board for board in (_read_board(desk, trust) for desk in desks) if board is not None]
    need(ascending([board.signed.head.desk.encode() for board in boards]), "malformed")
    return boards


def _read_board(data: bytes, trust: Trust) -> Board | None:
    cursor = Cursor(data)
    count = cursor.u16()
    need(count <= 1024, "malformed")
    shards = [cursor.lp() for _ in range(count)]
    cursor.end()
    try:
        verified = [read_shard(shard, trust, dated=False) for shard in shards]
    except Stop as stop:
        if stop.stage == "revoked":
            return None
        raise
    cells = join_shards(verified)
    return Board(verified[0].signed, len(verified), cells)
