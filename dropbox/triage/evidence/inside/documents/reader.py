"""Reads documents of office programs by their kind: text, facts, and the files inside them.

Rule: facts come from the whole document, also where the text is cut.
"""

import io
import os
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents import old, opendocument, sheets, signs, slides, word
from dropbox.triage.evidence.inside.documents.package import Package
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

_READERS: Final = {"docx": word.pieces, "xlsx": sheets.pieces, "pptx": slides.pieces}
_ODF_READERS: Final = dict.fromkeys(("odt", "ods", "odp", "odg"), opendocument.pieces)
_SCRIPT: Final = "/usr/lib/python3/dist-packages/uno.py"
_SMALL: Final = 1024  # bytes: bullets and lines of a letterhead are no evidence of their own
_NOT_FILES: Final = (".emf", ".wmf", ".xml", ".rels", ".vml")


def text(reading: Reading) -> Iterator[str]:
    """Yield the text of a document; notes only that its end is missing (`facts` has the other notes).

    Raises:
        CannotError: see Package.
    """
    inner = Reading(reading.family, reading.code)
    yield from _pieces(inner, Package(inner))
    if "unfinished" in inner.facts:
        reading.note("unfinished")


def facts(reading: Reading) -> dict[str, int]:
    """Return the warnings and notes of a document; raises CannotError, see Package."""
    inner = Reading(reading.family, reading.code)
    package = Package(inner)
    for _ in _pieces(inner, package):
        pass
    inner.facts.pop("broken-parts", None)  # parts are read again below, each once
    signs.collect(inner, package)
    if not os.path.exists(_SCRIPT):  # noqa: PTH110  the only question to the file system here
        inner.note("as-printed")
    return inner.facts


def old_facts(_reading: Reading) -> dict[str, int]:
    """Return the warnings of a document of an older format."""
    return old.facts()


def members(reading: Reading) -> Iterator[tuple[str, str, int]]:
    """Yield (name, type, bytes) of the files inside a document: pictures, recordings, documents; raises as Package."""
    package = Package(reading)
    for name in _members(package):
        yield name.rpartition("/")[2], "", package.size(name)


def member(reading: Reading, index: int) -> Iterator[bytes]:
    """Yield the bytes of a file inside a document (0-based).

    Raises:
        CannotError: `no-page`: there is no such file; `too-large`: it is larger than allowed; see also Package.
    """
    package = Package(reading)
    names = _members(package)
    if not 0 <= index < len(names):
        raise CannotError("no-page")
    raw = package.pieces(names[index])
    if not names[index].endswith(".bin"):
        yield from raw
        return
    yield old.embedded(io.BytesIO(b"".join(raw)))


def _members(package: Package) -> list[str]:
    return [
        name
        for name in signs.objects(package)
        if not name.lower().endswith(_NOT_FILES) and package.size(name) >= _SMALL
    ]


def _pieces(reading: Reading, package: Package) -> Iterator[str]:
    if reading.code in _ODF_READERS:
        return _ODF_READERS[reading.code](reading, package)
    reader = _READERS.get(reading.code)
    return reader(reading, package) if reader else word.others(reading, package)
