"""Handles the start link, unlocking, locking and the language.

Rule: a wrong name and a wrong passphrase get the same answer. (The vault's folder has the names in plaintext.)
"""

import re
from typing import Final

from flask import Flask, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from dropbox.disk.passphrases import without_blanks
from dropbox.errors import (
    DropboxError,
    MalformedError,
    NotFoundError,
    RefusedError,
    UntrustedError,
    WrongPassphraseError,
)
from dropbox.serving.pages.language import sentence
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.practice import people
from dropbox.triage.ui.messages import ERRORS
from dropbox.triage.ui.view import desk, error_page, page

_OWN_PATH: Final = re.compile(r"/(?!/)[A-Za-z0-9/_.?=&%+*~-]*")  # two slashes at the start would name a machine


def _start(token: str) -> Response:
    if request.method == "HEAD":  # a browser's or a program's look ahead does not use up the link
        return Response()
    try:
        browser = desk().start(token)
    except RefusedError:
        return error_page("start-used", 403)
    session.clear()
    session["browser"] = browser
    return redirect(url_for("unlock"))


def _unlock() -> Response:
    fault = ""
    if request.method == "POST":
        try:
            officer, admitted = desk().unlock(
                request.form.get("officer", "").strip().lower(), without_blanks(request.form.get("passphrase", ""))
            )
        except (WrongPassphraseError, MalformedError, UntrustedError):
            fault = str(ERRORS["unlock-failed"])
        except NotFoundError as error:  # a file of the vault may be gone: no other passphrase would help
            fault = str(ERRORS["unlock-failed"]) if error.code == "officer.unknown" else sentence(error)
        except RefusedError:
            fault = str(ERRORS["vault-busy"])
        except DropboxError as error:
            fault = sentence(error)
        else:
            if session.get("officer") != officer.login:  # forms, filters and texts of the previous officer end
                browser = session["browser"]
                session.clear()
                g.pop("csrf_token", None)
                session.update(browser=browser, officer=officer.login)
            session["pass"] = admitted  # if this answer is lost, an older cookie still leads to the door
            session["lang"] = officer.lang
            return redirect(_own_path(request.args.get("to", "")))
    shown = people.PEOPLE if people.has_practice_people(desk().folder) else ()
    return page(
        "unlock.html",
        401 if fault else 200,
        fault=fault,
        typed=request.form.get("officer", ""),
        people=shown,
        passphrase=people.PASSPHRASE if shown else "",
    )


def _own_path(untrusted: str) -> str:
    """Return the page that the officer had asked for, if it is a path of the desk.

    Browsers leave out tabs and line ends of an address, and read a backslash as "/". Any sign not listed leads home.
    """
    return untrusted if _OWN_PATH.fullmatch(untrusted) else "/"


def _lock() -> Response:
    desk().close("officer")
    return redirect(url_for("unlock"))


def _state() -> Response:
    """Tell the page's script whether the desk is unlocked for it; the script reports typing as activity."""
    is_open = desk().admits(session.get("pass", ""))
    if is_open and request.args.get("kerja") == "1":
        desk().vault()
    return Response("1" if is_open else "0", mimetype="text/plain")


def _language(lang: str) -> Response:
    if lang in LANGUAGES:
        session["lang"] = lang
    return redirect(_own_path(request.args.get("to", "")))


def register(app: Flask) -> None:
    """Add the routes of unlocking and locking."""
    app.add_url_rule("/mulai/<token>", "start", _start)
    app.add_url_rule("/buka", "unlock", _unlock, methods=["GET", "POST"])
    app.add_url_rule("/kunci", "lock", _lock, methods=["POST"])
    app.add_url_rule("/keadaan", "state", _state)
    app.add_url_rule("/bahasa/<lang>", "language", _language)
