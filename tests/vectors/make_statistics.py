"""Vectors of FORMAT "Statistics"."""

from collections.abc import Iterator, Sequence
from typing import Final

from construction import TODAY, Vector, head, signed, u8, u16, u32
from make_signed import given, object_failures

Rows = Sequence[tuple[str, Sequence[int | None]]]
HIDDEN: Final = u32(2**32 - 1)


def _code(code: str) -> bytes:
    raw = code.encode()
    return u8(len(raw)) + raw


def _table(name: str, columns: Sequence[str], rows: Rows, count: int | None = None) -> bytes:
    """A table's bytes; `count` may say another number of rows."""
    lines = [
        _code(row) + b"".join(HIDDEN if number is None else u32(number) for number in numbers) for row, numbers in rows
    ]
    shown = u8(len(columns)) + b"".join(map(_code, columns))
    return _code(name) + shown + u16(len(rows) if count is None else count) + b"".join(lines)


def _period(days: tuple[int, int, int], *tables: bytes, count: int | None = None) -> bytes:
    return b"".join(map(u32, days)) + u8(len(tables) if count is None else count) + b"".join(tables)


def _body(*periods: bytes, count: int | None = None) -> bytes:
    return head() + u8(len(periods) if count is None else count) + b"".join(periods)


def _said(name: str, columns: Sequence[str], rows: Rows) -> str:
    lines = [" ".join([row, *("-" if number is None else str(number) for number in numbers)]) for row, numbers in rows]
    return "; ".join([" ".join([name, *columns]), *lines])


CHANNEL: Final[tuple[str, Sequence[str], Rows]] = (
    "channel",
    ("cases",),
    [("wbs", [12]), ("dumas", [0]), ("total", [12])],
)
DAYS: Final[tuple[str, Sequence[str], Rows]] = (
    "days",
    ("cases", "median", "p90"),
    [("verifikasi", [11, 3, 2**32 - 2]), ("audit", [None, None, None])],
)
FIRST: Final = (TODAY - 190, TODAY - 100, TODAY - 99)
SECOND: Final = (TODAY - 99, TODAY - 10, TODAY)


def _malformed() -> Iterator[tuple[str, str, bytes]]:
    channel = _table(*CHANNEL)
    good = _period(SECOND, channel)

    def one(days: tuple[int, int, int]) -> bytes:
        return _body(_period(days, channel))

    def cells(name: str, columns: Sequence[str], rows: Rows, count: int | None = None) -> bytes:
        return _body(_period(SECOND, _table(name, columns, rows, count)))

    yield "periods-none", "no period", _body()
    yield (
        "periods-9",
        "nine periods",
        _body(*(_period((TODAY - 90 + at, TODAY - 90 + at, TODAY), channel) for at in range(9))),
    )
    yield "periods-count-high", "one period too few", _body(good, count=2)
    yield "periods-count-low", "one period too many", _body(_period(FIRST, channel), good, count=1)
    yield "periods-overlap", "a day in both", _body(_period((FIRST[0], SECOND[0], TODAY), channel), good)
    yield "periods-exchanged", "not ascending", _body(good, _period(FIRST, channel))
    yield "period-twice", "the same period again", _body(good, good)
    yield "period-backwards", "its last day before its first", one((TODAY - 9, TODAY - 10, TODAY))
    yield "period-367-days", "one day too many", one((TODAY - 367, TODAY - 1, TODAY))
    yield "counted-early", "counted on its last day", one((TODAY - 9, TODAY - 1, TODAY - 1))
    yield "counted-late", "counted after it was made", one((TODAY - 9, TODAY - 1, TODAY + 1))
    yield "tables-none", "a period without tables", _body(_period(SECOND))
    yield "tables-25", "25 tables", _body(_period(SECOND, *(_table(f"t{at}", *CHANNEL[1:]) for at in range(25))))
    yield "table-twice", "a name twice", _body(_period(SECOND, channel, channel))
    yield "tables-count-high", "one table too few", _body(_period(SECOND, channel, count=2))
    yield "columns-none", "a table without columns", cells("channel", [], [("wbs", [])])
    yield "columns-9", "nine columns", cells("channel", [f"c{at}" for at in range(9)], [("wbs", list(range(9)))])
    yield "column-twice", "a column twice", cells("channel", ["cases", "cases"], [("wbs", [1, 1])])
    yield "rows-none", "a table without rows", cells("channel", ["cases"], [])
    yield "rows-65", "65 rows", cells("channel", ["cases"], [(f"r{at}", [at]) for at in range(65)])
    yield "rows-65535", "a count of rows that is not there", cells(*CHANNEL, 65535)
    yield "row-twice", "a row twice", cells("channel", ["cases"], [("wbs", [1]), ("wbs", [2])])
    yield "row-short", "a number too few", cells("channel", ["cases", "median"], [("wbs", [1])])
    yield "code-empty", "an empty code", cells("", *CHANNEL[1:])
    yield "code-33", "a code of 33 characters", cells("a" * 33, *CHANNEL[1:])
    yield "code-capital", "a capital letter", cells("Channel", *CHANNEL[1:])
    yield "code-letter", "a letter that is not ASCII", cells("kanäl", *CHANNEL[1:])
    yield "code-line-feed", "a line feed at the end", cells("channel", ["cases\n"], CHANNEL[2])


def vectors() -> Iterator[Vector]:
    """Family statistics/."""
    label = {"label": "statistics"}
    good = given() | label
    two = _body(_period(FIRST, _table(*CHANNEL)), _period(SECOND, _table(*CHANNEL), _table(*DAYS)))
    said = {
        "period.0": " ".join(map(str, FIRST)),
        "table.0.0": _said(*CHANNEL),
        "period.1": " ".join(map(str, SECOND)),
        "table.1.0": _said(*CHANNEL),
        "table.1.1": _said(*DAYS),
    }
    yield Vector("statistics", "ok", "ok", "two periods side by side", good | said, signed("statistics", two))
    longest = (TODAY - 366, TODAY - 1, TODAY)
    alone = {"period.0": " ".join(map(str, longest)), "table.0.0": _said(*CHANNEL)}
    year = _body(_period(longest, _table(*CHANNEL)))
    yield Vector("statistics", "ok-366-days", "ok", "a leap year", good | alone, signed("statistics", year))
    yield from object_failures("statistics", "statistics", two, "receipts")
    for name, comment, bent in _malformed():
        yield Vector("statistics", name, "malformed", comment, good, signed("statistics", bent))
