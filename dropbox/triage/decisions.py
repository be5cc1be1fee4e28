"""What waits for a second officer, whatever it is about: one way to approve it, one to decline it.

Rule: the part that asked does what follows; this module only finds it.
"""

from typing import Final

from dropbox.errors import NotFoundError
from dropbox.settings.installation import Settings
from dropbox.triage.access import approvals, roles
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.casework import giving_up, refusal, resetting, retention
from dropbox.triage.referral import propose
from dropbox.triage.vault.vault import Vault

_KNOWN: Final = (
    *(refusal.ACTION, propose.ACTION, retention.DELETE, retention.EPOCH),
    *(resetting.ACTION, giving_up.ACTION),
)


def waiting(vault: Vault, settings: Settings) -> list[approvals.Proposal]:
    """Open proposals of the kinds that the officer may ask for or decide, oldest first: nobody else reads grounds."""
    may = {
        action
        for action in _KNOWN
        for half in ("propose", "approve")
        if roles.may(settings.workstation, vault.officer, f"{action}.{half}")
    }
    return [one for one in approvals.pending(vault) if one.action in may]


def approve(vault: Vault, settings: Settings, number: int, today: int) -> list[str]:
    """Approve an open proposal, and do it; returns sentences about what was done.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, their roles do not allow it, or its ground is gone.
    """
    proposal = _find(vault, number)
    if proposal.action == refusal.ACTION:
        refusal.approve(vault, settings, number, today)
        return [f"{case_name(vault.desk, proposal.case)} is refused; its reporter reads why with the next publication"]
    if proposal.action == propose.ACTION:
        propose.approve(vault, settings, number, today)
        return [f"the dossier of {case_name(vault.desk, proposal.case)} is approved; it can be sealed now"]
    if proposal.action == giving_up.ACTION:
        return giving_up.approve(vault, settings, number, today)
    if proposal.action == retention.DELETE:
        failed = retention.approve(vault, settings, number, today)
        return [f"the content of {case_name(vault.desk, proposal.case)} was deleted", *failed]
    if proposal.action == resetting.ACTION:
        return resetting.approve(vault, settings, number, today)
    return retention.approve_epoch(vault, settings, number, today)


def decline(vault: Vault, settings: Settings, number: int, today: int) -> None:
    """Decline an open proposal: nothing follows; raises as `approve`."""
    action = _find(vault, number).action
    if action == refusal.ACTION:
        refusal.decline(vault, settings, number, today)
    elif action == propose.ACTION:
        propose.decline(vault, settings, number, today)
    elif action == resetting.ACTION:
        resetting.decline(vault, settings, number, today)
    elif action == giving_up.ACTION:
        giving_up.decline(vault, settings, number, today)
    else:
        retention.decline(vault, settings, number, today)


def _find(vault: Vault, number: int) -> approvals.Proposal:
    found = next((one for one in approvals.pending(vault) if one.number == number and one.action in _KNOWN), None)
    if found is None:
        raise NotFoundError("this proposal was decided already, or does not exist")
    return found
