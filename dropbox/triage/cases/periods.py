"""Periods as people name them: `2026-03`, `2026-Q1` (triwulan), `2026-S1` (semester), `2026`.

    a period = its first and last day, both included, in the installation's zone (WIB)

Rule: a report belongs to the period that holds its sending date, which is a day of that zone already: what is sent at
half past eleven on New Year's Eve belongs to the old year, whenever it is collected.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_month
from dropbox.wire.calendar import Day, date_of, day_of

_CODE: Final = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|S([12])))?")
_YEARS: Final = range(2000, 9999)  # the last year that a date can name ends with no day after it
_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Span:
    """A period; `first` and `last` are day numbers."""

    code: str
    kind: str  # month, quarter, half, year
    first: Day
    last: Day

    def label(self, language: str) -> str:
        """`Triwulan 2026-Q1`."""
        return f"{vocabulary.label('period', self.kind, language)} {self.code}"

    def spoken(self, language: str) -> str:
        """Return the period in words, such as `Maret 2026`, `Triwulan I 2026` or `Tahun 2026`."""
        first = date_of(self.first)
        if self.kind == "month":
            return spoken_month(first.year, first.month, language)
        name = vocabulary.label("period", self.kind, language)
        part = _ROMAN[(first.month - 1) // _MONTHS[self.kind]] if self.kind != "year" else ""
        return " ".join(filter(None, (name, part, str(first.year))))


def span_of(typed: str) -> Span:
    """The period of a code; raises RefusedError."""
    match = _CODE.fullmatch(typed.strip().upper())
    if match is None or int(match[1]) not in _YEARS:
        raise RefusedError("period.name")
    year, month, quarter, half = int(match[1]), match[2], match[3], match[4]
    if month:
        return _span(match[0], "month", year, int(month))
    if quarter:
        return _span(match[0], "quarter", year, 3 * int(quarter) - 2)
    if half:
        return _span(match[0], "half", year, 6 * int(half) - 5)
    return _span(match[0], "year", year, 1)


def _span(code: str, kind: str, year: int, month: int) -> Span:
    after = month + _MONTHS[kind]
    end = datetime.date(year + (after > 12), (after - 1) % 12 + 1, 1)
    return Span(code, kind, day_of(datetime.date(year, month, 1)), Day(day_of(end) - 1))


def recent(today: Day) -> list[Span]:
    """The periods of this year and the one before that have begun, the longest first, newest first among equals."""
    year = date_of(today).year
    codes = [str(year - back) for back in (0, 1)]
    codes += [f"{year - back}-{part}" for back in (0, 1) for part in ("S2", "S1")]
    codes += [f"{year - back}-Q{quarter}" for back in (0, 1) for quarter in (4, 3, 2, 1)]
    codes += [f"{year - back}-{month:02d}" for back in (0, 1) for month in range(12, 0, -1)]
    return [span for span in map(span_of, codes) if span.first <= today]
