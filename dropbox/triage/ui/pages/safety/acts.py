"""Handles the acts about the safety of reporters: risk, the question after closing, the notice before an opening.

Rule: what a reporter will read is on the page before it is saved.
"""

from typing import Final

from flask import Flask, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.serving.pages.language import sentence
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.safety import follow_up, notice, risk
from dropbox.triage.casework.safety.rules import ABOUT, Estimate
from dropbox.triage.ui import case_forms, choices
from dropbox.triage.ui.case_forms import Act
from dropbox.triage.ui.pages.case import show
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.pages.tracks import identity_case, identity_form
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import page, whole, work
from dropbox.wire.calendar import Day

_COMING_DAYS: Final = 92


def _decide(case: Case, typed: MultiDict[str, str]) -> str:
    number = whole(typed.get("about", ""))
    about = next((one.case for one in risk.of_case(work(), case) if one.case.number == number), None)
    if about is None:
        raise NotFoundError("case.not-found")
    chosen = {
        one: Estimate(whole(typed.get(f"{one}-likelihood", "")) or 0, whole(typed.get(f"{one}-severity", "")) or 0)
        for one in ABOUT
    }
    risk.decide(work(), about, chosen, typed.get("grounds", ""))
    return _("Risiko sudah diputuskan.")


def _ask(case: Case, typed: MultiDict[str, str]) -> str:
    words = {name.removeprefix("text-"): text for name, text in typed.items() if name.startswith("text-")}
    follow_up.ask(work(), case, words)
    return _("Tersimpan. Pelapor membacanya setelah penerbitan berikutnya.")


ACTS: Final[dict[str, Act]] = {"putuskan-risiko": _decide, "tanya-pelindungan": _ask}
LOOKS: Final[dict[str, Act]] = {"tanya-pelindungan": _ask}


def _act(number: int, act: str) -> Response:
    return case_forms.do(number, act, ACTS, show, url_for("case", number=number), LOOKS)


def _notice(number: int, one: int) -> Response:
    case, typed = identity_case(number, one), request.form
    reason, words = typed.get("reason", ""), typed.get("text", "")
    if wanted := typed.get("preview", ""):
        g.look = telling.look(lambda: notice.give(work(), one, reason, words))
        if wanted != "page":
            return make_response(render_template("desk/_look_part.html", look=g.look))
        return identity_form(case, one, notice_text=words, notice_fault=g.look.fault)
    try:
        if typed.get("do") == "show":
            return identity_form(case, one, notice_text=notice.text(work(), one, reason))
        if typed.get("do") == "waive":
            notice.propose(work(), one, reason, typed.get("why", ""))
            flash(_("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan."))
        else:
            if typed.get("seen"):
                telling.check_seen(lambda: notice.give(work(), one, reason, words), typed["seen"])
            notice.give(work(), one, reason, words)
            flash(_("Tersimpan. Pelapor membacanya setelah penerbitan berikutnya."))
    except DropboxError as error:
        return identity_form(case, one, notice_text=words, notice_fault=sentence(error))
    return redirect(url_for("identity", number=number, one=one))


def _follow_ups() -> Response:
    return page(
        "follow_ups.html",
        here="follow-ups",
        choices=choices,
        waiting=follow_up.waiting(work()),
        coming=follow_up.coming(work(), Day(work().today + _COMING_DAYS)),
        confirmed=work().settings.workstation.follow_up.confirmed,
    )


def register(app: Flask) -> None:
    """Add the routes."""
    for name in ACTS:
        app.add_url_rule(f"/kasus/<int:number>/{name}", f"case-{name}", _act, defaults={"act": name}, methods=["POST"])
    app.add_url_rule(
        "/kasus/<int:number>/identitas/<int:one>/pemberitahuan", "identity-notice", _notice, methods=["POST"]
    )
    app.add_url_rule("/perlindungan", "follow-ups", _follow_ups)
