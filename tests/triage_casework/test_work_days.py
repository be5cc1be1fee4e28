"""Working days: what the library, the decree and the settings say."""

import datetime
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.business_days import WorkDays
from dropbox.settings.installation import load

DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("date", "worked"),
    [
        ("2026-08-17", False),  # Independence Day
        ("2026-08-18", True),
        ("2026-08-22", False),  # Saturday
        ("2026-03-21", False),  # Idul Fitri
        ("2026-03-23", False),  # cuti bersama
        ("2026-12-25", False),
        ("2026-11-25", True),
    ],
)
def test_public_holidays_and_joint_leave_are_free(date: str, worked: int) -> None:
    """As the joint decree of three ministers has them."""
    assert load().is_working_day(datetime.date.fromisoformat(date)) == worked


def test_joint_leave_can_be_worked() -> None:
    """An office that works on cuti bersama says so; Idul Fitri itself stays free."""
    days = WorkDays(joint_leave=False)
    assert days.is_worked(datetime.date(2026, 3, 23))
    assert not days.is_worked(datetime.date(2026, 3, 20) + DAY)


def test_the_settings_add_and_take_away_days(tmp_path: Path) -> None:
    """A day off of one's own, and one that is worked after all."""
    path = tmp_path / "own.toml"
    path.write_text('[time]\nholidays = ["2026-08-18"]\nworking = ["2026-08-17"]\n', "utf-8")
    settings = load(path)
    assert settings.is_working_day(datetime.date(2026, 8, 17))
    assert not settings.is_working_day(datetime.date(2026, 8, 18))


@pytest.mark.parametrize("line", ['holidays = ["17-08-2026"]', 'working = ["tomorrow"]', 'joint_leave = "yes"'])
def test_a_misspelt_day_stops_the_start(tmp_path: Path, line: str) -> None:
    """With a sentence, not with a wrong date."""
    path = tmp_path / "own.toml"
    path.write_text(f"[time]\n{line}\n", "utf-8")
    with pytest.raises(ConfigurationError, match="settings"):
        load(path)


def test_counting_agrees_with_walking() -> None:
    """`between` and `after` are each other's reverse, over the ends of years too."""
    settings = load()
    start = datetime.date(2025, 12, 1)
    for days in (1, 5, 14, 30, 60, 300):
        end = settings.after_working_days(start, days)
        assert settings.is_working_day(end)
        assert settings.working_days_between(start, end) == days
        assert settings.working_days_between(end, start) == 0
    walked = [start + n * DAY for n in range(1, 401)]
    assert settings.working_days_between(start, walked[-1]) == sum(map(settings.is_working_day, walked))


def test_a_year_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand cases ask about the same few years."""
    asked = []
    monkeypatch.setattr(
        "dropbox.settings.business_days._public_holidays", lambda year, **_: asked.append(year) or frozenset()
    )
    days = WorkDays()
    for n in range(500):
        days.after(datetime.date(2026, 1, 1) + n * DAY, 30)
    assert sorted(asked) == [2026, 2027]
