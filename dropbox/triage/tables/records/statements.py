"""What reported persons, witnesses and experts stated, each version of it.

Rule: a version is never changed. A correction is a new version; a withdrawal marks the last one, with its reason.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = (
    "statements.number, first, case_number, party, answer, name, role, statements.unit, given, text,"
    " statements.officer, statements.day, why, withdrawn, withdrawn_day, withdrawer"
)
_LAST: Final = (
    "not exists (select 1 from statements as later where later.first = statements.first"
    " and later.number > statements.number)"
)


class Statement(NamedTuple):
    """One version of a statement.

    Attributes:
        number: of the version.
        first: number of the first version, by which the statement is known.
        case: number of the case.
        party: code of the vocabulary's `party`.
        answer: of a reported person, what came of the right to answer (`answer_right`); else empty.
        name: of who stated it; likewise role (post) and unit.
        role: see name.
        unit: see name.
        given: day number of the statement itself.
        text: what was stated.
        officer: login of who wrote the version.
        day: day number on which it was written.
        why: code of `statement_change` for a later version; empty for the first.
        withdrawn: code of `statement_change` if it was withdrawn, else empty; likewise withdrawn_day, withdrawer.
        withdrawn_day: see withdrawn.
        withdrawer: see withdrawn.
    """

    number: int
    first: int
    case: CaseNumber
    party: str
    answer: str
    name: str
    role: str
    unit: str
    given: Day
    text: str
    officer: str
    day: Day
    why: str
    withdrawn: str
    withdrawn_day: Day
    withdrawer: str


def of_cases(db: Database, cases: Iterable[CaseNumber]) -> list[Statement]:
    """Return every version of the statements of some cases, by statement, the oldest version first."""
    rows = db.execute(
        f"select {_COLUMNS} from statements where case_number in (select value from json_each(:cases))"
        " order by first, number",
        {"cases": listed(cases)},
    )
    return [Statement(*row) for row in rows]


def last(db: Database, first: int) -> Statement | None:
    """Return the last version of a statement."""
    row = db.execute(f"select {_COLUMNS} from statements where first = :first and {_LAST}", {"first": first}).fetchone()
    return Statement(*row) if row else None


def of_live(db: Database) -> list[Statement]:
    """Return every version of every statement of the cases that were not deleted."""
    rows = db.execute(f"select {_COLUMNS} from statements {JOIN} where {LIVE} order by statements.number")
    return [Statement(*row) for row in rows]


def count(db: Database, case: CaseNumber) -> int:
    """Return how many versions of statements a case has."""
    row = db.execute("select count(*) from statements where case_number = :case", {"case": case})
    return int(row.fetchone()[0])


def add(db: Database, one: Statement) -> int:
    """Keep a version; its `number` is given here, and its `first` too if that is 0. Inside a transaction."""
    row = db.execute(
        "insert into statements (first, case_number, party, answer, name, role, unit, given, text, officer, day, why)"
        " values (:first, :case, :party, :answer, :name, :role, :unit, :given, :text, :officer, :day, :why)"
        " returning number",
        one._asdict(),
    )
    number = int(row.fetchone()[0])
    db.execute("update statements set first = number where number = :number and first = 0", {"number": number})
    return number


def withdraw(db: Database, number: int, why: str, by: str, today: Day) -> None:
    """Mark a version as withdrawn by an officer (login); inside a transaction."""
    db.execute(
        "update statements set withdrawn = :why, withdrawn_day = :today, withdrawer = :by where number = :number",
        {"number": number, "why": why, "by": by, "today": today},
    )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the statements of a case; inside a transaction."""
    db.execute("delete from statements where case_number = :case", {"case": case})
