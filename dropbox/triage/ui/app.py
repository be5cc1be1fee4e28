"""Puts the desk together.

Rule: an upload is a letter of a reporter, so it stays in memory.
"""

from pathlib import Path
from typing import Final

from flask import Flask, current_app, g

from dropbox.disk.visible import visible, visible_lines
from dropbox.limits import MIB
from dropbox.serving.pages import application
from dropbox.serving.pages.language import language, short_date
from dropbox.serving.pages.memory import MemoryRequest
from dropbox.triage.access.names import Names
from dropbox.triage.exchange import restored
from dropbox.triage.practice import people
from dropbox.triage.tasks import MENU
from dropbox.triage.ui import guard
from dropbox.triage.ui.files import routes as files
from dropbox.triage.ui.pages import (
    account,
    benchmark,
    book,
    care,
    case,
    claim,
    door,
    entering,
    exchange,
    inbox,
    journal,
    officers,
    oversight,
    phrases,
    policies,
    prevention,
    proposals,
    receivers,
    referral,
    registers,
    statistics,
    tracks,
)
from dropbox.triage.ui.pages.choosing import several
from dropbox.triage.ui.pages.followup import acts as followup_acts
from dropbox.triage.ui.pages.followup import due as followup_due
from dropbox.triage.ui.pages.learning import pages as learning
from dropbox.triage.ui.pages.outgoing import unpublished
from dropbox.triage.ui.pages.overview import page as overview
from dropbox.triage.ui.pages.records import holds as hold_pages
from dropbox.triage.ui.pages.records import statements as statement_pages
from dropbox.triage.ui.pages.safety import acts as safety
from dropbox.triage.ui.pages.upkeep import backups, renewal
from dropbox.triage.ui.session import Desk
from dropbox.triage.ui.view import EXTENSION, error_page, may, refusal

UPLOAD_MAX_BYTES: Final = 64 * MIB  # scans of one letter, held in memory


class _Request(MemoryRequest):
    """A request to the desk."""

    max_form_memory_size = UPLOAD_MAX_BYTES


def create_app(desk: Desk) -> Flask:
    """The WSGI application of a desk."""
    app = application.make("desk", "dropbox.triage.ui", Path(__file__).parent, _Request)
    app.config.update(MAX_CONTENT_LENGTH=UPLOAD_MAX_BYTES)
    app.jinja_env.filters.update(visible=visible, lines=visible_lines, short=short_date)
    app.extensions[EXTENSION] = desk
    guard.register(app)
    app.context_processor(_context)
    for part in (
        door,
        inbox,
        several,
        case,
        unpublished,
        files,
        tracks,
        hold_pages,
        statement_pages,
        safety,
        claim,
        proposals,
        entering,
        registers,
        exchange,
        phrases,
    ):
        part.register(app)
    for part in (
        book,
        overview,
        statistics,
        benchmark,
        prevention,
        policies,
        referral,
        receivers,
        officers,
        journal,
        oversight,
        care,
        renewal,
        backups,
        account,
        followup_acts,
        followup_due,
        learning,
    ):
        part.register(app)
    application.handle_errors(app, error_page, refusal, _is_locked_meanwhile)
    return app


def _context() -> dict[str, object]:
    from dropbox.triage.ui.view import desk  # noqa: PLC0415  a name of its own here

    here = desk()
    # Whoever was not let in, or has not the vault's turn, sees neither officer nor desk, and keeps nothing awake.
    vault = g.vault if g.get("turn") and g.get("vault") is not None and here.has(g.vault) else None
    return {
        "lang": language(),
        "office": here.settings.office[language()],
        "officer": vault.officer if vault else None,
        "desk_name": vault.desk if vault else "",
        "practice": people.is_practice(here.folder),
        "idle_minutes": here.settings.workstation.idle_minutes,
        "may": may,
        "endpoints": current_app.view_functions,
        "menu": [task for task in MENU if task.page in current_app.view_functions],
        "restored_day": restored.day(vault) if vault else 0,
        "letterhead": here.settings.workstation.letterhead,
        "printed_on": here.today(),
        "who": Names(vault.db, here.settings, language()).short if vault else str,
        "counts": {"proposals": len(proposals.to_decide(vault))} if vault else {},
    }


def _is_locked_meanwhile() -> bool:
    """Return whether the vault was locked during the request: an action that locking ended is not an error."""
    return g.get("vault") is not None and not current_app.extensions[EXTENSION].has(g.vault)
