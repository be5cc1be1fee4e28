"""Two officers give up the reports that no key here opens (vault.anew): then the server may delete what was withheld.

Rule: what is decided is what was counted when it was proposed; if more has come since, it is proposed again.
"""

from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import approvals, holds, permission
from dropbox.triage.access.roles import Decision
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, ProposalNumber
from dropbox.triage.vault import anew
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

ACTION: Final = Decision.UNOPENED


def propose(work: Work) -> int:
    """Ask a second officer to give up what no key here opens; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, nothing is withheld, it is asked for already, or a legal hold
            is in force.
    """
    permission.permit(work, ACTION.to_propose)
    holds.check_all(work.vault)
    waiting, unopened = anew.withheld(work.vault)
    if not waiting:
        raise RefusedError("unopened.none")
    if any(one.action == ACTION for one in approvals.pending(work.vault)):
        raise RefusedError("proposal.waiting")
    with transaction(work.vault.db):
        return approvals.propose(work, ACTION, NO_CASE_NUMBER, {"withheld": waiting, "unopened": unopened})


def approve(work: Work, number: ProposalNumber) -> list[str]:
    """Let receipts go out for all that was withheld; returns what must be said about it.

    Raises:
        NotFoundError: there is no such open proposal.
        RefusedError: it is the officer's own, their roles do not allow it, more has come since, or a legal hold is in
            force.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        if proposal.action != ACTION:
            raise NotFoundError("unopened.other-proposal")
        holds.check_all(work.vault)
        waiting, unopened = anew.withheld(work.vault)
        if (waiting, unopened) != (proposal.details["withheld"], proposal.details["unopened"]):
            raise RefusedError("unopened.changed")
        anew.give_up(work.vault)
    return [Sentence("decision.given-up", count=unopened)]


def decline(work: Work, number: ProposalNumber) -> None:
    """Let them wait on; raises as `approve`."""
    with transaction(work.vault.db):
        if approvals.decide(work, number, approve=False).action != ACTION:
            raise NotFoundError("unopened.other-proposal")
