"""Computes where a thread stands now: its newest status in plain words, its dates, a question that waits.

Rule: it shows what the desk published, and adds what each status means, never what may come of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from dropbox.published.boards import Answer
from dropbox.web.base.current import localized, with_weekday
from dropbox.web.base.labels import MEANINGS, STATUS_LABELS
from dropbox.web.thread.question import question
from dropbox.wire.board import RECEIVED, STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import SENT

ANSWERED: Final = "answered"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class CurrentStatus:
    """Where a thread stands.

    Attributes:
        status: a code of wire.statuses; likewise label and meaning, its words.
        label: see status.
        meaning: see status.
        desk: who answers, where the reporter wrote to several; else empty.
        changed: localized date of the newest line, or empty.
        due: date with its weekday, of what was promised last, or empty.
        question: text of a question that waits for an answer, or empty.
        until: date with its weekday until which it waits.
        is_late: whether that date is over.
        done: ANSWERED or WITHDRAWN if the reporter did so on this visit and it concerns what the desk says; else empty.
        was_asked: whether that took the place of a question.
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
    done: str = ""
    was_asked: bool = False


def without_answer(desk: str = "") -> CurrentStatus:
    """Return the status of a thread that no desk has answered yet."""
    return _worded(SENT, desk=desk)


def current_status(answer: Answer, today: Day, desk: str = "", did: Collection[str] = ()) -> CurrentStatus:
    """Return where an answered thread stands.

    Args:
        answer: of one desk.
        today: day number.
        desk: its label, if it must be said.
        did: what the reporter did on this visit: `answered-DESK`, `withdrawn-DESK`.
    """
    status = status_of(answer.entries)
    told = [entry for entry in answer.entries if entry.kind != RECEIVED]
    promised = told[-1].next if told else 0
    asked, until = question(answer.entries)
    done = WITHDRAWN if f"{WITHDRAWN}-{answer.desk}" in did else ""
    if asked and not done and f"{ANSWERED}-{answer.desk}" in did:
        done = ANSWERED
    changed = max((entry.day for entry in answer.entries), default=0)
    return _worded(
        status,
        desk=desk,
        changed=localized(changed) if changed else "",
        due=with_weekday(promised) if promised and not asked else "",
        question=asked.text if asked and not done else "",
        until=with_weekday(until) if until else "",
        is_late=0 < until < today,
        done=done,
        was_asked=bool(asked and done),
    )


def _worded(status: str, **more: object) -> CurrentStatus:
    label, meaning = STATUS_LABELS.get(status, status), MEANINGS.get(status, "")
    return CurrentStatus(status, str(label), str(meaning), **more)  # type: ignore[arg-type]


def status_of(entries: list[Entry]) -> str:
    """Return the code of the newest status."""
    return next((entry.status for entry in reversed(entries) if entry.kind == STATUS), SENT)
