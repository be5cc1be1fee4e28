"""Reads and writes private files and folders: whole or not at all, readable by their owner only.

Rule: a private file that other users could read is rejected, not read. Windows keeps no such modes: there a private
file must be in the user's own folder, which Windows closes to other users, and not in a part that a cloud copies.
"""

import contextlib
import glob
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from dropbox.disk.durable import sync_folder
from dropbox.disk.paths import is_there, remove_left_over
from dropbox.errors import ConfigurationError, NotFoundError, RefusedError, StorageFullError
from dropbox.process import forbid_core_dumps

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HAS_MODES: Final = hasattr(os, "geteuid")  # of files; os.fchmod also exists on Windows since Python 3.13
# Whatever a drive holds under the name of a part, opening it neither waits (a pipe) nor leads elsewhere (a link).
_ANY: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


def guard_process() -> None:
    """Make new files private by default (umask 077), and forbid core dumps of this process."""
    os.umask(0o077)
    forbid_core_dumps()


def write_whole(path: Path, data: bytes, *, mode: int = 0o600, replace: bool = False) -> None:
    """Write a file durably: after a kill at any moment the new file is whole, or the old state is unchanged.

    Args:
        path: path of the file.
        data: its bytes.
        mode: its permissions.
        replace: whether an existing file may be replaced.

    Raises:
        RefusedError: it exists and `replace` is False.
        StorageFullError: it could not be written; nothing changed.
    """
    if is_there(path) and not replace:
        raise RefusedError("file.exists", name=path.name)
    _remove_parts(path)
    partial = _partial(path)
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            _hold(descriptor)
            if mode & _OTHERS and _HAS_MODES:  # public with any umask; a courier's USB drive may have no modes
                with contextlib.suppress(OSError):
                    os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=path.name, system=error.errno) from None
    finally:  # also when a signal or a person interrupts
        remove_left_over(partial)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")


def _remove_parts(path: Path) -> None:
    """Remove what a kill has left of a file's former writing; another process that still writes keeps its part."""
    parts: list[Path] = []
    with contextlib.suppress(OSError):  # who may write in a folder need not be able to list it
        parts += path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 8}.partial")
    for part in parts:
        if not _is_written(part):
            remove_left_over(part)


def _is_written(part: Path) -> bool:
    """Return whether another process holds a part, or nobody can tell."""
    if not _HAS_MODES:
        return False  # Windows removes no file that is open
    try:
        descriptor = os.open(part, _ANY)
    except OSError:
        return True
    try:
        return not _hold(descriptor)
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> bool:
    """Lock an open file until it is closed; False if another process holds it."""
    if _HAS_MODES:
        import fcntl  # noqa: PLC0415  Windows lacks it

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            pass
    return True


def check_target(path: Path) -> None:
    """Pass if a new file can be written at a path; nothing stays there.

    Raises:
        RefusedError: it exists.
        StorageFullError: its folder does not exist or cannot be written.
    """
    if is_there(path):
        raise RefusedError("file.target-exists")
    probe = _partial(path)  # of the same length as the file that will be written first
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=path.name, system=error.errno) from None


def private_folder(folder: Path) -> Path:
    """Create a folder with mode 0700 if needed and return it.

    Raises:
        ConfigurationError: others may enter it (on Windows: might).
        StorageFullError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat()
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=folder.name, system=error.errno) from None
    if not _HAS_MODES:
        _refuse_other_places(folder)
    elif status.st_mode & _OTHERS:
        if keeps_modes(folder):
            raise ConfigurationError("file.open-folder", name=folder.name)
        raise ConfigurationError("file.no-modes", name=folder.name)
    return folder


def _refuse_other_places(path: Path) -> None:
    """Refuse, on Windows, a path outside the user's own folder, or in its part that OneDrive copies elsewhere."""
    own, place = Path.home().resolve(), path.resolve()
    if not place.is_relative_to(own) or any(part.casefold().startswith("onedrive") for part in place.parts):
        raise ConfigurationError("file.other-place", name=path.name)


def refuse_links(folder: Path) -> None:
    """Pass if a folder, which need not exist, is no link and holds only folders and plain files, at every depth.

    What a disk that came from elsewhere holds may lead out of it: to files that would be read, changed or removed.

    Raises:
        RefusedError: it is, or holds, a symbolic link, a pipe or a device.
        StorageFullError: it cannot be read.
    """
    try:
        if folder.is_symlink():
            raise RefusedError("file.link")
        waiting = [folder] if folder.exists() else []
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif not entry.is_file(follow_symlinks=False):
                        raise RefusedError("file.link")
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=folder.name, system=error.errno) from None


def keeps_modes(folder: Path) -> bool:
    """Return whether the folder's disk keeps permissions; FAT, exFAT and NTFS do not. Raises OSError."""
    probe = folder / f".{secrets.token_hex(4)}.modes"
    probe.mkdir(mode=0o700)
    try:
        return not probe.stat().st_mode & _OTHERS
    finally:
        probe.rmdir()


def close_to_others(path: Path) -> None:
    """Let nobody but its owner read a file, if others can; raises OSError. FAT refuses changes that it cannot keep."""
    if _HAS_MODES and path.stat().st_mode & _OTHERS:
        path.chmod(0o600)


def check_private(path: Path) -> None:
    """Check that a file is private.

    Raises:
        NotFoundError: it does not exist.
        ConfigurationError: it cannot be reached, others may read it (on Windows: might), or it is not a plain file.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError("file.missing", name=path.name) from None
    except OSError as error:
        raise ConfigurationError("file.name-unreadable", name=path.name, system=error.errno) from None
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError("file.not-plain", name=path.name)
    if not _HAS_MODES:
        _refuse_other_places(path)
    elif status.st_mode & _OTHERS:
        raise ConfigurationError("file.open-file", name=path.name)


def read_private(path: Path) -> bytes:
    """Return the bytes of a private file.

    Raises:
        NotFoundError: it does not exist.
        ConfigurationError: see check_private; also if it is there and cannot be read: nobody may take it for missing.
    """
    check_private(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError("file.name-unreadable", name=path.name, system=error.errno) from None
