"""Reads request bodies as they arrive: never spooled to disk, bounded in memory.

Rule: Flask's own form parsing is never used, because it writes large bodies to temporary files.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict

from dropbox.errors import MalformedError
from dropbox.limits import FORM_FIELDS_MAX, FORM_MAX_BYTES
from dropbox.serving.connection import PEER, Connection

READ_BYTES: Final = 256 * 1024  # fewer, larger pieces: less copying on the way into the seal


class InterruptedBodyError(Exception):
    """The connection ended before the body did."""


def read_pieces(request: Request) -> Iterator[bytes]:
    """Yield the body's bytes as they arrive; raises InterruptedBodyError when they end too early.

    Only under an upload slot (http.upload_limit) does it wait for bytes that have not come yet.
    """
    stream = request.environ["wsgi.input"]
    left = request.content_length
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    if left is None and not chunked:
        return
    while left is None or left > 0:
        try:
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


def swallow(request: Request, most: int) -> None:
    """Refuse without reading on: up to `most` bytes that the sender still sends are thrown away.

    So the browser shows our answer instead of a broken connection.
    """
    peer: Connection | None = request.environ.get(PEER)
    if peer is not None:
        peer.swallow(most)


def read_form(request: Request) -> tuple[MultiDict[str, str], bool]:
    """Read the fields of an urlencoded form; return them, and whether they are all.

    Of a form beyond FORM_MAX_BYTES only the beginning is read. Line ends become LF, as texts are sealed.

    Raises:
        MalformedError: the body is not an urlencoded form, or has too many fields.
        InterruptedBodyError: the body did not arrive whole.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise MalformedError("request.not-urlencoded")
    body = bytearray()
    for piece in read_pieces(request):
        body += piece
        if len(body) > FORM_MAX_BYTES:
            swallow(request, 16 * FORM_MAX_BYTES)
            break
    try:
        pairs = parse_qsl(
            body[:FORM_MAX_BYTES].decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        raise MalformedError("request.many-fields") from None
    return MultiDict((name, lines(value)) for name, value in pairs), len(body) <= FORM_MAX_BYTES


def lines(text: str) -> str:
    """Return a text with LF line ends; browsers send CRLF in forms (HTML, 4.10.22.8)."""
    return text.replace("\r\n", "\n")


def is_cross_site(request: Request) -> bool:
    """A form on another page than ours, be it of a sister site. Browsers without Sec-Fetch-Site pass: DECISIONS 2."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
