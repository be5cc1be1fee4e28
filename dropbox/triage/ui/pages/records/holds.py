"""Handles the legal holds of a case: placing one, and proposing to lift one.

Rule: a hold is lifted on the page of proposals, by a second officer.
"""

from typing import Final

from flask import Flask, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError
from dropbox.triage.access import holds
from dropbox.triage.cases.casebook import Case
from dropbox.triage.ui import case_forms
from dropbox.triage.ui.case_forms import Act
from dropbox.triage.ui.pages.case import show
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import whole, work


def _place(case: Case, typed: MultiDict[str, str]) -> str:
    holds.place(work(), case, typed.get("reason", ""), typed.get("reference", ""))
    return _("Kasus ini ditahan dari penghapusan.")


def _lift(case: Case, typed: MultiDict[str, str]) -> str:
    number = whole(typed.get("hold", ""))
    if number is None:
        raise NotFoundError("hold.none")
    holds.propose_lift(work(), case, number)
    return _("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan.")


_ACTS: Final[dict[str, Act]] = {"tahan": _place, "usul-lepas-tahan": _lift}


def _act(number: int, act: str) -> Response:
    return case_forms.do(number, act, _ACTS, show, url_for("case", number=number, _anchor="tahan"))


def register(app: Flask) -> None:
    """Add the routes of a case's holds."""
    for name in _ACTS:
        app.add_url_rule(f"/kasus/<int:number>/{name}", f"case-{name}", _act, defaults={"act": name}, methods=["POST"])
