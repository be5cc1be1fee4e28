"""What a dossier is made of: a case and those that were merged into it, as far as the officer may see them.

Rule: a case that follows another is not referred by itself.
"""

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.vault.vault import Vault


def cases(vault: Vault, case: Case) -> list[Case]:
    """The case, then its followers."""
    return [casebook.case_of(vault, one) for one in (case.number, *merging.followers(vault, case.number))]


def check_leads(case: Case) -> None:
    """Pass, if a case may be referred; raises RefusedError."""
    if case.merged_into:
        raise RefusedError("referral.merged")
    if case.status == permission.ARCHIVED:
        raise RefusedError("referral.archived")
