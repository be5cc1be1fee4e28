"""What there is to do at the desk, by code, and who may do it: roles come from the settings, acts are fixed here.

Rule: an act that is not named here does not exist; a role that names another stops the start.
"""

from enum import StrEnum, unique
from typing import Final

from dropbox.settings.workstation import Workstation
from dropbox.triage.vault.officer import Officer


@unique
class Permission(StrEnum):
    """What a role allows, as the settings name it (`<area>.<verb>`); their order is that of the table on the page."""

    EXCHANGE_IMPORT = "exchange.import"
    EXCHANGE_PUBLISH = "exchange.publish"
    CASE_READ = "case.read"
    CASE_CLASSIFY = "case.classify"
    CASE_NOTE = "case.note"
    CASE_TAG = "case.tag"
    CASE_ASSIGN = "case.assign"
    DISPOSITION_FINISH = "disposition.finish"
    FOLLOWUP_RECORD = "followup.record"
    CASE_MERGE = "case.merge"
    CASE_ENTER = "case.enter"
    CASE_SAFEGUARDING = "case.safeguarding"
    RISK_DECIDE = "risk.decide"
    FILE_PREVIEW = "file.preview"
    FILE_EXPORT = "file.export"
    FILE_ORIGINAL = "file.original"
    ANSWER_ASK = "answer.ask"
    ANSWER_VERIFY = "answer.verify"
    ANSWER_REVIEW = "answer.review"
    ANSWER_CLARIFY = "answer.clarify"
    ANSWER_EXAMINE = "answer.examine"
    ANSWER_REFER = "answer.refer"
    ANSWER_CLOSE = "answer.close"
    ANSWER_ARCHIVE = "answer.archive"
    ANSWER_MESSAGE = "answer.message"
    REFUSE_PROPOSE = "refuse.propose"
    REFUSE_APPROVE = "refuse.approve"
    REFER_PROPOSE = "refer.propose"
    REFER_APPROVE = "refer.approve"
    RECEIVER_MANAGE = "receiver.manage"
    PROTECTION_MANAGE = "protection.manage"
    MEASURE_MANAGE = "measure.manage"
    STATEMENT_WRITE = "statement.write"
    CLAIM_CHECK = "claim.check"
    LETTER_CLEAR = "letter.clear"
    IDENTITY_SEAL = "identity.seal"
    IDENTITY_OPEN = "identity.open"
    NOTICE_PROPOSE = "notice.propose"
    NOTICE_APPROVE = "notice.approve"
    CONFLICT_LIFT = "conflict.lift"
    DELETE_PROPOSE = "delete.propose"
    DELETE_APPROVE = "delete.approve"
    HOLD_PLACE = "hold.place"
    HOLD_LIFT_PROPOSE = "hold-lift.propose"
    HOLD_LIFT_APPROVE = "hold-lift.approve"
    EPOCH_PROPOSE = "epoch.propose"
    EPOCH_APPROVE = "epoch.approve"
    UNOPENED_PROPOSE = "unopened.propose"
    UNOPENED_APPROVE = "unopened.approve"
    EXPORT_RESET_PROPOSE = "export-reset.propose"
    EXPORT_RESET_APPROVE = "export-reset.approve"
    OFFICER_MANAGE = "officer.manage"
    PHRASE_EDIT = "phrase.edit"
    LOG_READ = "log.read"
    OVERSIGHT_MANAGE = "oversight.manage"
    VAULT_CARE = "vault.care"
    PREVENTION_MANAGE = "prevention.manage"
    REGISTER_EXPORT = "register.export"
    OVERVIEW_READ = "overview.read"
    STATISTICS_READ = "statistics.read"
    STATISTICS_PUBLISH = "statistics.publish"


ACTIONS: Final = tuple(Permission)


@unique
class Decision(StrEnum):
    """What one officer proposes and a second one decides: the first half of two permissions."""

    REFUSAL = "refuse"
    REFERRAL = "refer"
    DELETION = "delete"
    HOLD_LIFT = "hold-lift"
    EPOCH = "epoch"
    UNOPENED = "unopened"
    EXPORT_RESET = "export-reset"
    NOTICE = "notice"

    @property
    def to_propose(self) -> Permission:
        """The permission to ask for it."""
        return Permission(f"{self}.propose")

    @property
    def to_approve(self) -> Permission:
        """The permission to decide, to approve as well as to decline."""
        return Permission(f"{self}.approve")


def may(workstation: Workstation, officer: Officer, permission: Permission) -> bool:
    """Return whether one of the officer's roles has the permission; raises ValueError for one that does not exist."""
    if permission not in ACTIONS:  # a caller that is not type-checked: a template, a test
        raise ValueError("there is no such act")
    return any(permission in workstation.roles[role].actions for role in officer.roles if role in workstation.roles)
