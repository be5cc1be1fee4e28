"""Service times: when a case is due, in working days, from the day on which its present status began.

    received      due = sealed sending date + service days                (the reporter's clock, not the courier's)
    moved         due = day of the move + service days of the new status
    question      the clock stops: the working days that were left are kept
    answered      due = day of the answer + the days that were left; what was overdue is due at once
    no service    due = day of the move + review days: nothing is promised, and an officer looks again

Rule: days are told in the installation's zone (WIB); nothing here looks at a clock.
"""

from dropbox.settings.installation import Settings
from dropbox.wire.calendar import Day, date_of, day_of

OVERDUE, SOON, LATER, NONE = "overdue", "soon", "later", "none"


def due_day(settings: Settings, status: str, start: int) -> Day:
    """The day by which a case of that status is due, counted in working days; 0 for none."""
    days = settings.service_days.get(status)
    return day_of(settings.after_working_days(date_of(start), days)) if days else Day(0)


def review_day(settings: Settings, status: str, start: int) -> Day:
    """The day on which a live case of a status without service days comes back to the top."""
    table = settings.workstation.review_days
    return day_of(settings.after_working_days(date_of(start), table.get(status, max(table.values()))))


def days_left(settings: Settings, today: Day, due: int) -> int:
    """Working days from today to the due day; 0 when it is today or over."""
    return settings.working_days_between(date_of(today), date_of(due)) if due > today else 0


def resumed_due(settings: Settings, today: Day, left: int) -> Day:
    """The due day of a clock that goes on with so many working days left."""
    return day_of(settings.after_working_days(date_of(today), left)) if left else today


def urgency(settings: Settings, today: Day, due: int) -> str:
    """`overdue`, `soon` (within workstation.soon_days working days), `later` or `none`."""
    if not due:
        return NONE
    if due < today:
        return OVERDUE
    return SOON if days_left(settings, today, due) <= settings.workstation.soon_days else LATER
