"""Tells a reporter before their sealed identity is opened, or records why not (EU 2019/1937, Art. 16(3)).

    told      a text with the reason on the reporter's own timeline, which a return has published
    waived    one officer proposes not to tell, for a reason of the list, and a second one approves

Rule: access.identity opens nothing without one of the two. Who cannot read answers is not told: that is a reason.
"""

from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import approvals, identity, permission
from dropbox.triage.access.roles import Decision, Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.tables import identities
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.tables.safety import notices
from dropbox.triage.tables.safety.notices import Notice
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day

ACTION: Final = Decision.NOTICE
WHY: Final = vocabulary.table("identity_unannounced")
_PHRASE: Final = "identity-notice"
_REASON: Final = {"id": "Alasan: {reason}.", "en": "Reason: {reason}."}


def text(work: Work, number: int, reason: str) -> str:
    """Return the notice of an identity as its reporter would read it, in their language.

    Raises:
        NotFoundError: there is no such identity (for this officer).
        RefusedError: the officer's roles do not allow it, or there is no such reason.
    """
    case = casebook.case_of(work.vault, _case_of(work, number))
    if reason not in identity.REASONS:
        raise RefusedError("identity.reason", codes=", ".join(identity.REASONS))
    language = casebook.language(work.vault, case)
    days = work.settings.workstation.identity_notice.days
    told = phrases.text_of(work.vault, _PHRASE, language, Day(work.today + days))
    return f"{told}\n{_REASON[language].format(reason=identity.REASONS[reason][language])}"


def give(work: Work, number: int, reason: str, words: str) -> None:
    """Put the notice on the timeline of the identity's reporter alone.

    Args:
        work: the vault, the settings and the day.
        number: of the identity.
        reason: a code of identity.REASONS.
        words: what the reporter reads.

    Raises:
        NotFoundError: there is no such identity (for this officer).
        RefusedError: the officer's roles do not allow it, there is no such reason, the text is empty or too long, or
            the reporter cannot read answers.
    """
    case = casebook.case_of(work.vault, _case_of(work, number))
    if reason not in identity.REASONS:
        raise RefusedError("identity.reason", codes=", ".join(identity.REASONS))
    if not case.proven:
        raise RefusedError("notice.unreachable")
    checked = permission.checked_text(words)
    with transaction(work.vault.db), recorded(work, Permission.IDENTITY_OPEN, case.number):
        entry = Entry(day=work.today, kind=MESSAGE, text=checked, next=casebook.promised(work.vault, case))
        event = transitions.tell(work.vault, case.number, entry)
        notices.add(work.vault.db, case.number, Notice(0, number, reason, "", work.today, Day(0)), event)
        audit_log.write(work.vault, "identity.notice", case.number, identity=number, reason=reason)


def propose(work: Work, number: int, reason: str, why: str) -> ProposalNumber:
    """Ask a second officer to open an identity without a notice; returns the proposal's number.

    Raises:
        NotFoundError: there is no such identity (for this officer).
        RefusedError: the officer's roles do not allow it, there is no such reason, or the same is asked for already.
    """
    case = _case_of(work, number)
    if reason not in identity.REASONS:
        raise RefusedError("identity.reason", codes=", ".join(identity.REASONS))
    if why not in WHY:
        raise RefusedError("notice.why", codes=", ".join(WHY))
    with transaction(work.vault.db):
        return approvals.propose(work, ACTION, case, {"identity": number, "reason": reason, "why": why})


def approve(work: Work, number: ProposalNumber) -> list[str]:
    """Decide as the second officer that the reporter is not told; returns nothing to be said.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, or their roles do not allow it.
    """
    with transaction(work.vault.db):
        decided = approvals.decide(work, number, approve=True)
        _check(decided)
        told = decided.details
        notice = Notice(0, told["identity"], told["reason"], told["why"], work.today, work.today)
        notices.add(work.vault.db, decided.case, notice, 0)
        audit_log.write(
            work.vault,
            "identity.notice",
            decided.case,
            identity=notice.identity,
            reason=notice.reason,
            why=notice.why,
            first=decided.proposer,
            second=work.vault.officer.login,
        )
    return []


def decline(work: Work, number: ProposalNumber) -> None:
    """Decide that the reporter is told first; raises as `approve`."""
    with transaction(work.vault.db):
        _check(approvals.decide(work, number, approve=False))


def _check(proposal: approvals.Proposal) -> None:
    if proposal.action != ACTION:
        raise NotFoundError("proposal.decided")


def _case_of(work: Work, number: int) -> CaseNumber:
    """Return the case of an identity that the officer may open with another; raises NotFoundError, RefusedError."""
    found = identities.sealed(work.vault.db, number)
    if found is None:
        raise NotFoundError("identity.not-found")
    permission.permit(work, Permission.IDENTITY_OPEN, found[0])
    return found[0]
