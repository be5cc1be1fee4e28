"""Request bodies as they arrive: never spooled, never larger in memory than a limit.

Rule: Flask's own form parsing is never used, because it writes large bodies to temporary files.
"""

import contextlib
import math
import socket
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from flask import Request, Response
from werkzeug.datastructures import MultiDict

from dropbox.errors import MalformedError
from dropbox.limits import FORM_FIELDS_MAX, FORM_MAX_BYTES, FORM_SECONDS, PIECE_SECONDS, STALL_SECONDS
from dropbox.web.deadlines import deadline

READ_BYTES: Final = 256 * 1024  # fewer, larger pieces: less copying on the way into the seal
_LINGER_BYTES: Final = 1024 * 1024
_LINGER_SECONDS: Final = 3.0


class InterruptedBodyError(Exception):
    """The connection ended before the body did."""


def read_pieces(request: Request, within: float = math.inf) -> Iterator[bytes]:
    """The body's bytes as they come; raises InterruptedBodyError when they stop too early.

    A sender that is silent for STALL_SECONDS, or needs PIECE_SECONDS for a piece, has gone: its thread is needed by
    others. Likewise one whose body takes longer than `within` seconds.
    """
    until = time.monotonic() + within
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.settimeout(STALL_SECONDS)
    stream = request.environ["wsgi.input"]
    left = request.content_length
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    if left is None and not chunked:
        return
    while left is None or left > 0:
        try:
            with deadline(connection, min(PIECE_SECONDS, until - time.monotonic())):
                piece = stream.read(READ_BYTES if left is None else min(READ_BYTES, left))
        except Exception:  # noqa: BLE001  # each server has its own errors for a broken connection
            raise InterruptedBodyError from None
        if not piece:
            if left:
                raise InterruptedBodyError
            return
        if left is not None:
            left -= len(piece)
        yield piece


def drain(pieces: Iterator[bytes], most: int) -> None:
    """Read on, up to so many bytes, so that the browser shows our answer instead of a broken connection."""
    with contextlib.suppress(InterruptedBodyError):
        for piece in pieces:
            most -= len(piece)
            if most < 0:
                return


def hang_up(response: Response, request: Request) -> None:
    """Refuse without reading the body: end the connection, but give the refusal time to be read."""
    connection = request.environ.get("gunicorn.socket")
    response.headers["Connection"] = "close"
    if isinstance(connection, socket.socket):
        response.call_on_close(lambda: leave(connection))


def leave(connection: socket.socket) -> None:
    """End our half of a connection, and wait a little for the other side to end its own."""
    until = time.monotonic() + _LINGER_SECONDS
    left = _LINGER_BYTES
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while left > 0 and (wait := until - time.monotonic()) > 0:
            connection.settimeout(wait)
            piece = connection.recv(READ_BYTES)
            if not piece:
                break
            left -= len(piece)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)  # who reads after us need not wait


def read_form(request: Request) -> tuple[MultiDict[str, str], bool]:
    """The fields of an urlencoded form, and whether that is all: of a form beyond FORM_MAX_BYTES only the beginning.

    Raises:
        MalformedError: not such a form, or too many fields.
        InterruptedBodyError: it did not arrive whole.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise MalformedError("form: not urlencoded")
    body = bytearray()
    pieces = read_pieces(request, FORM_SECONDS)
    for piece in pieces:
        body += piece
        if len(body) > FORM_MAX_BYTES:
            drain(pieces, 16 * FORM_MAX_BYTES)
            break
    try:
        pairs = parse_qsl(
            body[:FORM_MAX_BYTES].decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        raise MalformedError("form: too many fields") from None
    return MultiDict(pairs), len(body) <= FORM_MAX_BYTES


def is_cross_site(request: Request) -> bool:
    """A form on another page than ours, be it of a sister site. Browsers without Sec-Fetch-Site pass (SECURITY.md)."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
