"""Yields the first bytes of a file and of everything packed in it: tar, zip, gzip, bzip2, xz, git's loose objects.

Rule: nothing is written, and no more is read or unpacked than the budget has left.
"""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, Final, NoReturn, Protocol

from dropbox.limits import MIB, REACH_FILE_BYTES, REACH_HEAD_BYTES, REACH_NESTING_MAX

_NESTED_ZIP_BYTES: Final = 16 * MIB  # a zip within another archive is read from memory
_STREAMS: Final[dict[bytes, Callable[[Any], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}
_GIT_HEAD: Final = re.compile(rb"\Ablob \d+\0")
_NOT_READABLE: Final = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError, KeyError),
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)


class SpentError(Exception):
    """The budget has nothing left."""


class _TooLargeError(ValueError):
    """One file is not looked through to its end."""


@dataclass
class Budget:
    """How much a search may still look at."""

    entries: int
    unpacked: int  # bytes
    until: float  # by time.monotonic()
    of_file: int = REACH_FILE_BYTES  # bytes that may be unpacked of the file at hand
    passed_over: bool = False  # a file was not looked through to its end

    def take(self, *, entries: int = 0, unpacked: int = 0) -> None:
        """Take from the budget; raises SpentError when nothing is left, _TooLargeError beyond one file's share."""
        self.entries -= entries
        self.unpacked -= unpacked
        self.of_file -= unpacked
        if self.entries < 0 or self.unpacked < 0 or time.monotonic() > self.until:
            raise SpentError
        if self.of_file < 0:
            self.pass_over()

    def pass_over(self) -> NoReturn:
        """Skip the rest of this file, and remember that; raises _TooLargeError always."""
        self.passed_over = True
        raise _TooLargeError


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Metered(io.RawIOBase):
    """A stream that takes from the budget what is read of it; what was read before is given once more."""

    def __init__(self, head: bytes, rest: _Readable, budget: Budget) -> None:
        super().__init__()
        self._head, self._rest, self._budget = head, rest, budget

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        wanted = MIB if size < 0 else size
        if self._head:
            given, self._head = self._head[:wanted], self._head[wanted:]
            return given
        given = self._rest.read(wanted)
        self._budget.take(unpacked=len(given))
        return given


def heads(name: str, file: BinaryIO, budget: Budget, depth: int = REACH_NESTING_MAX) -> Iterator[tuple[str, bytes]]:
    """(name, first bytes) of a file and of what is packed in it; what cannot be read is left out.

    Args:
        name: of the file, without its folder.
        file: open, at its beginning.
        budget: what may still be looked at.
        depth: of archives in archives.

    Raises:
        SpentError: the budget has nothing left.
    """
    head = _first(file)
    yield name, head
    if depth:
        try:
            yield from _packed(PurePath(name), head, file, budget, depth - 1)
        except _NOT_READABLE:
            return


def _first(file: _Readable) -> bytes:
    head = b""
    while len(head) < REACH_HEAD_BYTES and (piece := file.read(REACH_HEAD_BYTES - len(head))):
        head += piece
    return head


def _packed(name: PurePath, head: bytes, file: BinaryIO, budget: Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    whole: BinaryIO = _Metered(head, file, budget)  # type: ignore[assignment]
    unpack = next((unpack for magic, unpack in _STREAMS.items() if head.startswith(magic)), None)
    if unpack:
        with unpack(whole) as content:
            yield from heads(name.stem, content, budget, depth)
    elif head[257:262] == b"ustar":
        yield from _tar(file if file.seekable() else whole, budget, depth)
    elif head.startswith(b"PK\x03\x04"):
        yield from _zip(file if isinstance(file, io.BufferedReader) else _in_memory(whole, budget), budget, depth)
    elif len(head) > 2 and head[0] == 0x78 and int.from_bytes(head[:2], "big") % 31 == 0:  # a zlib stream
        yield name.name, _GIT_HEAD.sub(b"", zlib.decompressobj().decompress(head, REACH_HEAD_BYTES))


def _in_memory(stream: _Readable, budget: Budget) -> BinaryIO:
    data = b""
    while piece := stream.read(MIB):
        data += piece
        if len(data) > _NESTED_ZIP_BYTES:
            budget.pass_over()
    return io.BytesIO(data)


def _tar(file: BinaryIO, budget: Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    if file.seekable():
        file.seek(0)
    with tarfile.open(fileobj=file, mode="r:" if file.seekable() else "r|") as archive:
        for member in archive:
            budget.take(entries=1)
            content = archive.extractfile(member) if member.isreg() else None
            if content:
                yield from heads(PurePath(member.name).name, content, budget, depth)  # type: ignore[arg-type]


def _zip(file: BinaryIO, budget: Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            budget.take(entries=1)
            if member.is_dir() or member.flag_bits & 1:  # a folder, or under a passphrase
                continue
            with archive.open(member) as content:
                yield from heads(PurePath(member.filename).name, content, budget, depth)  # type: ignore[arg-type]
