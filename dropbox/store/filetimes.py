"""No file of the store tells by its times when something came: each bears whole hours, after every commit.

Rule: the last change is the hour that has begun, and the last look the hour that comes. A look that lies ahead of
the last change is left alone by the kernel (relatime), so that reading leaves no time either. The time of the last
change of a file's entry (ctime) cannot be set: it is that of the last commit or tidying.
"""

import contextlib
import os
import time
from pathlib import Path
from typing import Final

_HOUR_SECONDS: Final = 3600
_SIDE_FILES: Final = ("", "-wal", "-shm")


class FileTimes:
    """The times of a SQLite database's files, and of the folder that they lie in."""

    def __init__(self, path: Path) -> None:
        self._paths: Final = (*(path.with_name(path.name + end) for end in _SIDE_FILES), path.parent)

    def blur(self) -> None:
        """Set them to whole hours; what is not there, or not ours, stays as it is."""
        hour = int(time.time()) // _HOUR_SECONDS * _HOUR_SECONDS
        for path in self._paths:
            with contextlib.suppress(OSError):
                os.utime(path, (hour + _HOUR_SECONDS, hour))
