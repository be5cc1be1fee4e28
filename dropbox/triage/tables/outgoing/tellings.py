"""What officers told reporters since the last publication, each with what is needed to take it back.

Rule: a row goes when its entries leave with a publication, when it is taken back, and with the content of a case.
"""

import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = "number, act, officer, day, members, entries, changes, newest, logged"
_SHARED: Final = "(select 1 from json_each(tellings.members) where value in (select value from json_each(:cases)))"


class Telling(NamedTuple):
    """One act that told something, or changed what will be told (a merge of cases that stand alike).

    Attributes:
        number: its own, ascending.
        act: the permission that it needed (access.roles).
        officer: login of who did it.
        day: on which.
        members: numbers of the cases that it was about, the one that is worked on first.
        entries: numbers of the events that it made.
        changes: by table, then by number: the row's values before and after; None for no row.
        newest: number of the newest event of all cases when it was done.
        logged: number of the log's last line before it.
    """

    number: int
    act: str
    officer: str
    day: Day
    members: list[CaseNumber]
    entries: list[int]
    changes: dict[str, dict[str, list[Any]]]
    newest: int
    logged: int


def add(db: Database, one: Telling) -> None:
    """Keep a telling under the next number; inside the transaction of its act."""
    db.execute(
        "insert into tellings (act, officer, day, members, entries, changes, newest, logged)"
        " values (:act, :officer, :day, :members, :entries, :changes, :newest, :logged)",
        one._asdict() | {name: json.dumps(getattr(one, name)) for name in ("members", "entries", "changes")},
    )


def about(db: Database, cases: Iterable[CaseNumber]) -> list[Telling]:
    """Return the tellings about any of some cases, newest first."""
    rows = db.execute(
        f"select {_COLUMNS} from tellings where exists {_SHARED} order by number desc", {"cases": listed(cases)}
    )
    return [_telling(row) for row in rows]


def everything(db: Database) -> list[Telling]:
    """Return all tellings, newest first, also about cases from which an officer is kept out."""
    return [_telling(row) for row in db.execute(f"select {_COLUMNS} from tellings order by number desc")]


def remove(db: Database, number: int) -> None:
    """Delete a telling; inside a transaction."""
    db.execute("delete from tellings where number = :number", {"number": number})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete what tells how a case stood; inside a transaction."""
    db.execute(f"delete from tellings where exists {_SHARED}", {"cases": listed([case])})


def clear(db: Database) -> None:
    """Delete all: their entries leave; inside the transaction of a publication."""
    db.execute("delete from tellings")


def _telling(row: Any) -> Telling:  # noqa: ANN401  a row has no type
    number, act, officer, day, members, entries, changes, *since = row
    return Telling(number, act, officer, day, json.loads(members), json.loads(entries), json.loads(changes), *since)
