"""Sealed blobs come by tus 1.0 (tus.io): core, creation, creation-with-upload, termination, expiration.

Rule: an upload is acknowledged whole or not at all. Its last bytes become durable together with the blob, so that no
upload looks finished and is no blob. Addresses are random, and after completion they lead nowhere. No answer depends on
what is held: who watches them learns neither what came nor when a courier was here.
"""

import base64
import binascii
import email.utils
import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from flask import Flask, Response, request

from dropbox.errors import FilesClosedError, NotFoundError, RefusedError, StorageBusyError, StorageFullError
from dropbox.limits import FLUSH_SECONDS, STORE_CHUNK_BYTES
from dropbox.store.uploads import Promise, Staged, new_address
from dropbox.web.base.current import site
from dropbox.web.base.view import error_text
from dropbox.web.http.body import InterruptedBodyError, is_cross_site, read_pieces
from dropbox.web.http.upload_limit import upload_slot
from dropbox.web.intake.acceptance import Refusal, keep_upload, keep_whole, legal_lengths
from dropbox.wire.fields import HASH_BYTES

PATH: Final = "/unggah"
VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,termination,expiration"
ERROR_HEADER: Final = "Dropbox-Error"
_BODY_TYPE: Final = "application/offset+octet-stream"
_BUSY_SECONDS: Final = 60

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,15})\Z")
_ADDRESS = re.compile(r"[0-9a-f]{32}\Z")


def register(app: Flask) -> None:
    """The two addresses. Both take every method of tus, so that a wrong one is refused in the protocol's own words."""
    methods = ["OPTIONS", "POST", "HEAD", "PATCH", "DELETE"]
    app.add_url_rule(PATH, "tus-create", _answer_tus, methods=methods, provide_automatic_options=False)
    app.add_url_rule(f"{PATH}/<address>", "tus-upload", _answer_tus, methods=methods, provide_automatic_options=False)


def _answer_tus(address: str | None = None) -> Response:
    """Every request of the protocol."""
    try:
        response = _answer(address)
    except Refusal as refusal:
        response = _refused(refusal)
    except InterruptedBodyError:
        response = _refused(Refusal("send-again", 400))
    except NotFoundError:
        response = _refused(Refusal("upload-unknown", 404))
    except RefusedError:
        response = _refused(Refusal("wrong-offset", 409))
    except FilesClosedError:
        response = _refused(Refusal("files-closed", 507))
    except StorageFullError:
        response = _refused(Refusal("storage-full", 507))
    except StorageBusyError:
        response = _refused(Refusal("busy", 503))
    response.headers["Tus-Resumable"] = VERSION
    return response


def _refused(refusal: Refusal) -> Response:
    response = Response(error_text(refusal.key) + "\n", refusal.status, mimetype="text/plain")
    response.headers[ERROR_HEADER] = refusal.key
    if refusal.status == 412:
        response.headers["Tus-Version"] = VERSION
    if refusal.key == "busy":
        response.headers["Retry-After"] = str(_BUSY_SECONDS)
    return response


def _answer(address: str | None) -> Response:
    if is_cross_site(request):
        raise Refusal("cross-site", 403)
    method = request.method
    if method == "POST":  # for those who cannot send other methods
        method = request.headers.get("X-HTTP-Method-Override", method)
    if method == "OPTIONS":
        return _options()
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refusal("unsupported", 412)
    if address is None and method == "POST":
        return _create()
    upload_methods: dict[str, Callable[[bytes, Staged], Response]] = {
        "HEAD": _head,
        "PATCH": _patch,
        "DELETE": _delete,
    }
    if address is None or method not in upload_methods:
        raise Refusal("method-not-allowed", 405)
    if not _ADDRESS.match(address):
        raise NotFoundError("store.no-upload")
    upload = bytes.fromhex(address)
    return upload_methods[method](upload, site().store.blobs.upload_state(upload))


def _options() -> Response:
    most = str(max(legal_lengths(site())))
    return _empty(204, {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": most})


def _empty(status: int, headers: dict[str, str]) -> Response:
    response = Response(status=status, headers=headers)
    del response.headers["Content-Type"]
    return response


# --- creation ---------------------------------------------------------------------------------------------


def _create() -> Response:
    here = site()
    promise = _promise()
    _check_open()
    body_bytes = _body_bytes()
    if body_bytes != 0:
        _check_body_type()
    if (body_bytes or 0) > promise.length:
        raise Refusal("too-large", 413)
    if body_bytes == 0:
        upload = here.store.blobs.begin(here.clock().timestamp(), promise)
        return _created(upload, _expiry(upload), 0)
    with upload_slot(request) as taken:
        if not taken:
            raise Refusal("busy", 503)
        if body_bytes == promise.length <= STORE_CHUNK_BYTES:
            keep_whole(here, promise, b"".join(read_pieces(request)))
            return _created(new_address(), {}, promise.length)
        upload = here.store.blobs.begin(here.clock().timestamp(), promise)
        offset = _receive(upload, promise, 0)
    return _created(upload, _expiry(upload), offset)


def _created(upload: bytes, headers: dict[str, str], offset: int) -> Response:
    return _empty(201, {"Location": f"{PATH}/{upload.hex()}", "Upload-Offset": str(offset), **headers})


def _promise() -> Promise:
    """What the headers of a creation promise; raises Refusal."""
    length = _number("Upload-Length")
    if "Upload-Defer-Length" in request.headers:
        raise Refusal("bad-request", 400)
    if length > max(legal_lengths(site())):
        raise Refusal("too-large", 413)
    if length not in legal_lengths(site()):
        raise Refusal("blob-refused", 422)
    pairs = [pair.strip().split(" ") for pair in request.headers.get("Upload-Metadata", "").split(",")]
    # A name or type of the file has no business here: who sends one believes that it is wanted.
    if sorted(pair[0] for pair in pairs) != ["digest", "id"] or any(len(pair) != 2 for pair in pairs):
        raise Refusal("bad-request", 400)
    values = {name: _hash_of(value) for name, value in pairs}
    return Promise(values["id"], values["digest"], length)


def _hash_of(untrusted: str) -> bytes:
    try:
        value = base64.b64decode(untrusted, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("bad-request", 400) from None
    if len(value) != HASH_BYTES or base64.b64encode(value).decode() != untrusted:
        raise Refusal("bad-request", 400)
    return value


# --- an upload --------------------------------------------------------------------------------------------


def _head(upload: bytes, staged: Staged) -> Response:
    promise = _promised(staged)
    metadata = f"id {_base64(promise.blob_id)},digest {_base64(promise.digest)}"
    headers = {
        "Upload-Offset": str(staged.received),
        "Upload-Length": str(promise.length),
        "Upload-Metadata": metadata,
    }
    return _empty(200, headers | _expiry(upload))


def _delete(upload: bytes, staged: Staged) -> Response:
    _promised(staged)
    site().store.blobs.abort(upload)
    return _empty(204, {})


def _patch(upload: bytes, staged: Staged) -> Response:
    promise = _promised(staged)
    _check_open()
    _check_body_type()
    offset = _number("Upload-Offset")
    if offset != staged.received:
        raise Refusal("wrong-offset", 409)
    if offset + (_body_bytes() or 0) > promise.length:
        raise Refusal("too-large", 413)
    with upload_slot(request) as taken:
        if not taken:
            raise Refusal("busy", 503)
        offset = _receive(upload, promise, offset)
    return _empty(204, {"Upload-Offset": str(offset), **_expiry(upload)})


def _promised(staged: Staged) -> Promise:
    """Uploads that this server seals itself are nobody else's."""
    if staged.promise is None:
        raise NotFoundError("store.no-upload")
    return staged.promise


def _receive(upload: bytes, promise: Promise, offset: int) -> int:
    """Keep the body; the last byte of the blob completes it. Returns the new offset."""
    here = site()
    for data in _rows(offset, promise.length):
        if offset + len(data) == promise.length:
            keep_upload(here, upload, promise, data)
            return promise.length
        offset = here.store.blobs.append(upload, data, at=offset)
    return offset


def _rows(offset: int, length: int) -> Iterator[bytes]:
    """The body, cut where the store cuts its rows. What has come is given out before an interruption is raised.

    The piece that reaches `length` is the last, and is given out only when nothing follows it.
    """
    pending = bytearray()
    flushed = time.monotonic()
    interrupted = False
    try:
        for piece in read_pieces(request):
            pending += piece
            if offset + len(pending) > length:
                raise Refusal("too-large", 413)
            while (cut := _cut(offset, len(pending), flushed)) and offset + cut < length:
                yield bytes(pending[:cut])
                del pending[:cut]
                offset, flushed = offset + cut, time.monotonic()
    except InterruptedBodyError:
        interrupted = True
    if pending:
        yield bytes(pending)
    if interrupted:
        raise InterruptedBodyError


def _cut(offset: int, pending: int, flushed: float) -> int:
    """How many of the pending bytes to keep now: a full row, or all when a slow sender would lose too much."""
    room = STORE_CHUNK_BYTES - offset % STORE_CHUNK_BYTES
    if pending >= room:
        return room
    return pending if time.monotonic() - flushed > FLUSH_SECONDS else 0


# --- headers ----------------------------------------------------------------------------------------------


def _check_open() -> None:
    if not site().settings.intake_open:
        raise Refusal("closed", 503)


def _check_body_type() -> None:
    if request.mimetype != _BODY_TYPE:
        raise Refusal("unsupported", 415)


def _body_bytes() -> int | None:
    """Length of the request's body; None when only its end will tell."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return None
    return request.content_length or 0


def _number(name: str) -> int:
    value = request.headers.get(name, "")
    if not _NUMBER.match(value):
        raise Refusal("bad-request", 400)
    return int(value)


def _expiry(upload: bytes) -> dict[str, str]:
    """When the upload will be forgotten, in steps of STAGING_HOURS; nothing once it is complete."""
    try:
        expires = site().store.blobs.upload_state(upload).expires
    except NotFoundError:
        return {}
    return {"Upload-Expires": email.utils.formatdate(expires, usegmt=True)}


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
