"""Writes compound files (MS-CFB), as old Office programs and Outlook do."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Union

Tree = Mapping[str, Union[bytes, "Tree"]]
_SECTOR: Final = 512
_MINI: Final = 64  # a sector of the stream that holds the small streams
_CUT_OFF: Final = 4096  # smaller streams are small
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Sectors:
    """Sectors of one size, and for each the number of the next one of its chain."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Add a chain; return its first sector."""
        if not data:
            return _END
        first = len(self.chain)
        self.data += data + bytes(-len(data) % self.size)
        count = len(self.data) // self.size - first
        self.chain += [*range(first + 1, first + count), _END]
        return first


@dataclass
class _Entry:
    """An entry of the directory; `right` and `child` are numbers of others."""

    name: str
    kind: int
    content: bytes = b""
    child: int = _FREE
    right: int = _FREE


def compound(tree: Tree) -> bytes:
    """Return a compound file with these streams (bytes) and storages (trees)."""
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add(entries, tree)
    large, small = _Sectors(_SECTOR), _Sectors(_MINI)
    places = [
        (small if len(one.content) < _CUT_OFF else large).put(one.content) if one.kind == _STREAM else _END
        for one in entries
    ]
    places[0], entries[0].content = large.put(bytes(small.data)), bytes(small.data)
    mini_table = b"".join(struct.pack("<I", number) for number in small.chain)
    mini_first = large.put(mini_table + b"\xff" * (-len(mini_table) % _SECTOR))
    rows = b"".join(_row(one, place) for one, place in zip(entries, places, strict=True))
    directory = large.put(rows + bytes(-len(rows) % _SECTOR))
    count = 1
    while 4 * (len(large.chain) + count) > count * _SECTOR:
        count += 1
    fat = [len(large.chain) + number for number in range(count)]
    table = b"".join(struct.pack("<I", number) for number in (*large.chain, *[_FAT] * count))
    head = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, _CUT_OFF, mini_first, bool(small.chain), _END, 0)
    head += struct.pack("<109I", *fat, *[_FREE] * (109 - count))
    return head + large.data + table + b"\xff" * (-len(table) % _SECTOR)


def _add(entries: list[_Entry], branch: Tree) -> int:
    """Add the entries of a branch, each to the right of the one before; return the number of the first."""
    numbers = []
    for name in sorted(branch, key=lambda one: (len(one), one.upper())):
        content = branch[name]
        numbers.append(len(entries))
        entries.append(_Entry(name, _STREAM, content) if isinstance(content, bytes) else _Entry(name, _STORAGE))
    for number in numbers:
        below = branch[entries[number].name]
        if not isinstance(below, bytes):
            entries[number].child = _add(entries, below)
    for number, after in pairwise(numbers):
        entries[number].right = after
    return numbers[0] if numbers else _FREE


def _row(entry: _Entry, place: int) -> bytes:
    raw = entry.name.encode("utf-16-le") + b"\0\0"
    row = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), entry.kind, 1, _FREE, entry.right, entry.child)
    return row + bytes(36) + struct.pack("<IQ", place, len(entry.content))
