"""Rewards, sanctions and protection that were decided about a case.

Rule: a measure stays for the counts; `empty` takes out who decided it.
"""

from typing import Final, NamedTuple

from dropbox.triage.tables.cases import JOIN
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

RUNNING: Final = "running"
_COLUMNS: Final = "number, case_number, kind, day, decider, result"


class Measure(NamedTuple):
    """One measure. `day` is a day number; `result` is RUNNING or a code."""

    number: int
    case: CaseNumber
    kind: str
    day: Day
    decider: str
    result: str


def of_case(db: Database, case: CaseNumber) -> list[Measure]:
    """Return the measures of a case, oldest first."""
    rows = db.execute(f"select {_COLUMNS} from measures where case_number = :case order by number", {"case": case})
    return [Measure(*row) for row in rows]


def running(db: Database, number: int) -> Measure | None:
    """Return the measure of a number, if it has no result yet."""
    row = db.execute(
        f"select {_COLUMNS} from measures where number = :number and result = '{RUNNING}'", {"number": number}
    ).fetchone()
    return Measure(*row) if row else None


def kinds_and_results(db: Database, first: Day, last: Day, officer: str | None) -> list[tuple[str, str]]:
    """Return (kind, result) of a period's measures, of the cases that an officer may open (a login; None for all)."""
    rows = db.execute(
        f"select kind, result from measures {JOIN} where day between :first and :last and {VISIBLE}",
        {"first": first, "last": last, "officer": officer},
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def add(db: Database, case: CaseNumber, kind: str, day: Day, decider: str) -> int:
    """Keep a measure that was decided; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into measures (case_number, kind, day, decider, result)"
        f" values (:case, :kind, :day, :decider, '{RUNNING}') returning number",
        {"case": case, "kind": kind, "day": day, "decider": decider},
    )
    return int(row.fetchone()[0])


def finish(db: Database, number: int, result: str) -> None:
    """Set the result of a measure; inside a transaction."""
    db.execute("update measures set result = :result where number = :number", {"number": number, "result": result})


def empty(db: Database, case: CaseNumber) -> None:
    """Clear who decided the measures of a case; inside a transaction."""
    db.execute("update measures set decider = '' where case_number = :case", {"case": case})
