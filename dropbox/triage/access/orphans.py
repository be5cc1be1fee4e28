"""Cases that no active officer of this desk may open: how many, and what can be done about them here.

Rule: a number and advice alone, for everybody who takes in, lists, publishes or looks after the vault: which cases they
are tells nobody who is kept out of them. Their reporters wait until somebody may open them.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import conflict, permission, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.tables import cases
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

HIGHEST_DESK: Final = "irjen"  # the desk of the Inspector General: no other of the inspectorate is above it
_NO_READER: Final = Sentence("case.nobody-no-role")
_ALL_OUT: Final = Sentence("case.nobody-excluded")
_ABOVE: Final = {
    "orphans": Sentence("case.nobody-head"),
    "orphans-highest": Sentence("case.nobody-irjen"),
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
    return [Sentence("case.nobody", count=found.count), *found.advice] if found.count else []


def code(vault: Vault) -> str:
    """Which words about such cases are true for this desk: `orphans`, or `orphans-highest`."""
    return "orphans-highest" if vault.desk == HIGHEST_DESK else "orphans"


def _orphans(work: Work) -> Orphans:
    number = count(work)
    return Orphans(number, tuple(_advice(work)) if number else ())


def _advice(work: Work) -> list[str]:
    said = [_ALL_OUT if _readers(work, Permission.CASE_READ) else _NO_READER]
    if len(_readers(work, Permission.CASE_SAFEGUARDING)) == 1:
        said.append(Sentence("case.one-safeguard"))
    return [
        *said,
        Sentence("case.nobody-add"),
        _ABOVE[code(work.vault)],
        Sentence("case.nobody-waits"),
    ]


def _readers(work: Work, action: Permission) -> list[str]:
    """Logins of the active officers whose roles have an act."""
    return [
        one.login for one in conflict.active_officers(work.vault) if roles.may(work.settings.workstation, one, action)
    ]
