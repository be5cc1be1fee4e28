"""What officers write for each other on a case.

Rule: the reporter never sees it. `office` and `assignee`: to whom a disposition goes, or was withdrawn from.
"""

from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = "number, case_number, day, officer, kind, text, office, assignee"
# For tables.followup.dispositions, whose rows have the numbers of notes: the join, the columns, the addressees.
OF_DISPOSITION: Final = "notes on notes.number = dispositions.number"
COLUMNS_OF_DISPOSITION: Final = "notes.day, notes.officer, notes.office, notes.assignee, notes.text"
ADDRESSED: Final = (
    "(select number from notes where case_number in (select value from json_each(:cases)) and (assignee = :login"
    " or (assignee = '' and office in (select value from json_each(:offices)))))"
)


class Note(NamedTuple):
    """A note. `officer` (who wrote it) and `assignee` are logins; `kind`: a code."""

    number: int
    case: CaseNumber
    day: Day
    officer: str
    kind: str
    text: str
    office: str
    assignee: str


def of_case(db: Database, case: CaseNumber) -> list[Note]:
    """Return the notes on a case, oldest first."""
    rows = db.execute(f"select {_COLUMNS} from notes where case_number = :case order by number", {"case": case})
    return [Note(*row) for row in rows]


def count(db: Database) -> int:
    """Return how many notes there are."""
    return int(db.execute("select count(*) from notes").fetchone()[0])


def add(db: Database, note: Note) -> int:
    """Keep a note under the next number, whatever its own; inside a transaction. Returns the number."""
    row = db.execute(
        "insert into notes (case_number, day, officer, kind, text, office, assignee)"
        " values (:case, :day, :officer, :kind, :text, :office, :assignee) returning number",
        note._asdict(),
    )
    return int(row.fetchone()[0])


def remove(db: Database, number: int) -> None:
    """Delete a note; inside a transaction."""
    db.execute("delete from notes where number = :number", {"number": number})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the notes on a case; inside a transaction."""
    db.execute("delete from notes where case_number = :case", {"case": case})
