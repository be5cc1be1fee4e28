"""Which cases wait for somebody: what is overdue, and which questions their reporters left unanswered.

Rule: a live case always has a day on which it comes back to the top, and these lists leave out nothing but what was
merged away, deleted, or is kept from the officer.
"""

from dropbox.limits import QUESTION_DAYS_MIN
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.vault.vault import Vault
from dropbox.wire.statuses import QUESTION


def overdue(vault: Vault, settings: Settings, today: int) -> list[Case]:
    """Cases whose day has passed, the longest overdue first; raises RefusedError as policy.permit."""
    return _cases(vault, settings, "due between 1 and ?", today - 1)


def questions_expired(vault: Vault, settings: Settings, today: int) -> list[Case]:
    """Cases whose question was left unanswered until its day, at least QUESTION_DAYS_MIN days; oldest first."""
    return [case for case in overdue(vault, settings, today) if is_expired(case, today)]


def is_expired(case: Case, today: int) -> bool:
    """Whether the reporter had the time to answer the question that is open, and did not."""
    return case.status == QUESTION and 0 < case.due < today and today - case.clock >= QUESTION_DAYS_MIN


def _cases(vault: Vault, settings: Settings, where: str, *values: int) -> list[Case]:
    permission.permit(vault, settings, "case.read")
    rows = vault.db.execute(
        f"select {casebook.COLUMNS} from cases where {where} and deleted is null and merged_into is null"  # noqa: S608
        f" and {casebook.NOT_EXCLUDED} order by due, number",
        (*values, vault.officer.login),
    )
    return [casebook.case_from(vault, row) for row in rows]
