"""Parses and builds a desk's yearly attestation of its log (FORMAT "Log statement"). Verifies nothing.

Rule: it holds numbers and one hash, no content of the log, and is made only after its year has ended.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.calendar import day_of
from dropbox.wire.fields import HASH_BYTES, Reader, u32
from dropbox.wire.signed import Head, read_head

LABEL: Final = "log statement"
_FIRST_YEAR: Final = 2000


@dataclass(frozen=True)
class LogStatement:
    """The log up to the end of a year.

    Attributes:
        head: its number is the year.
        lines: number of lines of the log at the end of the year, each chained to the one before.
        of_year: number of lines of that year.
        hash: hash of the last of these lines, 32 bytes.
    """

    head: Head
    lines: int
    of_year: int
    hash: bytes

    @property
    def year(self) -> int:
        """The calendar year, in the installation's time zone."""
        return self.head.number

    def encode(self) -> bytes:
        """Return the body that the station signs; raises MalformedError for a statement that no reader would accept."""
        _check(self)
        return self.head.encode() + u32(self.lines) + u32(self.of_year) + self.hash


def parse_log_statement(untrusted_body: bytes) -> LogStatement:
    """Parse the body of a log statement; raises MalformedError."""
    reader = Reader(untrusted_body, LABEL)
    statement = LogStatement(read_head(reader), reader.uint(4), reader.uint(4), reader.take(HASH_BYTES))
    reader.end()
    _check(statement)
    return statement


def _check(statement: LogStatement) -> None:
    if not _FIRST_YEAR <= statement.year < datetime.MAXYEAR:
        raise MalformedError("statement.format-year")
    if statement.head.made < day_of(datetime.date(statement.year + 1, 1, 1)):
        raise MalformedError("statement.format-early")
    if not statement.lines >= 1 or statement.of_year > statement.lines:
        raise MalformedError("statement.format-lines")
