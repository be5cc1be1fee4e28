"""The cases: one row for each thread, and for each report that was keyed in.

Rule: a case's row stays for ever, for the counts and for its claim key; `empty` takes everything else out of it. Only
what is here changes a status, a date or a key. Lists for the officers' pages are in `case_list`.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, Unpack

from dropbox.triage.tables import meta
from dropbox.triage.tables.case_row import Case, Changes, NewCase, ThreadKeys
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import KEPT_OUT, VISIBLE, keeps_out
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

# For statements of other tables: the row of a `case_number`; conditions on it; its number of the last message.
JOIN: Final = "join cases on cases.number = case_number"
LIVE: Final = "cases.deleted is null"
LEADING: Final = "cases.merged_into is null"
NOT_ENDED: Final = "cases.status not in (select value from json_each(:ended))"
WITH_STATUS: Final = "(select number from cases where status = :status)"
# Inside a query over `cases`: the numbers of those merged into a case that :officer may open.
MERGED: Final = (
    "select member.number from cases as member where member.merged_into = cases.number"
    f" and not {keeps_out('member.number')}"
)
# Likewise, of a case that may be merged itself: all that are worked on with it and that :officer may open.
TOGETHER: Final = (
    "(select member.number from cases as member where (member.number = coalesce(cases.merged_into, cases.number)"
    " or member.merged_into = coalesce(cases.merged_into, cases.number))"
    f" and not {keeps_out('member.number')})"
)
TOUCHED: Final = "(select touched from cases where number = :case)"

_COLUMNS: Final = (
    f"{meta.DESK}, number, status, channel, category, sent, due, tag_key, answer_key, proven, origin,"
    " coalesce(agenda, ''), unit, unit_type, province, district, subject, officer, office, clock, paused_left,"
    " paused_status, coalesce(merged_into, 0), reason, reference, touched, coalesce(closed, 0), coalesce(deleted, 0),"
    " own_due"
)
_PROVEN: Final = 9  # its place
# What an answer, a merge or an agenda number changes: what `snapshot` returns.
_STANDING: Final = (
    *("status", "category", "due", "own_due", "clock", "paused_left", "paused_status", "closed", "reason"),
    *("reference", "agenda", "merged_into"),
)


def query(db: Database, columns: str, where: str, rest: str = "", /, **values: object) -> Any:  # noqa: ANN401
    """Run a query over `cases`, for the modules of this package: all but the values is made of their constants."""
    return db.execute(f"select {columns} from cases where {where} {rest}", values)


def _select(db: Database, where: str, order: str = "number", /, **values: object) -> list[Case]:
    rows = query(db, _COLUMNS, where, f"order by {order}", **values)
    found = []
    for row in rows:
        columns = list(row)
        columns[_PROVEN] = bool(columns[_PROVEN])
        found.append(Case(*columns))
    return found


def _numbers(db: Database, where: str, rest: str = "order by number", /, **values: object) -> list[CaseNumber]:
    return [number for (number,) in query(db, "number", where, rest, **values)]


def visible(db: Database, officer: str | None) -> list[Case]:
    """Return every case that was not deleted and that an officer may open (a login; None for all), by number."""
    return _select(db, f"{LIVE} and {VISIBLE}", officer=officer)


def of_number(db: Database, number: CaseNumber) -> Case | None:
    """Return the case of a number."""
    found = _select(db, "number = :number", number=number)
    return found[0] if found else None


def named(db: Database, number: CaseNumber, agenda: str, officer: str, *, deleted: bool) -> Case | None:
    """Return the case of a number or agenda number that an officer (login) may open; deleted ones if asked for."""
    where = f"(number = :number or agenda = :agenda) and ({LIVE} or :deleted) and {VISIBLE}"
    found = _select(db, where, number=number, agenda=agenda, officer=officer, deleted=deleted)
    return found[0] if found else None


def overdue(db: Database, officer: str, today: Day) -> list[Case]:
    """Return the cases whose day has passed and that an officer (login) may open, by due day."""
    where = f"due between 1 and :last and {LIVE} and {LEADING} and {VISIBLE}"
    return _select(db, where, "due, number", last=today - 1, officer=officer)


def sent_between(db: Database, first: Day, last: Day, officer: str | None) -> list[Case]:
    """Return the cases sent in a period (days) that an officer may open (a login; None for all), by number.

    Deleted cases and those that were merged into another are in it.
    """
    return _select(db, f"sent between :first and :last and {VISIBLE}", first=first, last=last, officer=officer)


def is_visible(db: Database, number: CaseNumber, officer: str) -> bool:
    """Return whether a case was not deleted and an officer (login) may open it."""
    return bool(_numbers(db, f"number = :number and {LIVE} and {VISIBLE}", number=number, officer=officer))


def live(db: Database, numbers: Iterable[CaseNumber]) -> set[CaseNumber]:
    """Return those numbers whose case was not deleted."""
    return set(_numbers(db, f"number in (select value from json_each(:numbers)) and {LIVE}", numbers=listed(numbers)))


def group(db: Database, numbers: Iterable[CaseNumber]) -> list[CaseNumber]:
    """Return the numbers of cases and of all that are worked on together with one of them."""
    rows = db.execute(
        "with leaders as (select coalesce(merged_into, number) from cases"
        " where number in (select value from json_each(:numbers)))"
        " select number from cases where number in leaders union select number from cases where merged_into in leaders",
        {"numbers": listed(numbers)},
    )
    return [number for (number,) in rows]


def snapshot(db: Database, numbers: Iterable[CaseNumber]) -> dict[int, dict[str, Any]]:
    """Return how cases stand, by number: the columns of Changes that an answer, a merge or an agenda number sets."""
    where = "number in (select value from json_each(:numbers))"
    rows = query(db, f"number, {', '.join(_STANDING)}", where, numbers=listed(numbers)).fetchall()
    return {number: dict(zip(_STANDING, values, strict=True)) for number, *values in rows}


def followers(db: Database, number: CaseNumber) -> list[CaseNumber]:
    """Return the numbers of the cases that were merged into one."""
    return _numbers(db, "merged_into = :number", number=number)


def visible_followers(db: Database, number: CaseNumber, officer: str) -> list[CaseNumber]:
    """Return what `followers` does, but deleted cases and those that an officer (login) may not open."""
    return _numbers(db, f"merged_into = :number and {LIVE} and {VISIBLE}", number=number, officer=officer)


def units(db: Database) -> list[tuple[CaseNumber, str]]:
    """Return (number, unit) of the cases that have one."""
    return query(db, "number, unit", "unit != ''", "order by number").fetchall()  # type: ignore[no-any-return]


def of_unit(db: Database, case: Case, officer: str, limit: int) -> list[CaseNumber]:
    """Return the newest other cases of a case's unit that an officer (login) may open."""
    where = f"unit = :unit and number != :number and {LIVE} and {VISIBLE}"
    rest = "order by number desc limit :limit"
    return _numbers(db, where, rest, unit=case.unit, number=case.number, officer=officer, limit=limit)


def has_agenda(db: Database, agenda: str) -> bool:
    """Return whether a case has that agenda number."""
    return bool(_numbers(db, "agenda = :agenda", agenda=agenda))


def claim_key(db: Database, number: CaseNumber) -> bytes:
    """Return the 32 bytes against which a claim about a case is checked."""
    return bytes(query(db, "claim", "number = :number", number=number).fetchone()[0])


def of_thread(db: Database, keys: ThreadKeys) -> CaseNumber | None:
    """Return the number of the case of a thread whose keys are proven and the same."""
    where = "proven and thread = :thread and claim = :claim and tag_key = :tag_key"
    found = _numbers(db, f"{where} and answer_key = :answer_key and auth_key = :auth_key", **keys._asdict())
    return found[0] if found else None


def count(db: Database) -> int:
    """Return how many cases there ever were."""
    return int(query(db, "count(*)", "1").fetchone()[0])


def count_kept_from(db: Database, officers: Collection[str]) -> int:
    """Return how many cases none of the officers (logins) may open; all cases, if there is no officer."""
    found = query(db, "count(*)", f"{LIVE} and {KEPT_OUT} >= :most", officers=listed(officers), most=len(officers))
    return int(found.fetchone()[0])


def add(db: Database, keys: ThreadKeys, first: NewCase) -> CaseNumber:
    """Open a case; inside a transaction. Returns its number."""
    # `returning` would look through every table that names a case (it makes SQLite check foreign keys row by row).
    number: CaseNumber = db.execute(
        "insert into cases (thread, claim, tag_key, answer_key, auth_key, proven, status, channel, category, sent, due,"
        " clock, origin, touched) values (:thread, :claim, :tag_key, :answer_key, :auth_key, :proven, :status,"
        " :channel, :category, :sent, :due, :clock, :origin, :touched)",
        keys._asdict() | first._asdict(),
    ).lastrowid
    return number


def change(db: Database, number: CaseNumber, **changes: Unpack[Changes]) -> None:
    """Set columns of a case; inside a transaction. Raises TypeError for a column that is not in Changes."""
    if not changes or not changes.keys() <= Changes.__annotations__.keys():
        raise TypeError("such a column of a case is never changed")
    columns = ", ".join(f"{name} = :{name}" for name in changes)
    db.execute(f"update cases set {columns} where number = :number", {"number": number, **changes})


def merge(db: Database, number: CaseNumber, leader: CaseNumber) -> None:
    """Lead a case, and what was merged into it, to another, which becomes unread with it; inside a transaction."""
    db.execute(
        "update cases set merged_into = :leader where number = :number or merged_into = :number",
        {"leader": leader, "number": number},
    )
    db.execute(
        "update cases set touched = max(touched, (select touched from cases where number = :number))"
        " where number = :leader",
        {"leader": leader, "number": number},
    )


def touch(db: Database, number: CaseNumber, message: int) -> None:
    """Note the number of a message that came, also at the case that is worked on instead; inside a transaction."""
    db.execute(
        "update cases set touched = :message"
        " where number in (:number, (select merged_into from cases where number = :number))",
        {"number": number, "message": message},
    )


def sort(db: Database, number: CaseNumber, channel: str, category: str) -> None:
    """Set channel and category of a case that has no channel yet; inside a transaction."""
    db.execute(
        "update cases set channel = :channel, category = :category where number = :number and channel = ''",
        {"number": number, "channel": channel, "category": category},
    )


def place(db: Database, number: CaseNumber, *, unit_type: str, province: str, district: str) -> None:
    """Set the place of a case that has none yet; inside a transaction."""
    db.execute(
        "update cases set unit_type = :unit_type, province = :province, district = :district where number = :number"
        " and unit_type = '' and province = '' and district = ''",
        {"number": number, "unit_type": unit_type, "province": province, "district": district},
    )


def bring_forward(db: Database, number: CaseNumber, day: Day) -> None:
    """Let a case come back by a day, unless it comes back earlier; inside a transaction."""
    db.execute(
        "update cases set due = case when due between 1 and :day then due else :day end,"
        " own_due = case when own_due is null or own_due between 1 and :day then own_due else :day end"
        " where number = :number",
        {"number": number, "day": day},
    )


def empty(db: Database, number: CaseNumber, today: Day) -> None:
    """Clear all of a case but what is counted, and its claim key; inside a transaction."""
    db.execute(
        "update cases set thread = zeroblob(32), tag_key = zeroblob(32), answer_key = zeroblob(32),"
        " auth_key = zeroblob(32), unit = '', district = '', subject = '', reference = '', agenda = null,"
        " paused_left = null, due = 0, own_due = null, deleted = :today where number = :number",
        {"number": number, "today": today},
    )
