"""Reads the reporter's code and words from a form."""

from collections.abc import Mapping

from dropbox.crypto.secret import ReporterSecret, parse_secret
from dropbox.errors import WrongCodeError, WrongWordsError


def read_secret(untrusted: Mapping[str, str]) -> ReporterSecret:
    """Parse the fields `code` and `words`.

    Raises:
        WrongCodeError: the code is not one.
        WrongWordsError: the words are not eight words of the list, or do not belong to the code.
    """
    return parse_secret(untrusted.get("code", ""), untrusted.get("words", ""))


def secret_error(untrusted: Mapping[str, str], error: WrongCodeError | WrongWordsError) -> tuple[str, str, int]:
    """Return (field, key of the text, position of the unknown word or 0) for a secret that was rejected."""
    field, position = ("code", 0) if isinstance(error, WrongCodeError) else ("words", error.position)
    reason = error.reason if untrusted.get(field, "").strip() else "required"
    return field, f"{field}-{reason}", position
