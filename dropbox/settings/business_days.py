"""Counts working days: Monday to Friday without Indonesia's public holidays and joint leave (cuti bersama).

Rule: days off come only from the library `holidays` and from the settings' own lists. The library is loaded at the
first question about a day (the server never asks), and each year is computed once.
"""

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Final

_COUNTRY: Final = "ID"
_PUBLIC: Final = "public"
_JOINT_LEAVE: Final = "government"  # the library's category for days of joint leave


@dataclass(frozen=True)
class _Year:
    """A year's days from 1 January: whether each is a working day, and the number of working days up to and with it."""

    worked: tuple[bool, ...]
    total: tuple[int, ...]


@dataclass(frozen=True)
class WorkDays:
    """The calendar of working days.

    Attributes:
        free: days off in addition to the library's.
        worked: weekdays that are working days although the library lists them as days off.
        joint_leave: whether cuti bersama is a day off.
    """

    free: frozenset[datetime.date] = frozenset()
    worked: frozenset[datetime.date] = frozenset()
    joint_leave: bool = True
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_worked(self, date: datetime.date) -> bool:
        """Return whether the date is a working day."""
        return self._year(date.year).worked[date.timetuple().tm_yday - 1]

    def after(self, start: datetime.date, days: int) -> datetime.date:
        """Return the date that is `days` working days after the start."""
        date = start
        while days > 0:
            date += datetime.timedelta(days=1)
            days -= self.is_worked(date)
        return date

    def between(self, start: datetime.date, end: datetime.date) -> int:
        """Return the number of working days after the start, up to and with the end; 0 when the end is not later."""
        if end <= start:
            return 0
        whole = sum(self._year(year).total[-1] for year in range(start.year, end.year))
        return whole + self._worked_until(end) - self._worked_until(start)

    def _worked_until(self, date: datetime.date) -> int:
        return self._year(date.year).total[date.timetuple().tm_yday - 1]

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            first = datetime.date(year, 1, 1)
            length = (datetime.date(year, 12, 31) - first).days + 1
            free = (_public_holidays(year, joint_leave=self.joint_leave) - self.worked) | self.free
            dates = (first + datetime.timedelta(days=day) for day in range(length))
            worked = tuple(date.weekday() < 5 and date not in free for date in dates)
            self._years[year] = _Year(worked, tuple(itertools.accumulate(worked)))
        return self._years[year]


def _public_holidays(year: int, *, joint_leave: bool) -> frozenset[datetime.date]:
    """Return the library's days off; for later years the lunar holidays are estimates."""
    from holidays import country_holidays  # noqa: PLC0415  10 MiB that the server never needs

    categories = (_PUBLIC, _JOINT_LEAVE) if joint_leave else (_PUBLIC,)
    return frozenset(country_holidays(_COUNTRY, years=year, categories=categories))
