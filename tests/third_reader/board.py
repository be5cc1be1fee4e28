"""Verify an answer board and open one reporter's cells (FORMAT.md, "Answer board")."""

from dataclasses import dataclass

from .grammar import Cursor, Stop, ascending, lp, need, parse_record, text, u8, u32
from .primitives import open_sealed_x, prf
from .root import Trust
from .signed import Signed, verify_object

CELL = 16 + 24 + 2064
SHARD_CELLS, MAX_CELLS = 128, 16384
_DAYS = ("day", "next")
_COUNTS = ("texts", "files")
_TEXTS = ("kind", "status", "text")
_KINDS = ("status", "received", "message")


@dataclass(frozen=True)
class Shard:
    """One signed part of a board: sealed cells by their tags."""

    signed: Signed
    shard: int
    shards: int
    cells: dict[bytes, bytes]


def read_shard(data: bytes, trust: Trust, *, dated: bool = True) -> Shard:
    """Verify one shard. Raises Stop."""
    signed = verify_object(data, "board", trust, dated=dated)
    cursor = Cursor(signed.rest)
    shard, shards, count = cursor.u16(), cursor.u16(), cursor.u32()
    need(shards > 0 and shards & (shards - 1) == 0 and shards <= MAX_CELLS // SHARD_CELLS, "malformed")
    need(shard < shards, "malformed")
    need(count <= SHARD_CELLS and len(signed.rest) - cursor.at == CELL * count, "malformed")
    cells = [cursor.take(CELL) for _ in range(count)]
    need(ascending([cell[:16] for cell in cells]), "malformed")
    return Shard(signed, shard, shards, {cell[:16]: cell[16:] for cell in cells})


def join_shards(shards: list[Shard]) -> dict[bytes, bytes]:
    """The cells of a whole board, from all its shards in their order. Raises Stop(malformed)."""
    need(bool(shards) and [shard.shard for shard in shards] == list(range(shards[0].shards)), "malformed")
    need(
        all((shard.shards, shard.signed.head) == (shards[0].shards, shards[0].signed.head) for shard in shards),
        "malformed",
    )
    need(ascending([tag for shard in shards for tag in shard.cells]), "malformed")
    return {tag: cell for shard in shards for tag, cell in shard.cells.items()}


@dataclass(frozen=True)
class CellKeys:
    """What a reader of its own cells needs."""

    instance: bytes
    desk: str
    tag_key: bytes
    answer_key: bytes


def cell_tag(keys: CellKeys, number: int, part: int) -> bytes:
    return prf(keys.tag_key, "tag", keys.desk.encode(), u32(number), u8(part))[:16]


def _open_cell(cell: bytes, keys: CellKeys, number: int, part: int) -> tuple[int, bytes]:
    fields = (b"dropbox/v1/cell", keys.instance, keys.desk.encode(), u32(number), u8(part))
    data = b"".join(lp(field) for field in fields)
    opened = open_sealed_x(prf(keys.answer_key, "cell"), cell[:24], cell[24:], data)
    if opened is None:
        raise Stop("cell")
    cursor = Cursor(opened, "timeline")
    need(cursor.u8() == part, "timeline")
    parts, length = cursor.u8(), cursor.u16()
    need(part < parts <= 64 and length <= 2044, "timeline")
    joined = cursor.take(length)
    need(not any(opened[cursor.at :]), "timeline")
    return parts, joined


def open_timeline(cells: dict[bytes, bytes], keys: CellKeys, number: int) -> tuple[bytes, list[dict[str, bytes]]]:
    """Open the timeline of one thread: its bytes, and its entries. Raises Stop: none, cell, part, timeline."""
    data = b""
    parts, part = 1, 0
    while part < parts:
        cell = cells.get(cell_tag(keys, number, part))
        if cell is None:
            raise Stop("part" if part else "none")
        announced, joined = _open_cell(cell, keys, number, part)
        need(part == 0 or announced == parts, "part")
        data += joined
        parts, part = announced, part + 1
    return data, parse_timeline(data)


def parse_timeline(data: bytes) -> list[dict[str, bytes]]:
    """The entries of a timeline, oldest first. Raises Stop(timeline)."""
    cursor = Cursor(data, "timeline")
    entries = [parse_record(cursor.lp(), "timeline") for _ in range(cursor.u16())]
    cursor.end()
    for entry in entries:
        need("day" in entry and "kind" in entry, "timeline")
        need(all(len(entry[name]) == 4 for name in _DAYS + _COUNTS if name in entry), "timeline")
        for name in _TEXTS:
            text(entry.get(name, b""), "timeline")
        need(entry["kind"].decode() in _KINDS, "timeline")
    return entries
