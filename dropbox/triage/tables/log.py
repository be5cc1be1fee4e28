"""Who did what, to which case: a chain of hashes (cases.audit_log).

Rule: a line is never changed and never deleted (triggers of the schema). Codes and numbers, never a word of a report.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber

_COLUMNS: Final = "number, at, officer, action, coalesce(case_number, 0), details, hash"


class Row(NamedTuple):
    """A line. `at`: in UTC; `case`: 0 for none; `details`: JSON; `hash`: 32 bytes."""

    number: int
    at: str
    officer: str
    action: str
    case: CaseNumber
    details: str
    hash: bytes


def lines(db: Database, case: CaseNumber = NO_CASE_NUMBER) -> Iterator[Row]:
    """Yield all lines, oldest first; those of one case when it is named."""
    where = "where case_number = :case" if case else ""
    for row in db.execute(f"select {_COLUMNS} from log {where} order by number", {"case": case}):
        yield Row(*row)


def head(db: Database) -> Row | None:
    """Return the last line."""
    row = db.execute(f"select {_COLUMNS} from log order by number desc limit 1").fetchone()
    return Row(*row) if row else None


def hash_of(db: Database, number: int) -> bytes | None:
    """Return the hash of a line."""
    row = db.execute("select hash from log where number = :number", {"number": number}).fetchone()
    return bytes(row[0]) if row else None


def hashes(db: Database) -> set[tuple[int, bytes]]:
    """Return (number, hash) of every line."""
    return {(number, bytes(digest)) for number, digest in db.execute("select number, hash from log")}


def has(db: Database, case: CaseNumber, action: str, details: str, officer: str) -> bool:
    """Return whether an officer's (login) line about a case has exactly these details (JSON)."""
    row = db.execute(
        "select 1 from log where case_number = :case and officer = :officer and action = :action"
        " and details = :details",
        {"case": case, "officer": officer, "action": action, "details": details},
    )
    return row.fetchone() is not None


def has_since(db: Database, case: CaseNumber, actions: Iterable[str], after: int) -> bool:
    """Return whether a case has a line of one of some actions after the line of a number."""
    row = db.execute(
        "select 1 from log where case_number = :case and number > :after"
        " and action in (select value from json_each(:actions))",
        {"case": case, "after": after, "actions": listed(actions)},
    )
    return row.fetchone() is not None


def last_value(db: Database, case: CaseNumber, action: str, name: str) -> str:
    """Return a value of the details of a case's last line of an action, or an empty string."""
    row = db.execute(
        "select json_extract(details, '$.' || :name) from log where case_number = :case and action = :action"
        " order by number desc limit 1",
        {"case": case, "action": action, "name": name},
    ).fetchone()
    return str(row[0]) if row and row[0] else ""


def actions(db: Database, after: int, officer: str) -> set[str]:
    """Return the actions of the lines after a number: those of an officer (login), of everybody if it is empty."""
    where = "number > :after and (:officer = '' or officer = :officer)"
    rows = db.execute(f"select distinct action from log where {where}", {"after": after, "officer": officer})
    return {action for (action,) in rows}


def has_proven_claim(db: Database, case: CaseNumber, action: str) -> bool:
    """Return whether a line of an action about a case says that its claim was proven."""
    row = db.execute(
        "select 1 from log where case_number = :case and action = :action and json_extract(details, '$.proven') = 1",
        {"case": case, "action": action},
    )
    return row.fetchone() is not None


def last_before(db: Database, action: str) -> dict[CaseNumber, str]:
    """Return the status before the last line of an action, by number of the case, where the line says it."""
    rows = db.execute(
        "select case_number, json_extract(details, '$.before') from log where action = :action order by number",
        {"action": action},
    )
    return {case: before for case, before in rows if before}


def first_times(db: Database, action: str) -> dict[CaseNumber, str]:
    """Return the time (UTC) of the first line of an action, by number of the case."""
    rows = db.execute(
        "select case_number, min(at) from log where action = :action group by case_number", {"action": action}
    )
    return dict(rows.fetchall())


def add(db: Database, row: Row) -> None:
    """Write a line; inside the transaction of the act."""
    db.execute(
        "insert into log (number, at, officer, action, case_number, details, hash)"
        " values (:number, :at, :officer, :action, :case, :details, :hash)",
        row._asdict() | {"case": row.case or None},
    )
