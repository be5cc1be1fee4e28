"""Shows a reporter's file.

Rule: only pixels and visible lines made in the sandbox reach the browser.
"""

from typing import Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, LockedError, NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.evidence import findings, kinds, slow
from dropbox.triage.evidence.findings import Finding
from dropbox.triage.evidence.preview import Page
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import CODECS
from dropbox.triage.ui import export_folder, file_words
from dropbox.triage.ui.files.places import Place, requested
from dropbox.triage.ui.files.recordings import ENDPOINTS
from dropbox.triage.ui.view import desk, page, sentence, settings, vault, whole, work
from dropbox.triage.ui.viewer_cache import look

_WITHOUT_PAGES: Final = (kinds.MEDIA, *kinds.UNREAD)
_WITHOUT_COPY: Final = (kinds.ARCHIVE, *kinds.UNREAD)
_KEEP_OPEN: Final = ("file", "file-page", "file-export", "file-original", "static", "state", "lock", *ENDPOINTS)
_BOMB: Final = "bomb"
_PAGE_MAX: Final = 10_000_000


def show(number: int, message: int) -> Response:
    """Show the page of a file."""
    return of(requested(number, message))


def of(place: Place, fault: str = "", form: str = "") -> Response:
    """Return the page of a file; with the fault of one of its forms, if one was sent."""
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


def _seen(place: Place) -> tuple[Finding | None, Page | None, str]:
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


def _drawn(place: Place, found: Finding, number: int) -> Page:
    """Return a page; remember a page that took too long, so that the next view does not wait for it."""
    try:
        return look(desk(), work(), place.case, place.number).page(number, desk())
    except UnreadableError as error:
        slow.remember(vault(), casebook.file_of(vault(), place.case, place.number), found, number, error.reason)
        raise


def again(number: int, message: int) -> AnyResponse:
    """Try again to draw pages that took too long."""
    place = requested(number, message)
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


def png(number: int, message: int, one: int) -> Response:
    """Return a page as a picture."""
    place = requested(number, message)
    found = findings.examine_file(work(), place.case, place.number, desk().aside)
    if why := slow.reason(found, one):
        raise UnreadableError(why)
    picture = _drawn(place, found, one).png
    if not picture:
        raise NotFoundError("evidence.no-pages")
    return Response(picture, mimetype="image/png")


def let_go() -> None:
    """Free the file's memory when another page is opened."""
    if request.endpoint not in _KEEP_OPEN:
        desk().keep(None)
