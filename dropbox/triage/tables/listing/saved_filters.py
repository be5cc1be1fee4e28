"""Filters of the inbox that officers keep by name.

Rule: a row is its officer's alone; every statement names the officer.
"""

from typing import NamedTuple

from dropbox.triage.tables.database import Database


class Row(NamedTuple):
    """A filter: its number, its name, and its values as JSON."""

    number: int
    name: str
    wanted: str


def of_officer(db: Database, officer: str) -> list[Row]:
    """Return the filters of an officer (login), by name."""
    rows = db.execute(
        "select number, name, wanted from saved_filters where officer = :officer order by name collate nocase, number",
        {"officer": officer},
    )
    return [Row(*row) for row in rows]


def put(db: Database, officer: str, name: str, wanted: str) -> None:
    """Keep a filter of an officer (login), in place of one of the same name; inside a transaction."""
    db.execute(
        "insert into saved_filters (officer, name, wanted) values (:officer, :name, :wanted)"
        " on conflict (officer, name) do update set wanted = excluded.wanted",
        {"officer": officer, "name": name, "wanted": wanted},
    )


def remove(db: Database, officer: str, number: int) -> bool:
    """Delete a filter of an officer (login); inside a transaction. Return whether there was one."""
    done = db.execute(
        "delete from saved_filters where number = :number and officer = :officer",
        {"number": number, "officer": officer},
    )
    return bool(done.rowcount)
