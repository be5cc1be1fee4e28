"""Long files piece by piece: written durably, for their owner alone, and hashed on the way.

Rule: memory does not grow with a file, and what failed half-way is removed before the error goes on.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 20
PARTIAL: Final = ".partial"  # ends the name of a file that is not whole yet


def write_pieces(path: Path, pieces: Iterable[bytes]) -> bytes:
    """Write a new file (mode 0600) durably; returns the SHA-256 of what was written."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.digest()


def sha256_of(path: Path) -> bytes:
    """SHA-256 of a file as the disk has it: the cache that may have just written it is asked to forget it first."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.digest()


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
