"""Handles the statements of a case: writing one, a later version, a withdrawal.

Rule: each form is one action of casework.hearing; a refused form is shown again with all that was typed.
"""

import datetime
from typing import Final

from flask import Flask, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.hearing import statements
from dropbox.triage.ui import case_forms
from dropbox.triage.ui.case_forms import Act
from dropbox.triage.ui.pages.case import show
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import vault, whole, work
from dropbox.wire.calendar import day_of

_NAMES: Final = ("party", "answer", "name", "role", "unit")


def _typed(typed: MultiDict[str, str]) -> statements.Typed:
    try:
        given = day_of(datetime.date.fromisoformat(typed.get("given", "")))
    except ValueError:
        raise RefusedError("hearing.day") from None
    return statements.Typed(**{name: typed.get(name, "") for name in _NAMES}, given=given, text=typed.get("text", ""))


def _write(case: Case, typed: MultiDict[str, str]) -> str:
    first = typed.get("statement", "")
    if first:
        statements.revise(work(), case, _number(first), _typed(typed), typed.get("why", ""))
    else:
        statements.write(work(), case, _typed(typed))
    return _("Keterangan dicatat. Pelapor tidak melihatnya.")


def _withdraw(case: Case, typed: MultiDict[str, str]) -> str:
    statements.withdraw(work(), case, _number(typed.get("statement", "")), typed.get("why", ""))
    return _("Keterangan ditarik. Versinya tetap dapat dibaca.")


def _number(typed: str) -> int:
    number = whole(typed)
    if number is None:
        raise NotFoundError("hearing.none")
    return number


_ACTS: Final[dict[str, Act]] = {"keterangan": _write, "tarik-keterangan": _withdraw}


def _act(number: int, act: str) -> Response:
    case = case_forms.case_of(number)
    answer = case_forms.do(number, act, _ACTS, show, url_for("case", number=number, _anchor="keterangan"))
    # Whom the statement itself names has no page of the case any more.
    return answer if not permission.is_excluded(vault(), case.number) else _gone()


def _gone() -> Response:
    raise NotFoundError("case.not-found")


def register(app: Flask) -> None:
    """Add the routes of a case's statements."""
    for name in _ACTS:
        app.add_url_rule(f"/kasus/<int:number>/{name}", f"case-{name}", _act, defaults={"act": name}, methods=["POST"])
