"""What one officer asks for and a second one decides.

Rule: nobody decides what they asked for themselves, and a decision is made once. What follows from an approval is done
in the same transaction by the part that asked (casework.refusal, casework.retention …).
"""

from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Decision
from dropbox.triage.cases import audit_log
from dropbox.triage.tables import proposals
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

APPROVED: Final = "approved"
DECLINED: Final = "declined"


@dataclass(frozen=True)
class Proposal:
    """`action` is the act's first half: `refuse` for `refuse.propose` and `refuse.approve`. `case` is 0 for none."""

    number: ProposalNumber
    case: CaseNumber
    action: Decision
    details: dict[str, Any]
    proposer: str
    day: Day
    decider: str
    outcome: str


def propose(work: Work, action: Decision, case: CaseNumber, details: dict[str, Any]) -> ProposalNumber:
    """Ask for something; inside a transaction. Returns its number.

    Raises:
        RefusedError: the officer's roles do not allow it, or the same is asked for already.
        NotFoundError: they are kept out of the case.
    """
    permission.permit(work, action.to_propose, case)
    if any(one.case == case and one.action == action for one in pending(work.vault) if case):
        raise RefusedError("proposal.waiting")
    number = proposals.add(work.vault.db, case, action, details, work.vault.officer.login, work.today)
    audit_log.write(work.vault, action.to_propose, case, proposal=number)
    return number


def decide(work: Work, number: ProposalNumber, *, approve: bool) -> Proposal:
    """Decide as the second officer; inside the transaction that does what follows.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: the officer's roles do not allow it, or they asked for it themselves.
    """
    proposal = next((one for one in pending(work.vault) if one.number == number), None)
    if proposal is None:
        raise NotFoundError("proposal.decided")
    permission.permit(work, proposal.action.to_approve, proposal.case)
    if proposal.proposer == work.vault.officer.login:
        raise RefusedError("proposal.own")
    outcome = APPROVED if approve else DECLINED
    proposals.decide(work.vault.db, number, outcome, work.vault.officer.login, work.today)
    audit_log.write(work.vault, proposal.action.to_approve, proposal.case, proposal=number, outcome=outcome)
    return proposal


def pending(vault: Vault) -> list[Proposal]:
    """Open proposals, oldest first, but those about cases from which the officer is kept out."""
    rows = proposals.pending(vault.db)
    found = [Proposal(**one._asdict() | {"action": Decision(one.action)}) for one in rows]
    return [one for one in found if not (one.case and permission.is_excluded(vault, one.case))]
