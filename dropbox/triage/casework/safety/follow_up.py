"""Asks reporters after the end of their case whether they suffer for it (ISO 37002:2021, 8.4.3 and 8.5).

    due    the highest month of [follow_up] months that has passed since the end and was not asked yet

Rule: the question is on each reporter's own timeline, in their language. A reply to it opens no case by itself: the
case comes back to the inbox. Who cannot read answers (keys that are not proven) is not asked.
"""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.safety import follow_ups
from dropbox.triage.tables.safety.follow_ups import Ended
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day, date_of, day_of

_PHRASE: Final = "follow-up"
_MONTHS_OF_YEAR: Final = 12


@dataclass(frozen=True)
class Asked:
    """A question that was asked: name of its case, month, day, day of the first reply or 0."""

    name: str
    month: int
    day: Day
    answered: Day


@dataclass(frozen=True)
class FollowUp:
    """The questions of a case and of those merged into it.

    Attributes:
        asked: oldest first.
        due: the month whose question is due, 0 for none.
        since: day on which that became due, 0 for none.
        next: day of the next question, 0 for none.
        members: numbers of the cases whose reporters are to be asked now.
    """

    asked: tuple[Asked, ...]
    due: int
    since: Day
    next: Day
    members: tuple[CaseNumber, ...]


def waiting(work: Work) -> list[tuple[Case, FollowUp]]:
    """Return the cases whose reporters are to be asked, the longest due first; raises RefusedError."""
    permission.permit(work, Permission.PROTECTION_MANAGE)
    every = _every(work)
    found = [(casebook.case_of(work.vault, leader), one) for leader, one in every.items() if one.due]
    return sorted(found, key=lambda pair: (pair[1].since, pair[0].number))


def coming(work: Work, until: Day) -> list[tuple[Case, FollowUp]]:
    """Return the cases whose next question is due by a day, the earliest first; raises RefusedError."""
    permission.permit(work, Permission.PROTECTION_MANAGE)
    every = _every(work)
    found = [
        (casebook.case_of(work.vault, leader), one)
        for leader, one in every.items()
        if not one.due and 0 < one.next <= until
    ]
    return sorted(found, key=lambda pair: (pair[1].next, pair[0].number))


def of_case(work: Work, case: Case) -> FollowUp:
    """Return the questions of a case; raises RefusedError, NotFoundError."""
    permission.permit(work, Permission.PROTECTION_MANAGE, case.number)
    return _every(work, case.number).get(case.number, FollowUp((), 0, Day(0), Day(0), ()))


def texts(work: Work, case: Case) -> dict[str, str]:
    """Return the question by each language of the reporters who are to be asked now; raises as `of_case`."""
    found = {}
    for number in of_case(work, case).members:
        language = casebook.language(work.vault, casebook.case_of(work.vault, number))
        found[language] = phrases.text_of(work.vault, _PHRASE, language)
    return found


def ask(work: Work, case: Case, words: Mapping[str, str]) -> int:
    """Write the question to the timelines of the case's reporters; returns how many.

    Args:
        work: the vault, the settings and the day.
        case: the one that is worked on.
        words: the question by language, for each language of `texts`.

    Raises:
        RefusedError: the officer's roles do not allow it, nothing is due, or a text is empty or too long.
        NotFoundError: the officer is kept out of the case.
    """
    found = of_case(work, case)
    if not found.due:
        raise RefusedError("follow-up.not-due")
    checked = {language: permission.checked_text(words.get(language, "")) for language in texts(work, case)}
    with transaction(work.vault.db), recorded(work, Permission.PROTECTION_MANAGE, case.number):
        for number in found.members:
            member = casebook.case_of(work.vault, number)
            text = checked[casebook.language(work.vault, member)]
            entry = Entry(day=work.today, kind=MESSAGE, text=text, next=casebook.promised(work.vault, member))
            follow_ups.add(work.vault.db, number, found.due, transitions.tell(work.vault, number, entry), work.today)
            audit_log.write(work.vault, Permission.PROTECTION_MANAGE, number, did="follow-up", month=found.due)
    return len(found.members)


def _every(work: Work, leader: int = 0) -> dict[CaseNumber, FollowUp]:
    """Return the questions of every case that has ended, or of one, by the case that is worked on."""
    here = work.settings.workstation.follow_up
    asked = defaultdict(list)
    for one in follow_ups.everything(work.vault.db):
        asked[one.case].append(one)
    groups: dict[CaseNumber, list[Ended]] = defaultdict(list)
    for case in follow_ups.ended(work.vault.db, work.vault.officer.login, here.statuses, permission.ENDED, leader):
        groups[case.leader].append(case)
    return {number: _of_group(work, members, asked) for number, members in groups.items()}


def _of_group(work: Work, members: list[Ended], asked: Mapping[CaseNumber, list[follow_ups.Asked]]) -> FollowUp:
    months = sorted(work.settings.workstation.follow_up.months)
    due, since, following, to_ask, done = 0, Day(0), Day(0), [], []
    for one in members:
        mine = asked.get(one.case, [])
        done += [Asked(casebook.case_name(work.vault.desk, one.case), row.month, row.day, row.answered) for row in mine]
        last = max((row.month for row in mine if row.day >= one.since), default=0)
        days = {month: _after(one.since, month) for month in months if month > last}
        passed = [month for month, day in days.items() if day <= work.today]
        if passed:
            to_ask.append(one.case)
            if passed[-1] > due:
                due, since = passed[-1], days[passed[-1]]
        later = [day for day in days.values() if day > work.today]
        following = min([day for day in (following, *later) if day], default=Day(0))
    return FollowUp(tuple(done), due, since, following, tuple(to_ask))


def _after(day: Day, months: int) -> Day:
    """Return the same day of a later month, or its last day."""
    date = date_of(day)
    year, month = divmod(date.month - 1 + months, _MONTHS_OF_YEAR)
    last = calendar.monthrange(date.year + year, month + 1)[1]
    return day_of(datetime.date(date.year + year, month + 1, min(date.day, last)))
