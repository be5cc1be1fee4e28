"""The cases that are worked on, as an officer may see them: a filtered list a page at a time, and how many there are.

    due       overdue, soon, later (each by due day), then what has no date: the order if none is asked for
    others    a key of ORDERS, rising or falling; a case without that value comes last in both directions

Rule: SQL alone, so that ten thousand cases are as quick as ten. What a filter asks for is a key of CONDITIONS. Among
equals the lower number comes first, in the other direction the higher one, so that every order is total.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from dropbox.triage.tables import cases, tags
from dropbox.triage.tables.cases import LEADING, LIVE, NOT_ENDED
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.reads import UNREAD
from dropbox.triage.tables.safety import risks
from dropbox.triage.tables.search_index import FOUND
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import STATUSES, UNSTATED

OVERDUE, SOON, LATER, NO_DATE = range(4)
_URGENCY: Final = (
    f"case when due = 0 then {NO_DATE} when due < :today then {OVERDUE} when due <= :soon then {SOON} else {LATER} end"
)
CONDITIONS: Final[Mapping[str, str]] = {
    "channel": f"(channel = :channel or channel = '' and :channel = '{UNSTATED}')",
    "category": "category = :category",
    "status": "status = :status",
    "province": "province = :province",
    "origin": "origin = :origin",
    "assigned": "cases.officer = :assigned",
    "office": "office = :office",
    "unit": "unit like :unit escape '!'",
    "tag": tags.HAS,
    "sent_until": "sent <= :sent_until",
    "sent_after": "sent > :sent_after",
    "urgency": f"{_URGENCY} = :urgency",
    "unread": UNREAD,
    "ended": NOT_ENDED,
    "risk": f"{risks.LEVEL} = :risk",
    "risk_waits": risks.WAITS,
    "found": FOUND,
}


class Order(NamedTuple):
    """Expressions over `cases`: whether a case lacks the value (1: it comes last), and the value's parts."""

    lacks: str
    parts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the value and, as the last, the number."""
        return (*self.parts, "number")


_NEVER: Final = "number is null"
# The place of the status in the procedure; no text is made, which costs more than all else in a vault.
_PROCEDURE: Final = f"case status {' '.join(f'when {one!r} then {place}' for place, one in enumerate(STATUSES))} end"
DUE: Final = "due"
ORDERS: Final[Mapping[str, Order]] = {
    DUE: Order("due = 0", ("due",)),
    "number": Order(_NEVER, ()),
    "sent": Order(_NEVER, ("sent",)),
    "status": Order(_NEVER, (_PROCEDURE,)),
    "channel": Order("channel = ''", ("channel", "category")),
    "subject": Order("subject = ''", ("subject collate nocase",)),
    "unit": Order("unit = ''", ("unit collate nocase",)),
    "place": Order("province = '' and district = ''", ("province", "district collate nocase")),
    "risk": Order(_NEVER, (risks.LEVEL,)),
    "officer": Order("cases.officer = '' and office = ''", ("cases.officer", "office")),
}

_RUNNING: Final = f"{NOT_ENDED} and {LEADING} and {LIVE} and {VISIBLE}"


class Place(NamedTuple):
    """Where a case is in a list: its number, whether it lacks the value of the order, and the value's parts."""

    number: CaseNumber
    lacks: int
    value: tuple[str | int, ...]


class Count(NamedTuple):
    """How many cases of an urgency (OVERDUE, SOON, LATER, NO_DATE) and a status there are, and are unread."""

    urgency: int
    status: str
    cases: int
    unread: int


class Clock(NamedTuple):
    """A case's clock; `since` and `due` (0 for none) are day numbers."""

    number: CaseNumber
    status: str
    since: Day
    due: Day


@dataclass(frozen=True)
class Selection:
    """Which cases an officer (login) asks for.

    Attributes:
        officer: who asks.
        today: day number.
        soon: the last day that counts as soon due.
        wanted: by names of CONDITIONS the values that they take, or anything where they take none.
        order: a key of ORDERS.
        falls: whether the highest value comes first.
    """

    officer: str
    today: Day
    soon: int
    wanted: Mapping[str, str | int]
    order: str = DUE
    falls: bool = False

    @property
    def where(self) -> str:
        """The condition over `cases`; raises KeyError for a name that is not in CONDITIONS."""
        return " and ".join((LIVE, LEADING, VISIBLE, *(CONDITIONS[name] for name in self.wanted)))

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the condition."""
        return {"officer": self.officer, "today": self.today, "soon": self.soon, **self.wanted}


def page(
    db: Database, chosen: Selection, limit: int, behind: Place | None = None, *, backwards: bool = False
) -> list[Place]:
    """Return the places of the selected cases in their order, at most so many.

    Args:
        db: the connection.
        chosen: which cases, and their order; raises KeyError for an order that is not in ORDERS.
        limit: cases at most.
        behind: only those behind this place.
        backwards: from the last to the first; `behind` then is in front.
    """
    order = ORDERS[chosen.order]
    falls, where, values = chosen.falls != backwards, chosen.where, chosen.values | {"limit": limit}
    if behind:
        names = ", ".join(f":key_{place}" for place in range(len(order.columns)))
        later = f"({', '.join(order.columns)}) {'<' if falls else '>'} ({names})"
        lacking = f"({order.lacks}) {'<' if backwards else '>'} :lacks"
        where = f"{where} and ({lacking} or (({order.lacks}) = :lacks and {later}))"
        keys = enumerate((*behind.value, behind.number))
        values |= {"lacks": behind.lacks} | {f"key_{place}": key for place, key in keys}
    way = " desc" if falls else ""
    rest = ", ".join((f"({order.lacks}){' desc' if backwards else ''}", *(one + way for one in order.columns)))
    columns = ", ".join(("number", order.lacks, *order.parts))
    rows = cases.query(db, columns, where, f"order by {rest} limit :limit", **values)
    return [Place(number, lacks, tuple(value)) for number, lacks, *value in rows]


def place_of(db: Database, chosen: Selection, number: CaseNumber) -> Place | None:
    """Return the place of a case in the order of a selection, also if the filter leaves it out; None if not visible."""
    order = ORDERS[chosen.order]
    where = f"number = :number and {LIVE} and {VISIBLE}"
    columns = ", ".join((order.lacks, *order.parts, "number"))
    row = cases.query(db, columns, where, number=number, officer=chosen.officer).fetchone()
    return Place(number, row[0], tuple(row[1:-1])) if row else None


def has(db: Database, chosen: Selection, number: CaseNumber) -> bool:
    """Return whether a case is among the selected."""
    where = f"{chosen.where} and number = :number"
    return cases.query(db, "1", where, number=number, **chosen.values).fetchone() is not None


def counts(db: Database, chosen: Selection) -> list[Count]:
    """Return how many cases are selected, of each urgency and status."""
    columns = f"{_URGENCY}, status, count(*), sum({UNREAD})"
    return [Count(*row) for row in cases.query(db, columns, chosen.where, "group by 1, 2", **chosen.values)]


def _count(db: Database, where: str, /, **values: object) -> int:
    return int(cases.query(db, "count(*)", f"{where} and {VISIBLE}", **values).fetchone()[0])


def count_live(db: Database, officer: str) -> int:
    """Return how many cases have content."""
    return _count(db, LIVE, officer=officer)


def count_deleted(db: Database, officer: str) -> int:
    """Return of how many cases the content was deleted."""
    return _count(db, f"not ({LIVE})", officer=officer)


def count_closed_until(db: Database, officer: str, status: str, day: Day) -> int:
    """Return how many cases of a status were closed by a day and still have content."""
    return _count(
        db, f"{LIVE} and {LEADING} and status = :status and closed <= :day", officer=officer, status=status, day=day
    )


def clocks(db: Database, officer: str, ended: Collection[str]) -> list[Clock]:
    """Return the clock of each case whose status is none of `ended`."""
    columns = "number, status, case clock when 0 then sent else clock end, due"
    return [Clock(*row) for row in cases.query(db, columns, _RUNNING, officer=officer, ended=listed(ended))]


def count_running(db: Database, officer: str | None, ended: Collection[str], today: Day) -> tuple[int, int]:
    """Return (overdue cases, all cases) of those whose status is none of `ended`."""
    columns = "coalesce(sum(due between 1 and :last), 0), count(*)"
    values = {"officer": officer, "ended": listed(ended), "last": today - 1}
    overdue, every = cases.query(db, columns, _RUNNING, **values).fetchone()
    return overdue, every
