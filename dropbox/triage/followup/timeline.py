"""Puts together the time line of a case: its report, what officers did, dispositions, papers and recommendations.

Rule: days, codes, official numbers and names of units only; the texts are in the thread. Of what was merged into the
case it has what the officer may open. Who read the case, and who is kept out of it, is in the log alone.
"""

import datetime
from collections.abc import Iterator
from typing import Final, NamedTuple

from dropbox.triage.access import permission
from dropbox.triage.access.names import Names
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.tables.followup import dispositions, records
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day, day_of

_ACTS: Final = ("answer.", "refuse.", "refer.", "delete.", "case.classify", "case.agenda", "case.merge")


class Moment(NamedTuple):
    """Something that happened.

    Attributes:
        day: day number.
        case: name of the case that it belongs to.
        what: its words by language.
        detail: an official number, a unit, a place; or empty.
        officer: login of who did it, or empty; `who` is their name.
    """

    day: Day
    case: str
    what: Words
    detail: str
    officer: str
    who: str = ""


def of_case(work: Work, case: Case) -> list[Moment]:
    """Return the time line of a case, oldest first; raises RefusedError and NotFoundError as permission.permit."""
    permission.permit(work, Permission.CASE_READ, case.number)
    found: list[Moment] = []
    names = Names(work.vault.db, work.settings, work.vault.officer.lang)
    for number in (case.number, *merging.followers(work.vault, case.number)):
        one = casebook.case_of(work.vault, number)
        found.append(Moment(one.sent, one.name, _words("sent"), "", ""))
        found += [*_acts(work, one), *_dispositions(work, one, names), *_records(work, one)]
    return sorted(
        (one._replace(who=names.short(one.officer)) for one in found),
        key=lambda moment: moment.day,
    )


def _words(code: str) -> Words:
    return vocabulary.words("timeline", code)


def _acts(work: Work, case: Case) -> Iterator[Moment]:
    for line in audit_log.lines(work.vault, case.number):
        if line.action.startswith(_ACTS):
            group = "permission" if line.action in vocabulary.codes("permission") else "log_action"
            day = day_of(work.settings.today(datetime.datetime.fromisoformat(line.at)))
            yield Moment(day, case.name, vocabulary.words(group, line.action), "", line.officer)


def _dispositions(work: Work, case: Case, officers: Names) -> Iterator[Moment]:
    for one in dispositions.of_case(work.vault.db, case.number):
        names = work.settings.workstation.offices.get(one.office)
        to = ", ".join(
            filter(None, (names[work.vault.officer.lang] if names else one.office, officers.short(one.assignee)))
        )
        yield Moment(one.day, case.name, _words("disposition"), to, one.giver)
        if one.read:
            yield Moment(one.read, case.name, _words("read"), to, "")
        if one.state in (dispositions.DONE, dispositions.WITHDRAWN):
            yield Moment(one.done, case.name, _words(one.state), to, "")


def _records(work: Work, case: Case) -> Iterator[Moment]:
    for one in records.of_case(work.vault.db, case.number):
        if one.state == records.CURRENT:
            detail = " · ".join(filter(None, (one.sign, one.who)))
            day = one.dated or one.begin or one.entered
            yield Moment(day, case.name, vocabulary.words("followup_kind", one.kind), detail, one.officer)
