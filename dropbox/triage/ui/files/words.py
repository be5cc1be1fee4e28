"""Has the words in the pictures of a file read by machine, when an officer asks for it.

Rule: the vault's turn is free while the sandbox works; the page is shown without it, too.
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import DropboxError, LockedError, NotFoundError, RefusedError
from dropbox.triage.evidence import recognition
from dropbox.triage.ui.files import page
from dropbox.triage.ui.files.places import requested
from dropbox.triage.ui.view import desk, sentence, work


def read(number: int, message: int) -> AnyResponse:
    """Read the words in the pictures of the file and its parts, then show the file."""
    place = requested(number, message)
    try:
        recognition.recognize_file(work(), place.case, place.number, desk().aside)
    except (RefusedError, NotFoundError, LockedError):
        raise
    except DropboxError as error:  # no sandbox, or damaged in the vault
        return page.of(place, sentence(error), "words")
    return redirect(url_for("file", number=number, message=message, bagian=place.part or None))
