"""Two officers may forget which export was the newest: after a restored server or a wrong clock, none would be newer.

Rule: nothing is destroyed or believed by it; the next export that the server signed is taken for the newest.
"""

from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import approvals, permission
from dropbox.triage.vault import known_exports
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault

ACTION: Final = "export-reset"


def propose(vault: Vault, settings: Settings, today: int) -> int:
    """Ask a second officer to forget the newest export; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, no export is remembered, or it is asked for already.
    """
    permission.permit(vault, settings, f"{ACTION}.propose")
    known = known_exports.remembered(vault)
    if not known.day:
        raise RefusedError("no export is remembered: there is nothing to forget")
    if any(one.action == ACTION for one in approvals.pending(vault)):
        raise RefusedError("this has been proposed already and waits for a second officer")
    with transaction(vault.db):
        return approvals.propose(vault, settings, ACTION, 0, {"export": known.number, "of": known.day}, today)


def approve(vault: Vault, settings: Settings, number: int, today: int) -> list[str]:
    """Forget the export of a proposal; returns what was done.

    Raises:
        NotFoundError: there is no such open proposal.
        RefusedError: it is the officer's own, their roles do not allow it, or a newer export was believed meanwhile.
    """
    with transaction(vault.db):
        proposal = approvals.decide(vault, settings, number, today, approve=True)
        _check_action(proposal)
        known = known_exports.remembered(vault)
        if (proposal.details["export"], proposal.details["of"]) != (known.number, known.day):
            raise RefusedError("a newer export was taken in meanwhile: this need not be forgotten any more")
        known_exports.forget(vault)
    return ["which export was the newest is forgotten: the next one that the server signed counts"]


def decline(vault: Vault, settings: Settings, number: int, today: int) -> None:
    """Keep it; raises as `approve`."""
    with transaction(vault.db):
        _check_action(approvals.decide(vault, settings, number, today, approve=False))


def _check_action(proposal: approvals.Proposal) -> None:
    if proposal.action != ACTION:
        raise NotFoundError("this proposal is not about the newest export")
