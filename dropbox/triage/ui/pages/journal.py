"""Shows the log: who did what, and whether its chain is whole.

Rule: reading it needs its own permission (`log.read`); it has no text of a report.
"""

from collections import deque
from typing import Final, NamedTuple

from flask import Flask
from werkzeug.wrappers import Response

from dropbox.crypto.words import fingerprint_words
from dropbox.errors import DamagedError
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.access import permission
from dropbox.triage.cases import audit_log, log_words
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui.view import page, settings, vault, work

_SHOWN: Final = 500


class Shown(NamedTuple):
    """A line of the log as the page shows it: in the officer's language, in the desk's time zone."""

    line: audit_log.Line
    at: str
    action: str
    case: str
    details: list[tuple[str, str]]


def _page() -> Response:
    permission.permit(work(), TASKS["log"].permission)
    fault = ""
    try:
        audit_log.verify(vault())
    except DamagedError as error:
        fault = sentence(error)
    lines = [
        Shown(
            line,
            audit_log.local(line.at, settings().zone),
            log_words.action(line.action, language()),
            case_name(vault().desk, line.case) if line.case else "",
            [*log_words.details(line.action, line.details, settings().workstation, language())],
        )
        for line in deque(audit_log.shown(vault()), _SHOWN)
    ]
    number, head = audit_log.head(vault())
    return page(
        "journal.html", here="journal", lines=reversed(lines), count=number, fault=fault, words=fingerprint_words(head)
    )


def register(app: Flask) -> None:
    """Add the route of the log's page."""
    app.add_url_rule("/kegiatan", "journal", _page)
