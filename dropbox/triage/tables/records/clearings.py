"""Letters that cleared a reported person: number, day, addressee.

Rule: a row is written when the letter is made and never changed.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day


class Clearing(NamedTuple):
    """One letter. `letter` is its own number, `officer` the login of who made it, `day` a day number."""

    number: int
    case: CaseNumber
    letter: str
    day: Day
    name: str
    position: str
    unit: str
    officer: str


def of_cases(db: Database, cases: Iterable[CaseNumber]) -> list[Clearing]:
    """Return the letters of some cases, oldest first."""
    rows = db.execute(
        "select number, case_number, letter, day, name, position, unit, officer from clearings"
        " where case_number in (select value from json_each(:cases)) order by number",
        {"cases": listed(cases)},
    )
    return [Clearing(*row) for row in rows]


def of_live(db: Database) -> list[Clearing]:
    """Return the letters of the cases that were not deleted."""
    rows = db.execute(
        "select clearings.number, case_number, letter, day, name, position, clearings.unit, clearings.officer"
        f" from clearings {JOIN} where {LIVE} order by clearings.number"
    )
    return [Clearing(*row) for row in rows]


def add(db: Database, one: Clearing) -> int:
    """Keep a letter; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into clearings (case_number, letter, day, name, position, unit, officer)"
        " values (:case, :letter, :day, :name, :position, :unit, :officer) returning number",
        one._asdict(),
    )
    return int(row.fetchone()[0])


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the letters of a case; inside a transaction."""
    db.execute("delete from clearings where case_number = :case", {"case": case})
