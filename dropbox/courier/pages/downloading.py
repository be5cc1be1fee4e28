"""Hands out the bytes of an export, whole or from an offset (RFC 9110, 14), so that a cut download can go on.

Rule: its validator is the export's SHA-256: bytes of two exports are never put together.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from typing import Final

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from dropbox.courier.gate.client import Export
from dropbox.courier.pages.guard import DOWNLOAD
from dropbox.courier.pages.view import error_page, gate
from dropbox.errors import GateError, NotFoundError
from dropbox.wire.signed import shown_number

DOWNLOADS_MAX: Final = 4  # each holds a thread for as long as its client reads
_PLACES: Final = "dropbox-downloads"  # the extension that holds the places


def file_name(number: int) -> str:
    """Return the name under which an export is saved, as the commands of the guide name it."""
    return f"export-{shown_number(number)}"


def _download(number: int) -> Response:
    export = gate().export()
    if export is None or export.number != number:
        raise NotFoundError("courier-page.export-gone")
    start, end = _range(export)
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{export.sha256}"',
        "Content-Disposition": f'attachment; filename="{file_name(number)}"',
        "Content-Length": str(end - start),
    }
    is_part = end - start < export.length
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{export.length}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return Response(status=status, headers=headers, mimetype="application/octet-stream")
    places: threading.Semaphore = current_app.extensions[_PLACES]
    if not places.acquire(blocking=False):
        return error_page("download-busy", 503)
    body = _Body(gate().read(number, start), end - start, places, g.use)
    return Response(body, status, headers, mimetype="application/octet-stream", direct_passthrough=True)


def _range(export: Export) -> tuple[int, int]:
    """Return first byte and end of what is wanted; several ranges, or those of another export, get the whole."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return 0, export.length
    same = request.if_range
    if request.headers.get("If-Range") and (same is None or same.etag != export.sha256):
        return 0, export.length
    found = wanted.range_for_length(export.length)
    if found is None:
        raise RequestedRangeNotSatisfiable(export.length)
    return found


class _Body(Iterator[bytes]):
    """The first `length` bytes of what the gate reads; whoever closes it gives its place back.

    Each piece that is sent is use of the session.
    """

    def __init__(
        self, pieces: Iterator[bytes], length: int, places: threading.Semaphore, use: Callable[[], None]
    ) -> None:
        self._pieces, self._left, self._use = pieces, length, use
        self._places: threading.Semaphore | None = places

    def __next__(self) -> bytes:
        self._use()
        if not self._left:
            raise StopIteration
        piece = next(self._pieces, b"")[: self._left]
        if not piece:
            raise GateError("gate.ended")
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Stop reading, also in the middle."""
        places, self._places = self._places, None
        if places:
            places.release()
            if isinstance(self._pieces, Generator):
                self._pieces.close()


def register(app: Flask) -> None:
    """Add the route of an export's bytes."""
    app.extensions[_PLACES] = threading.BoundedSemaphore(DOWNLOADS_MAX)
    app.add_url_rule("/ekspor/<int:number>", DOWNLOAD, _download)
