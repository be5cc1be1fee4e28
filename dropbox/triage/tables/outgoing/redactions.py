"""Recipes of redacted copies of files, by case, file and place in it.

Rule: a recipe goes with the content of its case: its words may be a reporter's name.
"""

from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day


class Row(NamedTuple):
    """A recipe.

    Attributes:
        case: of the file.
        file_sha256: of the whole file.
        place: '' for the file itself, '2' or '2.1' for a part.
        name: by which officers know the copy.
        recipe: JSON.
        sha256: the hash that binds the recipe to file and place.
        note: of the officer.
        officer: login of the one who saved it last.
        day: on which it was saved last.
    """

    case: CaseNumber
    file_sha256: bytes
    place: str
    name: str
    recipe: str
    sha256: bytes
    note: str
    officer: str
    day: Day


_COLUMNS: Final = "case_number, file_sha256, place, name, recipe, sha256, note, officer, day"


def of_number(db: Database, number: int) -> Row | None:
    """Return the recipe of a number."""
    row = db.execute(f"select {_COLUMNS} from redactions where number = :number", {"number": number}).fetchone()
    return Row(*row) if row else None


def of_file(db: Database, case: CaseNumber, file_sha256: bytes) -> list[tuple[int, Row]]:
    """Return (number, recipe) of each redacted copy of a file (SHA-256) and of its parts, oldest first."""
    rows = db.execute(
        f"select number, {_COLUMNS} from redactions where case_number = :case and file_sha256 = :file_sha256"
        " order by number",
        {"case": case, "file_sha256": file_sha256},
    )
    return [(number, Row(*row)) for number, *row in rows]


def add(db: Database, row: Row) -> int:
    """Keep a recipe; inside a transaction. Returns its number."""
    found = db.execute(
        f"insert into redactions ({_COLUMNS}) values (:case, :file_sha256, :place, :name, :recipe, :sha256, :note,"
        " :officer, :day) returning number",
        row._asdict(),
    )
    return int(found.fetchone()[0])


def change(db: Database, number: int, row: Row) -> None:
    """Set name, recipe and note of a number as an officer changed them; inside a transaction."""
    db.execute(
        "update redactions set name = :name, recipe = :recipe, sha256 = :sha256, note = :note, officer = :officer,"
        " day = :day where number = :number",
        row._asdict() | {"number": number},
    )


def remove(db: Database, number: int) -> None:
    """Delete a recipe; inside a transaction."""
    db.execute("delete from redactions where number = :number", {"number": number})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete all recipes of a case; inside a transaction."""
    db.execute("delete from redactions where case_number = :case", {"case": case})
