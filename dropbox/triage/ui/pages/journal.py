"""Shows the log: who did what, and whether its chain is whole.

Rule: reading it needs its own permission (`log.read`); it has no text of a report.
"""

from collections import deque

from flask import Flask
from werkzeug.wrappers import Response

from dropbox.crypto.words import fingerprint_words
from dropbox.errors import DamagedError
from dropbox.triage.access import permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui.view import page, sentence, vault, work

_SHOWN = 500


def _page() -> Response:
    permission.permit(work(), TASKS["log"].permission)
    fault = ""
    try:
        audit_log.verify(vault())
    except DamagedError as error:
        fault = sentence(error)
    lines = [
        (line, case_name(vault().desk, line.case) if line.case else "")
        for line in deque(audit_log.shown(vault()), _SHOWN)
    ]
    number, head = audit_log.head(vault())
    return page(
        "journal.html", here="journal", lines=reversed(lines), count=number, fault=fault, words=fingerprint_words(head)
    )


def register(app: Flask) -> None:
    """Add the route of the log's page."""
    app.add_url_rule("/kegiatan", "journal", _page)
