"""Reads places of an open file without moving its position.

Rule: a place outside the file has no bytes, and that is no error.
"""

import io
import os
from typing import Final

HEAD_BYTES: Final = 64 << 10


class Peek(io.RawIOBase):
    """An open file from an offset on, also as a file object for libraries that seek.

    Attributes:
        size: bytes from the offset to the end.
        head: the first HEAD_BYTES.
        tail: the last HEAD_BYTES.
    """

    def __init__(self, descriptor: int, start: int = 0) -> None:
        super().__init__()
        self._descriptor, self._start, self._position = descriptor, start, 0
        self.size = max(0, os.fstat(descriptor).st_size - start)
        self.head = self.at(0, HEAD_BYTES)
        self.tail = self.at(max(0, self.size - HEAD_BYTES), HEAD_BYTES)

    def at(self, offset: int, count: int) -> bytes:
        """Return at most `count` bytes from an offset on."""
        return os.pread(self._descriptor, count, self._start + offset) if 0 <= offset < self.size else b""

    def moved(self, start: int) -> "Peek":
        """Return the same file from a later offset on."""
        return Peek(self._descriptor, self._start + start)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into a buffer from the position on; return the number of bytes."""
        piece = self.at(self._position, len(buffer))
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position; raises OSError when it would be before the first byte."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError("before the file")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position
