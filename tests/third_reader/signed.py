"""Verify what a station signs: first the object, then its body (FORMAT.md, "Signed object" and what follows)."""

from dataclasses import dataclass
from itertools import pairwise

from .grammar import DESK, NAME, Cursor, ascending, need, u32
from .primitives import sha256, signature_holds
from .root import CERTIFICATE_MAX, Certificate, Trust, verify_certificate

KINDS = {
    b"DBXK": "keys",
    b"DBXA": "board",
    b"DBXP": "receipts",
    b"DBXR": "return",
    b"DBXS": "statistics",
    b"DBXI": "dossier",
    b"DBXL": "log statement",
}
NOT_SHOWN = 2**32 - 1


@dataclass(frozen=True)
class Parts:
    """A signed object taken apart, nothing verified."""

    kind: str
    certificate: bytes
    body: bytes
    signature: bytes


@dataclass(frozen=True)
class Head:
    """The opening of every body."""

    instance: bytes
    desk: str
    number: int
    made: int


@dataclass(frozen=True)
class Signed:
    """A verified object, of which the body is still to be read."""

    head: Head
    certificate: Certificate
    body: bytes
    rest: bytes


def split_object(data: bytes) -> Parts:
    """Take an object apart. Raises Stop(malformed)."""
    cursor = Cursor(data)
    magic, certificate, body, signature = cursor.take(4), cursor.lp(), cursor.lp(), cursor.take(64)
    cursor.end()
    need(magic in KINDS and len(certificate) <= CERTIFICATE_MAX, "malformed")
    return Parts(KINDS[magic], certificate, body, signature)


def read_head(body: bytes) -> tuple[Head, bytes]:
    """The head of a body, and what follows it. Raises Stop(malformed)."""
    cursor = Cursor(body)
    head = Head(cursor.take(16), cursor.ascii(DESK), cursor.u32(), cursor.u32())
    return head, body[cursor.at :]


def verify_station(parts: Parts, trust: Trust, *, dated: bool = True) -> Signed:
    """Steps 2 to 4 of a signed object. Raises Stop."""
    certificate = verify_certificate(parts.certificate, trust, dated=dated)
    head, rest = read_head(parts.body)
    need(head.instance == trust.anchor.instance and head.desk == certificate.desk, "desk")
    need(
        signature_holds(certificate.station, parts.kind, trust.anchor.instance, parts.body, parts.signature),
        "signature",
    )
    return Signed(head, certificate, parts.body, rest)


def verify_object(data: bytes, kind: str, trust: Trust, *, dated: bool = True) -> Signed:
    """Steps 1 to 6 of keys, board, receipts, return or statistics; each body has a function of its own. Raises Stop."""
    parts = split_object(data)
    need(parts.kind == kind, "label")
    signed = verify_station(parts, trust, dated=dated)
    need(signed.certificate.numbers(signed.head.number), "number")
    made = signed.head.made
    need(signed.certificate.holds(made) and made <= trust.today + trust.ahead, "made")
    return signed


@dataclass(frozen=True)
class KeyBundle:
    """The hashes of a desk's epoch keys."""

    signed: Signed
    previous: bytes
    hashes: dict[int, bytes]


def read_keys(data: bytes, trust: Trust, *, dated: bool = True) -> KeyBundle:
    """Verify a key bundle. Raises Stop."""
    signed = verify_object(data, "keys", trust, dated=dated)
    cursor = Cursor(signed.rest)
    previous = cursor.take(32)
    rows = [(cursor.u32(), cursor.take(32)) for _ in range(cursor.u8())]
    cursor.end()
    need(1 <= len(rows) <= 64, "malformed")
    need(ascending([u32(epoch) for epoch, _ in rows]), "malformed")
    need(signed.head.number != 1 or previous == bytes(32), "malformed")
    return KeyBundle(signed, previous, dict(rows))


def read_carried(cursor: Cursor) -> dict[int, bytes]:
    """Carried keys: X-Wing keys by epoch. Raises Stop(malformed)."""
    rows = [(cursor.u32(), cursor.take(1216)) for _ in range(cursor.u8())]
    need(len(rows) <= 64, "malformed")
    need(ascending([u32(epoch) for epoch, _ in rows]), "malformed")
    return dict(rows)


def check_carried(carried: dict[int, bytes], bundle: KeyBundle) -> None:
    """Stop at `key` when the bundle does not name a carried key for its epoch."""
    need(all(bundle.hashes.get(epoch) == sha256(key) for epoch, key in carried.items()), "key")


def split_keyed(data: bytes) -> tuple[bytes, dict[int, bytes]]:
    """Take a keyed bundle apart: the signed object, and the keys. Raises Stop(malformed)."""
    cursor = Cursor(data)
    signed = cursor.lp()
    carried = read_carried(cursor)
    cursor.end()
    return signed, carried


def read_keyed(data: bytes, trust: Trust, *, dated: bool = True) -> tuple[KeyBundle, dict[int, bytes]]:
    """Verify a keyed bundle. Raises Stop."""
    signed, carried = split_keyed(data)
    bundle = read_keys(signed, trust, dated=dated)
    check_carried(carried, bundle)
    return bundle, carried


def read_receipts(data: bytes, trust: Trust) -> tuple[Signed, list[bytes]]:
    """Verify receipts: SHA-256 of each examined blob. Raises Stop."""
    signed = verify_object(data, "receipts", trust)
    cursor = Cursor(signed.rest)
    count = cursor.u32()
    need(len(signed.rest) == 4 + 32 * count, "malformed")
    hashes = [cursor.take(32) for _ in range(count)]
    need(ascending(hashes), "malformed")
    return signed, hashes


@dataclass(frozen=True)
class Table:
    """A table of a period; a number is None where it is not shown."""

    name: str
    columns: list[str]
    rows: list[tuple[str, list[int | None]]]


@dataclass(frozen=True)
class Period:
    """What was counted of some days."""

    first: int
    last: int
    counted: int
    tables: list[Table]


def _distinct(names: list[str]) -> None:
    need(len(set(names)) == len(names), "malformed")


def _counted(cursor: Cursor, low: int, high: int, size: int = 1) -> range:
    count = cursor.number(size)
    need(low <= count <= high, "malformed")
    return range(count)


def _read_number(cursor: Cursor) -> int | None:
    number = cursor.u32()
    return None if number == NOT_SHOWN else number


def _read_table(cursor: Cursor) -> Table:
    name = cursor.ascii(NAME)
    columns = [cursor.ascii(NAME) for _ in _counted(cursor, 1, 8)]
    rows = [(cursor.ascii(NAME), [_read_number(cursor) for _ in columns]) for _ in _counted(cursor, 1, 64, size=2)]
    _distinct(columns)
    _distinct([row for row, _ in rows])
    return Table(name, columns, rows)


def _read_period(cursor: Cursor, made: int) -> Period:
    first, last, counted = cursor.u32(), cursor.u32(), cursor.u32()
    tables = [_read_table(cursor) for _ in _counted(cursor, 1, 24)]
    _distinct([table.name for table in tables])
    need(0 <= last - first < 366 and last < counted <= made, "malformed")
    return Period(first, last, counted, tables)


def read_statistics(data: bytes, trust: Trust) -> tuple[Signed, list[Period]]:
    """Verify statistics. Raises Stop."""
    signed = verify_object(data, "statistics", trust)
    cursor = Cursor(signed.rest)
    periods = [_read_period(cursor, signed.head.made) for _ in _counted(cursor, 1, 8)]
    cursor.end()
    need(all(earlier.last < later.first for earlier, later in pairwise(periods)), "malformed")
    return signed, periods
