"""FORMAT "Conventions": days and epochs as numbers. No clock: callers say what today is."""

import datetime
from typing import Final

from dropbox.limits import EPOCH_DAYS

_FIRST_DAY: Final = datetime.date(1970, 1, 1)
_FIRST_MONDAY: Final = 4  # 1970-01-05


def day_of(date: datetime.date) -> int:
    """Days since 1970-01-01."""
    return (date - _FIRST_DAY).days


def date_of(day: int) -> datetime.date:
    """The date of a day number; days beyond the year 9999 become its last day."""
    return _FIRST_DAY + datetime.timedelta(days=min(day, 2_932_896))


def epoch_of(day: int) -> int:
    """The epoch (week from Monday, UTC) that holds the day."""
    return (day - _FIRST_MONDAY) // EPOCH_DAYS


def epoch_first_day(epoch: int) -> int:
    """Its Monday."""
    return _FIRST_MONDAY + epoch * EPOCH_DAYS


def epoch_last_day(epoch: int) -> int:
    """Its Sunday."""
    return epoch_first_day(epoch) + EPOCH_DAYS - 1
