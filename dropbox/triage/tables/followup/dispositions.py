"""Dispositions (disposisi): to whom a case was handed, by when, whether it was read, how it ended.

    open → passed (the next one replaces it)  |  done (with a remark)  |  withdrawn

Rule: a disposition is a note of that kind with the row of the same number here. A case has at most one that is open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from dropbox.triage.tables import notes
from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE, keeps_out
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

OPEN: Final = "open"
PASSED: Final = "passed"
DONE: Final = "done"
WITHDRAWN: Final = "withdrawn"
# Over `cases`: the officer :officer may open the case and the one that is worked on instead of it.
WORKABLE: Final = f"{LIVE} and {VISIBLE} and not {keeps_out('cases.merged_into')}"
_FROM: Final = f"from dispositions join {notes.OF_DISPOSITION} {JOIN}"
_COLUMNS: Final = (
    f"dispositions.number, case_number, {notes.COLUMNS_OF_DISPOSITION}, dispositions.due, read, done, remark, state"
)
_WAITING: Final = f"state = '{OPEN}' and {WORKABLE}"


class Disposition(NamedTuple):
    """One disposition.

    Attributes:
        number: of the note with its words.
        case: number of the case.
        day: on which it was given.
        giver: login of who gave it.
        office: a code of the settings, or empty.
        assignee: a login, or empty.
        text: what is to be done.
        due: day by which, 0 for none.
        read: day on which the addressee first opened the case, 0 for not yet.
        done: day on which it ended, 0 while it is open.
        remark: of who ended it.
        state: OPEN, PASSED, DONE or WITHDRAWN.
    """

    number: int
    case: CaseNumber
    day: Day
    giver: str
    office: str
    assignee: str
    text: str
    due: Day
    read: Day
    done: Day
    remark: str
    state: str


class Waiting(NamedTuple):
    """An open disposition with the subject of its case, and the case that is worked on (a number)."""

    disposition: Disposition
    subject: str
    worked_on: CaseNumber


class Desk(NamedTuple):
    """How many dispositions wait at a desk: of an officer (login), else of an office (code); how many are overdue."""

    office: str
    assignee: str
    waiting: int
    overdue: int
    unread: int


@dataclass(frozen=True)
class Wanted:
    """Which dispositions an officer asks for; an empty value does not narrow it.

    Attributes:
        officer: login of who asks.
        assignee: a login.
        offices: codes of offices; with an assignee, one of the two is enough.
        overdue_on: a day; only what was due before.
        unread: only what the addressee has not read.
    """

    officer: str
    assignee: str = ""
    offices: Collection[str] = ()
    overdue_on: int = 0
    unread: bool = False

    @property
    def where(self) -> str:
        """The condition."""
        whose = [
            *(["assignee = :assignee"] if self.assignee else []),
            *(["(notes.office in (select value from json_each(:offices)) and assignee = '')"] if self.offices else []),
        ]
        late = ["dispositions.due between 1 and :overdue_on - 1"] if self.overdue_on else []
        fresh = ["read = 0"] if self.unread else []
        return " and ".join([_WAITING, *([f"({' or '.join(whose)})"] if whose else []), *late, *fresh])

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the condition."""
        return vars(self) | {"offices": listed(self.offices)}


def of_case(db: Database, case: CaseNumber) -> list[Disposition]:
    """Return the dispositions of a case, oldest first."""
    rows = db.execute(
        f"select {_COLUMNS} {_FROM} where case_number = :case order by dispositions.number", {"case": case}
    )
    return [Disposition(*row) for row in rows]


def open_of(db: Database, case: CaseNumber) -> Disposition | None:
    """Return the open disposition of a case."""
    row = db.execute(f"select {_COLUMNS} {_FROM} where case_number = :case and state = '{OPEN}'", {"case": case})
    found = row.fetchone()
    return Disposition(*found) if found else None


def waiting(db: Database, wanted: Wanted, limit: int, offset: int = 0) -> list[Waiting]:
    """Return open dispositions by due day, those without one last; at most so many, without the first ones."""
    rows = db.execute(
        f"select {_COLUMNS}, cases.subject, coalesce(cases.merged_into, cases.number) {_FROM} where {wanted.where}"
        " order by dispositions.due = 0, dispositions.due, dispositions.number limit :limit offset :offset",
        wanted.values | {"limit": limit, "offset": offset},
    )
    return [Waiting(Disposition(*row[:-2]), *row[-2:]) for row in rows]


def count(db: Database, wanted: Wanted) -> int:
    """Return how many open dispositions `waiting` has."""
    return int(db.execute(f"select count(*) {_FROM} where {wanted.where}", wanted.values).fetchone()[0])


def desks(db: Database, officer: str, today: Day) -> list[Desk]:
    """Return what waits at each desk, of the cases that an officer (login) may open; by office and assignee."""
    rows = db.execute(
        "select case when assignee = '' then notes.office else '' end, assignee, count(*),"
        " sum(dispositions.due between 1 and :today - 1), sum(read = 0)"
        f" {_FROM} where {_WAITING} group by 1, 2 order by 1, 2",
        {"officer": officer, "today": today},
    )
    return [Desk(*row) for row in rows]


def last_of_cases(db: Database) -> dict[CaseNumber, tuple[str, str]]:
    """Return (office, assignee) of the last disposition, by number of the case."""
    rows = db.execute(f"select case_number, notes.office, assignee {_FROM} order by dispositions.number")
    return {case: (office, assignee) for case, office, assignee in rows}


def add(db: Database, number: int, due: Day) -> None:
    """Make the note of a number a disposition; inside a transaction."""
    db.execute(
        f"insert into dispositions (number, due, state) values (:number, :due, '{OPEN}')",
        {"number": number, "due": due},
    )


def end(db: Database, number: int, state: str, day: Day, remark: str = "") -> None:
    """End an open disposition as PASSED, DONE or WITHDRAWN; inside a transaction."""
    db.execute(
        "update dispositions set state = :state, done = :day, remark = :remark where number = :number",
        {"number": number, "state": state, "day": day, "remark": remark},
    )


def mark_read(db: Database, cases: Collection[CaseNumber], login: str, offices: Collection[str], today: Day) -> None:
    """Mark what is open in cases as read, if the officer or one of the offices is addressed; inside a transaction."""
    db.execute(
        f"update dispositions set read = :today where read = 0 and state = '{OPEN}' and number in {notes.ADDRESSED}",
        {"today": today, "login": login, "offices": listed(offices), "cases": listed(cases)},
    )
