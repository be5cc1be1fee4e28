"""What a reporter was told before their identity is opened, or why two officers decided that they are not told.

Rule: a notice is published on the day on which a return with it was made, and counts only while it is on the timeline.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.events import is_there
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = "number, identity, reason, why, day, published"


class Notice(NamedTuple):
    """One notice, or one decision to give none.

    Attributes:
        number: its own.
        identity: number of the identity.
        reason: for which the identity is to be opened.
        why: code of the reason for which the reporter is not told; empty for a notice.
        day: on which it was written or decided.
        published: day on which it was published, 0 before; of a decision its day.
    """

    number: int
    identity: int
    reason: str
    why: str
    day: Day
    published: Day


def of_identity(db: Database, identity: int) -> list[Notice]:
    """Return the notices of an identity that are still on the timeline, and the decisions; oldest first."""
    rows = db.execute(
        f"select {_COLUMNS} from identity_notices where identity = :identity and (why != '' or {is_there('event')})"
        " order by number",
        {"identity": identity},
    )
    return [Notice(*row) for row in rows]


def add(db: Database, case: CaseNumber, notice: Notice, event: int) -> None:
    """Keep a notice with the number of its entry on the timeline, 0 for a decision; inside a transaction."""
    db.execute(
        "insert into identity_notices (case_number, identity, reason, why, event, day, published)"
        " values (:case, :identity, :reason, :why, :event, :day, :published)",
        {"case": case, "event": event, **notice._asdict()},
    )


def snapshot(db: Database, cases: Iterable[CaseNumber]) -> dict[int, dict[str, Any]]:
    """Return the notices and decisions of cases by number."""
    names = ("identity", "reason", "why", "event", "published")
    rows = db.execute(
        f"select number, {', '.join(names)} from identity_notices"
        " where case_number in (select value from json_each(:cases))",
        {"cases": listed(cases)},
    )
    return {number: dict(zip(names, values, strict=True)) for number, *values in rows}


def remove(db: Database, number: int) -> None:
    """Delete a notice that was taken back; inside a transaction."""
    db.execute("delete from identity_notices where number = :number", {"number": number})


def last(db: Database) -> int:
    """Return the number of the newest notice, or 0."""
    return db.execute("select max(number) from identity_notices").fetchone()[0] or 0


def publish(db: Database, until: int, today: Day) -> None:
    """Note that the notices up to a number, and no others, went out with a return of today; inside a transaction."""
    db.execute(
        "update identity_notices set published = :today"
        f" where number <= :until and published = 0 and {is_there('event')}",
        {"until": until, "today": today},
    )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the notices of a case; inside a transaction."""
    db.execute("delete from identity_notices where case_number = :case", {"case": case})
