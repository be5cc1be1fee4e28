"""Logs a courier in and out, and changes the language.

Rule: every mistake at the door gets the same answer, and none is repeated.
"""

from typing import Final

from flask import Flask, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from dropbox.courier.pages.accounts import PASSPHRASE_MAX
from dropbox.courier.pages.door import Refusal
from dropbox.courier.pages.messages import BUSY, THROTTLED, WRONG
from dropbox.courier.pages.view import door, page
from dropbox.disk.passphrases import without_blanks
from dropbox.settings.installation import LANGUAGES

DEVICE: Final = "browser"  # the device cookie's name
_DEVICE_SECONDS: Final = 400 * 24 * 3600  # browsers keep no cookie for longer
_ANSWERS: Final = {
    Refusal.WRONG: (WRONG, 401),
    Refusal.THROTTLED: (THROTTLED, 429),
    Refusal.BUSY: (BUSY, 503),
}


def _enter() -> Response:
    if request.method != "POST":
        return page("enter.html")
    done = door().enter(
        request.form.get("name", "").strip().lower(),
        without_blanks(request.form.get("passphrase", ""))[: PASSPHRASE_MAX + 1],
        "".join(request.form.get("code", "").split()),
        request.cookies.get(DEVICE, ""),
        request.form.get("device", ""),
    )
    if isinstance(done, Refusal):
        said, status = _ANSWERS[done]
        return page("enter.html", status, fault=str(said))
    lang = session.get("lang", "id")
    session.clear()  # the token of forms too: nobody else may know the one of this session
    g.pop("csrf_token", None)
    session.update(token=done.token, lang=lang)
    answer = redirect(url_for("home" if done.is_all_seen else "result"), 303)
    # Neither cookie has `Secure`: the page is reached by its onion service or from the machine itself, both with
    # http://, and by nothing else (guard).
    answer.set_cookie(DEVICE, done.cookie, _DEVICE_SECONDS, path=url_for("enter"), httponly=True, samesite="Strict")
    return answer


def _leave() -> Response:
    door().leave(session.get("token", ""))
    session.pop("token", None)
    return redirect(url_for("enter"), 303)


def _language(lang: str) -> Response:
    if lang in LANGUAGES:
        session["lang"] = lang
    return redirect(url_for("home"), 303)


def register(app: Flask) -> None:
    """Add the routes of the door."""
    app.add_url_rule("/masuk", "enter", _enter, methods=["GET", "POST"])
    app.add_url_rule("/keluar", "leave", _leave, methods=["POST"])
    app.add_url_rule("/bahasa/<lang>", "language", _language)
