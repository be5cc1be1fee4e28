"""Records consent to pass a summary on: asked on the answer board, answered by the reporter, noted by an officer.

    yes      every reporter of the case said yes          no   one of them said no
    unknown  one of them was not asked, or has not answered

Rule: consent for one body is not consent for another. The question names the body; later messages name it only after a
yes, and SP4N-LAPOR!, which publishes, gets nothing without one.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.referral import group
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import Entry
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION

YES, NO, UNKNOWN = "yes", "no", ""
_PHRASE: Final = "ask-refer"
_BODY: Final = {"id": "Instansi: {body}.", "en": "Body: {body}."}


@dataclass(frozen=True)
class Consent:
    """A reporter's consent for one body: YES, NO or UNKNOWN, with the days of question and answer (0: none)."""

    case: CaseNumber
    target: str
    asked: Day
    answer: str
    answered: int


def ask(work: Work, case: Case, target: str) -> Entry:
    """Ask the case's reporters about a body; the case waits for their answer. Return the published entry.

    Raises:
        RefusedError: there is no such body, the case has ended, or the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    group.check_leads(case)
    name = body_name(work, case, target)
    if case.status in permission.ENDED:
        raise RefusedError("case.ended", case=case.name)
    language = casebook.language(work.vault, case)
    phrase = phrases.phrase_of(work.vault, _PHRASE)
    text = phrase.text_en if language == "en" else phrase.text_id
    draft = permission.Draft(QUESTION, f"{text}\n{_BODY[language].format(body=name)}")
    draft = phrases.filled(work, case, draft)
    entry = permission.decide(work, case, draft)
    with transaction(work.vault.db), recorded(work, Permission.REFER_PROPOSE, case.number):
        transitions.apply(work, case, entry)
        for member in group.cases(work.vault, case):
            _put(work.vault, member.number, target, work.today, UNKNOWN, None)
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="ask", target=target)
    return entry


def record(work: Work, case: Case, target: str, said: str) -> None:
    """Store what a case's reporter said about a body; the newest note counts.

    Raises:
        RefusedError: there is no such body or answer, or the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    body_name(work, case, target)
    if said not in (YES, NO):
        raise RefusedError("consent.answer")
    before = latest(work.vault, case.number, target)
    with transaction(work.vault.db):
        _put(work.vault, case.number, target, before.asked, said, work.today)
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="consent", target=target, said=said)


def latest(vault: Vault, case: CaseNumber, target: str) -> Consent:
    """Return what the reporter of one case said last about a body."""
    row = referrals.last_consent(vault.db, case, target)
    asked, answer, answered = row or (0, UNKNOWN, None)
    return Consent(case, target, Day(asked), answer, answered or 0)


def of_all(vault: Vault, case: Case, target: str) -> Consent:
    """Return the combined consent of all reporters of a case and of the cases merged into it; the last day counts."""
    said = [latest(vault, member.number, target) for member in group.cases(vault, case)]
    answers = {consent.answer for consent in said}
    answer = NO if NO in answers else YES if answers == {YES} else UNKNOWN
    answered = max(consent.answered for consent in said) if answer else 0
    return Consent(case.number, target, max(consent.asked for consent in said), answer, answered)


def may_be_named(vault: Vault, case: Case, target: str) -> bool:
    """Return whether the reporter may read the body's name: they said yes, and no other reporter reads that answer."""
    return len(group.cases(vault, case)) == 1 and of_all(vault, case, target).answer == YES


def body_name(work: Work, case: Case, target: str) -> str:
    """Return a body's name in the reporter's language; raises RefusedError if there is no such body."""
    names = work.settings.workstation.referral_targets.get(target)
    if names is None:
        raise RefusedError("referral.no-such-target")
    return names[casebook.language(work.vault, case)]


def _put(vault: Vault, case: CaseNumber, target: str, asked: int, answer: str, answered: int | None) -> None:
    said = referrals.Consent(asked, answer, answered)
    referrals.add_consent(vault.db, case, target, said, vault.officer.login)
