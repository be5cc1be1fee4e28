"""Periods: first and last day of what people name, and nothing else is a period."""

import datetime

import pytest

from dropbox.errors import RefusedError
from dropbox.triage.cases.periods import recent, span_of
from dropbox.wire.calendar import date_of, day_of


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2026-S2", "2026-07-01", "2026-12-31"),
        (" 2026 ", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods_have_both_their_ends(code: str, first: str, last: str) -> None:
    """A month, a quarter, a half and a year, the leap day too."""
    span = span_of(code)
    assert (date_of(span.first).isoformat(), date_of(span.last).isoformat()) == (first, last)


@pytest.mark.parametrize(
    "code",
    ["9999", "9999-12", "", "26", "2026-13", "2026-00", "2026-Q5", "2026-S3", "1999", "2026-1", "٢٠٢٦", "2026\n1"],
)
def test_what_is_no_period_is_refused(code: str) -> None:
    """With a sentence that shows how to write one."""
    with pytest.raises(RefusedError, match="2026-Q1"):
        span_of(code)


def test_recent_periods_have_begun() -> None:
    """On New Year's Day the new year is there already, and nothing of the future."""
    today = day_of(datetime.date(2027, 1, 1))
    codes = [span.code for span in recent(today)]
    assert {"2027", "2027-S1", "2027-Q1", "2027-01", "2026", "2026-12"} <= set(codes)
    assert not {"2027-02", "2027-Q2", "2027-S2"} & set(codes)
