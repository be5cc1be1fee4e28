"""What may be done to a case, by whom, decided here alone: the command line and the pages ask the same functions.

Rule: an act is refused with a sentence or done whole; an answer never goes out half-true. A case from which an officer
is kept out does not exist for them.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import QUESTION_DAYS_MIN
from dropbox.triage.access import roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.tables import exclusions
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.codes import Status
from dropbox.wire.board import MESSAGE, STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION, RECEIVED, SENT, STATUSES

ARCHIVED: Final = Status.DIARSIPKAN
REOPENED: Final = Status.VERIFIKASI
REFUSED: Final = Status.DITOLAK
REFERRED: Final = Status.DILIMPAHKAN
CLOSED: Final = (Status.SELESAI_TERBUKTI, Status.SELESAI_TIDAK, REFUSED)
ENDED: Final = (*CLOSED, ARCHIVED)
TEXT_MAX: Final = 8000  # characters: about three pages; several fit into one timeline, then the oldest leave the board
_FAR_DAYS: Final = 366
_QUESTION: Final = re.compile(r"\w\W{0,3}[?\u061f\uff1f][)\]\"'\u201d\u2019]*(?=\s|$)")  # also of Arabic, Chinese

# The act (access.roles) that a move to each status is. DITOLAK is not among them: casework.refusal alone leads there.
MOVES: Final = {
    Status.VERIFIKASI: Permission.ANSWER_VERIFY,
    QUESTION: Permission.ANSWER_ASK,
    Status.TELAAH: Permission.ANSWER_REVIEW,
    Status.KLARIFIKASI: Permission.ANSWER_CLARIFY,
    Status.PULBAKET: Permission.ANSWER_EXAMINE,
    Status.AUDIT: Permission.ANSWER_EXAMINE,
    REFERRED: Permission.ANSWER_REFER,
    Status.SELESAI_TERBUKTI: Permission.ANSWER_CLOSE,
    Status.SELESAI_TIDAK: Permission.ANSWER_CLOSE,
    ARCHIVED: Permission.ANSWER_ARCHIVE,
}


@dataclass(frozen=True)
class Draft:
    """An answer as an officer wrote it.

    Attributes:
        status: a code of wire.statuses; the case's own for a message without a move.
        text: what the reporter reads.
        next: day number, or None for the default day.
        target: of a referral: a code of workstation.referral_targets.
    """

    status: str
    text: str
    next: Day | None = None
    target: str = ""


def permit(work: Work, action: Permission, case: CaseNumber = NO_CASE_NUMBER) -> None:
    """Pass, if the vault's officer may do that (to the case of that number).

    Raises:
        RefusedError: none of their roles has the act.
        NotFoundError: they are kept out of the case, as if it were not there.
    """
    if case and is_excluded(work.vault, case):
        raise NotFoundError("case.not-found")
    if not roles.may(work.settings.workstation, work.vault.officer, action):
        raise RefusedError("permission.role", action=vocabulary.Named("permission", action))


def is_excluded(vault: Vault, case: CaseNumber) -> bool:
    """Whether the vault's officer is kept out of a case."""
    return exclusions.is_excluded(vault.db, case, vault.officer.login)


def decide(work: Work, case: casebook.Case, draft: Draft) -> Entry:
    """The timeline's next entry, if the draft may become an answer.

    Args:
        work: the vault, the settings and the day.
        case: as it stands.
        draft: the answer.

    Raises:
        RefusedError: it may not; the sentence says why.
        NotFoundError: the officer is kept out of the case.
    """
    check_status(case, draft.status)
    permit(work, Permission.ANSWER_MESSAGE if draft.status == case.status else MOVES[draft.status], case.number)
    text = checked_text(draft.text)
    if draft.status == QUESTION != case.status and not asks(text):
        raise RefusedError("answer.no-question")
    if draft.status == REFERRED and draft.target not in work.settings.workstation.referral_targets:
        raise RefusedError("answer.target")
    due = next_day(work, case, draft)
    if draft.status == case.status:
        return Entry(day=work.today, kind=MESSAGE, text=text, next=due)
    return Entry(day=work.today, kind=STATUS, status=draft.status, text=text, next=due)


def asks(text: str) -> bool:
    """Return whether a text has a sentence that is a question: a word, then a question mark at a sentence's end."""
    return bool(_QUESTION.search(text))


def check_status(case: casebook.Case, status: str) -> None:
    """Pass, if a case as it stands may be given that status; raises RefusedError."""
    if case.merged_into:
        raise RefusedError("answer.merged")
    if status == case.status and status != ARCHIVED:
        return
    if status not in STATUSES:
        raise RefusedError("answer.status", codes=", ".join(STATUSES[2:]))
    if status in (SENT, RECEIVED):
        raise RefusedError("answer.system-status", status=vocabulary.Named("status", status))
    if status == REFUSED:
        raise RefusedError("answer.refusal")
    if case.status == ARCHIVED and status != REOPENED:
        raise RefusedError("answer.archived", case=case.name, status=vocabulary.Named("status", REOPENED))
    if status == ARCHIVED and case.status not in CLOSED:
        raise RefusedError("answer.archive-open")


def checked_text(text: str) -> str:
    """A text for a reporter, with plain line ends; raises RefusedError."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise RefusedError("answer.no-text")
    if len(text) > TEXT_MAX:
        raise RefusedError("answer.length", most=TEXT_MAX)
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise RefusedError("text.control-characters-file")
    return text


def next_day(work: Work, case: casebook.Case, draft: Draft) -> Day:
    """The date that the reporter is told, 0 for none; raises RefusedError when it may not be."""
    if draft.next is None:
        if draft.status == case.status:
            return Day(casebook.promised(work.vault, case))
        if (
            case.status == QUESTION
            and draft.status == case.paused_status
            and draft.status in work.settings.service_days
        ):
            return deadlines.resumed_due(work.settings, work.today, case.paused_left or 0)
        due = deadlines.due_day(work.settings, draft.status, work.today)
        return Day(max(due, work.today + QUESTION_DAYS_MIN) if draft.status == QUESTION else due)
    if draft.status in ENDED:
        raise RefusedError("answer.next-after-end")
    if not work.today < draft.next <= work.today + _FAR_DAYS:
        raise RefusedError("answer.next-range")
    if draft.status == QUESTION and draft.next < work.today + QUESTION_DAYS_MIN:
        raise RefusedError("answer.question-days", least=QUESTION_DAYS_MIN)
    return draft.next
