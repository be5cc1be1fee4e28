"""Up to which message an officer has read a case: what came later is unread."""

from collections.abc import Iterable
from typing import Final

from dropbox.triage.tables.cases import TOUCHED
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber

# In a query over `cases`: something came that the officer :officer has not read.
UNREAD: Final = (
    "touched > coalesce((select message from reads where reads.case_number = cases.number"
    " and reads.officer = :officer), 0)"
)


def read_until(db: Database, case: CaseNumber, officer: str) -> int:
    """Return the number of the last message of a case that an officer (login) has read, or 0."""
    row = db.execute(
        "select message from reads where officer = :officer and case_number = :case", {"officer": officer, "case": case}
    ).fetchone()
    return row[0] if row else 0


def has_read(db: Database, officer: str) -> bool:
    """Return whether an officer (login) has read any case."""
    return db.execute("select 1 from reads where officer = :officer", {"officer": officer}).fetchone() is not None


def mark_read(db: Database, cases: Iterable[CaseNumber], officer: str) -> None:
    """Note that an officer (login) has read all that came in some cases; inside a transaction."""
    db.executemany(
        f"insert into reads (officer, case_number, message) values (:officer, :case, {TOUCHED})"
        " on conflict (officer, case_number) do update set message = excluded.message",
        [{"officer": officer, "case": case} for case in cases],
    )


def mark_unread(db: Database, case: CaseNumber, officer: str) -> None:
    """Forget that an officer (login) has read a case; inside a transaction."""
    db.execute("delete from reads where officer = :officer and case_number = :case", {"officer": officer, "case": case})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Forget who has read a case; inside a transaction."""
    db.execute("delete from reads where case_number = :case", {"case": case})
