"""The cases that are worked on, as an officer may see them: a filtered list a page at a time, and how many there are.

    overdue, soon, later (each by due day), then what has no date; among equals the lower number first

Rule: SQL alone, so that ten thousand cases are as quick as ten. What a filter asks for is a key of CONDITIONS.
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

OVERDUE, SOON, LATER, NO_DATE = range(4)
_URGENCY: Final = (
    f"case when due = 0 then {NO_DATE} when due < :today then {OVERDUE} when due <= :soon then {SOON} else {LATER} end"
)
_PLACE: Final = "(due = 0, due, number)"
CONDITIONS: Final[Mapping[str, str]] = {
    "channel": "channel = :channel",
    "category": "category = :category",
    "status": "status = :status",
    "province": "province = :province",
    "origin": "origin = :origin",
    "assigned": "cases.officer = :assigned",
    "office": "office = :office",
    "unit": "unit like :unit escape '!'",
    "tag": tags.HAS,
    "sent_until": "sent <= :sent_until",
    "urgency": f"{_URGENCY} = :urgency",
    "unread": UNREAD,
    "ended": NOT_ENDED,
    "risk": f"{risks.LEVEL} = :risk",
    "risk_waits": risks.WAITS,
    "found": FOUND,
}

_RUNNING: Final = f"{NOT_ENDED} and {LEADING} and {LIVE} and {VISIBLE}"


class Place(NamedTuple):
    """Where a case is in the list: due day (0 for none) and number."""

    due: Day
    number: int


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
    """

    officer: str
    today: Day
    soon: int
    wanted: Mapping[str, str | int]

    @property
    def where(self) -> str:
        """The condition over `cases`; raises KeyError for a name that is not in CONDITIONS."""
        return " and ".join((LIVE, LEADING, VISIBLE, *(CONDITIONS[name] for name in self.wanted)))

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the condition."""
        return {"officer": self.officer, "today": self.today, "soon": self.soon, **self.wanted}


def page(db: Database, chosen: Selection, limit: int, behind: Place | None) -> list[CaseNumber]:
    """Return the numbers of the selected cases in their order, at most so many; those behind a place, if named."""
    where, values = chosen.where, chosen.values | {"limit": limit}
    if behind:
        where, values = f"{where} and {_PLACE} > (:no_date, :due, :number)", values | _at(behind)
    rest = "order by due = 0, due, number limit :limit"
    return [number for (number,) in cases.query(db, "number", where, rest, **values)]


def number_before(db: Database, chosen: Selection, place: Place) -> int:
    """Return the number of the selected case before a place, or 0."""
    where, values = f"{chosen.where} and {_PLACE} < (:no_date, :due, :number)", chosen.values | _at(place)
    row = cases.query(db, "number", where, "order by due = 0 desc, due desc, number desc limit 1", **values).fetchone()
    return row[0] if row else 0


def number_after(db: Database, chosen: Selection, place: Place) -> int:
    """Return the number of the selected case after a place, or 0."""
    return next(iter(page(db, chosen, 1, place)), 0)


def counts(db: Database, chosen: Selection) -> list[Count]:
    """Return how many cases are selected, of each urgency and status."""
    columns = f"{_URGENCY}, status, count(*), sum({UNREAD})"
    return [Count(*row) for row in cases.query(db, columns, chosen.where, "group by 1, 2", **chosen.values)]


def _at(place: Place) -> dict[str, int]:
    return {"no_date": place.due == 0, "due": place.due, "number": place.number}


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
