"""Legal holds: why a case's content must stay.

Rule: a hold is never changed. Lifting it adds who did it and when; the row stays until the case's content goes.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dropbox.triage.tables.cases import JOIN
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = "holds.number, case_number, holds.reason, holds.reference, holds.officer, holds.day"
_COLUMNS_ALL: Final = f"{_COLUMNS}, coalesce(lifted, 0), lifter"
_IN_FORCE: Final = "holds.lifted is null"


class Hold(NamedTuple):
    """One hold. `day` and `lifted` are day numbers; `lifted` is 0 while it is in force."""

    number: int
    case: CaseNumber
    reason: str
    reference: str
    officer: str
    day: Day
    lifted: Day
    lifter: str


def of_cases(db: Database, cases: Iterable[CaseNumber]) -> list[Hold]:
    """Return the holds of some cases, also the lifted ones, oldest first."""
    rows = db.execute(
        f"select {_COLUMNS_ALL} from holds where case_number in (select value from json_each(:cases)) order by number",
        {"cases": listed(cases)},
    )
    return [Hold(*row) for row in rows]


def visible(db: Database, officer: str) -> list[Hold]:
    """Return the holds in force of the cases that an officer (login) may open, oldest first."""
    rows = db.execute(
        f"select {_COLUMNS_ALL} from holds {JOIN} where {_IN_FORCE} and {VISIBLE} order by holds.number",
        {"officer": officer},
    )
    return [Hold(*row) for row in rows]


def is_in_force(db: Database, cases: Iterable[CaseNumber]) -> bool:
    """Return whether one of the cases has a hold in force."""
    row = db.execute(
        f"select 1 from holds where {_IN_FORCE} and case_number in (select value from json_each(:cases)) limit 1",
        {"cases": listed(cases)},
    )
    return row.fetchone() is not None


def exists(db: Database) -> bool:
    """Return whether any case has a hold in force."""
    return db.execute(f"select 1 from holds where {_IN_FORCE} limit 1").fetchone() is not None


def add(db: Database, case: CaseNumber, reason: str, reference: str, officer: str, today: Day) -> int:
    """Keep a hold; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into holds (case_number, reason, reference, officer, day)"
        " values (:case, :reason, :reference, :officer, :today) returning number",
        {"case": case, "reason": reason, "reference": reference, "officer": officer, "today": today},
    )
    return int(row.fetchone()[0])


def lift(db: Database, number: int, by: str, today: Day) -> bool:
    """End a hold, as decided `by` (a login); inside a transaction. Returns whether it was in force."""
    done = db.execute(
        f"update holds set lifted = :today, lifter = :by where number = :number and {_IN_FORCE}",
        {"number": number, "by": by, "today": today},
    )
    return bool(done.rowcount)


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the lifted holds of a case; inside a transaction."""
    db.execute("delete from holds where case_number = :case", {"case": case})
