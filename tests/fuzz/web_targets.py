"""What reaches a server from anybody: heads and bodies of requests, forms, sealed uploads, what the gate answers.

Rule: a request is taken or refused by a named error; nothing else is raised, and no answer is a fault of the server.
"""

import contextlib
import functools
import io
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from dropbox.courier.gate import messages
from dropbox.errors import DropboxError, GateError, MalformedError, TooLargeError
from dropbox.form.form_file import load as load_form
from dropbox.limits import FORM_FIELDS_MAX
from dropbox.serving.framing import Arrival, Framing, read_head
from dropbox.serving.source import Source
from dropbox.web.http.body import InterruptedBodyError
from dropbox.web.http.multipart import FieldPart, FileBytes, read_parts
from dropbox.web.intake.container import FIELD
from dropbox.web.report.draft import read_draft

BOUNDARY = b"reporter"
_WHERE = ("127.0.0.1", 1)


def _pieces(untrusted: bytes, step: int) -> Iterator[bytes]:
    return (untrusted[at : at + step] for at in range(0, len(untrusted), step))


def multipart(untrusted: bytes) -> None:
    """Read a form in pieces of two sizes: the same parts come of it, or the same refusal.

    The first byte says how long the smaller pieces are.
    """
    body = untrusted[1:]
    whole = _parts(body, len(body) + 1)
    assert whole == _parts(body, (untrusted or b"\0")[0] + 1)


def _parts(body: bytes, step: int) -> object:
    found: list[object] = []
    try:
        for part in read_parts(BOUNDARY, _pieces(body, step)):
            if isinstance(part, FileBytes):
                found[-1] += part.data  # type: ignore[operator]
            else:
                found += [part] if isinstance(part, FieldPart) else [part, b""]
    except (MalformedError, TooLargeError, InterruptedBodyError) as error:
        return type(error)
    return found


def form(untrusted: bytes) -> None:
    """Parse an urlencoded report into a draft; any text is kept as it was typed."""
    try:
        pairs = parse_qsl(
            untrusted.decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        return
    with app().test_request_context("/lapor"):
        draft = read_draft(MultiDict(pairs), load_form(), "id")
    assert draft.typed.get("what", "") == dict(reversed(pairs)).get("what", "")


def http(untrusted: bytes) -> None:
    """Look at a request as it arrives, in pieces; a body that is found whole is one for gunicorn's reader too.

    The first byte says how long the pieces are.
    """
    ours, theirs = _pair()
    source = Source(ours)
    step = (untrusted or b"\0")[0] + 1
    arriving = _pieces(untrusted[1:], step)
    with contextlib.suppress(ParseException):
        request = _head(source, arriving)
        if request is None:
            return
        framing = Framing(request)
        arrival = framing.look(source)
        for piece in arriving:
            if arrival is not Arrival.PART:
                break
            source.feed(piece)
            arrival = framing.look(source)
        if arrival is Arrival.WHOLE:
            request.body.read()
    del theirs


@functools.cache
def _pair() -> tuple[socket.socket, socket.socket]:
    """A connection whose other end says nothing: who would read from it waits for ever, and the fuzzer ends it."""
    return socket.socketpair()


def _head(source: Source, arriving: Iterator[bytes]) -> Request | None:
    for piece in arriving:
        source.feed(piece)
        if request := read_head(Config(), source, _WHERE):
            return request
    return None


@functools.cache
def app() -> Flask:
    """A site that is open, on a store in memory; its files go when this process ends."""
    from dropbox.web.app import create_app
    from tests.support.desks import make_site

    folder = Path(tempfile.mkdtemp(prefix="dropbox-fuzz-", dir="/dev/shm"))
    site, _ = make_site(folder)
    made = create_app(site)
    made.testing = True  # errors are raised, and not turned into a page with 500
    return made


@functools.cache
def _client() -> FlaskClient:
    return app().test_client()


def tus(untrusted: bytes) -> None:
    """Send a request to the uploads: a line `METHOD ADDRESS`, lines of headers, an empty line, the body."""
    head, _, body = untrusted.partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    method, _, address = first.partition(" ")
    method = method if method in ("POST", "PATCH", "HEAD", "DELETE", "OPTIONS", "PUT") else "POST"
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    named = [(name, value) for name, value in headers if name.isascii() and name.replace("-", "").isalnum()]
    builder = EnvironBuilder(
        path=f"/unggah{'/' if address else ''}{address}", method=method, input_stream=io.BytesIO(body)
    )
    builder.headers.extend((name, value) for name, value in named if value.isprintable())
    builder.headers.set("Content-Length", str(len(body)))
    answer = _client().open(builder, buffered=True)
    assert answer.status_code != 500


def container(untrusted: bytes) -> None:
    """Post a container of sealed blobs through the plain form."""
    head = f'--{BOUNDARY.decode()}\r\nContent-Disposition: form-data; name="{FIELD}"; filename="laporan.dbx"\r\n\r\n'
    body = head.encode() + untrusted + b"\r\n--" + BOUNDARY + b"--\r\n"
    kind = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    answer = _client().post("/kirim-berkas", data=body, content_type=kind)
    assert answer.status_code != 500


def gate_answer(untrusted: bytes) -> None:
    """Read what the gate answers; the courier's page refuses what it does not understand."""
    for read in (messages.state_of, messages.export_of, messages.taken_of):
        with contextlib.suppress(GateError):
            read(untrusted)
    assert isinstance(messages.error_of(untrusted), DropboxError)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "multipart": multipart,
    "form": form,
    "http": http,
    "tus": tus,
    "container form": container,
    "gate answer": gate_answer,
}
