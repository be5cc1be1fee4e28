"""Exports a reporter's file: a cleaned copy or, on purpose, the original.

Rule: copies go to the export folder (ui.export_folder), never through the browser.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, LockedError, NotFoundError, RefusedError
from dropbox.serving.pages.language import sentence
from dropbox.triage.evidence import clean, originals
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.ui import export_folder, file_words
from dropbox.triage.ui.files import page
from dropbox.triage.ui.files.places import Place, requested
from dropbox.triage.ui.view import desk, work
from dropbox.triage.ui.view import gettext as _

_ORIGINALS: Final = "asli"


def cleaned(number: int, message: int) -> AnyResponse:
    """Write a cleaned copy of the file or part into the export folder."""

    def act(place: Place, folder: Path) -> str:
        done = clean.export_cleaned(work(), place.case, place.number, folder, desk().aside, place.part)
        for code, count in done.notes:
            flash(file_words.note(code, count), "warn")
        return _("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=done.name, folder=folder)

    return _acted(number, message, "export", act)


def original(number: int, message: int) -> AnyResponse:
    """Write the file's own bytes into the export folder, if the officer ticked that they need them."""

    def act(place: Place, folder: Path) -> str:
        if request.form.get("sure") != "1":
            raise RefusedError("evidence.tick-original")
        # A folder for each case: files are numbered within their case.
        to = folder / f"{place.case.name}-{_ORIGINALS}"
        done = originals.export_original(work(), place.case, to, place.number, place.part, desk().aside)
        if done.failed:
            raise RefusedError(done.failed[0].code, **done.failed[0].values)
        return _("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=done.names[0], folder=to)

    return _acted(number, message, "original", act)


def _acted(number: int, message: int, form: str, act: Callable[[Place, Path], str]) -> AnyResponse:
    place = requested(number, message)
    try:
        said = act(place, export_folder.folder(work()))
    except UnreadableError as error:
        return page.of(place, str(file_words.STATES[error.reason]), form)
    except (NotFoundError, LockedError):
        raise
    except DropboxError as error:
        return page.of(place, sentence(error), form)
    flash(said)
    return redirect(url_for("file", number=number, message=message, bagian=place.part or None))
