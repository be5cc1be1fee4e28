"""Parses and builds the numbers that a desk publishes about its work (FORMAT "Statistics"). Verifies nothing.

Rule: codes and numbers only, no text; the reader has its own labels. The meaning of a code never changes: a new meaning
gets a new code. All hidden numbers have the same encoding.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import (
    STATISTICS_COLUMNS_MAX,
    STATISTICS_PERIOD_DAYS_MAX,
    STATISTICS_PERIODS_MAX,
    STATISTICS_ROWS_MAX,
    STATISTICS_TABLES_MAX,
)
from dropbox.wire.fields import Reader, u8, u16, u32
from dropbox.wire.signed import Head, read_head

_HIDDEN: Final = 2**32 - 1
_CODE: Final = re.compile(r"[a-z0-9-]{1,32}\Z")


@dataclass(frozen=True)
class Row:
    """A row's code, and its number in each column; None for a hidden number."""

    code: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Table:
    """A table: the codes of its name, columns and rows, in the order of display."""

    code: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def encode(self) -> bytes:
        """Return its bytes; raises MalformedError for a table that no reader would accept."""
        _check_table(self)
        out = [_code(self.code), u8(len(self.columns)), *map(_code, self.columns), u16(len(self.rows))]
        for row in self.rows:
            out += [_code(row.code), *map(_value, row.values)]
        return b"".join(out)


@dataclass(frozen=True)
class Period:
    """Tables of the days from `first` to `last`, both included, counted on a later day (day numbers)."""

    first: int
    last: int
    counted: int
    tables: tuple[Table, ...]

    def encode(self) -> bytes:
        """Return its bytes; raises MalformedError for a period that no reader would accept."""
        _check_period(self)
        days = u32(self.first) + u32(self.last) + u32(self.counted)
        return days + u8(len(self.tables)) + b"".join(table.encode() for table in self.tables)


@dataclass(frozen=True)
class Statistics:
    """Everything that a desk has published: periods that do not overlap, oldest first."""

    head: Head
    periods: tuple[Period, ...]

    def encode(self) -> bytes:
        """Return the body that the station signs; raises MalformedError for statistics that no reader would accept."""
        _check_statistics(self)
        return self.head.encode() + encode_periods(self.periods)


def encode_periods(periods: tuple[Period, ...]) -> bytes:
    """Return u8(n) ‖ n × period; raises MalformedError for a period that no reader would accept."""
    return u8(len(periods)) + b"".join(period.encode() for period in periods)


def parse_statistics(untrusted_body: bytes) -> Statistics:
    """Parse the body of statistics; raises MalformedError."""
    reader = Reader(untrusted_body, "statistics")
    statistics = Statistics(read_head(reader), _take_periods(reader))
    reader.end()
    _check_statistics(statistics)
    return statistics


def parse_periods(untrusted: bytes) -> tuple[Period, ...]:
    """Parse exactly the bytes of `encode_periods`; raises MalformedError."""
    reader = Reader(untrusted, "statistics")
    periods = _take_periods(reader)
    reader.end()
    return periods


def _take_periods(reader: Reader) -> tuple[Period, ...]:
    periods = tuple(_take_period(reader) for _ in range(reader.uint(1)))
    for period in periods:
        _check_period(period)
    return periods


def _take_period(reader: Reader) -> Period:
    first, last, counted = reader.uint(4), reader.uint(4), reader.uint(4)
    return Period(first, last, counted, tuple(_take_table(reader) for _ in range(reader.uint(1))))


def _take_table(reader: Reader) -> Table:
    code = _take_code(reader)
    columns = tuple(_take_code(reader) for _ in range(reader.uint(1)))
    count = reader.uint(2)
    if count > STATISTICS_ROWS_MAX:
        reader.fail("format.row-count")
    return Table(code, columns, tuple(_take_row(reader, len(columns)) for _ in range(count)))


def _take_row(reader: Reader, columns: int) -> Row:
    code = _take_code(reader)
    numbers = (reader.uint(4) for _ in range(columns))
    return Row(code, tuple(None if number == _HIDDEN else number for number in numbers))


def _take_code(reader: Reader) -> str:
    raw = reader.take(reader.uint(1))
    code = raw.decode("ascii", "replace")
    if not _CODE.match(code):
        reader.fail("format.code")
    return code


def _code(code: str) -> bytes:
    return u8(len(code)) + code.encode("ascii")


def _value(value: int | None) -> bytes:
    return u32(_HIDDEN if value is None else value)


def _check_table(table: Table) -> None:
    codes = (table.code, *table.columns, *(row.code for row in table.rows))
    if not all(map(_CODE.match, codes)):
        raise MalformedError("published-statistics.code")
    if not 1 <= len(table.columns) <= STATISTICS_COLUMNS_MAX or not 1 <= len(table.rows) <= STATISTICS_ROWS_MAX:
        raise MalformedError("published-statistics.columns")
    rows = [row.code for row in table.rows]
    if len(set(rows)) != len(rows) or len(set(table.columns)) != len(table.columns):
        raise MalformedError("published-statistics.twice")
    for row in table.rows:
        if len(row.values) != len(table.columns) or any(
            value is not None and not 0 <= value < _HIDDEN for value in row.values
        ):
            raise MalformedError("published-statistics.row")


def _check_period(period: Period) -> None:
    if not 1 <= len(period.tables) <= STATISTICS_TABLES_MAX:
        raise MalformedError("published-statistics.tables")
    names = [table.code for table in period.tables]
    if len(set(names)) != len(names):
        raise MalformedError("published-statistics.table-twice")
    for table in period.tables:
        _check_table(table)
    if not 0 <= period.last - period.first < STATISTICS_PERIOD_DAYS_MAX:
        raise MalformedError("published-statistics.days")
    if period.counted <= period.last:
        raise MalformedError("published-statistics.early")


def _check_statistics(statistics: Statistics) -> None:
    periods = statistics.periods
    if not 1 <= len(periods) <= STATISTICS_PERIODS_MAX:
        raise MalformedError("published-statistics.periods")
    # The difference of two overlapping periods could reveal a number that neither of them shows.
    if any(before.last >= after.first for before, after in itertools.pairwise(periods)):
        raise MalformedError("published-statistics.order")
    if any(period.counted > statistics.head.made for period in periods):
        raise MalformedError("published-statistics.late")
