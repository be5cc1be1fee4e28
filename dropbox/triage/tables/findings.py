"""What the sandbox found out about a file, by its hash.

Rule: a row goes with the last message that brought the file. The text is the reporter's: untrusted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.messages import BRINGING, HAS_FILE
from dropbox.triage.tables.numbers import CaseNumber


class Row(NamedTuple):
    """What is known of a file or a part of one.

    Attributes:
        place: '' for the file itself, '2' or '2.1' for a part.
        name: that its sender or its container's maker gave; likewise `type`, its media type.
        type: see name.
        size: in bytes.
        sha256: of the file or part.
        kind: a code, likewise `state`.
        facts: numbers by name.
        state: see kind.
        text: that was read.
        recognized: that a machine read in pictures; it may be wrong.
    """

    place: str
    name: str
    type: str
    size: int
    sha256: bytes
    kind: str
    facts: dict[str, int]
    state: str
    text: str
    recognized: str = ""


_AGAIN: Final = "again"  # state of a file that is to be examined anew; what was read by machine stays until then
_OCR: Final = "ocr-"  # how names of facts about machine reading begin
_COLUMNS: Final = ", ".join(Row._fields)
_VALUES: Final = ", ".join(f":{name}" for name in Row._fields)


def of_file(db: Database, file_sha256: bytes, place: str = "") -> Row | None:
    """Return what is known of a file (SHA-256), or of its part at a place; None if it is to be examined anew."""
    row = db.execute(
        f"select {_COLUMNS} from findings where file_sha256 = :file_sha256 and place = :place and state != '{_AGAIN}'",
        {"file_sha256": file_sha256, "place": place},
    ).fetchone()
    return _row(row) if row else None


def all_of(db: Database, file_sha256: bytes) -> list[Row]:
    """Return what is known of a file and of its parts, in the order in which they were examined."""
    rows = db.execute(
        f"select {_COLUMNS} from findings where file_sha256 = :file_sha256 order by rowid",
        {"file_sha256": file_sha256},
    )
    return [_row(row) for row in rows]


def outlines(db: Database, file_sha256: bytes) -> list[Row]:
    """Return what `all_of` does without the files' own texts, which may be long; `recognized` is there.

    None of it, if the file is to be examined anew.
    """
    columns = ", ".join("''" if name == "text" else name for name in Row._fields)
    rows = db.execute(
        f"select {columns} from findings where file_sha256 = :file_sha256 order by rowid", {"file_sha256": file_sha256}
    )
    found = [_row(row) for row in rows]
    return [] if any(row.state == _AGAIN for row in found) else found


def texts_of_live(db: Database) -> Iterator[tuple[CaseNumber, str, str]]:
    """Yield (number of the case, text, recognized) of each examined file or part of cases that were not deleted."""
    yield from db.execute(
        "select distinct case_number, text, recognized from findings"
        f" {BRINGING} {JOIN} where {LIVE} and text || recognized != ''"
    )


def excerpts(db: Database, cases: Iterable[CaseNumber], files: int, letters: int) -> list[str]:
    """Return the beginnings, so many letters, of the texts of at most so many files and parts of some cases."""
    rows = db.execute(
        "select distinct substr(text, 1, :letters) || char(10) || substr(recognized, 1, :letters) from findings"
        f" {BRINGING} where text || recognized != ''"
        " and case_number in (select value from json_each(:cases)) limit :files",
        {"letters": letters, "cases": listed(cases), "files": files},
    )
    return [text for (text,) in rows]


def _row(row: Any) -> Row:  # noqa: ANN401  sqlcipher3 has no types
    one = Row(*row)
    return one._replace(facts=json.loads(row[Row._fields.index("facts")]))


def put(db: Database, file_sha256: bytes, found: Row) -> None:
    """Keep what is known of a file or part in place of the former; inside a transaction."""
    db.execute(
        f"insert or replace into findings (file_sha256, {_COLUMNS}) values (:file_sha256, {_VALUES})",
        found._asdict() | {"file_sha256": file_sha256, "facts": json.dumps(found.facts, sort_keys=True)},
    )


def with_recognized(found: Row, before: Row | None) -> Row:
    """Return what was found out anew, with what a machine had read in the same bytes before."""
    if before is None or before.sha256 != found.sha256:
        return found
    read = {name: number for name, number in before.facts.items() if name.startswith(_OCR)}
    return found._replace(facts=found.facts | read, recognized=before.recognized)


def ask_again(db: Database, file_sha256: bytes) -> None:
    """Have a file examined anew; inside a transaction."""
    values = {"file_sha256": file_sha256, "state": _AGAIN}
    db.execute("update findings set state = :state where file_sha256 = :file_sha256 and place = ''", values)


def put_recognized(db: Database, file_sha256: bytes, place: str, recognized: str) -> None:
    """Set what a machine read in the pictures of a file or part; inside a transaction."""
    values = {"file_sha256": file_sha256, "place": place, "recognized": recognized}
    db.execute(
        "update findings set recognized = :recognized where file_sha256 = :file_sha256 and place = :place", values
    )


def put_facts(db: Database, file_sha256: bytes, facts: Mapping[str, int], place: str = "") -> None:
    """Set the facts about a file or part; inside a transaction."""
    values = {"file_sha256": file_sha256, "place": place, "facts": json.dumps(dict(facts), sort_keys=True)}
    db.execute("update findings set facts = :facts where file_sha256 = :file_sha256 and place = :place", values)


def remove(db: Database, file_sha256: bytes) -> None:
    """Forget what is known of a file and its parts; inside a transaction."""
    db.execute("delete from findings where file_sha256 = :file_sha256", {"file_sha256": file_sha256})


def remove_unused(db: Database, file_sha256: bytes) -> None:
    """Forget what is known of a file that no message has any more, and of its parts; inside a transaction."""
    db.execute(
        f"delete from findings where file_sha256 = :file_sha256 and not {HAS_FILE}", {"file_sha256": file_sha256}
    )
