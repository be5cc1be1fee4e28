"""Reads multipart/form-data (RFC 7578) piece by piece with Werkzeug's sans-IO decoder.

Rule: a file's bytes are handed on as they come; only short fields are gathered in memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from dropbox.errors import MalformedError, TooLargeError
from dropbox.limits import FORM_MAX_BYTES, PART_HEADER_MAX_BYTES, PARTS_PER_FORM_MAX
from dropbox.web.http.body import InterruptedBodyError, lines


@dataclass(frozen=True)
class FieldPart:
    """A whole short field; its line ends are LF."""

    name: str
    value: str


@dataclass(frozen=True)
class FilePart:
    """The start of a file; its bytes follow as FileBytes."""

    name: str
    filename: str
    type: str


@dataclass(frozen=True)
class FileBytes:
    """Some bytes of the file that started last; `last` ends it."""

    data: bytes
    last: bool


_PADDING_MAX: Final = 256  # bytes of blanks behind a delimiter; no browser sends any
Part = FieldPart | FilePart | FileBytes


def boundary_of(request: Request) -> bytes:
    """Return the boundary of a multipart request; raises MalformedError when there is no valid one."""
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not 1 <= len(boundary) <= 70 or not boundary.isascii():
        raise MalformedError("request.not-multipart")
    return boundary.encode("ascii")


def read_parts(boundary: bytes, pieces: Iterator[bytes]) -> Iterator[Part]:
    """Yield the parts in the order in which they arrive.

    Raises:
        MalformedError: the body breaks the grammar.
        TooLargeError: too many parts, a field too long, or part headers too long.
        InterruptedBodyError: the body ended inside a part.
    """
    decoder = MultipartDecoder(boundary, max_parts=PARTS_PER_FORM_MAX)
    parts = _Parts()
    for piece in _whole_delimiters(boundary, pieces):
        decoder.receive_data(piece)
        while not isinstance(event := _next(decoder), NeedData):
            if isinstance(event, Epilogue):
                return
            yield from parts.take(event)
        if parts.between and len(decoder.buffer) > PART_HEADER_MAX_BYTES:
            raise TooLargeError("request.headers")
    # Once it has seen the closing boundary, the decoder waits for an epilogue that ends with the body.
    decoder.receive_data(None)
    try:
        ended = isinstance(_next(decoder), Epilogue)
    except MalformedError:
        ended = False
    if not ended:
        raise InterruptedBodyError


def _whole_delimiters(boundary: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that end within no delimiter line and no line break.

    Werkzeug's decoder counts the CR before half a delimiter as content, so that a file would get a byte more
    (pallets/werkzeug issue 3285).
    """
    begun = rb"(?:-|[ \t]*\r?)"
    for byte in reversed(b"--" + boundary):
        begun = rb"(?:%s%s)?" % (re.escape(bytes([byte])), begun)
    unfinished = re.compile(rb"(?:\A|\r\n?|\n)%s\Z" % begun)
    held = b""
    for piece in pieces:
        held += piece
        found = unfinished.search(held, max(0, len(held) - len(boundary) - _PADDING_MAX))
        cut = found.start() if found else len(held)
        if cut:
            yield held[:cut]
        held = held[cut:]
    if held:
        yield held


def _next(decoder: MultipartDecoder) -> Event:
    try:
        return decoder.next_event()
    except RequestEntityTooLarge:
        raise TooLargeError("request.many-parts") from None
    except ValueError:
        raise MalformedError("request.not-multipart") from None


class _Parts:
    """Turns the decoder's events into parts; gathers short fields, hands file bytes on."""

    def __init__(self) -> None:
        self.between = True  # no part is open: what the decoder holds are headers
        self._field: str | None = None
        self._gathered: list[bytes] = []

    def take(self, event: Event) -> Iterator[Part]:
        """The part that an event completes or continues, if any."""
        if isinstance(event, File):
            self.between, self._field = False, None
            yield FilePart(event.name or "", event.filename, event.headers.get("content-type", ""))
        elif isinstance(event, Field):
            self.between, self._field, self._gathered = False, event.name or "", []
        elif isinstance(event, Data):
            self.between = not event.more_data
            if self._field is None:
                yield FileBytes(bytes(event.data), not event.more_data)
            else:
                yield from self._gather(self._field, event)

    def _gather(self, name: str, event: Data) -> Iterator[Part]:
        self._gathered.append(bytes(event.data))
        if sum(map(len, self._gathered)) > FORM_MAX_BYTES:
            raise TooLargeError("request.field")
        if not event.more_data:
            yield FieldPart(name, lines(b"".join(self._gathered).decode("utf-8", "replace")))
