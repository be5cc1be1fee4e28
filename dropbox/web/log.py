"""What a log may hold of a fault: its type and its place, never its text, which might quote what was sent."""

import logging
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

LOG: Final = logging.getLogger("dropbox.web")


def place_of(trace: TracebackType | None) -> str:
    """`file.py:line` of where it was raised."""
    place = traceback.extract_tb(trace)[-1] if trace else None
    return f"{Path(place.filename).name}:{place.lineno}" if place else "?"


def log_fault(kind: type | None, trace: TracebackType | None) -> None:
    """One line."""
    LOG.error("internal error: %s at %s", kind.__name__ if kind else "?", place_of(trace))
