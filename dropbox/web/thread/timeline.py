"""Makes the lines of a thread's timeline, oldest first, for the templates.

Rule: it shows what the desk published, and adds nothing.
"""

from dropbox.published.boards import Answer
from dropbox.web.base.current import localized, with_weekday
from dropbox.web.base.labels import STATUS_LABELS
from dropbox.web.base.messages import message
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.statuses import SENT


def lines(answer: Answer) -> list[dict[str, str | None]]:
    """Return the lines of a timeline from the sending on, oldest first, for the templates."""
    sent = min((entry.day for entry in answer.entries), default=answer.made)
    return [sent_line(localized(sent)), *map(_line, answer.entries)]


def sent_line(date: str) -> dict[str, str | None]:
    """Return the first line of every timeline; the date may be empty."""
    return {"date": date, "status": SENT, "label": str(STATUS_LABELS[SENT]), "text": "", "next": "", "received": ""}


def _line(entry: Entry) -> dict[str, str | None]:
    is_status, is_received = entry.kind == STATUS, bool(entry.texts or entry.files)
    return {
        "date": localized(entry.day),
        "status": entry.status if is_status else None,
        "label": str(STATUS_LABELS.get(entry.status, entry.status)) if is_status else "",
        "text": entry.text,
        "next": with_weekday(entry.next) if entry.next else "",
        "received": _received(entry) if is_received else "",
    }


def _received(entry: Entry) -> str:
    kinds = {"texts": entry.texts, "files": entry.files}
    parts = {
        name: message(f"received-{name if count > 1 else name[:-1]}", count=count)
        for name, count in kinds.items()
        if count
    }
    what = message("received-both", **parts) if len(parts) > 1 else "".join(parts.values())
    return message("received-entry", what=what)
