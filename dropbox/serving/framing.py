"""Finds the end of a request's head and body before the request gets a thread.

Rule: gunicorn's parser decides what a request means; this module only decides when to call it. Nothing here waits, and
a repeated look costs no more than the bytes that arrived since.
"""

import enum
import re
from typing import Final

from gunicorn.config import Config
from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.errors import InvalidChunkSize, InvalidHeader, LimitRequestHeaders, NoMoreData
from gunicorn.http.message import Request

from dropbox.limits import HEAD_MAX_BYTES
from dropbox.serving.source import Source

_END: Final = b"\r\n\r\n"
_LINE_MAX: Final = 8190  # bytes of a chunk's size and extensions, as in gunicorn
_CHUNKS_MAX: Final = 4096  # chunks of a gathered body: 1 kB each; smaller ones cost more to read than to send
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


class _StrictChunks(ChunkedReader):  # type: ignore[misc]
    """Rejects a bare LF at once, where gunicorn would wait for the CRLF."""

    def read_into(self, unreader: Source, buf: bytearray) -> None:
        """Read more of a line without CRLF, or of the trailers; raises InvalidChunkSize for a bare LF."""
        if _has_bare_lf(buf):
            raise InvalidChunkSize(b"bare LF")
        super().read_into(unreader, buf)


class StrictRequest(Request):  # type: ignore[misc]
    """A request whose head must name its host and whose chunks must end with CRLF."""

    body: Body

    def set_body_reader(self) -> None:
        """Choose the body's reader; raises InvalidHeader for HTTP/1.1 without a Host."""
        super().set_body_reader()
        if isinstance(self.body.reader, ChunkedReader):
            self.body = Body(_StrictChunks(self, self.unreader))
        if self.version >= (1, 1) and not any(name == "HOST" for name, _ in self.headers):
            raise InvalidHeader("HOST", req=self)


def read_head(config: Config, source: Source, address: object) -> Request | None:
    """Return the request when its whole head has arrived (the body stays in the source), else None.

    Raises:
        LimitRequestHeaders: the head is longer than HEAD_MAX_BYTES.
        InvalidHeader: the head does not end where a head must end.
        ParseException: not an HTTP request (gunicorn's own errors).
    """
    data = source.peek()
    if _END not in data and not _has_bare_lf(data):
        if len(data) > HEAD_MAX_BYTES:
            raise LimitRequestHeaders("head")
        return None
    try:
        return StrictRequest(config, source, address)
    except NoMoreData:
        raise InvalidHeader("end of head") from None


def _has_bare_lf(data: bytes | bytearray) -> bool:
    return data.count(b"\n") != data.count(b"\r\n")


class Arrival(enum.Enum):
    """How much of a body has arrived."""

    PART = enum.auto()
    WHOLE = enum.auto()
    BROKEN = enum.auto()  # it is framed wrongly


class Framing:
    """Finds the end of the body of one request."""

    def __init__(self, request: Request) -> None:
        reader = request.body.reader
        self._length: int | None = reader.length if isinstance(reader, LengthReader) else None
        self._seen = 0  # of a chunked body: offset of the next chunk's size line
        self._needed = 0  # number of bytes before which another look is useless
        self._chunks = 0

    def look(self, source: Source) -> Arrival:
        """Return whether the body in the source is whole, partial or broken."""
        if self._length is not None:
            return Arrival.WHOLE if source.buffered >= self._length else Arrival.PART
        if source.buffered < self._needed:
            return Arrival.PART
        start = self._seen
        data = source.peek(start)
        while start + len(data) >= self._needed:
            come = self._chunk(data, self._seen - start)
            if come is not None:
                return come
        return Arrival.PART

    def _chunk(self, data: bytes, begin: int) -> Arrival | None:
        """Look at the chunk that begins at an offset; returns None to continue with the next one."""
        end = data.find(b"\r\n", begin, begin + _LINE_MAX)
        if end < 0:
            return Arrival.PART if len(data) - begin < _LINE_MAX and b"\n" not in data[begin:] else Arrival.BROKEN
        size = _SIZE.fullmatch(data[begin:end])
        if size is None or self._chunks == _CHUNKS_MAX:
            return Arrival.BROKEN
        length = int(size[1], 16)
        if length == 0:
            return _trailers(data[end:])
        after = end + 2 + length
        self._needed = self._seen - begin + after + 2
        if len(data) < after + 2:
            return None
        if data[after : after + 2] != b"\r\n":
            return Arrival.BROKEN
        self._chunks += 1
        self._seen = self._needed
        return None


def _trailers(data: bytes) -> Arrival:
    """Look at the bytes after the last chunk's size line."""
    if _END in data:
        return Arrival.WHOLE
    return Arrival.BROKEN if _has_bare_lf(data) or len(data) > HEAD_MAX_BYTES else Arrival.PART
