"""Lets officers make redacted copies: draw boxes, name words, lines and stretches; see the burnt result; take it out.

Rule: the page of the result shows the pages as they leave, and the log says who viewed it: without that, the second
officer cannot approve a dossier that has the copy.
"""

import base64
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, LockedError, NotFoundError, RefusedError
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.evidence import findings, kinds
from dropbox.triage.evidence.cover import NOTHING, Cover
from dropbox.triage.evidence.kinds import Kind
from dropbox.triage.evidence.preview import LINES_SHOWN, Page, Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.redaction import burning, leaving, saved
from dropbox.triage.redaction.recipe import COVERED, Recipe
from dropbox.triage.redaction.saved import NEW, Draft, Saved
from dropbox.triage.ui import export_folder, file_words
from dropbox.triage.ui.files.places import Place, requested
from dropbox.triage.ui.files.redaction_form import read, written
from dropbox.triage.ui.view import desk, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _

_PAGE_MAX: Final = 10_000_000
_DRAWN: Final = (kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE)
_WRITTEN: Final = (kinds.TEXT, kinds.MAIL)
_OTHERS: Final = {kinds.MEDIA: "stretches"}
_SPARE: Final = 3  # empty rows for boxes without JavaScript
_NEXT, _RESULT = "next", "result"  # where a saved form leads


@dataclass(frozen=True)
class _Seen:
    """A page of the file as it was drawn, its kind, and the reason if it was not."""

    kind: Kind | None
    page: Page | None = None
    why: str = ""

    @property
    def family(self) -> str:
        """Return what can be covered: `boxes`, `words`, `stretches`, or empty."""
        family = self.kind.family if self.kind else ""
        return "boxes" if family in _DRAWN else "words" if family in _WRITTEN else _OTHERS.get(family, "")

    @property
    def picture(self) -> str:
        """Return the page as an address that holds it (RFC 2397); empty for a text."""
        return (
            "data:image/png;base64," + base64.b64encode(self.page.png).decode() if self.page and self.page.png else ""
        )


def _see(place: Place, number: int, cover: Cover) -> _Seen:
    """Draw a page under a cover, while other requests may use the vault."""
    kind = None
    try:
        with Viewer(work(), place.case, place.number, place.part) as viewer, desk().aside():
            kind = viewer.source.kind
            if kind.family not in (*_DRAWN, *_WRITTEN):
                return _Seen(kind)
            return _Seen(kind, viewer.page(number, cover=cover))
    except UnreadableError as error:
        return _Seen(kind, why=str(file_words.STATES[error.reason]))
    except (NotFoundError, LockedError):
        raise
    except DropboxError as error:
        return _Seen(kind, why=sentence(error))


def _page_number(typed: str | None) -> int:
    return min(whole(typed or "") or 1, _PAGE_MAX)


def _known(place: Place, number: int) -> Saved:
    file = casebook.file_of(vault(), place.case, place.number)
    return saved.of_number(vault(), place.case, file.sha256, place.part, number)


def edit(number: int, message: int) -> Response:
    """Show the form of a new redacted copy, or of the one that the address names."""
    permission.permit(work(), Permission.FILE_EXPORT)
    place = requested(number, message)
    chosen = whole(request.args.get("salinan", "")) or NEW
    one = _known(place, chosen) if chosen else None
    return _editor(place, one, _page_number(request.args.get("halaman")))


def _editor(
    place: Place, one: Saved | None, number: int, fault: str = "", typed: MultiDict[str, str] | None = None
) -> Response:
    """Return the form; with a fault and what was typed, if it was sent and refused."""
    file = casebook.file_of(vault(), place.case, place.number)
    recipe = one.recipe if one else Recipe()
    fields = written(recipe)
    fields.update({"name": one.name if one else "", "note": one.note if one else ""})
    rows: list[tuple[object, ...]] = [(box.x, box.y, box.width, box.height) for box in recipe.on_page(number)]
    if typed is not None:
        fields = typed
        rows = list(zip(*(typed.getlist(f"box-{side}") for side in ("x", "y", "width", "height")), strict=False))
    return page(
        "redaction.html",
        409 if fault else 200,
        place=place,
        file=file,
        one=one,
        others=saved.of_file(vault(), place.case, file.sha256, place.part),
        seen=_see(place, number, NOTHING),
        number=number,
        first_line=(number - 1) * LINES_SHOWN + 1,
        boxes=[*rows, *[("",) * 4] * _SPARE],
        counts=_counts(recipe),
        pages_with_boxes=recipe.pages,
        fields=fields,
        fault=fault,
    )


def _counts(recipe: Recipe) -> list[tuple[str, int]]:
    """Return (label, number) of what a recipe covers, without what it does not."""
    return [(str(file_words.COVERED[code]), recipe.counts[code]) for code in COVERED if recipe.counts[code]]


def save(number: int, message: int) -> AnyResponse:
    """Keep the recipe of the form; show the next page, or the result."""
    place = requested(number, message)
    typed = request.form
    at = _page_number(typed.get("halaman"))
    chosen = whole(typed.get("salinan", "")) or NEW
    one = _known(place, chosen) if chosen else None
    try:
        if one and typed.get("sidik") != one.sha256.hex():
            raise RefusedError("redaction.changed-meanwhile")
        recipe = read(typed, at, one.recipe if one else Recipe())
        draft = Draft(typed.get("name", ""), recipe, typed.get("note", "").replace("\r\n", "\n"))
        kept = saved.save(work(), place.case, place.number, place.part, draft, chosen)
    except NotFoundError:
        raise
    except DropboxError as error:
        return _editor(place, one, at, sentence(error), typed)
    flash(_("Salinan samaran tersimpan."))
    if typed.get("to") == _RESULT:
        return redirect(_address("redacted", place, redaction=kept.number))
    following = at + 1 if typed.get("to") == _NEXT else at
    return redirect(_address("redaction", place, salinan=kept.number, halaman=following))


def result(number: int, message: int, redaction: int) -> Response:
    """Show a page of a redacted copy as it leaves."""
    place = requested(number, message)
    permission.permit(work(), Permission.FILE_PREVIEW, place.case.number)
    one, at = _known(place, redaction), _page_number(request.args.get("halaman"))
    seen = _see(place, at, burning.cover(one.recipe))
    # What could not be drawn was not viewed, and a recording when its player begins it.
    if not seen.why and seen.family != _OTHERS[kinds.MEDIA]:
        saved.look(work(), place.case, place.number, one, at)
    return _result(place, one, at, seen)


def _result(place: Place, one: Saved, at: int, seen: _Seen, fault: str = "") -> Response:
    return page(
        "redacted.html",
        409 if fault else 200,
        place=place,
        one=one,
        seen=seen,
        number=at,
        counts=_counts(one.recipe),
        stretches=written(one.recipe)["stretches"],
        found=_played(place) if seen.family == _OTHERS[kinds.MEDIA] else None,
        pages_with_boxes=one.recipe.pages,
        fault=fault,
        folder=export_folder.shown(settings()),
    )


def _played(place: Place) -> findings.Finding | None:
    """Return what is known of a recording; it is examined if it was not yet."""
    findings.examine_file(work(), place.case, place.number, desk().aside)
    return findings.finding(vault(), casebook.file_of(vault(), place.case, place.number), place.part)


def export(number: int, message: int, redaction: int) -> AnyResponse:
    """Write a redacted copy into the export folder, if it passes its check."""
    place = requested(number, message)
    one = _known(place, redaction)

    def refused(fault: str) -> Response:
        at = _page_number(request.args.get("halaman"))
        return _result(place, one, at, _see(place, at, burning.cover(one.recipe)), fault)

    try:
        done = leaving.export(work(), place.case, place.number, one, export_folder.folder(work()), desk().aside)
    except UnreadableError as error:
        return refused(str(file_words.STATES[error.reason]))
    except (NotFoundError, LockedError):
        raise
    except DropboxError as error:
        return refused(sentence(error))
    for code, count in done.notes:
        flash(file_words.note(code, count), "warn")
    folder = export_folder.shown(settings())
    flash(_("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=done.name, folder=folder))
    return redirect(_address("redacted", place, redaction=redaction))


def remove(number: int, message: int, redaction: int) -> AnyResponse:
    """Delete a recipe; the original stays."""
    place = requested(number, message)
    saved.remove(work(), place.case, place.number, _known(place, redaction))
    flash(_("Salinan samaran dihapus. Aslinya tetap ada."))
    return redirect(_address("redaction", place))


def _address(endpoint: str, place: Place, **more: int) -> str:
    values: dict[str, Any] = {"number": place.shown.number, "message": place.message, "bagian": place.part or None}
    return url_for(endpoint, **values | more)


def register(app: Flask) -> None:
    """Add the routes of redacted copies of a file."""
    base = "/kasus/<int:number>/berkas/<int:message>"
    one = f"{base}/samaran/<int:redaction>"
    app.add_url_rule(f"{base}/samarkan", "redaction", edit)
    app.add_url_rule(f"{base}/samarkan", "redaction-save", save, methods=["POST"])
    app.add_url_rule(one, "redacted", result)
    app.add_url_rule(f"{one}/ambil", "redacted-export", export, methods=["POST"])
    app.add_url_rule(f"{one}/hapus", "redacted-remove", remove, methods=["POST"])
