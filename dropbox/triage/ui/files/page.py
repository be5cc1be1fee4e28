"""Shows a reporter's file, two of them side by side, and the small pictures of a case.

Rule: only pixels and visible lines made in the sandbox reach the browser. Each page answers at once: what is still
being read is fetched later (static/viewer), by a reload without scripts.
"""

from typing import Final

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, NotFoundError
from dropbox.limits import PREVIEW_SIDE
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.evidence import findings, kinds, slow
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.ui import export_folder, file_words
from dropbox.triage.ui.case_forms import case_of
from dropbox.triage.ui.files import recordings
from dropbox.triage.ui.files.pane import PAGE, TEXT, Address, admitted, number_in, pane, see
from dropbox.triage.ui.files.places import PART, Place, all_files, file_at, place_of, requested
from dropbox.triage.ui.files.studio import EARLY, SIDES, SMALL, SMALL_DOCUMENT, File
from dropbox.triage.ui.view import desk, page, settings, vault, work

_KEEP_OPEN: Final = (
    *("file", "file-page", "file-state", "file-again", "file-words", "file-export", "file-original", "compare"),
    *("file-small", "small-states", "static", "state", "lock"),
    *recordings.ENDPOINTS,
)
_SIDES_OF_A_PAIR: Final = ("kiri", "kanan")
_DOCUMENTS: Final = (kinds.OFFICE, kinds.OLD_OFFICE)
_DOCUMENT_ENDINGS: Final = tuple(
    f".{ending}" for kind in kinds.KINDS.values() if kind.family in _DOCUMENTS for ending in kind.endings
)
_NOT_YET: Final = 202
_SIGNS: Final = ("wait", kinds.TEXT, kinds.MAIL, kinds.ARCHIVE, kinds.MEDIA)


def show(number: int, message: int) -> Response:
    """Show the page of a file."""
    return of(requested(number, message))


def of(place: Place, fault: str = "", form: str = "") -> Response:
    """Return the page of a file; with the fault of one of its forms, if one was sent."""
    desk().studio.look_at({file_at(place).key})
    values = {"number": place.shown.number, "message": place.message, PART: place.part or None}
    values |= {name: request.args.get(name) for name in (PAGE, TEXT)}
    one = pane("berkas", place, Address("file", values))
    if one.seen.known:  # indexes its words for this case too, if another one brought the file before
        findings.examine_file(work(), place.case, place.number)
    return page(
        "file.html",
        409 if fault else 200,
        pane=one,
        place=place,
        files=all_files(place.shown),
        fault=fault,
        form=form,
        words=file_words,
        folder=export_folder.shown(settings()),
    )


def compare(number: int) -> Response:
    """Show two files of a case side by side."""
    shown = case_of(number)
    files = all_files(shown)
    if not files:
        raise NotFoundError("case.no-such-file")
    values: dict[str, object] = {"number": number}
    places = {}
    for side in _SIDES_OF_A_PAIR:
        message = number_in(request.args.get(side)) or files[0][0]
        places[side] = place_of(number, message, request.args.get(f"{side}-{PART}", ""))
        values[side] = message
        values |= {f"{side}-{name}": request.args.get(f"{side}-{name}") for name in (PART, PAGE, TEXT)}
    desk().studio.look_at({file_at(place).key for place in places.values()})
    panes = [pane(side, place, Address("compare", values, f"{side}-")) for side, place in places.items()]
    return page("compare.html", panes=panes, shown=shown, files=files, words=file_words)


def state(number: int, message: int) -> Response:
    """Return as JSON whether a page was drawn and the file examined, and for how many seconds the slower is at it."""
    file = file_at(requested(number, message))
    one, side = number_in(request.args.get(PAGE)) or 1, _side()
    seen = see(file, one, side)
    studio = desk().studio
    waited = [studio.seconds(key) or 0.0 for key in (file.page(one, side), file.examination)]
    return jsonify(
        is_drawn=not seen.is_drawn_now,
        is_examined=not seen.is_examined_now,
        are_words_read=studio.seconds(file.reading) is None,
        has_picture=bool(seen.page and seen.page.png),
        seconds=int(max(waited)),
    )


def _side() -> int:
    side = number_in(request.args.get("sisi"))
    return side if side in SIDES else PREVIEW_SIDE


def png(number: int, message: int, one: int) -> Response:
    """Return a page as a picture; an empty answer (202) while it is being drawn."""
    seen = see(file_at(requested(number, message)), one, _side())
    if seen.is_drawn_now:
        return Response(status=_NOT_YET)
    if seen.reason:
        raise UnreadableError(seen.reason)
    if seen.page is None or not seen.page.png:
        raise NotFoundError("evidence.no-pages")
    return Response(seen.page.png, mimetype="image/png")


def again(number: int, message: int) -> AnyResponse:
    """Try again to draw and examine what took too long."""
    place = requested(number, message)
    permission.permit(work(), Permission.FILE_PREVIEW, place.case.number)
    file = file_at(place)
    desk().studio.forget(file)
    found = findings.finding(vault(), file.stored, file.part)
    if found is not None:
        slow.forget(vault(), file.stored, found)
    one = number_in(request.args.get(PAGE)) or None
    return redirect(url_for("file", number=number, message=message, bagian=place.part or None, halaman=one))


def small(number: int, message: int) -> AnyResponse:
    """Return a small picture of a file, or a sign of its kind; the file is examined later, when nothing else is."""
    file = file_at(place_of(number, message))
    known = admitted(file)
    studio = desk().studio
    made = studio.draw_small(work(), file, SMALL_DOCUMENT if _is_document(file) else SMALL)
    if made is None:
        return _sign("wait")
    if isinstance(made, DropboxError):
        return _sign(kinds.OTHER)
    if not known:
        studio.examine(work(), file, EARLY)
    return Response(made.png, mimetype="image/png") if made.png else _sign(made.kind.family)


def _sign(name: str) -> AnyResponse:
    return redirect(url_for("static", filename=f"signs/{name if name in _SIGNS else kinds.OTHER}.svg"))


def _is_document(file: File) -> bool:
    """Return whether its name says that LibreOffice must convert it, which takes long."""
    return file.stored.name.lower().endswith(_DOCUMENT_ENDINGS)


def small_states(number: int) -> Response:
    """Return as JSON the numbers of a case's messages whose small pictures are ready."""
    shown = case_of(number)
    permission.permit(work(), Permission.FILE_PREVIEW, shown.number)
    return jsonify([message for message, file in all_files(shown) if desk().studio.has_small(file)])


def let_go() -> None:
    """End the jobs of a file and free its memory when another page is opened."""
    if request.endpoint in _KEEP_OPEN:
        return
    desk().keep(None)
    if desk().is_unlocked():
        desk().studio.look_at(())
