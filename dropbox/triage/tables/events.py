"""The timeline of each case, as its reporter reads it.

Rule: nothing that a reporter typed is in it. An entry of the kind `received` counts what was taken in on one day. The
number of an entry that was taken back is never given again: other tables name entries by their numbers.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from dropbox.triage.tables.cases import JOIN, WITH_STATUS
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from dropbox.wire.calendar import Day


def ended_since(case: str) -> str:
    """Return the SQL of the day on which a case took the first of its last statuses among :ended, or null.

    Args:
        case: the column of its number.
    """
    told = f"select {{}} from events where events.case_number = {case} and events.status != '' and events.status"
    before = f"{told.format('max(events.number)')} not in (select value from json_each(:ended))"
    return (
        f"({told.format('min(events.day)')} in (select value from json_each(:ended))"
        f" and events.number > coalesce(({before}), 0))"
    )


def is_there(number: str) -> str:
    """Return the SQL condition that an entry is on its timeline; `number`: the column of its number."""
    return f"exists (select 1 from events where events.number = {number})"


class Answer(NamedTuple):
    """An entry that is not of the kind `received`, with its number."""

    number: int
    day: Day
    status: str
    text: str
    next: Day


class Step(NamedTuple):
    """An entry as the statistics see it. `sent`: the day of the case."""

    case: CaseNumber
    day: Day
    kind: str
    status: str
    has_text: bool
    sent: Day


def of_case(db: Database, case: CaseNumber) -> list[Entry]:
    """Return the timeline of a case, oldest first."""
    rows = db.execute(
        "select day, kind, status, text, next, texts, files from events where case_number = :case order by number",
        {"case": case},
    )
    return [
        Entry(day=day, kind=kind, status=status, text=text, next=due, texts=n_texts, files=n_files)
        for day, kind, status, text, due, n_texts, n_files in rows
    ]


def answers(db: Database, case: CaseNumber) -> list[Answer]:
    """Return what a case's reporter was told, oldest first."""
    rows = db.execute(
        f"select number, day, status, text, next from events where case_number = :case and kind != '{RECEIVED}'"
        " order by number",
        {"case": case},
    )
    return [Answer(*row) for row in rows]


def promised(db: Database, case: CaseNumber) -> int:
    """Return the date that a case's reporter was told last, or 0."""
    row = db.execute(
        f"select next from events where case_number = :case and kind != '{RECEIVED}' order by number desc limit 1",
        {"case": case},
    ).fetchone()
    return row[0] if row else 0


def last_left(db: Database, case: CaseNumber) -> int:
    """Return the number of the last published entry that tells a case's reporter something, or 0."""
    row = db.execute(
        f"select max(number) from events where case_number = :case and kind != '{RECEIVED}' and published != 0",
        {"case": case},
    ).fetchone()
    return row[0] or 0


def last_status(db: Database, case: CaseNumber, but: str) -> str:
    """Return the last status that a case's reporter was told, but one, or an empty string."""
    row = db.execute(
        "select status from events where case_number = :case and status not in ('', :but) order by number desc limit 1",
        {"case": case, "but": but},
    ).fetchone()
    return row[0] if row else ""


def last_statuses_of(db: Database, status: str) -> dict[CaseNumber, str]:
    """Return, by number of the case, the last other status of the cases that have a status now."""
    rows = db.execute(
        f"select case_number, status from events where kind = '{STATUS}' and status not in ('', :status)"
        f" and case_number in {WITH_STATUS} order by number",
        {"status": status},
    )
    return dict(rows.fetchall())


def steps(db: Database, officer: str | None) -> list[Step]:
    """Return what was told in the cases that an officer may open (a login; None for all), by case and number."""
    rows = db.execute(
        "select case_number, day, events.kind, events.status, events.text != '', cases.sent"
        f" from events {JOIN} where events.kind in ('{STATUS}', '{MESSAGE}') and {VISIBLE}"
        " order by case_number, events.number",
        {"officer": officer},
    )
    return [Step(*row) for row in rows]


def told_since(db: Database, after: int) -> list[tuple[int, CaseNumber, Entry]]:
    """Return (number, case, entry) of what was put on timelines after the entry of a number, in that order.

    Entries of the kind `received` are not among them.
    """
    return _told(db, "number > :after", after=after)


def not_left(db: Database) -> list[tuple[int, CaseNumber, Entry]]:
    """Return what `told_since` returns, of all that has not left with a publication."""
    return _told(db, "published = 0")


def _told(db: Database, where: str, /, **values: object) -> list[tuple[int, CaseNumber, Entry]]:
    rows = db.execute(
        "select number, case_number, day, kind, status, text, next from events"
        f" where {where} and kind != '{RECEIVED}' order by number",
        values,
    )
    return [
        (number, case, Entry(day=day, kind=kind, status=status, text=text, next=due))
        for number, case, day, kind, status, text, due in rows
    ]


def last(db: Database) -> int:
    """Return the number of the newest entry of all cases, 0 for none."""
    return int(db.execute("select coalesce(max(number), 0) from events").fetchone()[0])


def bound(db: Database, officer: str) -> list[tuple[int, CaseNumber, str, Entry]]:
    """Return (number, case, code of the reason, entry) of what has not left and cannot be taken back, oldest first.

    Args:
        db: the connection.
        officer: who asks (a login), and may open the cases.
    """
    rows = db.execute(
        "select events.number, case_number, bound, day, events.kind, events.status, text, next"
        f" from events {JOIN} where published = 0 and bound != '' and {VISIBLE} order by events.number",
        {"officer": officer},
    )
    return [
        (number, case, code, Entry(day=day, kind=kind, status=status, text=text, next=due))
        for number, case, code, day, kind, status, text, due in rows
    ]


def publish(db: Database, number: int) -> None:
    """Note of all entries that have not left that they leave with the return of a number; inside a transaction."""
    db.execute("update events set published = :number where published = 0", {"number": number})


def remove(db: Database, numbers: Iterable[int]) -> None:
    """Delete entries that have not left, by number; inside a transaction."""
    db.execute(
        "delete from events where published = 0 and number in (select value from json_each(:numbers))",
        {"numbers": listed(numbers)},
    )


def count(db: Database) -> int:
    """Return how many entries there are."""
    return int(db.execute("select count(*) from events").fetchone()[0])


def add(db: Database, case: CaseNumber, entry: Entry, bound: str = "") -> int:
    """Put an entry on the timeline of a case; inside a transaction. Returns its number.

    Args:
        db: the connection.
        case: number of the case.
        entry: what its reporter reads.
        bound: code of the reason for which it cannot be taken back (casework.outgoing.records), or empty.
    """
    values = {"case": case, "day": entry.day, "kind": entry.kind, "status": entry.status, "text": entry.text}
    row = db.execute(
        "insert into events (case_number, day, kind, status, text, next, bound)"
        " values (:case, :day, :kind, :status, :text, :next, :bound) returning number",
        values | {"next": entry.next, "bound": bound},
    )
    return int(row.fetchone()[0])


def count_received(db: Database, case: CaseNumber, column: Literal["texts", "files"], day: Day, today: Day) -> None:
    """Count a text or file in the entry of what was taken in today, made now on `day`; inside a transaction."""
    texts, files = int(column == "texts"), int(column == "files")
    values = {"case": case, "today": today, "texts": texts, "files": files}
    grouped = db.execute(
        "update events set texts = texts + :texts, files = files + :files"
        " where case_number = :case and collected = :today",
        values,
    )
    if not grouped.rowcount:
        db.execute(
            "insert into events (case_number, day, kind, collected, texts, files)"
            f" values (:case, :day, '{RECEIVED}', :today, :texts, :files)",
            values | {"day": day},
        )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the timeline of a case; inside a transaction."""
    db.execute("delete from events where case_number = :case", {"case": case})
