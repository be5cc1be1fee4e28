"""What the sandbox found out about a file, by its hash.

Rule: a row goes with the last message that brought the file. The text is the reporter's: untrusted.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.triage.tables.messages import HAS_FILE


class Row(NamedTuple):
    """What is known of a file: kind and state are codes, `facts` numbers by name."""

    kind: str
    facts: dict[str, int]
    state: str
    text: str


def of_file(db: Database, file_sha256: bytes) -> Row | None:
    """Return what is known of a file (SHA-256)."""
    row = db.execute(
        "select kind, facts, state, text from findings where file_sha256 = :file_sha256", {"file_sha256": file_sha256}
    ).fetchone()
    return Row(row[0], json.loads(row[1]), row[2], row[3]) if row else None


def put(db: Database, file_sha256: bytes, found: Row) -> None:
    """Keep what is known of a file in place of the former; inside a transaction."""
    db.execute(
        "insert or replace into findings (file_sha256, kind, facts, text, state)"
        " values (:file_sha256, :kind, :facts, :text, :state)",
        found._asdict() | {"file_sha256": file_sha256, "facts": json.dumps(found.facts, sort_keys=True)},
    )


def put_facts(db: Database, file_sha256: bytes, facts: Mapping[str, int]) -> None:
    """Set the facts about a file; inside a transaction."""
    values = {"file_sha256": file_sha256, "facts": json.dumps(dict(facts), sort_keys=True)}
    db.execute("update findings set facts = :facts where file_sha256 = :file_sha256", values)


def remove(db: Database, file_sha256: bytes) -> None:
    """Forget what is known of a file; inside a transaction."""
    db.execute("delete from findings where file_sha256 = :file_sha256", {"file_sha256": file_sha256})


def remove_unused(db: Database, file_sha256: bytes) -> None:
    """Forget what is known of a file that no message has any more; inside a transaction."""
    db.execute(
        f"delete from findings where file_sha256 = :file_sha256 and not {HAS_FILE}", {"file_sha256": file_sha256}
    )
