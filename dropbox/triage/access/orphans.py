"""Cases that no active officer of this desk may open: how many, and what can be done about them here.

Rule: a number and advice alone, for everybody who takes in, lists, publishes or looks after the vault: which cases they
are tells nobody who is kept out of them. Their reporters wait until somebody may open them.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.triage.access import conflict, permission, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.tables import cases
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

HIGHEST_DESK: Final = "irjen"  # the desk of the Inspector General: no other of the inspectorate is above it
_NO_READER: Final = "No active officer has a role that may read cases: give somebody such a role."
_ALL_OUT: Final = "Whoever may read cases is named in it, is of the unit complained of, or lacks the act for it."
_ABOVE: Final = {
    "orphans": "If this desk's head is named, tell the Inspector General's desk or KPK that there is such a case.",
    "orphans-highest": "No desk is above this one: if the Inspector General is named, tell the Minister or KPK.",
}


@dataclass(frozen=True)
class Orphans:
    """Cases that nobody of this desk may open, as a number, and sentences that say what to do."""

    count: int
    advice: tuple[str, ...] = ()


def count(work: Work) -> int:
    """How many cases nobody may open: named in them, of their unit, without the act, or nobody reads cases at all."""
    return cases.count_kept_from(work.vault.db, _readers(work, Permission.CASE_READ))


def find(work: Work) -> Orphans:
    """Number and advice, for whoever may lift exclusions; raises RefusedError."""
    permission.permit(work, Permission.CONFLICT_LIFT)
    return _orphans(work)


def lines(work: Work) -> list[str]:
    """What a command says about such cases to whoever uses it; nothing when there are none."""
    found = _orphans(work)
    return [f"WARNING: {found.count} cases may be opened by nobody here", *found.advice] if found.count else []


def code(vault: Vault) -> str:
    """Which words about such cases are true for this desk: `orphans`, or `orphans-highest`."""
    return "orphans-highest" if vault.desk == HIGHEST_DESK else "orphans"


def _orphans(work: Work) -> Orphans:
    number = count(work)
    return Orphans(number, tuple(_advice(work)) if number else ())


def _advice(work: Work) -> list[str]:
    said = [_ALL_OUT if _readers(work, Permission.CASE_READ) else _NO_READER]
    if len(_readers(work, Permission.CASE_SAFEGUARDING)) == 1:
        said.append("Only one officer may open cases about sexual violence or a child: give a second one such a role.")
    return [
        *said,
        "Let in an officer from outside that unit: the new officer can open it, and may lift an exclusion.",
        _ABOVE[code(work.vault)],
        "Its reporter gets no answer until somebody opens it.",
    ]


def _readers(work: Work, action: Permission) -> list[str]:
    """Logins of the active officers whose roles have an act."""
    return [
        one.login for one in conflict.active_officers(work.vault) if roles.may(work.settings.workstation, one, action)
    ]
