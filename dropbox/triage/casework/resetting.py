"""Two officers may forget which export was the newest: after a restored server or a wrong clock, none would be newer.

Rule: nothing is destroyed or believed by it; the next export that the server signed is taken for the newest.
"""

from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import approvals, permission
from dropbox.triage.access.roles import Decision
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, ProposalNumber
from dropbox.triage.vault import known_exports
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

ACTION: Final = Decision.EXPORT_RESET


def propose(work: Work) -> int:
    """Ask a second officer to forget the newest export; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, no export is remembered, or it is asked for already.
    """
    permission.permit(work, ACTION.to_propose)
    known = known_exports.remembered(work.vault)
    if not known.day:
        raise RefusedError("reset.none")
    if any(one.action == ACTION for one in approvals.pending(work.vault)):
        raise RefusedError("proposal.waiting")
    with transaction(work.vault.db):
        return approvals.propose(work, ACTION, NO_CASE_NUMBER, {"export": known.number, "of": known.day})


def approve(work: Work, number: ProposalNumber) -> list[str]:
    """Forget the export of a proposal; returns what was done.

    Raises:
        NotFoundError: there is no such open proposal.
        RefusedError: it is the officer's own, their roles do not allow it, or a newer export was believed meanwhile.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        _check_action(proposal)
        known = known_exports.remembered(work.vault)
        if (proposal.details["export"], proposal.details["of"]) != (known.number, known.day):
            raise RefusedError("reset.not-needed")
        known_exports.forget(work.vault)
    return [Sentence("decision.export-forgotten")]


def decline(work: Work, number: ProposalNumber) -> None:
    """Keep it; raises as `approve`."""
    with transaction(work.vault.db):
        _check_action(approvals.decide(work, number, approve=False))


def _check_action(proposal: approvals.Proposal) -> None:
    if proposal.action != ACTION:
        raise NotFoundError("reset.other-proposal")
