"""What there is to do at the desk, by code, and who may do it: roles come from the settings, acts are fixed here.

Rule: an act that is not named here does not exist; a role that names another stops the start.
"""

from typing import Final

from dropbox.settings.workstation import Workstation
from dropbox.triage.vault.officer import Officer

ACTIONS: Final = (
    "exchange.import", "exchange.publish",
    "case.read", "case.classify", "case.note", "case.tag", "case.assign", "case.merge", "case.enter",
    "case.safeguarding",
    "file.preview", "file.export", "file.original",
    "answer.ask", "answer.verify", "answer.review", "answer.clarify", "answer.examine", "answer.refer", "answer.close",
    "answer.archive", "answer.message",
    "refuse.propose", "refuse.approve",
    "refer.propose", "refer.approve", "receiver.manage",
    "protection.manage", "measure.manage", "claim.check", "letter.clear",
    "identity.seal", "identity.open",
    "conflict.lift",
    "delete.propose", "delete.approve",
    "epoch.propose", "epoch.approve", "unopened.propose", "unopened.approve",
    "export-reset.propose", "export-reset.approve",
    "officer.manage", "phrase.edit", "log.read", "oversight.manage", "vault.care",
    "prevention.manage",
    "register.export", "statistics.read", "statistics.publish",
)  # fmt: skip


def may(workstation: Workstation, officer: Officer, action: str) -> bool:
    """Whether one of the officer's roles has the act."""
    if action not in ACTIONS:
        raise ValueError("there is no such act")
    return any(action in workstation.roles[role].actions for role in officer.roles if role in workstation.roles)
