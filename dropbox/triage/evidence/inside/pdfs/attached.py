"""Lists the files that are inside a PDF, and takes out one: attachments, annotations with a file, films.

Rule: a file is only bytes here; see inside.parts.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dropbox.triage.evidence.inside.pdfs.objects import Objects, objects
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

_FILES_MAX: Final = 10_000


class Attached(NamedTuple):
    """A file in a PDF: its name and media type as its maker gave them, its size in bytes, and its stream."""

    name: str
    type: str
    size: int
    stream: dict[str, Any]


def files() -> list[Attached]:
    """Return the files in the PDF on standard input; raises CannotError (`locked`, `damaged`)."""
    found = objects()
    listed: list[Attached] = []
    seen: set[int] = set()
    for one in found.reached():
        streams = found.get(one.get("EF"))
        stream = found.get(streams.get("UF") or streams.get("F")) if isinstance(streams, dict) else None
        if isinstance(stream, dict) and "" in stream and id(stream) not in seen and len(listed) < _FILES_MAX:
            seen.add(id(stream))
            name = found.text(one.get("UF") or one.get("F"))
            listed.append(Attached(name, found.text(stream.get("Subtype")), _size(found, stream), stream))
    return listed


def data(reading: Reading, index: int) -> Iterator[bytes]:
    """Yield the bytes of a file (0-based) in the PDF.

    Raises:
        CannotError: `no-page`: there is no such file; `locked`, `damaged`, or `unsupported` (its compression).
    """
    listed = files()
    if not 0 <= index < len(listed):
        raise CannotError("no-page")
    yield objects().stream(listed[index].stream, reading.most)


def _size(found: Objects, stream: dict[str, Any]) -> int:
    parameters = found.get(stream.get("Params"))
    size = found.get(parameters.get("Size")) if isinstance(parameters, dict) else None
    return size if isinstance(size, int) and size >= 0 else int(stream[""][1])
