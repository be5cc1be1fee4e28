"""Makes files and folders durable: what was written survives a loss of power.

Rule: it imports the standard library only, so that every machine's programs may use it.
"""

import os
from pathlib import Path
from typing import Final

_IS_POSIX: Final = hasattr(os, "O_DIRECTORY")


def sync_file(path: Path) -> None:
    """Make a file's bytes durable; raises OSError."""
    _sync(path)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable; raises OSError. Does nothing on Windows, where no program can open a folder."""
    if _IS_POSIX:
        _sync(folder)


def _sync(path: Path) -> None:
    # Windows syncs only what may be written.
    descriptor = os.open(path, os.O_RDONLY if _IS_POSIX else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
