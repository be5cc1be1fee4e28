"""Serves /kirim-berkas: takes a container that was sealed offline through a plain form, and stores it blob by blob.

Rule: each blob is checked as if it had come alone, and is durable before the next one is read; what arrived before a
damaged place is stored, and the page says so. The server learns no code and no words here, so it shows none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Response, request

from dropbox.errors import FilesClosedError, MalformedError, StorageBusyError, StorageFullError, TooLargeError
from dropbox.limits import STORE_CHUNK_BYTES
from dropbox.store.uploads import Promise
from dropbox.web.base.current import site
from dropbox.web.base.site import Site
from dropbox.web.base.view import closed_page, error_page, error_text, page
from dropbox.web.http.body import InterruptedBodyError, read_pieces, swallow
from dropbox.web.http.multipart import FileBytes, FilePart, Part, boundary_of, read_parts
from dropbox.web.http.upload_limit import upload_slot
from dropbox.web.intake.acceptance import Refusal, checked_epoch, keep_upload, keep_whole, legal_lengths
from dropbox.wire.container import ContainerReader, SealedEntry

FIELD = "container"
# Texts for one blob of a container, by the key of the refusal that a blob alone would have met.
_TEXTS = {
    "blob-refused": "part-refused",
    "epoch-ended": "part-ended",
    "epoch-early": "part-early",
    "too-large": "part-too-large",
    "keys-expired": "keys-expired",
    "files-closed": "files-closed",
    "wrong-offset": "send-again",
}


@dataclass
class Kept:
    """The result of a container.

    Attributes:
        count: how many blobs it said it held; 0 before that is known.
        kept: places, from 1, of those that are held.
        refused: key of the text, by place.
        fatal: key of a fault that ended it.
    """

    count: int = 0
    kept: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    fatal: str = ""
    http_status: int = 200

    def end(self, key: str, status: int) -> None:
        """End with the key of an error and an HTTP status; nothing more is taken."""
        self.fatal, self.http_status = key, status


def show() -> Response:
    """Answer GET with the form."""
    return page("container.html", kept=None, errors={}) if site().settings.intake_open else closed_page("closed")


def receive() -> Response:
    """Answer POST: store the container while it arrives."""
    if not site().settings.intake_open:
        return closed_page("closed")
    with upload_slot(request) as taken:
        if taken:
            return _receive()
    response = error_page("busy", 503)
    response.headers["Retry-After"] = "60"
    return response


def _receive() -> Response:
    here = site()
    try:
        boundary = boundary_of(request)
    except MalformedError:
        return error_page("bad-form", 400)
    kept = receive_container(here, boundary, read_pieces(request))
    if kept.fatal:
        swallow(request, here.settings.file_max_bytes * here.settings.files_max)
    errors = {FIELD: error_text(kept.fatal)} if kept.fatal else {}
    refused = [(place, error_text(key)) for place, key in kept.refused.items()]
    return page("container.html", kept.http_status, kept=kept, refused=refused, errors=errors)


def receive_container(site: Site, boundary: bytes, pieces: Iterator[bytes]) -> Kept:
    """Store the container in a multipart form, blob by blob; never raises for what a reporter sent.

    Args:
        site: the running site.
        boundary: of the form.
        pieces: the body as it arrives.
    """
    kept = Kept()
    file = _File(read_parts(boundary, pieces))
    try:
        if file.find():
            _keep_all(site, ContainerReader(file.read, site.instance), kept)
            file.finish()
        else:
            kept.end("container-required", 422)
    except MalformedError:
        wrong = "container-unknown" if file.has_bytes else "container-empty"
        kept.end("container-damaged" if kept.count else wrong, 422)
    except TooLargeError:
        kept.end("too-many-parts", 413)
    except InterruptedBodyError:
        kept.end("container-interrupted", 400)
    except StorageFullError:
        kept.end("storage-full", 507)
    except StorageBusyError:
        kept.end("busy", 503)
    return kept


class _File:
    """`read(n)` over the bytes of the form's one file."""

    def __init__(self, parts: Iterator[Part]) -> None:
        self._parts = parts
        self._left = memoryview(b"")
        self._ended = False
        self.has_bytes = False

    def find(self) -> bool:
        """Go to the file's first byte; return False when the form has no such file, or an unnamed one."""
        return any(isinstance(part, FilePart) and part.name == FIELD and part.filename != "" for part in self._parts)

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes, none at the end; raises InterruptedBodyError when the form ends too early."""
        while not self._left and not self._ended:
            part = next(self._parts, None)
            if not isinstance(part, FileBytes):
                raise InterruptedBodyError
            self._left, self._ended = memoryview(part.data), part.last
            self.has_bytes = self.has_bytes or bool(part.data)
        piece, self._left = self._left[:count], self._left[count:]
        return bytes(piece)

    def finish(self) -> None:
        """Read the rest of the form, so that it is known to have come whole."""
        for _ in self._parts:
            pass


def _keep_all(site: Site, reader: ContainerReader, kept: Kept) -> None:
    kept.count = reader.count
    for place, entry in enumerate(reader.entries(), 1):
        try:
            _keep(site, entry, reader.pieces())
        except Refusal as refusal:
            kept.refused[place] = _TEXTS[refusal.key]
            kept.http_status = max(kept.http_status, refusal.status)
        else:
            kept.kept.append(place)


def _keep(site: Site, entry: SealedEntry, pieces: Iterator[bytes]) -> None:
    """One blob; raises Refusal. What it leaves unread, the reader passes over."""
    if entry.length not in legal_lengths(site):
        raise Refusal("too-large", 413)
    promise = Promise(entry.id, entry.digest, entry.length)
    try:
        _keep_blob(site, promise, entry.length, pieces)
    except FilesClosedError:
        raise Refusal("files-closed", 507) from None


def _keep_blob(site: Site, promise: Promise, length: int, pieces: Iterator[bytes]) -> None:
    if length <= STORE_CHUNK_BYTES:
        keep_whole(site, promise, b"".join(pieces))
        return
    first = next(pieces)
    checked_epoch(site, first, length)  # before half a gigabyte is stored for nothing
    address = site.store.blobs.begin(site.clock().timestamp(), promise)
    done = False
    try:
        _keep_rows(site, address, promise, first, pieces)
        done = True
    finally:
        if not done:
            site.store.blobs.abort(address)


def _keep_rows(site: Site, address: bytes, promise: Promise, first: bytes, pieces: Iterator[bytes]) -> None:
    offset, last = 0, first
    for piece in pieces:
        offset = site.store.blobs.append(address, last, at=offset)
        last = piece
    keep_upload(site, address, promise, last)
