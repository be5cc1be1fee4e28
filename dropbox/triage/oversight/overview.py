"""The figures of the leaders' page: load, what is overdue, age, trend, protection, recommendations.

Rule: every figure counts only the cases that the looking officer may open. The page says so to everybody in the same
words, whether a case is left out for them or not: a sentence that comes and goes would tell them of it.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from dropbox.triage.access import permission, roles
from dropbox.triage.access.conflict import active_officers
from dropbox.triage.access.roles import Permission
from dropbox.triage.followup import duties
from dropbox.triage.statistics import recommendations
from dropbox.triage.statistics.recommendations import Recommendation
from dropbox.triage.tables import protections
from dropbox.triage.tables.followup.waiting import UnitLoad
from dropbox.triage.tables.protections import Request
from dropbox.triage.tables.records import figures
from dropbox.triage.tables.records.figures import Assigned, Life
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of, day_of

MONTHS: Final = 12
AGES: Final = (8, 31, 61, 91, 181)  # days: the first age of each class but the youngest


@dataclass(frozen=True)
class Load:
    """The open cases of an office or officer. `late_days`: of the one that is overdue the longest, calendar days."""

    code: str
    open: int
    overdue: int
    late_days: int


@dataclass(frozen=True)
class Month:
    """A month: first day (number), reports received and cases closed in it, and still open at its end (or today).

    A report that was merged into another case is received like any other, as in the register; the case that is worked
    on is open and closed once.
    """

    first: Day
    received: int
    closed: int
    open: int


class Due(NamedTuple):
    """How many there are, and how many of them are overdue."""

    all: int
    late: int


@dataclass(frozen=True)
class Overview:
    """The figures of the page; each counts the rows of a list that the desk can show.

    Attributes:
        mine: open cases that are assigned to the looking officer.
        dispositions: that wait for the looking officer, or for an office for which they act.
        unread: how many of these they have not read.
        tasks: task letters whose report is a duty of the looking officer.
        offices: load by code of the office, "" for none; the most overdue first.
        officers: load by login, "" for nobody; active officers without a case too; the most overdue first.
        ages: open cases by class of age in days since sending: below AGES[0], then from each of AGES.
        months: the last MONTHS months, the oldest first.
        risks: open cases whose risk waits for a decision.
        protections: open requests for protection, the most urgent first.
        late_protections: how many of them are overdue.
        units: recommendations of reports that each unit has not carried out, the most overdue first.
        recommendations: all of these.
        prevention: recommendations against recurring problems that were not carried out; none without the permission
            to manage them.
    """

    mine: Load
    dispositions: Due
    unread: int
    tasks: Due
    offices: tuple[Load, ...]
    officers: tuple[Load, ...]
    ages: tuple[int, ...]
    months: tuple[Month, ...]
    risks: int
    protections: tuple[Request, ...]
    late_protections: int
    units: tuple[UnitLoad, ...]
    recommendations: Due
    prevention: Due


def of(work: Work) -> Overview:
    """Return the figures for the officer at work; raises RefusedError without the permission."""
    permission.permit(work, Permission.OVERVIEW_READ)
    db, login, today = work.vault.db, work.vault.officer.login, work.today
    rows = figures.assigned(db, login, permission.ENDED, today)
    readers = [
        one.login
        for one in active_officers(work.vault)
        if roles.may(work.settings.workstation, one, Permission.CASE_READ)
    ]
    officers = _loads({one: [] for one in readers} | _grouped(rows, "officer"), today)
    waiting = protections.waiting(db, login)
    my, tasks, units, undone = duties.mine(work), duties.tasks(work, login), duties.by_unit(work), _undone(work)
    return Overview(
        mine=next((one for one in officers if one.code == login), Load(login, 0, 0, 0)),
        dispositions=Due(duties.count(work, my), duties.count(work, replace(my, overdue_on=today))),
        unread=duties.count(work, replace(my, unread=True)),
        tasks=Due(len(tasks), sum(one.letter.until < today for one in tasks)),
        offices=_loads(_grouped(rows, "office"), today),
        officers=officers,
        ages=_ages(figures.open_by_sent(db, login, permission.ENDED), today),
        months=_months(figures.lives(db, login), today),
        risks=figures.count_risks_waiting(db, login, permission.ENDED),
        protections=tuple(waiting),
        late_protections=sum(one.due < today for one in waiting),
        units=tuple(units),
        recommendations=Due(sum(one.open for one in units), sum(one.overdue for one in units)),
        prevention=Due(len(undone), sum(one.due < today for one in undone)),
    )


def _grouped(rows: list[Assigned], by: str) -> dict[str, list[Assigned]]:
    found: dict[str, list[Assigned]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _loads(found: dict[str, list[Assigned]], today: Day) -> tuple[Load, ...]:
    loads = []
    for code, rows in found.items():
        since = min((row.since for row in rows if row.since), default=today)
        loads.append(Load(code, sum(row.open for row in rows), sum(row.overdue for row in rows), today - since))
    return tuple(sorted(loads, key=lambda one: (-one.overdue, -one.open, one.code)))


def _ages(rows: list[tuple[Day, int]], today: Day) -> tuple[int, ...]:
    counts = [0] * (len(AGES) + 1)
    for sent, count in rows:
        counts[bisect_right(AGES, today - sent)] += count
    return tuple(counts)


def _months(rows: list[Life], today: Day) -> tuple[Month, ...]:
    now = date_of(today)
    index = 12 * now.year + now.month - 1
    firsts = [day_of(date(one // 12, one % 12 + 1, 1)) for one in range(index - MONTHS + 1, index + 2)]
    received, closed, still = [0] * MONTHS, [0] * MONTHS, [0] * MONTHS
    for sent, end, leads, count in rows:
        begun, ended = bisect_right(firsts, sent) - 1, bisect_right(firsts, end) - 1 if end else MONTHS
        if 0 <= begun < MONTHS:
            received[begun] += count
        if not leads:
            continue
        if 0 <= ended < MONTHS:
            closed[ended] += count
        for month in range(max(begun, 0), min(ended, MONTHS)):
            still[month] += count
    return tuple(Month(*one) for one in zip(firsts, received, closed, still, strict=False))


def _undone(work: Work) -> list[Recommendation]:
    if not roles.may(work.settings.workstation, work.vault.officer, Permission.PREVENTION_MANAGE):
        return []
    return [one for one in recommendations.visible_to(work) if not one.done]
