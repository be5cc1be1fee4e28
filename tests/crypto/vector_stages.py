"""Compares the stage at which a reader of this package stops with the one that a vector names."""

import re
from collections.abc import Callable

import pytest
from vector_files import VectorFile, family

from dropbox.errors import (
    DamagedError,
    DropboxError,
    MalformedError,
    NotForThisKeyError,
    RefusedError,
    UnbelievedExportError,
    UntrustedError,
)

# What each stage is in Python: a class, and what its message must and must not speak of.
STAGES: dict[str, tuple[type[DropboxError], str]] = {
    "malformed": (MalformedError, ""),
    "not-for-this-key": (NotForThisKeyError, ""),
    "commitment": (DamagedError, "commitment"),
    "stream": (DamagedError, "a chunk is not authentic|the stream ends|a chunk of the dossier|ends at the wrong place"),
    "padding": (DamagedError, "^padding"),
    "record": (DamagedError, "^record|^a text is not UTF-8"),
    "signature": (UntrustedError, "the signature of the"),
    "instance": (UntrustedError, "of another instance|of another installation"),
    "use": (UntrustedError, "is a demo and the root is not"),
    "days": (UntrustedError, "too many days"),
    "revoked": (
        UntrustedError,
        "ha(s|ve) been revoked|every certificate of the keyring|its own station's key as revoked",
    ),
    "root-expired": (UntrustedError, "the root key has expired"),
    "date": (
        UntrustedError,
        "is not valid today|was not valid on the day of the export|no desk has a key that is valid today",
    ),
    "list": (UntrustedError, "the list of revocations is (old|dated in the future)"),
    "certificate": (UntrustedError, "under another certificate than its own"),
    "chain": (UntrustedError, "do not follow each other"),
    "future": (UntrustedError, "dated in the future"),
    "key": (UntrustedError, "not among those that the key bundle names|of another report"),
    "number": (UntrustedError, "a number that its certificate does not allow"),
    "made": (UntrustedError, "outside the days of its certificate|on a day in the future"),
    "label": (UntrustedError, "not a signed object of the kind|of a kind that does not belong into a return"),
    "desk": (UntrustedError, "another desk or instance|for another desk"),
    "cell": (DamagedError, "a cell does not open"),
    "part": (DamagedError, "a part of the answer is missing|do not agree"),
    "file": (UntrustedError, "another file"),
    "timeline": (MalformedError, ""),
    "challenge": (UntrustedError, "another challenge"),
    "receiver": (UntrustedError, "another receiver's card"),
    "day": (
        UntrustedError,
        "on a day on which|(statement|answer) is dated in the future|when the receiver's key was not valid",
    ),
    "parts": (DamagedError, "a part of the dossier|bytes that nobody signed|ends too early|list is too long"),
    "sealed": (DamagedError, "does not open"),
    "dossier": (UntrustedError, "about another dossier"),
    "held-return": (RefusedError, "this return has the number|the same number is already"),
    "held-list": (RefusedError, "lacks a key|one list of revocations|the same number is already"),
    "held-chain": (RefusedError, "key bundle .* (differs from the stored one|is here already)"),
    "held-board": (RefusedError, "this board has the number|the same number is already"),
    "held-statistics": (RefusedError, "statistics has the number|the same number is already"),
}


def each(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", family(name), ids=lambda vector: vector.name)


def stops(vector: VectorFile, act: Callable[[], object]) -> bool:
    """Whether the vector is a failure, after having seen that it fails at its stage and at no other."""
    if vector.expect in ("ok", "none", "member"):
        return False
    expected, message = STAGES[vector.expect]
    with pytest.raises(DropboxError) as caught:
        act()
    is_of_an_export = isinstance(caught.value, UnbelievedExportError)  # untrusted, with a reason for the officer
    assert (UntrustedError if is_of_an_export else type(caught.value)) is expected
    assert re.search(message, str(caught.value)), str(caught.value)
    return True
