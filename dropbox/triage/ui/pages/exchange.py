"""Imports from the courier's USB drive, and publishes to it.

Rule: a form names a file by its place in a list that this page made, never by a path. Only the export that the vault
remembers is called taken in: an older one may hold the only copy of a report.
"""

from typing import Any, Final

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.serving.pages.language import localized, sentence
from dropbox.triage.access import permission
from dropbox.triage.exchange import drive, returns
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import findings
from dropbox.triage.ui.view import page, settings, vault, whole, work
from dropbox.triage.vault import known_exports
from dropbox.wire.signed import shown_number

DOUBTS: Final[dict[str, LazyString]] = {  # of vault.known_exports
    known_exports.OLD: _l(
        "Ekspor ini tidak lebih baru daripada nomor %(n)s, %(day)s. Bila server dipulihkan atau jamnya salah, dua "
        "petugas dapat melupakan nomor itu di halaman Perawatan."
    ),
    known_exports.AGAIN: _l("Ekspor ini sudah pernah diambil."),
    known_exports.DAMAGED: _l("Ekspor ini rusak. Mintalah ekspor baru."),
    "signature": _l(
        "Ekspor ini diubah di jalan atau dibuat orang lain: server tidak menandatanganinya. Beri tahu pemegang kunci, "
        "lalu mintalah ekspor baru."
    ),
    "certificate": _l(
        "Sertifikat server tidak berlaku pada tanggal ekspor ini. Kurir memintanya di server dan membawanya ke upacara "
        "kunci."
    ),
    "revoked": _l("Kunci yang menandatangani ekspor ini sudah dicabut. Mintalah ekspor dengan kunci server yang baru."),
    "future": _l("Ekspor ini bertanggal di masa depan. Bandingkan jam server dan jam komputer ini."),
}
FOREIGN: Final = "foreign"  # what the list says of an export on the stick
CUT: Final = "cut"
TAKEN: Final = "taken"
OLDER: Final = "older"
NEWER: Final = "newer"


def _exports() -> list[drive.FoundExport]:
    return drive.find_exports(settings().workstation.stick, vault().instance)


def _state(one: drive.FoundExport, newest: known_exports.Remembered) -> str:
    if one.is_foreign:
        return FOREIGN
    if not one.number:
        return CUT
    found, known = (one.day, one.number), (newest.day, newest.number)
    if found == known:
        return TAKEN
    return OLDER if found < known else NEWER


def _show(**more: Any) -> Response:  # noqa: ANN401
    newest = known_exports.remembered(vault())
    found = [(place, one, shown_number(one.number), _state(one, newest)) for place, one in enumerate(_exports())]
    unopened = findings.unopened(work())
    stick = settings().workstation.stick
    return page(
        "exchange.html",
        here="exchange",
        exports=found,
        returns=[(shown_number(one.number), one) for one in returns.last(vault())],
        newest=newest,
        stick=stick,
        unopened=unopened,
        **more,
    )


def _page() -> Response:
    permission.permit(work(), TASKS["import"].permission)
    return _show()


def _import() -> Response:
    number = whole(request.form.get("number", ""))
    found = _exports()
    if number is None or number >= len(found):
        raise NotFoundError("desk.stick-changed")
    done = drive.take_in(work(), found[number].path)
    doubt = str(DOUBTS[done.doubt]) if done.doubt else ""
    newest = {"n": shown_number(done.remembered.number), "day": localized(done.remembered.day)}
    return _show(done=done, doubt=doubt % newest)


def _publish() -> Response:
    permission.permit(work(), TASKS["publish"].permission)  # the page lists files of the USB drive
    said: list[str] = []
    places = sorted({one.path.parent for one in _exports() if not one.is_foreign}) or [settings().workstation.stick]
    try:
        name = drive.give_onto(work(), places[0], said.append)
    except DropboxError as error:
        return _show(fault=sentence(error), said=said)
    return _show(written=name, said=said)


def register(app: Flask) -> None:
    """Add the routes of the courier's page."""
    app.add_url_rule("/kurir", "exchange", _page)
    app.add_url_rule("/kurir/ambil", "exchange-import", _import, methods=["POST"])
    app.add_url_rule("/kurir/terbit", "exchange-publish", _publish, methods=["POST"])
