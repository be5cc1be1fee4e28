"""Has the words in the pictures of a file read by machine, when an officer asks for it.

Rule: the request only asks (studio); the page shows the words when they are there.
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from dropbox.triage.ui.files.places import file_at, requested
from dropbox.triage.ui.view import desk, work


def read(number: int, message: int) -> AnyResponse:
    """Have the words in the pictures of the file and its parts read, and show the file."""
    place = requested(number, message)
    desk().studio.read_words(work(), file_at(place))
    return redirect(url_for("file", number=number, message=message, bagian=place.part or None))
