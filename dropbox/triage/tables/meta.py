"""Values that the vault remembers under a name.

Rule: a value is bytes; what they mean is the business of the module that chose the name.
"""

from typing import Final

from dropbox.triage.tables.database import Database

DESK: Final = "(select cast(value as text) from meta where name = 'desk')"  # the desk's name, within a query


def get(db: Database, name: str) -> bytes | None:
    """Return the value of a name, or None."""
    row = db.execute("select value from meta where name = :name", {"name": name}).fetchone()
    return bytes(row[0]) if row else None


def put(db: Database, name: str, value: bytes) -> None:
    """Keep a value in place of the former; inside a transaction."""
    db.execute("insert or replace into meta (name, value) values (:name, :value)", {"name": name, "value": value})


def remove(db: Database, name: str) -> None:
    """Forget a value; inside a transaction."""
    db.execute("delete from meta where name = :name", {"name": name})
