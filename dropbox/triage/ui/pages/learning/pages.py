"""Shows the help of each page, and the first day of a new officer.

Rule: these pages change nothing and show nothing of a report.
"""

from typing import Final

from flask import Flask, current_app
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError
from dropbox.triage.practice import tour
from dropbox.triage.tasks import MENU
from dropbox.triage.ui.pages import case
from dropbox.triage.ui.pages.learning import help_texts
from dropbox.triage.ui.view import page, vault

_CASE: Final = "/kasus/<int:number>/"


def _help(name: str) -> Response:
    found = help_texts.pages().get(name)
    if found is None or name not in current_app.view_functions:
        raise NotFoundError("desk.no-act")
    titles = {task.page: task.title for task in MENU}
    acts = {code: one for code, one in help_texts.acts().items() if _is_here(code)} if name == "case" else {}
    return page("help.html", name=name, found=found, titles=titles, acts=acts, all_pages=help_texts.pages())


def _is_here(act: str) -> bool:
    """Return whether the page of a case has an act."""
    return act in case.ACTS or any(rule.rule.startswith(f"{_CASE}{act}") for rule in current_app.url_map.iter_rules())


def _first_day() -> Response:
    return page("first_day.html", steps=tour.steps(vault()))


def help_name(endpoint: str | None) -> str:
    """Return the name of the help of the page that an endpoint shows: its own, else that of the inbox."""
    return endpoint if endpoint is not None and endpoint in help_texts.pages() else "inbox"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/bantuan/<name>", "help", _help)
    app.add_url_rule("/hari-pertama", "first-day", _first_day)
    app.jinja_env.globals.update(help_name=help_name, page_help=help_texts.pages)
