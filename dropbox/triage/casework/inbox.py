"""The inbox: what there is to do, by what is due.

    overdue, soon, later (each by due day), then what has no date; among equals the lower number first

Rule: SQL alone, so that ten thousand cases are as quick as ten. A case that was merged with another shows as that one;
a case from which the officer is kept out is in no list and in no count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.casework import reporter_acts
from dropbox.triage.casework.search import CASE_OF, query_of
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import FILE
from dropbox.wire.calendar import Day, date_of, day_of

NOBODY: Final = "-"  # as an officer or office: assigned to none
PAGE_ROWS: Final = 50
_UNREAD: Final = (
    "touched > coalesce((select message from reads where reads.case_number = cases.number and reads.officer = ?), 0)"
)
# A word in what was merged into a case finds the case, unless the officer is kept out of that part.
_FOUND: Final = (
    "select coalesce(found.merged_into, found.number)"  # noqa: S608
    f" from (select distinct {CASE_OF} as place from search where search match ?) join cases as found"
    " on found.number = place where not exists (select 1 from exclusions"
    " where case_number = found.number and exclusions.officer = ? and lifted = '')"
)


@dataclass(frozen=True)
class Filter:
    """What is to be shown; an empty value does not narrow it.

    Attributes:
        channel: a code of wire.statuses; likewise category, status.
        category: see channel.
        status: see channel.
        unit: part of the unit's name.
        province: as classified.
        officer: a login, or NOBODY; likewise office.
        office: a code of the settings, or NOBODY.
        tag: one tag.
        age: days since sending, at least.
        urgency: a code of cases.deadlines.
        unread: only what the officer has not read.
        origin: `online`, or how it was keyed in.
        text: words to be searched for (casework.search).
        is_open: only what has not ended.
    """

    channel: str = ""
    category: str = ""
    status: str = ""
    unit: str = ""
    province: str = ""
    officer: str = ""
    office: str = ""
    tag: str = ""
    age: int = 0
    urgency: str = ""
    unread: bool = False
    origin: str = ""
    text: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Row:
    """A case in the list. `files` and `merged` count what was merged into it as well; `due` is 0 for no date."""

    number: int
    name: str
    status: str
    channel: str
    category: str
    sent: Day
    due: Day
    urgency: str
    origin: str
    agenda: str
    subject: str
    unit: str
    province: str
    officer: str
    office: str
    is_unread: bool
    tags: tuple[str, ...]
    files: int
    merged: int
    is_protected: bool  # a protection request is open
    is_proposed: bool  # something waits for a second officer
    withdrawn: int  # of how many reports, of this case and of those merged into it, the reporters withdrew
    proven: bool


@dataclass(frozen=True)
class Page:
    """Rows; `next` continues after them (None at the end); counts are of everything that the filter lets through."""

    rows: list[Row]
    next: "Place | None"
    total: int = 0
    unread: int = 0
    by_urgency: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a page ended: due day (0 for none) and number of its last case."""

    due: Day
    number: int


def page(
    work: Work,
    wanted: Filter,
    limit: int = PAGE_ROWS,
    after: Place | None = None,
) -> Page:
    """A page of the inbox.

    Args:
        work: the vault, the settings and the day.
        wanted: the filter.
        limit: rows at most.
        after: `next` of the page before.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
    """
    permission.permit(work, Permission.CASE_READ)
    soon = soon_until(work.settings, work.today)
    where, values = _where(work.vault, wanted, work.today, soon)
    total, unread, by_urgency, by_status = _counts(work.vault, where, values, work.today, soon)
    place = " and (due = 0, due, number) > (?, ?, ?)" if after else ""
    place_values = (after.due == 0, after.due, after.number) if after else ()
    # The numbers first: only a page's rows are worth their details.
    numbers = work.vault.db.execute(
        f"select number from cases where {where}{place} order by due = 0, due, number limit ?",  # noqa: S608
        (*values, *place_values, limit + 1),
    ).fetchall()
    rows = [_row(work, number) for (number,) in numbers[:limit]]
    more = Place(rows[-1].due, rows[-1].number) if len(numbers) > limit else None
    return Page(rows, more, total, unread, by_urgency, by_status)


def around(work: Work, wanted: Filter, place: Place) -> tuple[int, int]:
    """Numbers of the cases before and after a place in the list, 0 for none; raises RefusedError as `page`."""
    permission.permit(work, Permission.CASE_READ)
    where, values = _where(work.vault, wanted, work.today, soon_until(work.settings, work.today))
    found = []
    for sign, order in (("<", "desc"), (">", "asc")):
        row = work.vault.db.execute(
            f"select number from cases where {where} and (due = 0, due, number) {sign} (?, ?, ?)"  # noqa: S608
            f" order by due = 0 {order}, due {order}, number {order} limit 1",
            (*values, place.due == 0, place.due, place.number),
        ).fetchone()
        found.append(row[0] if row else 0)
    return found[0], found[1]


def all_tags(work: Work) -> list[str]:
    """The tags of the cases that the officer may see, in the alphabet's order; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    rows = work.vault.db.execute(
        "select distinct tag from tags join cases on cases.number = case_number"  # noqa: S608
        f" where deleted is null and {casebook.NOT_EXCLUDED} order by tag",
        (work.vault.officer.login,),
    )
    return [tag for (tag,) in rows]


def soon_until(settings: Settings, today: Day) -> int:
    """The last day that counts as soon due (cases.deadlines.urgency)."""
    return day_of(settings.after_working_days(date_of(today), settings.workstation.soon_days + 1)) - 1


def _where(vault: Vault, wanted: Filter, today: Day, soon: int) -> tuple[str, list[Any]]:
    """A condition over `cases`, made of fixed parts, and its values."""
    parts = ["deleted is null", "merged_into is null", casebook.NOT_EXCLUDED]
    values: list[Any] = [vault.officer.login]
    for part, more in _narrowing(vault, wanted, today, soon):
        parts.append(part)
        values += more
    return " and ".join(parts), values


def _narrowing(vault: Vault, wanted: Filter, today: Day, soon: int) -> Iterator[tuple[str, list[Any]]]:
    yield from _equal(wanted)
    if wanted.unit:
        part = re.sub(r"([%_!])", r"!\1", wanted.unit)  # a place's name, not a pattern
        yield "unit like ? escape '!'", [f"%{part}%"]
    if wanted.tag:
        yield "exists (select 1 from tags where case_number = cases.number and tag = ?)", [wanted.tag]
    if wanted.age:
        yield "sent <= ?", [today - wanted.age]
    if wanted.urgency:
        yield f"{_urgency(today, soon)} = ?", [wanted.urgency]
    if wanted.unread:
        yield _UNREAD, [vault.officer.login]
    if wanted.is_open:
        yield f"status not in ({', '.join('?' * len(permission.ENDED))})", [*permission.ENDED]
    if query := query_of(wanted.text):
        _find(vault, query)
        yield "number in temp.found", []


def _find(vault: Vault, query: str) -> None:
    """Ask the index once for both rows and counts; what it answers lies in memory (temp_store) until the next time."""
    vault.db.execute("create temp table if not exists found (number integer primary key)")
    vault.db.execute("delete from temp.found")
    vault.db.execute(f"insert or ignore into temp.found {_FOUND}", (query, vault.officer.login))


def _equal(wanted: Filter) -> Iterator[tuple[str, list[Any]]]:
    for name in ("channel", "category", "status", "province", "origin"):
        if value := getattr(wanted, name):
            yield f"{name} = ?", [value]
    for name in ("officer", "office"):
        if value := getattr(wanted, name):
            yield f"{name} = ?", ["" if value == NOBODY else value]


def _urgency(today: Day, soon: int) -> str:
    return (
        f"case when due = 0 then '{deadlines.NONE}' when due < {today:d} then '{deadlines.OVERDUE}'"
        f" when due <= {soon:d} then '{deadlines.SOON}' else '{deadlines.LATER}' end"
    )


def _counts(
    vault: Vault, where: str, values: list[Any], today: Day, soon: int
) -> tuple[int, int, dict[str, int], dict[str, int]]:
    by_urgency = dict.fromkeys((deadlines.OVERDUE, deadlines.SOON, deadlines.LATER, deadlines.NONE), 0)
    by_status: dict[str, int] = {}
    unread = 0
    grouped = vault.db.execute(
        f"select {_urgency(today, soon)}, status, count(*), sum({_UNREAD}) from cases where {where} group by 1, 2",  # noqa: S608
        (vault.officer.login, *values),
    )
    for urgency, status, count, new in grouped:
        by_urgency[urgency] += count
        by_status[status] = by_status.get(status, 0) + count
        unread += new
    return sum(by_urgency.values()), unread, by_urgency, by_status


def _row(work: Work, number: int) -> Row:
    login = work.vault.officer.login
    case = casebook.case_of(work.vault, CaseNumber(number))
    unread, files, merged, is_protected, is_proposed, withdrawn = work.vault.db.execute(
        f"select {_UNREAD},"  # noqa: S608
        " (select count(*) from messages join cases as of on of.number = messages.case_number"
        "  where kind = ? and (of.number = cases.number or of.merged_into = cases.number)),"
        " (select count(*) from cases as follower where follower.merged_into = cases.number),"
        " exists (select 1 from protections join cases as of on of.number = protections.case_number"
        "  where protections.closed is null and (of.number = cases.number or of.merged_into = cases.number)),"
        " exists (select 1 from proposals where case_number = cases.number and outcome = ''),"
        f" {reporter_acts.WITHDRAWN_COUNT}"
        " from cases where number = ?",
        (login, FILE, number),
    ).fetchone()
    tags = work.vault.db.execute("select tag from tags where case_number = ? order by tag", (number,)).fetchall()
    return Row(
        number=number,
        name=case.name,
        status=case.status,
        channel=case.channel,
        category=case.category,
        sent=case.sent,
        due=case.due,
        urgency=deadlines.urgency(work.settings, work.today, case.due),
        origin=case.origin,
        agenda=case.agenda,
        subject=case.subject,
        unit=case.unit,
        province=case.province,
        officer=case.officer,
        office=case.office,
        is_unread=bool(unread),
        tags=tuple(tag for (tag,) in tags),
        files=files,
        merged=merged,
        is_protected=bool(is_protected),
        is_proposed=bool(is_proposed),
        withdrawn=withdrawn,
        proven=case.proven,
    )
