"""Asks what is at a path and removes left-over files, whatever the system answers: no method here raises OSError.

`Path.exists` and its like raise for a folder that may not be entered and a name that is too long; so would removing a
file in an `except` or `finally`, in place of the error that the person must read.

Rule: it imports the standard library only, so that every machine's programs may use it.
"""

import contextlib
import os
from pathlib import Path


def is_there(path: Path) -> bool:
    """Return whether a path is a file, a folder or a link, also a broken one; False if the system does not say."""
    return os.path.lexists(path)


def is_missing(path: Path) -> bool:
    """Return whether nothing is at a path, not even a broken link; False if the system does not say."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder, or a link to one; False if the system does not say."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises


def is_plain_file(path: Path) -> bool:
    """Return whether a path is a file, or a link to one; False if the system does not say."""
    return os.path.isfile(path)  # noqa: PTH113  Path.is_file raises


def remove_left_over(path: Path) -> None:
    """Remove a file that nobody will read, if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink()
