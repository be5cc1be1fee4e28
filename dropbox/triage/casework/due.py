"""Which cases wait for somebody: what is overdue, and which questions their reporters left unanswered.

Rule: a live case always has a day on which it comes back to the top, and these lists leave out nothing but what was
merged away, deleted, or is kept from the officer.
"""

from dropbox.limits import QUESTION_DAYS_MIN
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import cases
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION


def overdue(work: Work) -> list[Case]:
    """Cases whose day has passed, the longest overdue first; raises RefusedError as policy.permit."""
    permission.permit(work, Permission.CASE_READ)
    return cases.overdue(work.vault.db, work.vault.officer.login, work.today)


def is_expired(case: Case, today: Day) -> bool:
    """Whether the reporter had the time to answer the question that is open, and did not."""
    return case.status == QUESTION and 0 < case.due < today and today - case.clock >= QUESTION_DAYS_MIN
