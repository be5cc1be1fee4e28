"""Converts dates to day numbers and epochs (FORMAT "Conventions"). No clock: callers pass today's day number."""

import datetime
from typing import Final, NewType

from dropbox.limits import EPOCH_DAYS

Day = NewType("Day", int)  # days since 1970-01-01
Epoch = NewType("Epoch", int)  # weeks from Monday, UTC, since 1970-01-05

_FIRST_DAY: Final = datetime.date(1970, 1, 1)
_FIRST_MONDAY: Final = 4  # 1970-01-05


def day_of(date: datetime.date) -> Day:
    """Return the day number of a date: days since 1970-01-01."""
    return Day((date - _FIRST_DAY).days)


def date_of(day: int) -> datetime.date:
    """Return the date of a day number; days after the year 9999 become its last day."""
    return _FIRST_DAY + datetime.timedelta(days=min(day, 2_932_896))


def epoch_of(day: int) -> Epoch:
    """Return the epoch (week from Monday, UTC) that contains a day number."""
    return Epoch((day - _FIRST_MONDAY) // EPOCH_DAYS)


def epoch_first_day(epoch: int) -> Day:
    """Return the day number of an epoch's Monday."""
    return Day(_FIRST_MONDAY + epoch * EPOCH_DAYS)


def epoch_last_day(epoch: int) -> Day:
    """Return the day number of an epoch's Sunday."""
    return Day(epoch_first_day(epoch) + EPOCH_DAYS - 1)
