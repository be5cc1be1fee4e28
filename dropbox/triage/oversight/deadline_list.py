"""The clocks of a desk for whoever oversees it: number, status and dates of every live case, nothing of what is in it.

Rule: a case from which the overseer is kept out is not in the list.
"""

from dataclasses import dataclass

from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.casework import protection
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day


@dataclass(frozen=True)
class Clock:
    """A case's clock, or that of its request for protection.

    Attributes:
        name: of the case.
        status: a code of wire.statuses, empty for a request for protection.
        since: day number on which it began.
        due: day number, 0 for none.
        urgency: as cases.deadlines has it.
    """

    name: str
    status: str
    since: Day
    due: Day
    urgency: str


def running(work: Work) -> list[Clock]:
    """All clocks that run, the most urgent first; raises RefusedError as policy.permit."""
    permission.permit(work, Permission.OVERSIGHT_MANAGE)
    ended = ", ".join("?" * len(permission.ENDED))
    rows = work.vault.db.execute(
        "select * from (select number, status, case clock when 0 then sent else clock end, due from cases"  # noqa: S608  marks
        f" where status not in ({ended}) and merged_into is null and deleted is null and {casebook.NOT_EXCLUDED}"
        " union all select cases.number, '', asked, protections.due from protections"
        f" join cases on cases.number = case_number where protections.status = ? and {casebook.NOT_EXCLUDED}"
        ") order by due = 0, due, number",
        (*permission.ENDED, work.vault.officer.login, protection.OPEN, work.vault.officer.login),
    )
    return [
        Clock(
            casebook.case_name(work.vault.desk, number),
            status,
            since,
            due,
            deadlines.urgency(work.settings, work.today, due),
        )
        for number, status, since, due in rows
    ]
