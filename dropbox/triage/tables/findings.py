"""What the sandbox found out about a file, by its hash.

Rule: a row goes with the last message that brought the file. The text is the reporter's: untrusted.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.triage.tables.messages import HAS_FILE


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


_COLUMNS: Final = ", ".join(Row._fields)
_VALUES: Final = ", ".join(f":{name}" for name in Row._fields)


def of_file(db: Database, file_sha256: bytes, place: str = "") -> Row | None:
    """Return what is known of a file (SHA-256), or of its part at a place."""
    row = db.execute(
        f"select {_COLUMNS} from findings where file_sha256 = :file_sha256 and place = :place",
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
    """Return what `all_of` does, without the texts, which may be long."""
    columns = ", ".join("''" if name == "text" else name for name in Row._fields)
    rows = db.execute(
        f"select {columns} from findings where file_sha256 = :file_sha256 order by rowid", {"file_sha256": file_sha256}
    )
    return [_row(row) for row in rows]


def _row(row: Any) -> Row:  # noqa: ANN401  sqlcipher3 has no types
    one = Row(*row)
    return one._replace(facts=json.loads(row[Row._fields.index("facts")]))


def put(db: Database, file_sha256: bytes, found: Row) -> None:
    """Keep what is known of a file or part in place of the former; inside a transaction."""
    db.execute(
        f"insert or replace into findings (file_sha256, {_COLUMNS}) values (:file_sha256, {_VALUES})",
        found._asdict() | {"file_sha256": file_sha256, "facts": json.dumps(found.facts, sort_keys=True)},
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
