"""Which answer a case may get, decided here alone: the command line and later pages ask the same function.

Rule: an answer is refused or complete; it never goes out half-true.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.settings import Settings
from dropbox.triage import casebook
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.statuses import RECEIVED, SENT, STATUSES

ARCHIVED: Final = "DIARSIPKAN"
REOPENED: Final = "VERIFIKASI"
ENDED: Final = ("SELESAI_TERBUKTI", "SELESAI_TIDAK", "DITOLAK", ARCHIVED)
TEXT_MAX: Final = 8000  # characters: about three pages; several fit into one timeline, then the oldest leave the board
_FAR_DAYS: Final = 366


@dataclass(frozen=True)
class Draft:
    """An answer as an officer wrote it; `next` is None for the default day."""

    status: str
    text: str
    next: int | None = None


def due_day(settings: Settings, status: str, start: int) -> int:
    """The day by which a case of that status is due, counted in working days; 0 for none."""
    days = settings.service_days.get(status)
    return day_of(settings.after_working_days(date_of(start), days)) if days else 0


def decide(settings: Settings, case: casebook.Case, draft: Draft, today: int) -> Entry:
    """The timeline's next entry, if the draft may become an answer.

    Args:
        settings: service days.
        case: as it stands.
        draft: the answer.
        today: day number.

    Raises:
        RefusedError: it may not; the sentence says why.
    """
    _check_status(case, draft.status)
    text = _checked_text(draft.text)
    due = _next_day(settings, draft, today)
    return Entry(day=today, kind=STATUS, status=draft.status, text=text, next=due)


def _check_status(case: casebook.Case, status: str) -> None:
    if status not in STATUSES:
        raise RefusedError(f"there is no such status; the codes are {', '.join(STATUSES[2:])}")
    if status in (SENT, RECEIVED):
        raise RefusedError(f"{status} is set by the system, never by hand")
    if case.status == ARCHIVED and status != REOPENED:
        raise RefusedError(f"{case.name} is archived: reopen it with --status {REOPENED} first")


def _checked_text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise RefusedError("an answer needs a text: the reporter must be able to understand it")
    if len(text) > TEXT_MAX:
        raise RefusedError(f"an answer has at most {TEXT_MAX} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise RefusedError("the text holds control characters: save it as plain UTF-8 text")
    return text


def _next_day(settings: Settings, draft: Draft, today: int) -> int:
    if draft.next is None:
        return due_day(settings, draft.status, today)
    if draft.status in ENDED:
        raise RefusedError("a case that has ended has no next date: leave --next out")
    if not today < draft.next <= today + _FAR_DAYS:
        raise RefusedError("the next date must lie after today and within a year")
    return draft.next


def answer(vault: Vault, settings: Settings, case: casebook.Case, draft: Draft, today: int) -> Entry:
    """Record an answer for the next publication; raises RefusedError and changes nothing if `decide` does."""
    entry = decide(settings, case, draft, today)
    with transaction(vault.db):
        vault.db.execute(
            "insert into events (case_number, day, kind, status, text, next) values (?, ?, ?, ?, ?, ?)",
            (case.number, entry.day, entry.kind, entry.status, entry.text, entry.next),
        )
        vault.db.execute(
            "update cases set status = ?, due = ? where number = ?", (entry.status, entry.next, case.number)
        )
    return entry
