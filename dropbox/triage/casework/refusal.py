"""Refusals: proposed by one officer for a reason of the list, decided by a second one, told to the reporter plainly.

Rule: DITOLAK is set here alone, and a refusal whose reason no longer holds when it is decided does not go through.
"""

import re
from dataclasses import asdict, dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import approvals, permission
from dropbox.triage.access.roles import Decision, Permission
from dropbox.triage.cases import audit_log, casebook, reasons
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import due, phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.tables import cases
from dropbox.triage.tables.numbers import ProposalNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Category
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day

ACTION: Final = Decision.REFUSAL
SERVICE_CATEGORY: Final = Category.PELAYANAN
_REFERENCE: Final = re.compile(r"(?=.*\d)[\w ./-]{3,64}")
_TEXT_MAX: Final = 2000


@dataclass(frozen=True)
class Refusal:
    """What is proposed.

    Attributes:
        reason: a code of reasons.REASONS.
        reference: number of the court's case, for `court`; nobody but officers reads it.
        target: a code of workstation.referral_targets, for `authority`.
        grounds: why, for the second officer alone.
        batch: the same number for all that were proposed together (casework.choosing), else empty.
    """

    reason: str
    reference: str = ""
    target: str = ""
    grounds: str = ""
    batch: str = ""


def propose(work: Work, case: Case, refusal: Refusal) -> int:
    """Ask a second officer to refuse a case; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, the reason is none or lacks what it needs, or the case is
            not one that can be refused.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, ACTION.to_propose, case.number)
    _check(work.settings, case, refusal, work.today)
    with transaction(work.vault.db):
        return approvals.propose(work, ACTION, case.number, asdict(refusal))


def approve(work: Work, number: ProposalNumber) -> Entry:
    """Refuse the case of a proposal; returns what its reporter reads.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, their roles do not allow it, or its reason no longer holds.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        _check_kind(proposal)
        case, refusal = casebook.case_of(work.vault, proposal.case), Refusal(**proposal.details)
        return put(work, case, refusal)


def put(work: Work, case: Case, refusal: Refusal) -> Entry:
    """Refuse a case that two officers decided on; inside their transaction, or in a rehearsal of it.

    Raises:
        RefusedError: the reason is none or lacks what it needs, or the case is not one that can be refused.
    """
    _check(work.settings, case, refusal, work.today)
    language = casebook.language(work.vault, case)
    names = work.settings.workstation.referral_targets.get(refusal.target, {})
    text = reasons.told(refusal.reason, language, names.get(language, ""))
    entry = Entry(day=work.today, kind=STATUS, status=permission.REFUSED, text=text)
    with recorded(work, ACTION.to_approve, case.number):
        transitions.apply(work, case, entry, reason=refusal.reason, reference=refusal.reference or refusal.target)
    return entry


def decline(work: Work, number: ProposalNumber) -> None:
    """Leave the case as it is; raises as `approve`."""
    with transaction(work.vault.db):
        _check_kind(approvals.decide(work, number, approve=False))


def to_service(work: Work, case: Case) -> None:
    """Go on with a case that is no matter of oversight as one about services, and tell its reporter; its status stays.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case has ended.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_CLASSIFY, case.number)
    permission.permit(work, Permission.ANSWER_MESSAGE, case.number)
    _check_live(case)
    text = phrases.text_of(work.vault, "service", casebook.language(work.vault, case))
    with transaction(work.vault.db), recorded(work, Permission.ANSWER_MESSAGE, case.number):
        promised = casebook.promised(work.vault, case)
        entry = Entry(day=work.today, kind=STATUS, status=case.status, text=text, next=promised)
        transitions.apply(work, case, entry)
        cases.change(work.vault.db, case.number, category=SERVICE_CATEGORY)
        audit_log.write(work.vault, "case.classify", case.number, category=SERVICE_CATEGORY)


def _check_kind(proposal: approvals.Proposal) -> None:
    if proposal.action != ACTION:
        raise NotFoundError("refusal.other-proposal")


def _check_live(case: Case) -> None:
    if case.merged_into:
        raise RefusedError("refusal.merged")
    if case.status in permission.ENDED:
        raise RefusedError("case.ended", case=case.name)


def _check(settings: Settings, case: Case, refusal: Refusal, today: Day) -> None:
    _check_live(case)
    if reasons.speaks_of_anonymity(refusal.grounds):
        raise RefusedError("refusal.anonymous")
    reason = reasons.REASONS.get(refusal.reason)
    if reason is None:
        raise RefusedError("refusal.no-such-reason", codes=", ".join(reasons.REASONS))
    if reason.leads == reasons.SERVICE:
        raise RefusedError("refusal.service")
    if reason.leads == reasons.MERGE:
        raise RefusedError("refusal.duplicate")
    _check_needs(settings, reason.needs, case, refusal, today)
    if len(refusal.grounds) > _TEXT_MAX:
        raise RefusedError("text.grounds-length", most=_TEXT_MAX)


def _check_needs(settings: Settings, needs: str, case: Case, refusal: Refusal, today: Day) -> None:
    if needs == reasons.REFERENCE and not _REFERENCE.fullmatch(refusal.reference.strip()):
        raise RefusedError("refusal.court-number")
    if needs == reasons.TARGET and refusal.target not in settings.workstation.referral_targets:
        raise RefusedError("refusal.target", codes=", ".join(settings.workstation.referral_targets))
    if needs == reasons.EXPIRED and not due.is_expired(case, today):
        raise RefusedError("refusal.ask-first")
