"""Keeps recommendations against recurring problems: what should change, who does it by when, whether it was done.

Rule: a recommendation names its cases by number; an officer who is excluded from one of them does not see it. It is
kept longer than the cases, so its text must not contain anything that a reporter wrote.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import RECOMMENDATION_DAYS_MAX
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import Span
from dropbox.triage.statistics import recurrence
from dropbox.triage.statistics.recurrence import Recurrence
from dropbox.triage.tables import exclusions
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

TEXT_MAX: Final = 2000  # characters of a recommendation or a result
WHO_MAX: Final = 200
OPEN, LATE, DONE = "open", "late", "done"
_SEEN: Final = (
    "not exists (select 1 from recommendation_cases where recommendation = recommendations.number"  # noqa: S608
    f" and {exclusions.keeps_out('recommendation_cases.case_number')})"
)
_COLUMNS: Final = "number, kind, subject, text, who, due, day, officer, coalesce(done, 0), result"


@dataclass(frozen=True)
class Recommendation:
    """One recommendation. `due`, `day` and `done` are day numbers; `done` is 0 while it is open."""

    number: int
    kind: str
    subject: str
    text: str
    who: str
    due: Day
    day: Day
    officer: str
    done: int
    result: str

    def state(self, today: Day) -> str:
        """Return DONE, LATE (its due day has passed) or OPEN."""
        return DONE if self.done else LATE if self.due < today else OPEN


def recurring(work: Work, span: Span) -> list[Recurrence]:
    """Return what recurred in a period, of the cases that the officer may see; raises RefusedError without the role."""
    permission.permit(work, Permission.PREVENTION_MANAGE)
    return recurrence.of_period(work.vault, span)


def recommend(work: Work, about: tuple[str, str], text: str, who: str, due: int) -> int:
    """Store a recommendation; return its number.

    Args:
        work: the vault, the settings and the day.
        about: kind and subject of something that recurred in the last 365 days.
        text: what should change; no names, nothing that a reporter wrote.
        who: the office or post that acts.
        due: day number by which it must be done.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is invalid.
        NotFoundError: the subject does not recur in the cases that the officer may see.
    """
    found = recurring(work, recurrence.last_year(work.today))
    cases = next((what.cases for what in found if (what.kind, what.subject) == about), None)
    if cases is None:
        raise NotFoundError("recommendation.no-subject")
    text, who = _checked(text, TEXT_MAX), _checked(who, WHO_MAX)
    if not work.today < due <= work.today + RECOMMENDATION_DAYS_MAX:
        raise RefusedError("recommendation.day")
    with transaction(work.vault.db):
        number: int = work.vault.db.execute(
            "insert into recommendations (kind, subject, text, who, due, day, officer) values (?, ?, ?, ?, ?, ?, ?)"
            " returning number",
            (*about, text, who, due, work.today, work.vault.officer.login),
        ).fetchone()[0]
        work.vault.db.executemany("insert into recommendation_cases values (?, ?)", [(number, case) for case in cases])
        audit_log.write(
            work.vault, Permission.PREVENTION_MANAGE, did="recommend", kind=about[0], number=number, cases=len(cases)
        )
    return number


def finish(work: Work, number: int, result: str) -> None:
    """Mark a recommendation as done, with its result.

    Raises:
        RefusedError: the officer's roles do not allow it, or the text is invalid.
        NotFoundError: there is no such open recommendation (for this officer).
    """
    if not any(known.number == number and not known.done for known in visible_to(work)):
        raise NotFoundError("recommendation.not-open")
    result = _checked(result, TEXT_MAX)
    with transaction(work.vault.db):
        work.vault.db.execute(
            "update recommendations set done = ?, result = ? where number = ?", (work.today, result, number)
        )
        audit_log.write(work.vault, Permission.PREVENTION_MANAGE, did="finish", number=number)


def visible_to(work: Work) -> list[Recommendation]:
    """Return those that the officer may see, open ones first, by due day; raises RefusedError without the role."""
    permission.permit(work, Permission.PREVENTION_MANAGE)
    rows = work.vault.db.execute(
        f"select {_COLUMNS} from recommendations where {_SEEN} order by done is not null, due, number",  # noqa: S608
        {"officer": work.vault.officer.login},
    )
    return [Recommendation(*row) for row in rows]


def states(vault: Vault, span: Span, today: Day, *, all_cases: bool = False) -> list[str]:
    """Return today's state of each recommendation of a period that the officer may see; with `all_cases`, of all."""
    rows = vault.db.execute(
        f"select {_COLUMNS} from recommendations where day between :first and :last and {_SEEN}",  # noqa: S608
        {"first": span.first, "last": span.last, "officer": None if all_cases else vault.officer.login},
    )
    return [Recommendation(*row).state(today) for row in rows]


def _checked(typed: str, most: int) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if not text:
        raise RefusedError("recommendation.empty")
    if len(text) > most:
        raise RefusedError("text.length", most=most)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise RefusedError("text.control-characters")
    return text
