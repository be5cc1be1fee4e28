"""Where heads and bodies end is told before a thread is given, byte by byte or at once, and agrees with the parser."""

import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request

from dropbox.limits import HEAD_MAX_BYTES
from dropbox.serving.framing import Arrival, Framing, read_head
from dropbox.serving.source import Source

HEAD = b"POST /status HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def source() -> Iterator[Source]:
    """A source on a connection that says nothing by itself."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Source(ours)


def _head(source: Source, data: bytes) -> Request:
    source.feed(data)
    request = read_head(Config(), source, ("127.0.0.1", 1))
    assert request is not None
    return request


def test_a_head_is_read_when_it_is_whole(source: Source) -> None:
    """Byte by byte nothing is told before the last byte; then the request is there and its body is left."""
    whole = HEAD + b"Content-Length: 3\r\n\r\n"
    for byte in whole[:-1]:
        source.feed(bytes([byte]))
        assert read_head(Config(), source, ("127.0.0.1", 1)) is None
    request = _head(source, whole[-1:] + b"abcGET")
    assert (request.method, source.peek()) == ("POST", b"abcGET")


@pytest.mark.parametrize(
    "begun",
    [b"GET / HTTP/1.1\nHost: x", b"GET / HTTP/1.1\r\nHost: x\nA", b"GET / HTTP/1.1\r\n" + b"A" * HEAD_MAX_BYTES],
)
def test_what_becomes_no_head_is_refused_at_once(source: Source, begun: bytes) -> None:
    """A bare LF, or a head without end, is not waited for."""
    source.feed(begun)
    with pytest.raises(ParseException):
        read_head(Config(), source, ("127.0.0.1", 1))


BODIES = {
    "whole": b"3\r\nabc\r\n10;a=b\r\n0123456789abcdef\r\n0\r\n\r\n",
    "trailers": b"1\r\na\r\n0\r\nX: y\r\n\r\n",
    "large chunks": b"5000\r\n" + b"a" * 0x5000 + b"\r\n5000\r\n" + b"b" * 0x5000 + b"\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_a_chunked_body_ends_where_the_parser_ends_it(source: Source, body: bytes, step: int) -> None:
    """It is a part until its last byte, however it comes; then the parser reads it, and leaves what follows."""
    request = _head(source, CHUNKED)
    framing = Framing(request)
    for start in range(0, len(body), step):
        assert framing.look(source) is Arrival.PART
        source.feed(body[start : start + step])
    assert framing.look(source) is Arrival.WHOLE
    source.feed(b"GET")
    assert request.body.read()[:1] in (b"a", b"0")
    assert source.peek() == b"GET"


@pytest.mark.parametrize(
    "body",
    [
        b"3\nabc",
        b"3\r\nabcd\r\n",
        b"x\r\n",
        b"-1\r\n",
        b"0_5\r\n",
        b"\r\n",
        b"0\r\nX: y\n\n",
        b"1" * 9000,
        b"1\r\na\r\n" * 5000,
    ],
)
def test_a_body_that_is_framed_wrongly_is_told_at_once(source: Source, body: bytes) -> None:
    """Whatever would follow, it is no body: a bare LF, a size that is none, a chunk too long, thousands of chunks."""
    framing = Framing(_head(source, CHUNKED))
    source.feed(body)
    assert framing.look(source) is Arrival.BROKEN


def test_a_bare_lf_in_a_later_chunk_is_not_waited_for(source: Source) -> None:
    """The reader of a body that comes in pieces refuses it although more might come."""
    request = _head(source, CHUNKED + b"3\r\nabc\r\n3\nabc")
    with pytest.raises(ParseException):
        request.body.read()


def test_without_leave_no_read_waits(source: Source) -> None:
    """A body of which a part has come ends there for a thread that may not wait."""
    request = _head(source, HEAD + b"Content-Length: 10\r\n\r\nabc")
    assert request.body.read() == b"abc"
