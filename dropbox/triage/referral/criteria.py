"""Proposes cases for KPK, from an officer's assessment and the criteria in the settings.

    proposed = category of [referral] kpk_categories, and (rupiah >= kpk_rupiah, or a state official is involved)

Rule: nothing is derived from a reporter's words; a case without assessment is not proposed. A proposal sends nothing.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

KPK: Final = "kpk"
AMOUNT, OFFICIAL = "amount", "official"
RUPIAH_MAX: Final = 10**15
_PEOPLE_MAX: Final = 20
_NAME_MAX: Final = 100


@dataclass(frozen=True)
class Assessment:
    """An officer's assessment: rupiah in question, whether a state official is said to be involved, who, which year."""

    rupiah: int = 0
    official: bool = False
    people: tuple[str, ...] = ()
    year: int = 0


def assess(work: Work, case: Case, judged: Assessment) -> None:
    """Store an officer's assessment of a case.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is invalid.
        NotFoundError: the officer is excluded from the case.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    people = tuple(" ".join(name.split()) for name in judged.people if name.strip())
    if not 0 <= judged.rupiah <= RUPIAH_MAX:
        raise RefusedError("referral.sum")
    if len(people) > _PEOPLE_MAX or any(len(name) > _NAME_MAX for name in people):
        raise RefusedError("referral.people")
    if judged.year and not 1945 <= judged.year <= work.settings.today().year:
        raise RefusedError("referral.year")
    with transaction(work.vault.db):
        row = referrals.Assessment(judged.rupiah, judged.official, "\n".join(people), judged.year)
        referrals.put_assessment(work.vault.db, case.number, row)
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="assess")


def assessment(vault: Vault, case: Case) -> Assessment:
    """Return the assessment of a case; an empty one if there is none."""
    row = referrals.assessment(vault.db, case.number)
    return Assessment(row.rupiah, row.official, tuple(row.people.splitlines()), row.year) if row else Assessment()


def reasons(work: Work, case: Case) -> list[str]:
    """Return the codes of the reasons for which a case is proposed for KPK; empty when it is not."""
    rule = work.settings.workstation.referral
    if case.category not in rule.kpk_categories:
        return []
    judged = assessment(work.vault, case)
    found = [AMOUNT] if judged.rupiah >= rule.kpk_rupiah else []
    return [*found, *([OFFICIAL] if judged.official else [])]


def proposed(work: Work) -> list[tuple[Case, list[str]]]:
    """Return cases that meet the criteria and were not referred to KPK yet, with the reasons; oldest first.

    Raises:
        RefusedError: the officer's roles do not allow it.
    """
    permission.permit(work, Permission.REFER_PROPOSE)
    done = referrals.cases_for(work.vault.db, KPK)
    found = []
    for case in casebook.visible_cases(work.vault):
        if case.number in done or case.merged_into or case.status in permission.ENDED:
            continue
        why = reasons(work, case)
        if why:
            found.append((case, why))
    return found
