"""What waits after a report: recommendations with their outcome, and task letters that have led to no report.

Rule: a recommendation waits until a settlement ends it (ENDED). A task letter waits until a report of the same case, or
of one that is worked on with it, is dated on its day or later, or until the case has ended.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from dropbox.triage.tables.cases import NOT_ENDED
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.followup import records
from dropbox.triage.tables.followup.dispositions import WORKABLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

ENDED: Final = ("done", "cannot")  # outcomes after which a recommendation waits for nothing
_ENDED_CODES: Final = ", ".join(f"'{code}'" for code in ENDED)

_OPEN: Final = f"{records.RECOMMENDATIONS} and outcome not in ({_ENDED_CODES}) and {WORKABLE}"


class Recommendation(NamedTuple):
    """A recommendation with its report and what came of it.

    Attributes:
        root: its number.
        case: number of its case.
        worked_on: number of the case that is worked on instead, or of its own.
        code: what is recommended (vocabulary's group `recommended`).
        unit: that carries it out; empty when the case's content was deleted.
        due: day by which, 0 for none.
        text: what is to be done.
        report: number of the report (LHP), or empty.
        reported: date of the report, or of the recommendation.
        outcome: of the last settlement, or empty.
        settled: date of that settlement, or 0.
    """

    root: int
    case: CaseNumber
    worked_on: CaseNumber
    code: str
    unit: str
    due: Day
    text: str
    report: str
    reported: Day
    outcome: str
    settled: Day

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be carried out."""
        return self.outcome not in ENDED


class UnitLoad(NamedTuple):
    """The recommendations that a unit has not carried out.

    Attributes:
        unit: as an officer wrote it.
        open: how many.
        overdue: how many of them are overdue.
        since: date of the oldest report among them.
        root: number of the first of them, by which an address names the unit.
    """

    unit: str
    open: int
    overdue: int
    since: Day
    root: int


class TaskLetter(NamedTuple):
    """A task letter whose period has not led to a report.

    Attributes:
        root: its number.
        worked_on: number of the case that is worked on.
        subject: of its case.
        sign: its official number.
        who: the team, as an officer wrote it.
        until: last day of the task.
        text: the task.
    """

    root: int
    worked_on: CaseNumber
    subject: str
    sign: str
    who: str
    until: Day
    text: str


@dataclass(frozen=True)
class Sought:
    """Which open recommendations an officer asks for.

    Attributes:
        officer: login of who asks.
        unit: only those of this unit; None for every unit.
        overdue_on: a day; only what was due before; 0 for all.
    """

    officer: str
    unit: str | None = None
    overdue_on: int = 0

    @property
    def where(self) -> str:
        """The whole query but its order."""
        return " and ".join(
            [
                _OPEN,
                *(["followups.who = :unit"] if self.unit is not None else []),
                *(["followups.until between 1 and :overdue_on - 1"] if self.overdue_on else []),
            ]
        )


def open_recommendations(db: Database, sought: Sought, limit: int, offset: int = 0) -> list[Recommendation]:
    """Return what is recommended and not carried out, by due day; at most so many, without the first ones."""
    rows = db.execute(
        f"{sought.where} order by followups.until = 0, followups.until, followups.root limit :limit offset :offset",
        vars(sought) | {"limit": limit, "offset": offset},
    )
    return [Recommendation(*row) for row in rows]


def task_letters(db: Database, officer: str, ended: Collection[str]) -> list[TaskLetter]:
    """Return the task letters that wait for a report, by their last day.

    Args:
        db: the connection.
        officer: login; only letters of cases that they may open.
        ended: statuses of cases in which nothing is due.
    """
    rows = db.execute(
        f"{records.TASK_LETTERS} and {NOT_ENDED} and {WORKABLE} order by letters.until, letters.root",
        {"officer": officer, "ended": listed(ended)},
    )
    return [TaskLetter(*row) for row in rows]


def open_by_unit(db: Database, officer: str, today: Day) -> list[UnitLoad]:
    """Return what each unit has not carried out, of the cases that an officer (login) may open; most overdue first."""
    rows = db.execute(
        f"select unit, count(*), sum(due between 1 and :today - 1), min(reported), min(root) from ({_OPEN})"
        " group by unit order by 3 desc, 2 desc, 1",
        {"officer": officer, "today": today},
    )
    return [UnitLoad(*row) for row in rows]


def recommended_between(db: Database, first: Day, last: Day, officer: str | None) -> list[Recommendation]:
    """Return the recommendations of reports of a period, of the cases that an officer may open (a login; None: all)."""
    rows = db.execute(
        f"{records.RECOMMENDATIONS} and coalesce(report.dated, followups.dated) between :first and :last and {VISIBLE}"
        " order by followups.root",
        {"first": first, "last": last, "officer": officer},
    )
    return [Recommendation(*row) for row in rows]


def recommendations_of_cases(db: Database) -> dict[CaseNumber, list[Recommendation]]:
    """Return every recommendation, by number of the case."""
    found: dict[CaseNumber, list[Recommendation]] = {}
    for row in db.execute(f"{records.RECOMMENDATIONS} order by followups.root"):
        found.setdefault(row[1], []).append(Recommendation(*row))
    return found
