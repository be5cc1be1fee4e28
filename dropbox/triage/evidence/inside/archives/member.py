"""A member of an archive, as its list has it.

Rule: nothing is ever unpacked to a path: a name is only shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """A member of an archive.

    Attributes:
        name: as the archive has it.
        size: bytes of it unpacked, as the archive says; -1 if it does not.
        date: "2025-03-03 09:00", or empty.
        read: returns its bytes, piece by piece; raises CannotError (`locked`, `damaged`, `unsupported`).
        is_locked: it is encrypted.
        target: what a link points to; empty for a file and a folder.
        is_folder: it has no bytes.
    """

    name: str
    size: int
    date: str
    read: Callable[[], Iterator[bytes]]
    is_locked: bool = False
    target: str = ""
    is_folder: bool = False

    @property
    def is_file(self) -> bool:
        """Return whether it has bytes of its own."""
        return not (self.is_folder or self.target)
