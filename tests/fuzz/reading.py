"""What the program makes of an object of a family: the class of its error, or the values that came out.

Rule: a family has one reader, made of the functions that the product itself reads with.
"""

from dropbox.errors import (
    DamagedError,
    DropboxError,
    MalformedError,
    NotForThisKeyError,
    UntrustedError,
    WrongCodeError,
    WrongWordsError,
)
from dropbox.web.intake.acceptance import Refusal
from tests.fuzz.read_sealed import PARTLY, SEALED
from tests.fuzz.read_signed import SIGNED
from tests.fuzz.read_values import Values, Vector

_READERS = SEALED | SIGNED
_CLASSES: tuple[tuple[type[DropboxError], str], ...] = (
    (NotForThisKeyError, "not-for-this-key"),
    (DamagedError, "damaged"),
    (MalformedError, "malformed"),
    (UntrustedError, "untrusted"),
)


def _class(error: Exception) -> str:
    if isinstance(error, Refusal):
        return error.key
    if isinstance(error, WrongCodeError):
        return f"code-{error.reason}"
    if isinstance(error, WrongWordsError):
        return f"words-{error.reason}"
    return next(name for kind, name in _CLASSES if isinstance(error, kind))


def read(vector: Vector) -> tuple[str, Values]:
    """Return the class, and what came out; of a container and an export also what came out before the damage."""
    before: Values = {}
    try:
        partly = PARTLY.get(vector.folder)
        found = partly(vector, before) if partly else _READERS[vector.folder](vector)
    except (DropboxError, Refusal) as error:
        place = {"position": str(error.position)} if isinstance(error, WrongWordsError) else {}
        return _class(error), before | place
    return found.pop("", "ok"), found
