"""Lists the deadlines of a desk for its overseer: number, status and dates of every open case, no content.

Rule: a case from which the overseer is excluded is not in the list.
"""

from dataclasses import dataclass

from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.tables import case_list, protections
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day


@dataclass(frozen=True)
class Clock:
    """The deadline of a case, or of its request for protection.

    Attributes:
        name: of the case.
        status: a code of wire.statuses, empty for a request for protection.
        since: day number on which it began.
        due: day number, 0 for no deadline.
        urgency: a code of cases.deadlines.
    """

    name: str
    status: str
    since: Day
    due: Day
    urgency: str


def running(work: Work) -> list[Clock]:
    """Return all running deadlines, the most urgent first; raises RefusedError if the roles do not allow it."""
    permission.permit(work, Permission.OVERSIGHT_MANAGE)
    db, login = work.vault.db, work.vault.officer.login
    clocks = case_list.clocks(db, login, permission.ENDED)
    clocks += [case_list.Clock(one.case, "", one.asked, one.due) for one in protections.waiting(db, login)]
    clocks.sort(key=lambda one: (one.due == 0, one.due, one.number))
    return [
        Clock(
            casebook.case_name(work.vault.desk, number),
            status,
            since,
            due,
            deadlines.urgency(work.settings, work.today, due),
        )
        for number, status, since, due in clocks
    ]
