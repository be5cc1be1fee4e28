"""Makes files and folders durable: what was written survives a loss of power.

Rule: it imports the standard library only, so that every machine's programs may use it.
"""

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Make a file's bytes durable; raises OSError."""
    _sync(path)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable; raises OSError."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
