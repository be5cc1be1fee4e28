"""Shows a reporter's file, and exports it: a cleaned copy or, on purpose, the original.

Rule: only pixels and visible lines made in the sandbox reach the browser. Copies go to the export folder
(ui.export_folder), never through the browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, LockedError, NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.evidence import clean, findings, kinds, slow
from dropbox.triage.evidence.findings import Finding
from dropbox.triage.evidence.preview import Page
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import CODECS
from dropbox.triage.ui import export_folder, file_words
from dropbox.triage.ui.case_forms import case_of
from dropbox.triage.ui.view import desk, page, sentence, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.viewer_cache import look

_WITHOUT_PAGES: Final = (kinds.MEDIA, kinds.OTHER)
_WITHOUT_COPY: Final = (kinds.ARCHIVE, kinds.OTHER)
_KEEP_OPEN: Final = ("file", "file-page", "file-export", "file-original", "static", "state", "lock")
_BOMB: Final = "bomb"
_ORIGINALS: Final = "asli"
_PAGE_MAX: Final = 10_000_000


@dataclass(frozen=True)
class _Place:
    """The place of a file: the case of the address, the case that received it (merged into that one), its number."""

    shown: Case
    case: Case
    number: int
    message: int


def _place(number: int, message: int) -> _Place:
    shown = case_of(number)
    for one in (shown.number, *merging.followers(vault(), shown.number)):
        case = casebook.case_of(vault(), one)
        try:
            return _Place(shown, case, casebook.file_number(vault(), case, message), message)
        except NotFoundError:
            continue
    raise NotFoundError("case.no-such-file")


def _show(number: int, message: int) -> Response:
    return _page(_place(number, message))


def _page(place: _Place, fault: str = "", form: str = "") -> Response:
    file = casebook.file_of(vault(), place.case, place.number)
    found, shown, why = _seen(place)
    return page(
        "file.html",
        409 if fault else 200,
        place=place,
        file=file,
        found=found,
        facts=_facts(found),
        shown=shown,
        why=why,
        again=_page_number() if why in map(_state, slow.REASONS) else 0,
        has_copy=found is None or not (found.kind.family in _WITHOUT_COPY or found.state == _BOMB),
        fault=fault,
        form=form,
        words=file_words,
        folder=export_folder.shown(settings()),
    )


def _seen(place: _Place) -> tuple[Finding | None, Page | None, str]:
    """Return (finding, requested page, reason why one of them is missing)."""
    found = None
    try:
        found = findings.examine_file(work(), place.case, place.number, desk().aside)
        if found.kind.family in _WITHOUT_PAGES or found.state == _BOMB:
            return found, None, "" if found.state == findings.READ else _state(found.state)
        if why := slow.reason(found, _page_number()):
            return found, None, _state(why)
        return found, _drawn(place, found, _page_number()), ""
    except UnreadableError as error:
        return found, None, _state(error.reason)
    except (RefusedError, NotFoundError, LockedError):
        raise
    except DropboxError as error:  # no sandbox, or damaged in the vault: the page says so, and still shows the hash
        return found, None, sentence(error)


def _drawn(place: _Place, found: Finding, number: int) -> Page:
    """Return a page; remember a page that took too long, so that the next view does not wait for it."""
    try:
        return look(desk(), work(), place.case, place.number).page(number, desk())
    except UnreadableError as error:
        slow.remember(vault(), casebook.file_of(vault(), place.case, place.number), found, number, error.reason)
        raise


def _again(number: int, message: int) -> AnyResponse:
    """Try again to draw pages that took too long."""
    place = _place(number, message)
    permission.permit(work(), Permission.FILE_PREVIEW, place.case.number)
    file = casebook.file_of(vault(), place.case, place.number)
    found = findings.finding(vault(), file)
    if found is not None:
        slow.forget(vault(), file, found)
    return redirect(url_for("file", number=number, message=message, halaman=_page_number()))


def _state(code: str) -> str:
    return str(file_words.STATES[code])


def _page_number() -> int:
    return min(whole(request.args.get("halaman", "")) or 1, _PAGE_MAX)


def _facts(found: Finding | None) -> list[tuple[str, str]]:
    """Return (label, value) of each numeric fact; warnings are shown separately."""
    said = []
    for name, text in file_words.FACTS.items():
        value = found.facts.get(name) if found else None
        if value is None:
            continue
        is_codec = name in ("video", "audio")
        said.append((str(text), CODECS[value] if is_codec and value < len(CODECS) else str(value)))
    return said


def _png(number: int, message: int, one: int) -> Response:
    place = _place(number, message)
    found = findings.examine_file(work(), place.case, place.number, desk().aside)
    if why := slow.reason(found, one):
        raise UnreadableError(why)
    png = _drawn(place, found, one).png
    if not png:
        raise NotFoundError("evidence.no-pages")
    return Response(png, mimetype="image/png")


def _export(number: int, message: int) -> AnyResponse:
    def act(place: _Place, folder: Path) -> str:
        done = clean.export_cleaned(work(), place.case, place.number, folder, desk().aside)
        for note in done.notes:
            flash(file_words.note(*note), "warn")
        return _("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=done.name, folder=folder)

    return _acted(number, message, "export", act)


def _original(number: int, message: int) -> AnyResponse:
    def act(place: _Place, folder: Path) -> str:
        if request.form.get("sure") != "1":
            raise RefusedError("evidence.tick-original")
        # A folder for each case: files are numbered within their case.
        to = folder / f"{place.case.name}-{_ORIGINALS}"
        done = clean.export_original(work(), place.case, to, place.number)
        if done.failed:
            raise RefusedError(done.failed[0].code, **done.failed[0].values)
        return _("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=done.names[0], folder=to)

    return _acted(number, message, "original", act)


def _acted(number: int, message: int, form: str, act: Callable[[_Place, Path], str]) -> AnyResponse:
    place = _place(number, message)
    try:
        said = act(place, export_folder.folder(work()))
    except UnreadableError as error:
        return _page(place, _state(error.reason), form)
    except (NotFoundError, LockedError):
        raise
    except DropboxError as error:
        return _page(place, sentence(error), form)
    flash(said)
    return redirect(url_for("file", number=number, message=message))


def _let_go() -> None:
    """Free the file's memory when another page is opened."""
    if request.endpoint not in _KEEP_OPEN:
        desk().keep(None)


def register(app: Flask) -> None:
    """Add the routes of a file, its pages and its export."""
    rules: tuple[tuple[str, str, Any, str], ...] = (
        ("", "file", _show, "GET"),
        ("/halaman/<int:one>.png", "file-page", _png, "GET"),
        ("/lagi", "file-again", _again, "POST"),
        ("/salinan", "file-export", _export, "POST"),
        ("/asli", "file-original", _original, "POST"),
    )
    for path, name, view, method in rules:
        app.add_url_rule(f"/kasus/<int:number>/berkas/<int:message>{path}", name, view, methods=[method])
    app.before_request(_let_go)
