"""Rounds the times of the store's files to whole hours after every commit, so that they do not reveal an arrival.

Rule: mtime is the current hour and atime is the next hour. The kernel leaves an atime after the mtime unchanged
(relatime), so that reading leaves no trace either. ctime cannot be set: it is the time of the last commit or upkeep.
"""

import contextlib
import os
import time
from pathlib import Path
from typing import Final

_HOUR_SECONDS: Final = 3600
_SIDE_FILES: Final = ("", "-wal", "-shm")


class FileTimes:
    """The times of a SQLite database's files and of their folder."""

    def __init__(self, path: Path) -> None:
        self._paths: Final = (*(path.with_name(path.name + end) for end in _SIDE_FILES), path.parent)

    def blur(self) -> None:
        """Set the times to whole hours; a file that is missing or belongs to another user is skipped."""
        hour = int(time.time()) // _HOUR_SECONDS * _HOUR_SECONDS
        for path in self._paths:
            with contextlib.suppress(OSError):
                os.utime(path, (hour + _HOUR_SECONDS, hour))
