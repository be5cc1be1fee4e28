"""Working days: Monday to Friday without Indonesia's public holidays and joint leave (cuti bersama).

Rule: which days are free comes from the library `holidays`, from the settings' own lists and from nowhere else. The
library is loaded when a day is first asked about (the server never asks), and a year is worked out once.
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
    """A year's days, from 1 January: whether each is worked, and how many were worked up to and with it."""

    worked: tuple[bool, ...]
    total: tuple[int, ...]


@dataclass(frozen=True)
class WorkDays:
    """Which days are worked.

    Attributes:
        free: days off beside those of the library.
        worked: weekdays that are worked although the library calls them free.
        joint_leave: whether cuti bersama is free.
    """

    free: frozenset[datetime.date] = frozenset()
    worked: frozenset[datetime.date] = frozenset()
    joint_leave: bool = True
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_worked(self, date: datetime.date) -> bool:
        """Whether people work on that day."""
        return self._year(date.year).worked[date.timetuple().tm_yday - 1]

    def after(self, start: datetime.date, days: int) -> datetime.date:
        """The working day that lies so many working days after the start."""
        date = start
        while days > 0:
            date += datetime.timedelta(days=1)
            days -= self.is_worked(date)
        return date

    def between(self, start: datetime.date, end: datetime.date) -> int:
        """Working days after the start, up to and with the end; 0 when the end is not after the start."""
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
    """What the library knows; later years hold estimates of the days that follow the moon."""
    from holidays import country_holidays  # noqa: PLC0415  10 MiB that the server never needs

    categories = (_PUBLIC, _JOINT_LEAVE) if joint_leave else (_PUBLIC,)
    return frozenset(country_holidays(_COUNTRY, years=year, categories=categories))
