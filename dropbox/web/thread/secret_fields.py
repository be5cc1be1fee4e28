"""Reads the fields `code` and `words` with which a reporter opens a thread."""

from collections.abc import Mapping

from dropbox.crypto.secret import ReporterSecret
from dropbox.crypto.typed_secret import read_typed
from dropbox.errors import WrongCodeError, WrongWordsError
from dropbox.web.base.view import error_text


def read_secret(untrusted: Mapping[str, str]) -> tuple[ReporterSecret | None, dict[str, str]]:
    """Return the secret and no errors, or None and the text of what is wrong by the name of its field.

    Empty fields are named at once, before anything that is wrong in what was typed.
    """
    empty = {name: error_text(f"{name}-required") for name in ("code", "words") if not untrusted.get(name, "").strip()}
    try:
        return read_typed(untrusted.get("code", ""), untrusted.get("words", "")), {}
    except WrongCodeError as error:
        name, reason, position = "code", error.reason, 0
    except WrongWordsError as error:
        name, reason, position = "words", error.reason, error.position
    return None, empty or {name: error_text(f"{name}-{reason}", position)}
