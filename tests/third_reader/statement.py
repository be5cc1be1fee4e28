"""Verify a log statement (FORMAT.md, "Log statement"): its certificate is taken as of the day on which it was made."""

from dataclasses import dataclass
from datetime import date

from .grammar import Cursor, need
from .root import Trust
from .signed import Head, read_head, split_object, verify_station


@dataclass(frozen=True)
class LogStatement:
    """What a desk states about the log of its officers' acts in one year."""

    head: Head
    lines: int
    of_year: int
    hash: bytes


def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01."""
    return (date(year, month, day) - date(1970, 1, 1)).days


def read_log_statement(data: bytes, trust: Trust) -> LogStatement:
    """Verify a log statement. Raises Stop."""
    parts = split_object(data)
    need(parts.kind == "log statement", "label")
    made = read_head(parts.body)[0].made
    signed = verify_station(parts, trust.on(made))
    need(made <= trust.today + 1, "day")
    cursor = Cursor(signed.rest)
    lines, of_year, last = cursor.u32(), cursor.u32(), cursor.take(32)
    cursor.end()
    year = signed.head.number
    need(2000 <= year <= 9998 and lines >= 1 and of_year <= lines, "malformed")
    need(made > day_of(year, 12, 31), "malformed")
    return LogStatement(signed.head, lines, of_year, last)
