"""How a thread's timeline is shown: where it stands now, and line by line.

Rule: it shows what the desk published, and adds what each status means, never what may come of it.
"""

from dataclasses import dataclass

from dropbox.published.boards import Answer
from dropbox.web.base.messages import STATUS_LABELS, message
from dropbox.web.base.view import localized
from dropbox.web.thread.status_text import MEANINGS
from dropbox.wire.board import RECEIVED, STATUS, Entry
from dropbox.wire.statuses import QUESTION, SENT


@dataclass(frozen=True)
class Now:
    """Where a thread stands.

    Attributes:
        status: a code of wire.statuses; likewise label and meaning, its words.
        label: see status.
        meaning: see status.
        desk: who answers, where the reporter wrote to several; else empty.
        changed: localized date of the newest line, or empty.
        due: localized date of what was promised last, or empty.
        question: text of a question that waits for an answer, or empty.
        until: localized date until which it waits.
        is_late: whether that date is over.
    """

    status: str
    label: str
    meaning: str
    desk: str = ""
    changed: str = ""
    due: str = ""
    question: str = ""
    until: str = ""
    is_late: bool = False


def stored_only(desk: str = "") -> Now:
    """Where a thread stands that no desk has answered yet."""
    return _now(SENT, desk=desk)


def now(answer: Answer, today: int, desk: str = "") -> Now:
    """Where an answered thread stands.

    Args:
        answer: of one desk.
        today: day number.
        desk: its label, if it must be said.
    """
    status = status_of(answer.entries)
    told = [entry for entry in answer.entries if entry.kind != RECEIVED]
    promised = told[-1].next if told else 0
    asked, until = question(answer.entries)
    changed = max((entry.day for entry in answer.entries), default=0)
    return _now(
        status,
        desk=desk,
        changed=localized(changed) if changed else "",
        due=localized(promised) if promised and not asked else "",
        question=asked.text if asked else "",
        until=localized(until) if until else "",
        is_late=0 < until < today,
    )


def _now(status: str, **more: object) -> Now:
    label, meaning = STATUS_LABELS.get(status, status), MEANINGS.get(status, "")
    return Now(status, str(label), str(meaning), **more)  # type: ignore[arg-type]


def status_of(entries: list[Entry]) -> str:
    """The newest status."""
    return next((entry.status for entry in reversed(entries) if entry.kind == STATUS), SENT)


def question(entries: list[Entry]) -> tuple[Entry | None, int]:
    """The question that waits, if one does: with which the newest run of that status began; and until which day."""
    found, until = None, 0
    for entry in entries:
        if entry.kind == STATUS and entry.status != QUESTION:
            found, until = None, 0
        elif entry.kind == STATUS and found is None:
            found = entry
        if found is not None:
            until = entry.next or until
    return found, until


def lines(answer: Answer) -> list[dict[str, str | None]]:
    """The timeline from the sending on, oldest first, for the templates."""
    sent = min((entry.day for entry in answer.entries), default=answer.made)
    return [sent_line(localized(sent)), *map(_line, answer.entries)]


def sent_line(date: str) -> dict[str, str | None]:
    """The line with which every timeline begins; the date may be empty."""
    return {"date": date, "status": SENT, "label": str(STATUS_LABELS[SENT]), "text": "", "next": "", "received": ""}


def _line(entry: Entry) -> dict[str, str | None]:
    is_status, is_received = entry.kind == STATUS, bool(entry.texts or entry.files)
    return {
        "date": localized(entry.day),
        "status": entry.status if is_status else None,
        "label": str(STATUS_LABELS.get(entry.status, entry.status)) if is_status else "",
        "text": entry.text,
        "next": localized(entry.next) if entry.next else "",
        "received": message("received-entry", texts=entry.texts, files=entry.files) if is_received else "",
    }
