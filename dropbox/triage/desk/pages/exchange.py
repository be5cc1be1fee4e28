"""Import from the courier's stick, and publish onto it.

Rule: files are named by their place in a list that this page made itself, never by a path that a form brings.
"""

import secrets
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.triage import exchanging, policy
from dropbox.triage.desk import findings
from dropbox.triage.desk.view import desk, page, settings, vault, whole
from dropbox.wire.calendar import date_of


def _exports() -> list[exchanging.FoundExport]:
    return exchanging.find_exports(settings().workstation.stick)


def _show(**more: Any) -> Response:  # noqa: ANN401
    found = [
        (number, one.path.name, one.bytes, vault().count("export number")) for number, one in enumerate(_exports())
    ]
    unopened = findings.unopened(vault(), settings())
    stick = settings().workstation.stick
    return page("exchange.html", here="exchange", exports=found, stick=stick, unopened=unopened, **more)


def _page() -> Response:
    policy.permit(vault(), settings(), "exchange.import")
    return _show()


def _import() -> Response:
    number = whole(request.form.get("number", ""))
    found = _exports()
    if number is None or number >= len(found):
        raise NotFoundError("the stick has changed: look again")
    done = exchanging.take_in(vault(), settings(), found[number].path, desk().today())
    return _show(done=done)


def _publish() -> Response:
    policy.permit(vault(), settings(), "exchange.publish")  # the page lists what lies on the stick
    said: list[str] = []
    name = f"return-{vault().desk}-{date_of(desk().today()).isoformat()}-{secrets.token_hex(2)}"
    places = sorted({one.path.parent for one in _exports()}) or [settings().workstation.stick]
    target: Path = places[0] / name
    try:
        exchanging.give_out(vault(), settings(), target, desk().today(), said.append)
    except DropboxError as error:
        return _show(fault=str(error), said=said)
    return _show(written=name, said=said)


def register(app: Flask) -> None:
    """The courier's page."""
    app.add_url_rule("/kurir", "exchange", _page)
    app.add_url_rule("/kurir/ambil", "exchange-import", _import, methods=["POST"])
    app.add_url_rule("/kurir/terbit", "exchange-publish", _publish, methods=["POST"])
