"""The inbox: what there is to do, with what it takes to choose, in the order that the officer asks for.

    reporter's word    first words, place and people come from the excerpt of the report (cases.bounds): untrusted text

Rule: SQL alone, so that ten thousand cases are as quick as ten. A case that was merged with another shows as that one;
a case from which the officer is kept out is in no list and in no count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.casework.safety import risk
from dropbox.triage.casework.search import query_of
from dropbox.triage.tables import case_list, cases, messages, proposals, protections, reads, search_index
from dropbox.triage.tables import tags as tag_rows
from dropbox.triage.tables.case_row import Case
from dropbox.triage.tables.database import listed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of, day_of

Place = case_list.Place
NOBODY: Final = "-"  # as an officer or office: assigned to none
PAGE_ROWS: Final = 50
GLIMPSE_MAX: Final = 110  # characters of a reporter's text in a row: three lines
_LEVELS: Final = frozenset("0123")  # of tables.safety.risks
_URGENCIES: Final = {
    case_list.OVERDUE: deadlines.OVERDUE,
    case_list.SOON: deadlines.SOON,
    case_list.LATER: deadlines.LATER,
    case_list.NO_DATE: deadlines.NONE,
}


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
        younger: days since sending, fewer than.
        urgency: a code of cases.deadlines.
        unread: only what the officer has not read.
        origin: `online`, or how it was keyed in.
        text: words to be searched for (casework.search).
        is_open: only what has not ended.
        risk: a level of tables.safety.risks, as a digit.
        risk_waits: only where an officer must decide the risk.
        sort: a key of case_list.ORDERS; anything else is the order by due day.
        falls: whether the highest value comes first.
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
    younger: int = 0
    urgency: str = ""
    unread: bool = False
    origin: str = ""
    text: str = ""
    is_open: bool = False
    risk: str = ""
    risk_waits: bool = False
    sort: str = ""
    falls: bool = False


@dataclass(frozen=True)
class Row(Case):
    """A case in the list. `files` and `merged` count what was merged into it as well; `due` is 0 for no date."""

    said: messages.Glimpse = field(repr=False)  # untrusted
    risk: int  # a level of tables.safety.risks, the highest of the group
    risk_waits: bool  # whether an officer must decide it

    urgency: str
    is_unread: bool
    tags: tuple[str, ...]
    files: int
    merged: int
    is_protected: bool  # a protection request is open
    is_proposed: bool  # something waits for a second officer
    withdrawn: int  # of how many reports, of this case and of those merged into it, the reporters withdrew


@dataclass(frozen=True)
class Page:
    """Rows; `next` continues after them (None at the end); counts are of everything that the filter lets through."""

    rows: list[Row]
    next: "Place | None"
    total: int = 0
    unread: int = 0
    by_urgency: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)


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
    chosen = _selection(work, wanted)
    counts = case_list.counts(work.vault.db, chosen)
    # The places first: only a page's rows are worth their details.
    places = case_list.page(work.vault.db, chosen, limit + 1, after)
    numbers = [place.number for place in places[:limit]]
    said = messages.glimpses(work.vault.db, numbers, GLIMPSE_MAX)
    rows = [_row(work, number, said.get(number, messages.Glimpse())) for number in numbers]
    by_urgency = dict.fromkeys(_URGENCIES.values(), 0)
    by_status: dict[str, int] = {}
    for one in counts:
        by_urgency[_URGENCIES[one.urgency]] += one.cases
        by_status[one.status] = by_status.get(one.status, 0) + one.cases
    return Page(
        rows,
        places[limit - 1] if len(places) > limit else None,
        sum(one.cases for one in counts),
        sum(one.unread for one in counts),
        by_urgency,
        by_status,
    )


def around(work: Work, wanted: Filter, number: CaseNumber) -> tuple[int, int]:
    """Numbers of the cases before and after one in the list, 0 for none; raises RefusedError as `page`."""
    permission.permit(work, Permission.CASE_READ)
    db, chosen = work.vault.db, _selection(work, wanted)
    place = case_list.place_of(db, chosen, number)
    if place is None:
        return 0, 0
    before = case_list.page(db, chosen, 1, place, backwards=True)
    after = case_list.page(db, chosen, 1, place)
    return (before[0].number if before else 0), (after[0].number if after else 0)


def holds(work: Work, wanted: Filter, number: CaseNumber) -> bool:
    """Whether the list has a case now; raises RefusedError as `page`."""
    permission.permit(work, Permission.CASE_READ)
    return case_list.has(work.vault.db, _selection(work, wanted), number)


def all_tags(work: Work) -> list[str]:
    """The tags of the cases that the officer may see, in the alphabet's order; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return tag_rows.of_visible(work.vault.db, work.vault.officer.login)


def soon_until(settings: Settings, today: Day) -> int:
    """The last day that counts as soon due (cases.deadlines.urgency)."""
    return day_of(settings.after_working_days(date_of(today), settings.workstation.soon_days + 1)) - 1


def _selection(work: Work, wanted: Filter) -> case_list.Selection:
    """The cases that a filter lets through; the words that it asks for are looked up here, once for rows and counts."""
    soon = soon_until(work.settings, work.today)
    chosen = dict(_conditions(wanted, work.today))
    if query := query_of(wanted.text):
        search_index.find(work.vault.db, query, work.vault.officer.login)
        chosen["found"] = True
    order = wanted.sort if wanted.sort in case_list.ORDERS else case_list.DUE
    return case_list.Selection(work.vault.officer.login, work.today, soon, chosen, order, wanted.falls)


def _conditions(wanted: Filter, today: Day) -> Iterator[tuple[str, str | int]]:
    """Names of case_list.CONDITIONS, and their values."""
    for name in ("channel", "category", "status", "province", "origin", "tag"):
        if value := getattr(wanted, name):
            yield name, value
    for name, value in (("assigned", wanted.officer), ("office", wanted.office)):
        if value:
            yield name, "" if value == NOBODY else value
    if wanted.unit:
        part = re.sub(r"([%_!])", r"!\1", wanted.unit)  # a place's name, not a pattern
        yield "unit", f"%{part}%"
    ages = {"sent_until": wanted.age, "sent_after": wanted.younger}
    yield from ((name, today - age) for name, age in ages.items() if age)
    if wanted.urgency:
        yield "urgency", next((code for code, name in _URGENCIES.items() if name == wanted.urgency), -1)
    if wanted.risk:
        yield "risk", int(wanted.risk) if wanted.risk in _LEVELS else -1
    yield from ((name, True) for name in ("unread", "risk_waits") if getattr(wanted, name))
    if wanted.is_open:
        yield "ended", listed(permission.ENDED)


def _row(work: Work, number: CaseNumber, said: messages.Glimpse) -> Row:
    db, login = work.vault.db, work.vault.officer.login
    case = casebook.case_of(work.vault, number)
    followers = cases.visible_followers(db, number, login)
    group = [number, *followers]
    level, waits = risk.of_group(work.vault, group)
    return Row(
        **vars(case),
        said=said,
        risk=level,
        risk_waits=waits,
        urgency=deadlines.urgency(work.settings, work.today, case.due),
        is_unread=case.touched > reads.read_until(db, number, login),
        tags=tuple(tag_rows.of_case(db, number)),
        files=messages.count_files(db, group),
        merged=len(followers),
        is_protected=protections.has_open(db, group),
        is_proposed=proposals.is_pending(db, number),
        withdrawn=len(messages.withdrawn(db, group)),
    )
