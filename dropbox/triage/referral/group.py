"""Lists the cases of a dossier: a case and those merged into it, as far as the officer may see them.

Rule: a case that was merged into another is not referred by itself.
"""

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.vault.vault import Vault


def cases(vault: Vault, case: Case) -> list[Case]:
    """Return the case, then the cases merged into it."""
    return [casebook.case_of(vault, number) for number in (case.number, *merging.followers(vault, case.number))]


def check_leads(case: Case) -> None:
    """Pass if a case may be referred; raises RefusedError if it was merged into another or is archived."""
    if case.merged_into:
        raise RefusedError("referral.merged")
    if case.status == permission.ARCHIVED:
        raise RefusedError("referral.archived")
