"""Logs the type and place of an error, never its time, nor its text, which might quote what a reporter sent.

Rule: a worker keeps its lines until the next tidying, counted and sorted; then each gets the hour only. So
neither the log, nor the times of its file, nor a log collector reveals when a request came.
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
        """Count a line; beyond LOG_LINES_MAX different lines, new ones are dropped."""
        line = (record.levelname, record.getMessage())
        with self._counting:
            if line in self._counts or len(self._counts) < LOG_LINES_MAX:
                self._counts[line] = self._counts.get(line, 0) + 1

    def flush(self) -> None:
        """Write the kept lines; the interpreter calls this as well when it ends."""
        with self._counting:
            kept, self._counts = self._counts, {}
        hour = time.strftime(HOUR_FORMAT)
        for (level, line), count in sorted(kept.items()):
            times = f" ({count} times)" if count > 1 else ""
            sys.stderr.write(f"{hour} [{level}] {line}{times}\n")
        sys.stderr.flush()


_held: Final = HeldBack()


def hold_back(*loggers: logging.Logger) -> None:
    """Keep what these loggers and the site's own logger write until `release`."""
    for logger in (LOG, *loggers):
        logger.handlers[:] = [_held]
        logger.propagate = False


def release() -> None:
    """Write the lines that were kept back."""
    _held.flush()


def place_of(trace: TracebackType | None) -> str:
    """Return `file.py:line` of the place that raised an error; `?` without a traceback."""
    place = traceback.extract_tb(trace)[-1] if trace else None
    return f"{Path(place.filename).name}:{place.lineno}" if place else "?"


def log_fault(kind: type | None, trace: TracebackType | None) -> None:
    """Write one line: the type of an error and the place that raised it."""
    LOG.error("internal error: %s at %s", kind.__name__ if kind else "?", place_of(trace))
