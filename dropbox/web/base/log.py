"""What a log may hold of a fault: type and place, never its text, which might quote what was sent, nor its time.

Rule: a worker keeps its lines until the next tidying, counted and without order; then each bears the hour alone. So
neither the log nor the times of its file, or of whatever collects it, tell when a request came.
"""

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from dropbox.limits import LOG_LINES_MAX

LOG: Final = logging.getLogger("dropbox.web")
HOUR_FORMAT: Final = "[%Y-%m-%d %H:00 %z]"


class HeldBack(logging.Handler):
    """Keeps lines until they are released."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[str, str], int] = {}
        self._counting = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line; of more than LOG_LINES_MAX different ones the rest are not kept."""
        line = (record.levelname, record.getMessage())
        with self._counting:
            if line in self._counts or len(self._counts) < LOG_LINES_MAX:
                self._counts[line] = self._counts.get(line, 0) + 1

    def flush(self) -> None:
        """Write what was kept; also called by the interpreter when it ends."""
        with self._counting:
            kept, self._counts = self._counts, {}
        hour = time.strftime(HOUR_FORMAT)
        for (level, line), count in sorted(kept.items()):
            times = f" ({count} times)" if count > 1 else ""
            sys.stderr.write(f"{hour} [{level}] {line}{times}\n")
        sys.stderr.flush()


_held: Final = HeldBack()


def hold_back(*loggers: logging.Logger) -> None:
    """From now on keep what is logged by these, and by this site, until `release`."""
    for logger in (LOG, *loggers):
        logger.handlers[:] = [_held]
        logger.propagate = False


def release() -> None:
    """Write what was held back."""
    _held.flush()


def place_of(trace: TracebackType | None) -> str:
    """`file.py:line` of where it was raised."""
    place = traceback.extract_tb(trace)[-1] if trace else None
    return f"{Path(place.filename).name}:{place.lineno}" if place else "?"


def log_fault(kind: type | None, trace: TracebackType | None) -> None:
    """One line."""
    LOG.error("internal error: %s at %s", kind.__name__ if kind else "?", place_of(trace))
