"""Requests for protection: each with a clock of its own.

Rule: a request stays until its case's content goes; `result` is what its reporter was told.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.cases import JOIN
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

OPEN: Final = "open"
_CHANGEABLE: Final = ("status", "due", "closed", "result")
_COLUMNS: Final = "protections.number, case_number, kind, protections.status, asked, protections.due"


class Request(NamedTuple):
    """One request. `asked` and `due` are day numbers, `status` is OPEN or the code of its outcome."""

    number: int
    case: CaseNumber
    kind: str
    status: str
    asked: Day
    due: Day


def of_case(db: Database, case: CaseNumber) -> list[Request]:
    """Return the requests of a case, oldest first."""
    rows = db.execute(f"select {_COLUMNS} from protections where case_number = :case order by number", {"case": case})
    return [Request(*row) for row in rows]


def of_number(db: Database, number: int) -> Request | None:
    """Return the request of a number, if it is open."""
    row = db.execute(
        f"select {_COLUMNS} from protections where number = :number and status = '{OPEN}'", {"number": number}
    ).fetchone()
    return Request(*row) if row else None


def waiting(db: Database, officer: str) -> list[Request]:
    """Return the open requests of the cases that an officer (login) may open, the most urgent first."""
    rows = db.execute(
        f"select {_COLUMNS} from protections {JOIN} where protections.status = '{OPEN}' and {VISIBLE}"
        " order by protections.due, protections.number",
        {"officer": officer},
    )
    return [Request(*row) for row in rows]


def has_open(db: Database, cases: Iterable[CaseNumber]) -> bool:
    """Return whether a request of one of the cases is open."""
    row = db.execute(
        f"select 1 from protections where case_number in (select value from json_each(:cases)) and status = '{OPEN}'",
        {"cases": listed(cases)},
    )
    return row.fetchone() is not None


def add(db: Database, case: CaseNumber, kind: str, asked: Day, due: Day) -> int:
    """Open a request; inside a transaction. Returns its number."""
    row = db.execute(
        f"insert into protections (case_number, kind, status, asked, due) values (:case, :kind, '{OPEN}', :asked, :due)"
        " returning number",
        {"case": case, "kind": kind, "asked": asked, "due": due},
    )
    return int(row.fetchone()[0])


def snapshot(db: Database, cases: Iterable[CaseNumber]) -> dict[int, dict[str, Any]]:
    """Return what is changeable of the requests of cases, by number."""
    rows = db.execute(
        f"select number, {', '.join(_CHANGEABLE)} from protections"
        " where case_number in (select value from json_each(:cases))",
        {"cases": listed(cases)},
    )
    return {number: dict(zip(_CHANGEABLE, values, strict=True)) for number, *values in rows}


def put_back(db: Database, number: int, stood: dict[str, Any]) -> None:
    """Let a request stand as `snapshot` had it, by all or some of its columns; inside a transaction."""
    now = db.execute(f"select {', '.join(_CHANGEABLE)} from protections where number = :number", {"number": number})
    db.execute(
        "update protections set status = :status, due = :due, closed = :closed, result = :result"
        " where number = :number",
        dict(zip(_CHANGEABLE, now.fetchone(), strict=True)) | stood | {"number": number},
    )


def remove(db: Database, number: int) -> None:
    """Delete a request; inside a transaction."""
    db.execute("delete from protections where number = :number", {"number": number})


def close(db: Database, number: int, outcome: str, result: str, today: Day) -> None:
    """Close a request with its outcome and what its reporter is told; inside a transaction."""
    db.execute(
        "update protections set status = :outcome, closed = :today, result = :result where number = :number",
        {"number": number, "outcome": outcome, "today": today, "result": result},
    )


def postpone(db: Database, number: int, due: Day) -> None:
    """Set the day by which a request is due; inside a transaction."""
    db.execute("update protections set due = :due where number = :number", {"number": number, "due": due})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the requests of a case; inside a transaction."""
    db.execute("delete from protections where case_number = :case", {"case": case})
