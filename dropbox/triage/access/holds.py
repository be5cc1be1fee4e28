"""Legal holds: while one is in force, nothing of its case is deleted, here or in the second copy.

    place    one officer, with a reason of the list and a reference (a case number of the court, a letter)
    lift     one officer proposes, a second one decides

Rule: a hold covers the whole group that is worked on together. A case may have several holds; it is free when the last
one is lifted. What was not taken in yet belongs to no case, so that every hold also keeps the keys and the withheld
reports that two officers could give up.
"""

import unicodedata
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import approvals, permission
from dropbox.triage.access.approvals import Proposal
from dropbox.triage.access.roles import Decision, Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import cases
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.tables.records import holds
from dropbox.triage.tables.records.holds import Hold
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary

ACTION: Final = Decision.HOLD_LIFT
REFERENCE_MAX: Final = 200  # characters
REASONS: Final = vocabulary.table("hold_reason")


def place(work: Work, case: Case, reason: str, reference: str) -> int:
    """Keep a case's content from deletion; returns the hold's number.

    Args:
        work: the vault, the settings and the day.
        case: which; what is worked on together with it is kept as well.
        reason: a code of REASONS.
        reference: the letter, decision or case number that demands it.

    Raises:
        RefusedError: the officer's roles do not allow it, or reason or reference is invalid.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.HOLD_PLACE, case.number)
    if reason not in REASONS:
        raise RefusedError("hold.reason")
    reference = " ".join(reference.split())
    if not 0 < len(reference) <= REFERENCE_MAX or any(unicodedata.category(one) in ("Cc", "Cs") for one in reference):
        raise RefusedError("hold.reference", most=REFERENCE_MAX)
    with transaction(work.vault.db):
        number = holds.add(work.vault.db, case.number, reason, reference, work.vault.officer.login, work.today)
        audit_log.write(work.vault, Permission.HOLD_PLACE, case.number, hold=number, reason=reason)
    return number


def propose_lift(work: Work, case: Case, number: int) -> int:
    """Ask a second officer to lift a hold of a case; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, or a lift is proposed for the case already.
        NotFoundError: the officer is kept out of the case, or it has no such hold in force.
    """
    permission.permit(work, ACTION.to_propose, case.number)
    own = holds.of_cases(work.vault.db, [case.number])
    if number not in [one.number for one in own if not one.lifted]:
        raise NotFoundError("hold.none")
    with transaction(work.vault.db):
        return approvals.propose(work, ACTION, case.number, {"hold": number})


def approve_lift(work: Work, number: ProposalNumber) -> None:
    """Lift the hold of a proposal.

    Raises:
        NotFoundError: there is no such open proposal (for this officer), or the hold is not in force.
        RefusedError: it is the officer's own, or their roles do not allow it.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        if proposal.action != ACTION:
            raise NotFoundError("hold.other-proposal")
        if not holds.lift(work.vault.db, proposal.details["hold"], work.vault.officer.login, work.today):
            raise NotFoundError("hold.none")


def decline_lift(work: Work, number: ProposalNumber) -> None:
    """Keep the hold; raises as `approve_lift`."""
    with transaction(work.vault.db):
        if approvals.decide(work, number, approve=False).action != ACTION:
            raise NotFoundError("hold.other-proposal")


def of_case(work: Work, case: Case) -> list[Hold]:
    """Return the holds of a case and of what was merged into it, as far as the officer may open it, oldest first.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_READ, case.number)
    followers = cases.visible_followers(work.vault.db, case.number, work.vault.officer.login)
    return holds.of_cases(work.vault.db, [case.number, *followers])


def in_force(work: Work) -> list[Hold]:
    """Return the holds in force of the cases that the officer may open, oldest first; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return holds.visible(work.vault.db, work.vault.officer.login)


def proposed(vault: Vault, proposal: Proposal) -> list[Hold]:
    """Return the hold that a proposal asks to lift; nothing if it is gone."""
    found = holds.of_cases(vault.db, [proposal.case])
    return [one for one in found if one.number == proposal.details.get("hold")]


def is_held(vault: Vault, case: CaseNumber) -> bool:
    """Return whether a case, or one that is worked on together with it, has a hold in force."""
    return holds.is_in_force(vault.db, cases.group(vault.db, [case]))


def check(vault: Vault, case: CaseNumber) -> None:
    """Pass, if something of a case may be deleted; raises RefusedError while a hold is in force."""
    if is_held(vault, case):
        raise RefusedError("hold.in-force")


def check_all(vault: Vault) -> None:
    """Pass, if what belongs to no case yet may be given up; raises RefusedError while any hold is in force.

    The sentence names no case: the officer may be kept out of the one that is held.
    """
    if holds.exists(vault.db):
        raise RefusedError("hold.some")
