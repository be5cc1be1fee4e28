"""What reporters were asked about their protection after their case had ended, and when they replied.

Rule: an entry names the question on the reporter's timeline; the question's words are there alone.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from dropbox.triage.tables import cases
from dropbox.triage.tables.cases import LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.events import ended_since, last_left
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_ENDED: Final = "cases.status in (select value from json_each(:statuses))"
_LEADER: Final = "coalesce(cases.merged_into, cases.number)"


class Asked(NamedTuple):
    """One question: the months after the end for which it was, its day, the day of the first reply or 0."""

    case: CaseNumber
    month: int
    day: Day
    answered: Day


class Ended(NamedTuple):
    """A case that has ended, the case that is worked on instead of it or itself, and the day of its end."""

    case: CaseNumber
    leader: CaseNumber
    since: Day


def ended(db: Database, officer: str, statuses: Collection[str], ends: Collection[str], leader: int = 0) -> list[Ended]:
    """Return the cases of `statuses` whose reporters can read, as an officer (login) may see them, by number.

    Args:
        db: the connection.
        officer: who asks.
        statuses: codes of statuses.
        ends: the codes with which a case ends; its end is the first day of the last row of them.
        leader: number of the case that is worked on; 0 for all.
    """
    columns = f"number, {_LEADER}, {ended_since('cases.number')}"
    where = f"{LIVE} and proven and {_ENDED} and {VISIBLE} and :leader in (0, {_LEADER})"
    values = {"officer": officer, "leader": leader, "statuses": listed(statuses), "ended": listed(ends)}
    rows = cases.query(db, columns, where, "order by number", **values)
    return [Ended(case, leader, Day(since)) for case, leader, since in rows if since]


def everything(db: Database) -> list[Asked]:
    """Return every question, oldest first, whoever asks: for comparison with `ended`."""
    rows = db.execute("select case_number, month, day, answered from protection_checks order by number")
    return [Asked(*row) for row in rows]


def of_case(db: Database, case: CaseNumber) -> list[Asked]:
    """Return the questions of a case, oldest first."""
    rows = db.execute(
        "select case_number, month, day, answered from protection_checks where case_number = :case order by number",
        {"case": case},
    )
    return [Asked(*row) for row in rows]


def add(db: Database, case: CaseNumber, month: int, event: int, today: Day) -> None:
    """Keep that a reporter was asked, by the number of the timeline's entry; inside a transaction."""
    db.execute(
        "insert into protection_checks (case_number, month, event, day, answered)"
        " values (:case, :month, :event, :today, 0)",
        {"case": case, "month": month, "event": event, "today": today},
    )


def snapshot(db: Database, cases: Iterable[CaseNumber]) -> dict[int, dict[str, Any]]:
    """Return the questions of cases by number."""
    names = ("case_number", "month", "event", "day", "answered")
    rows = db.execute(
        f"select number, {', '.join(names)} from protection_checks"
        " where case_number in (select value from json_each(:cases))",
        {"cases": listed(cases)},
    )
    return {number: dict(zip(names, values, strict=True)) for number, *values in rows}


def remove(db: Database, number: int) -> None:
    """Delete a question that was taken back; inside a transaction."""
    db.execute("delete from protection_checks where number = :number", {"number": number})


def answer(db: Database, case: CaseNumber, today: Day) -> bool:
    """Note a reply, if such a question is what the reporter could read last; inside a transaction. Returns whether."""
    event = last_left(db, case)
    done = db.execute(
        "update protection_checks set answered = case answered when 0 then :today else answered end"
        " where case_number = :case and event = :event",
        {"case": case, "event": event, "today": today},
    )
    return bool(done.rowcount)


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the questions of a case; inside a transaction."""
    db.execute("delete from protection_checks where case_number = :case", {"case": case})
