"""Parses and builds answer boards: cells in order, timelines cut into parts (FORMAT "Answer board"). No keys.

Rule: all cells have one size and are sorted by tag, so that a board reveals a rounded-up count and no owner. Shards
are slices of the whole order, not ranges of tags: reporters choose the keys of their tags and could fill one shard.
"""

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError, TooLargeError
from dropbox.limits import BOARD_CELLS_MAX, BOARD_CELLS_MIN, CELL_BYTES, CELL_PARTS_MAX, SHARD_CELLS_MAX
from dropbox.wire.calendar import Day
from dropbox.wire.fields import Reader, Record, decode_record, encode_record, lp, required, text, u8, u16, u32, uint_of
from dropbox.wire.signed import Head, read_head

TAG_BYTES: Final = 16
NONCE_BYTES: Final = 24
SEALED_BYTES: Final = CELL_BYTES + 16
CELL_TOTAL_BYTES: Final = TAG_BYTES + NONCE_BYTES + SEALED_BYTES
DATA_BYTES: Final = CELL_BYTES - 4

STATUS: Final = "status"
RECEIVED: Final = "received"
MESSAGE: Final = "message"
_KINDS: Final = (STATUS, RECEIVED, MESSAGE)
SHARDS_MAX: Final = BOARD_CELLS_MAX // SHARD_CELLS_MAX


@dataclass(frozen=True)
class Board:
    """One shard of a desk's board: cells as `tag ‖ nonce ‖ sealed`, ascending; the next shard continues the order."""

    head: Head
    shard: int
    shards: int
    cells: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the body that the station signs."""
        return self.head.encode() + u16(self.shard) + u16(self.shards) + u32(len(self.cells)) + b"".join(self.cells)

    def find(self, tag: bytes) -> bytes | None:
        """Return `nonce ‖ sealed` of the cell with that tag (16 bytes), or None."""
        at = bisect.bisect_left(self.cells, tag)
        if at < len(self.cells) and self.cells[at].startswith(tag):
            return self.cells[at][TAG_BYTES:]
        return None


def parse_board(untrusted_body: bytes) -> Board:
    """Parse the body of a board; raises MalformedError."""
    reader = Reader(untrusted_body, "board")
    head = read_head(reader)
    shard, shards, count = reader.uint(2), reader.uint(2), reader.uint(4)
    if count * CELL_TOTAL_BYTES != reader.left:
        reader.fail("format.cell-count")
    if count > SHARD_CELLS_MAX:
        reader.fail("format.cell-count")
    cells = tuple(reader.take(CELL_TOTAL_BYTES) for _ in range(count))
    if shards > SHARDS_MAX or shards & (shards - 1) or shard >= shards:
        reader.fail("format.shards")
    tags = [cell[:TAG_BYTES] for cell in cells]
    if any(a >= b for a, b in itertools.pairwise(tags)):
        reader.fail("format.cell-order")
    return Board(head, shard, shards, cells)


def check_whole(shards: Sequence[Board]) -> None:
    """Raise MalformedError unless these are all shards of one board, in their order."""
    if not shards or [board.shard for board in shards] != list(range(shards[0].shards)):
        raise MalformedError("board.part-missing")
    if any((board.head, board.shards) != (shards[0].head, shards[0].shards) for board in shards):
        raise MalformedError("board.parts-differ")
    ends = [cell[:TAG_BYTES] for board in shards if board.cells for cell in (board.cells[0], board.cells[-1])]
    if any(last >= first for last, first in zip(ends[1::2], ends[2::2], strict=False)):
        raise MalformedError("board.parts-order")


def find_in(shards: Iterable[Board], tag: bytes) -> bytes | None:
    """Return `nonce ‖ sealed` of the cell with that tag on a whole board, or None."""
    return next((found for shard in shards if (found := shard.find(tag))), None)


def padded_count(cells: int) -> int:
    """Return the number of cells (64, 128, 256 …) that a board with that many real cells shows."""
    count = BOARD_CELLS_MIN
    while count < cells:
        count *= 2
    return count


@dataclass(frozen=True)
class Entry:
    """One line of a reporter's timeline."""

    day: Day
    kind: str
    status: str = ""
    text: str = ""
    next: int = 0  # day; 0 = none
    texts: int = 0
    files: int = 0

    def encode(self) -> bytes:
        """Return the record of this entry."""
        values: dict[str, bytes] = {"day": u32(self.day), "kind": self.kind.encode()}
        if self.status:
            values["status"] = self.status.encode()
        if self.text:
            values["text"] = self.text.encode()
        for name in ("next", "texts", "files"):
            if getattr(self, name):
                values[name] = u32(getattr(self, name))
        return encode_record(values)


def _entry_of(values: Record) -> Entry:
    required(values, "day", "kind")
    kind = text(values["kind"])
    if kind not in _KINDS:
        raise MalformedError("board.entry-kind")
    numbers = {name: uint_of(values, name) for name in ("next", "texts", "files") if name in values}
    return Entry(
        day=Day(uint_of(values, "day")),
        kind=kind,
        status=text(values.get("status", b"")),
        text=text(values.get("text", b"")),
        **numbers,
    )


def encode_timeline(entries: list[Entry]) -> bytes:
    """Return u16(n) ‖ lp(record)…, oldest first."""
    return u16(len(entries)) + b"".join(lp(entry.encode()) for entry in entries)


def parse_timeline(untrusted: bytes) -> list[Entry]:
    """Parse the entries of a timeline; raises MalformedError."""
    reader = Reader(untrusted, "timeline")
    entries = [_entry_of(decode_record(reader.lp())) for _ in range(reader.uint(2))]
    reader.end()
    return entries


def split_timeline(data: bytes) -> list[bytes]:
    """Cut data into the plaintexts of cells, 2048 bytes each; raises TooLargeError."""
    parts = [data[at : at + DATA_BYTES] for at in range(0, len(data), DATA_BYTES)] or [b""]
    if len(parts) > CELL_PARTS_MAX:
        raise TooLargeError("board.timeline-long")
    return [
        (u8(index) + u8(len(parts)) + u16(len(part)) + part).ljust(CELL_BYTES, b"\x00")
        for index, part in enumerate(parts)
    ]


def parse_part(plaintext: bytes, part: int) -> tuple[int, bytes]:
    """Return (number of parts, data) of a cell that was opened as that part; raises MalformedError."""
    reader = Reader(plaintext, "cell")
    index, parts, length = reader.uint(1), reader.uint(1), reader.uint(2)
    data = reader.take(length)
    if index != part or parts > CELL_PARTS_MAX or part >= parts or any(reader.take(reader.left)):
        raise MalformedError("board.cell")
    return parts, data
