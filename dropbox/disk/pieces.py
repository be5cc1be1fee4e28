"""Writes, hashes, shreds and syncs long files piece by piece, readable by their owner only.

Rule: memory does not grow with a file, and a partial file is removed before an error is passed on.
"""

import errno
import hashlib
import os
import secrets
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.disk.durable import sync_file, sync_folder

_PIECE: Final = 1 << 20
PARTIAL: Final = ".partial"  # suffix of a file that is not whole yet
PARTIAL_PLAINTEXT: Final = ".dropbox-partial"  # the same, in a folder that belongs to others
_WAITING: Final = 16  # threads that wait for the disk at the same time


def write_pieces(path: Path, pieces: Iterable[bytes], *, is_durable: bool = True) -> bytes:
    """Write a new file (mode 0600) and return the SHA-256 of its bytes.

    Args:
        path: path of the new file.
        pieces: its bytes.
        is_durable: False if `sync_files` follows.

    Raises:
        FileExistsError: the file exists.
        OSError: the disk is full, or the file cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            return _pour(file, pieces, is_durable=is_durable)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_verified(path: Path, pieces: Iterable[bytes], sha256: bytes | None) -> bool:
    """Write a new file that gets its name only after its last byte was verified, so that a kill leaves nothing of it.

    On a file system without nameless files it first has a name that ends with PARTIAL_PLAINTEXT.

    Args:
        path: path of the new file.
        pieces: its bytes; an error that they raise leaves no file.
        sha256: expected hash of all pieces; None when the maker of the pieces has checked them.

    Returns:
        False when the pieces have another SHA-256; nothing was written.

    Raises:
        FileExistsError: the name is taken.
        OSError: the disk is full, or the file cannot be written.
    """
    return write_new(path, pieces, sha256) is not None


def write_new(path: Path, pieces: Iterable[bytes], sha256: bytes | None = None) -> bytes | None:
    """Write as write_verified does; returns the SHA-256 of the file, or None when it differs from the expected one.

    Raises:
        FileExistsError: the name is taken.
        OSError: the disk is full, or the file cannot be written.
    """
    if not hasattr(os, "O_TMPFILE"):  # only Linux has it
        return _write_named(path, pieces, sha256)
    try:
        descriptor = os.open(path.parent, os.O_WRONLY | os.O_TMPFILE, 0o600)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
            raise
        return _write_named(path, pieces, sha256)
    with os.fdopen(descriptor, "wb") as file:
        digest = _pour(file, pieces)
        if sha256 not in (None, digest):
            return None
        # Only with a folder's descriptor does Python follow the link in /proc to the file.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.link(f"/proc/self/fd/{descriptor}", path.name, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)
    return digest


def _write_named(path: Path, pieces: Iterable[bytes], sha256: bytes | None) -> bytes | None:
    partial = path.with_name(f".{secrets.token_hex(8)}{PARTIAL_PLAINTEXT}")
    try:
        digest = write_pieces(partial, pieces)
        if sha256 not in (None, digest):
            return None
        if os.path.lexists(path):
            raise FileExistsError
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return digest


def _pour(file: BinaryIO, pieces: Iterable[bytes], *, is_durable: bool = True) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    file.flush()
    if is_durable:
        os.fsync(file.fileno())
    return digest.digest()


def sha256_of(path: Path) -> bytes:
    """Return the SHA-256 of a file as the disk has it: the page cache is asked to drop it first."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):  # neither Windows nor macOS has it
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.digest()


def shred(path: Path) -> None:
    """Overwrite, unlink, make durable, if it is there. A flash disk may keep old cells: dropbox/GAPS.md says so."""
    try:
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left:
                left -= file.write(os.urandom(min(left, _PIECE)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)
    except FileNotFoundError:
        return


def sync_files(paths: Sequence[Path]) -> None:
    """Make the bytes of many files durable; raises the first OSError.

    File systems combine syncs that wait at the same time: sixty files one by one take ten times as long.
    """
    failed: list[OSError] = []

    def work(part: Sequence[Path]) -> None:
        try:
            for path in part:
                sync_file(path)
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(paths[place::_WAITING],)) for place in range(_WAITING)]
    threads = threads[: len(paths)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
