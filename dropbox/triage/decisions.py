"""What waits for a second officer, whatever it is about: one way to approve it, one to decline it.

Rule: the part that asked does what follows; this module only finds it.
"""

from typing import Final

from dropbox.errors import NotFoundError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import approvals, holds, roles
from dropbox.triage.access.roles import Decision
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.casework import giving_up, refusal, resetting, retention
from dropbox.triage.casework.safety import notice
from dropbox.triage.referral import propose
from dropbox.triage.tables.numbers import ProposalNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

_APPROVED: Final = {
    giving_up.ACTION: giving_up.approve,
    notice.ACTION: notice.approve,
    resetting.ACTION: resetting.approve,
    retention.EPOCH: retention.approve_epoch,
}


def waiting(work: Work) -> list[approvals.Proposal]:
    """Open proposals of the kinds that the officer may ask for or decide, oldest first: nobody else reads grounds."""
    workstation, officer = work.settings.workstation, work.vault.officer
    may = {
        decision
        for decision in Decision
        if any(roles.may(workstation, officer, half) for half in (decision.to_propose, decision.to_approve))
    }
    return [proposal for proposal in approvals.pending(work.vault) if proposal.action in may]


def approve(work: Work, number: ProposalNumber) -> list[str]:
    """Approve an open proposal, and do it; returns sentences about what was done.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, their roles do not allow it, or its ground is gone.
    """
    proposal = _find(work.vault, number)
    if proposal.action == refusal.ACTION:
        refusal.approve(work, number)
        return [Sentence("decision.refused", case=case_name(work.vault.desk, proposal.case))]
    if proposal.action == propose.ACTION:
        propose.approve(work, number)
        return [Sentence("decision.dossier", case=case_name(work.vault.desk, proposal.case))]
    if proposal.action == retention.DELETE:
        failed = retention.approve(work, number)
        return [Sentence("decision.deleted", case=case_name(work.vault.desk, proposal.case)), *failed]
    if proposal.action == holds.ACTION:
        holds.approve_lift(work, number)
        return [Sentence("decision.hold-lifted", case=case_name(work.vault.desk, proposal.case))]
    return _APPROVED[proposal.action](work, number)


def decline(work: Work, number: ProposalNumber) -> None:
    """Decline an open proposal: nothing follows; raises as `approve`."""
    action = _find(work.vault, number).action
    if action == refusal.ACTION:
        refusal.decline(work, number)
    elif action == propose.ACTION:
        propose.decline(work, number)
    elif action == resetting.ACTION:
        resetting.decline(work, number)
    elif action == giving_up.ACTION:
        giving_up.decline(work, number)
    elif action == holds.ACTION:
        holds.decline_lift(work, number)
    elif action == notice.ACTION:
        notice.decline(work, number)
    else:
        retention.decline(work, number)


def _find(vault: Vault, number: ProposalNumber) -> approvals.Proposal:
    found = next((one for one in approvals.pending(vault) if one.number == number), None)
    if found is None:
        raise NotFoundError("proposal.decided")
    return found
