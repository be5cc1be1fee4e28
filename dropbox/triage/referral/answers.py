"""Takes a receiver's answer about a dossier into its case, and publishes its result to the reporters.

    number, question, remark   only for officers
    result                     a phrase for the reporters

Rule: an answer without the receiver's valid signature changes nothing; the same answer is stored once, two different
ones are both stored. A question never reaches a reporter by itself: an officer asks it in their own words.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.receiver_keys import open_answer
from dropbox.crypto.receivers import verify_answer
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.referral import group, receivers
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import FOUND, NOT_FOUND, RECEIVED, RETURNED, WORKING, parse_sealed_answer

_PHRASES: Final = {
    RECEIVED: "refer-received",
    WORKING: "refer-working",
    FOUND: "refer-over",
    NOT_FOUND: "refer-over",
    RETURNED: "refer-returned",
}


@dataclass(frozen=True)
class Taken:
    """An answer of a receiver.

    Attributes:
        number: running number.
        referral: number of its dossier.
        day: on which it was signed.
        taken: day on which it was taken in.
        reference: the receiver's own number.
        result: a code of wire.dossier.RESULTS, or empty.
        question: for the inspectorate, or empty.
        remark: further text, or empty.
    """

    number: int
    referral: int
    day: Day
    taken: int
    reference: str
    result: str
    question: str
    remark: str


def take(work: Work, untrusted: bytes) -> tuple[Case, bool]:
    """Take in an answer's file; return (case, whether the answer is new).

    Raises:
        MalformedError: not an answer.
        NotFoundError: it is not about a dossier of this desk, or the officer is excluded from its case.
        DamagedError: altered, or made for another dossier.
        UntrustedError: the receiver did not sign it, or the answer is of a future day.
        RefusedError: the receiver is retired, or the officer's roles do not allow it.
    """
    permission.permit(work, Permission.REFER_PROPOSE)
    dossier = parse_sealed_answer(untrusted).dossier
    found = referrals.of_dossier(work.vault.db, dossier)
    if found is None or not found.receiver:
        raise NotFoundError("referral.answer-unknown")
    referral, case_number = found.number, found.case
    permission.permit(work, Permission.REFER_PROPOSE, case_number)
    receiver = receivers.receiver_of(work.vault, found.receiver)
    if receiver.retired:
        raise RefusedError("receiver.answer-retired")
    signed = open_answer(untrusted, EpochSecretKey(referrals.reply_seed(work.vault.db, referral)))
    answer = verify_answer(signed, receiver.card, work.vault.instance, dossier, work.today)
    case = casebook.case_of(work.vault, case_number)
    with transaction(work.vault.db):
        kept = referrals.Answer(
            referral,
            answer.day,
            work.today,
            answer.number,
            answer.result,
            answer.question,
            answer.remark,
        )
        if not referrals.add_answer(work.vault.db, kept, hashlib.sha256(signed).digest(), signed):
            return case, False
        if answer.result:  # who takes the message back keeps the answer
            with recorded(work, Permission.REFER_PROPOSE, case_number):
                _tell(work.vault, case, _PHRASES[answer.result], work.today)
        audit_log.write(
            work.vault, Permission.REFER_PROPOSE, case_number, did="answer", referral=referral, result=answer.result
        )
    return case, True


def of_referral(vault: Vault, referral: int) -> list[Taken]:
    """Return the answers about a dossier, in the order in which they were taken in."""
    return [Taken(number, *answer) for number, answer in referrals.answers(vault.db, referral)]


def _tell(vault: Vault, case: Case, phrase: str, today: Day) -> None:
    text = phrases.text_of(vault, phrase, casebook.language(vault, case))
    due = casebook.promised(vault, case)
    for member in group.cases(vault, case):
        transitions.tell(vault, member.number, Entry(day=today, kind=MESSAGE, text=text, next=due))
