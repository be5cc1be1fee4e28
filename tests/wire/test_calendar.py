"""Days and epochs as numbers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.wire.calendar import date_of, day_of, epoch_first_day, epoch_last_day, epoch_of


def test_epoch_zero() -> None:
    """Epoch 0 is the week from Monday, 5 January 1970."""
    assert date_of(epoch_first_day(0)) == datetime.date(1970, 1, 5)
    assert date_of(epoch_last_day(0)) == datetime.date(1970, 1, 11)


@given(st.dates(min_value=datetime.date(1970, 1, 5)))
def test_a_day_lies_in_its_epoch(date: datetime.date) -> None:
    """An epoch runs from Monday to Sunday and holds its days."""
    day = day_of(date)
    epoch = epoch_of(day)
    assert date_of(day) == date
    assert epoch_first_day(epoch) == day - date.weekday()
    assert epoch_first_day(epoch) <= day <= epoch_last_day(epoch)
    assert epoch_of(epoch_first_day(epoch)) == epoch_of(epoch_last_day(epoch)) == epoch


@pytest.mark.parametrize("day", [2_932_896, 2_932_897, 2**32 - 1])
def test_days_beyond_the_calendar(day: int) -> None:
    """A day that no date has becomes the last one."""
    assert date_of(day) == datetime.date(9999, 12, 31)
