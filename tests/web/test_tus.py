"""Uploads by tus 1.0: what is acknowledged is held whole, what is broken is refused, what was interrupted goes on."""

import base64
import datetime
import email.utils
import io
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dropbox.errors import StorageBusyError, StorageFullError
from dropbox.limits import MIB, STAGING_HOURS, UPLOAD_THREADS
from dropbox.store import schema
from dropbox.store.blobs import STAGED, Blobs
from dropbox.web.app import create_app
from dropbox.web.http import upload_limit
from dropbox.web.http.headers import HEADERS
from dropbox.web.intake import tus
from dropbox.web.intake.acceptance import _lengths_up_to
from dropbox.wire.blob import blob_length
from dropbox.wire.calendar import epoch_of
from dropbox.wire.padding import BUCKETS
from tests.support.desks import NOW, TODAY
from tests.support.sealed import Browser, Sealed
from tests.web.conftest import Place

WEEK = epoch_of(TODAY)
STREAM = "application/offset+octet-stream"


@dataclass
class Tus:
    """A tus client on a site without network."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=lambda: {"Tus-Resumable": "1.0.0"})

    def create(self, sealed: Sealed, **changes: str) -> TestResponse:
        """POST without body."""
        told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata}
        return self.client.post("/unggah", headers=self.headers | told | _named(changes))

    def send(self, sealed: Sealed, body: bytes | None = None, **changes: str) -> TestResponse:
        """POST with a body (default: the whole blob)."""
        told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata}
        return self.client.post(
            "/unggah",
            data=sealed.blob if body is None else body,
            content_type=STREAM,
            headers=self.headers | told | _named(changes),
        )

    def open(self, sealed: Sealed) -> str:
        """The address of a new upload."""
        answer = self.create(sealed)
        assert answer.status_code == 201
        return answer.headers["Location"]

    def patch(self, address: str, offset: int, body: bytes, **changes: str) -> TestResponse:
        """PATCH."""
        told = {"Upload-Offset": str(offset), "Content-Type": STREAM}
        return self.client.patch(address, data=body, headers=self.headers | told | _named(changes))

    def broken_patch(self, address: str, offset: int, body: bytes, promised: int) -> TestResponse:
        """PATCH whose body ends too early."""
        told = {"Upload-Offset": str(offset), "Content-Type": STREAM}
        environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body)}
        return self.client.patch(
            address, headers=self.headers | told, content_length=promised, environ_overrides=environ
        )

    def chunked_patch(self, address: str, offset: int, *pieces: bytes) -> TestResponse:
        """PATCH that does not say how long it is."""
        told = {"Upload-Offset": str(offset), "Content-Type": STREAM, "Transfer-Encoding": "chunked"}
        environ: dict[str, Any] = {"wsgi.input": _Pieces(list(pieces)), "wsgi.input_terminated": True}
        return self.client.patch(address, headers=self.headers | told, environ_overrides=environ)

    def head(self, address: str) -> TestResponse:
        return self.client.head(address, headers=self.headers)

    def offset(self, address: str) -> int:
        """What the server says it has."""
        answer = self.head(address)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def delete(self, address: str) -> TestResponse:
        return self.client.delete(address, headers=self.headers)


class _Pieces:
    """A body that comes as given."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def read(self, _most: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def _named(changes: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.fixture
def client(place: Place) -> Tus:
    """A tus client."""
    return Tus(place.client())


@pytest.fixture
def browser(place: Place) -> Browser:
    """A browser that seals."""
    return Browser(place.inspectorate)


def refused(answer: TestResponse) -> tuple[int, str]:
    """Status and key of a refusal, which is short text with our headers."""
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.mimetype == "text/plain"
    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value]
    return answer.status_code, answer.headers["Dropbox-Error"]


def staged(place: Place) -> int:
    """How many uploads are unfinished."""
    return place.site.store.blobs.remaining()[STAGED]


def rows(place: Place) -> list[int]:
    """The sizes of all stored rows."""
    with place.site.store.connections.read() as connection:
        query = select(func.length(schema.chunk.c.data)).order_by(schema.chunk.c.upload, schema.chunk.c.seq)
        return list(connection.execute(query).scalars())


def at(place: Place, **passed: int) -> Tus:
    """A client of the same site, later."""
    moment = NOW + datetime.timedelta(**passed)
    return Tus(create_app(replace(place.site, clock=lambda: moment)).test_client())


# --- whole uploads


def test_text_in_one_request(place: Place, client: Tus, browser: Browser) -> None:
    """A text cell comes with its creation and is held when the answer comes."""
    sealed = browser.text("Satu permintaan.")
    answer = client.send(sealed)
    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(len(sealed.blob))
    assert place.blobs() == [sealed.blob]
    assert [opened.message.fields["what"] for opened, _ in place.opened()] == ["Satu permintaan."]
    assert place.site.store.blobs.digest_of(sealed.id) == sealed.digest
    assert staged(place) == 0
    assert client.head(answer.headers["Location"]).status_code == 404


def test_file_in_many_requests(place: Place, client: Tus, browser: Browser) -> None:
    """A file comes in parts of any size and is stored in whole rows."""
    content = os.urandom(3 * MIB)
    sealed = browser.file(content)
    address = client.open(sealed)
    offset = 0
    for size in (1, 25, 700_000, MIB, 2 * MIB):
        part = sealed.blob[offset : offset + size]
        answer = client.patch(address, offset, part)
        offset += len(part)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(offset))
    assert offset < len(sealed.blob)
    assert place.blobs() == []
    answer = client.patch(address, offset, sealed.blob[offset:])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(sealed.blob)))
    assert answer.get_data() == b""
    assert place.blobs() == [sealed.blob]
    assert [body for _, body in place.opened()] == [content]
    assert rows(place) == [MIB] * 4 + [len(sealed.blob) - 4 * MIB]
    assert staged(place) == 0


def test_file_in_one_request(place: Place, client: Tus, browser: Browser) -> None:
    """A creation may bring more than one row, and all of it."""
    sealed = browser.file(os.urandom(2 * MIB))
    answer = client.send(sealed)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(sealed.blob)))
    assert "Upload-Expires" not in answer.headers
    assert place.blobs() == [sealed.blob]


@pytest.mark.parametrize("first", [1, 5000, 2 * MIB])
def test_creation_with_a_part(place: Place, client: Tus, browser: Browser, first: int) -> None:
    """A creation may bring the first part; the rest follows."""
    sealed = browser.file(os.urandom(3 * MIB))
    answer = client.send(sealed, sealed.blob[:first])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(first))
    assert client.patch(answer.headers["Location"], first, sealed.blob[first:]).status_code == 204
    assert place.blobs() == [sealed.blob]


def test_chunked_body(place: Place, client: Tus, browser: Browser) -> None:
    """A body of unknown length is taken too."""
    sealed = browser.file(os.urandom(MIB))
    address = client.open(sealed)
    pieces = [sealed.blob[start : start + 300_000] for start in range(0, len(sealed.blob), 300_000)]
    answer = client.chunked_patch(address, 0, *pieces)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(sealed.blob)))
    assert place.blobs() == [sealed.blob]


def test_no_method_but_post(place: Place, client: Tus, browser: Browser) -> None:
    """Who cannot send PATCH, HEAD or DELETE says it in a header."""
    sealed = browser.text()
    address = client.open(sealed)
    post = place.client().post
    told = client.headers | {"Upload-Offset": "0", "Content-Type": STREAM}
    assert post(address, headers=told | {"X-HTTP-Method-Override": "HEAD"}).headers["Upload-Offset"] == "0"
    answer = post(address, data=sealed.blob, headers=told | {"X-HTTP-Method-Override": "PATCH"})
    assert answer.status_code == 204
    assert place.blobs() == [sealed.blob]
    assert refused(post(address, headers=told)) == (405, "method-not-allowed")


@pytest.mark.parametrize("address", ["/unggah", f"/unggah/{bytes(16).hex()}"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "HEAD", "DELETE", "GET", "PUT"])
def test_a_method_that_an_address_does_not_have(place: Place, client: Tus, method: str, address: str) -> None:
    """At both addresses a method of tus is answered with a key, a wrong one with 405; another method gets a page."""
    answer = place.client().open(address, method=method, headers=client.headers)
    if method in {"GET", "PUT"}:
        assert (answer.status_code, answer.mimetype, "Dropbox-Error" in answer.headers) == (405, "text/html", False)
        return
    wrong = (method == "POST") != (address == "/unggah")
    other = (400, "bad-request") if method == "POST" else (404, "upload-unknown")
    assert refused(answer) == ((405, "method-not-allowed") if wrong else other)


# --- interruptions


def test_interrupted_patch_goes_on(place: Place, client: Tus, browser: Browser) -> None:
    """What has come is kept, also what fills no row; the client asks how much and continues."""
    sealed = browser.file(os.urandom(2 * MIB))
    address = client.open(sealed)
    came = MIB + 12_345
    assert client.broken_patch(address, 0, sealed.blob[:came], len(sealed.blob)).status_code == 400
    assert client.offset(address) == came
    assert client.patch(address, came, sealed.blob[came:]).status_code == 204
    assert place.blobs() == [sealed.blob]
    assert rows(place)[:-1] == [MIB] * (len(sealed.blob) // MIB)


def test_interrupted_text_is_not_kept(place: Place, client: Tus, browser: Browser) -> None:
    """Half a text cell is nothing."""
    sealed = browser.text()
    told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata, "Content-Type": STREAM}
    answer = place.client().post(
        "/unggah",
        headers=client.headers | told,
        content_length=len(sealed.blob),
        environ_overrides={"wsgi.input": io.BytesIO(sealed.blob[:100])},
    )
    assert refused(answer) == (400, "send-again")
    assert (place.blobs(), staged(place)) == ([], 0)


def test_slow_sender_loses_little(place: Place, client: Tus, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a slow line, less than a row is kept now and then, before anything breaks."""
    monkeypatch.setattr(tus, "FLUSH_SECONDS", -1)
    kept: list[int] = []
    append = Blobs.append

    def noted(self: Blobs, upload: bytes, data: bytes, at: int | None = None) -> int:
        kept.append(len(data))
        return append(self, upload, data, at)

    monkeypatch.setattr(Blobs, "append", noted)
    sealed = browser.file(os.urandom(600_000))
    address = client.open(sealed)
    assert client.chunked_patch(address, 0, *[sealed.blob[:100_000], sealed.blob[100_000:]]).status_code == 204
    assert kept == [100_000, MIB - 100_000]
    assert place.blobs() == [sealed.blob]


def test_lost_answer_to_the_last_part(place: Place, client: Tus, browser: Browser) -> None:
    """After completion the address is worthless; sending all again is acknowledged, and one blob is kept."""
    sealed = browser.file(os.urandom(100_000))
    address = client.open(sealed)
    assert client.patch(address, 0, sealed.blob).status_code == 204
    assert refused(client.patch(address, len(sealed.blob), b"")) == (404, "upload-unknown")
    assert client.head(address).status_code == 404
    assert client.patch(client.open(sealed), 0, sealed.blob).status_code == 204
    assert place.blobs() == [sealed.blob]


def test_full_disk_at_the_end(place: Place, client: Tus, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last bytes find no room, the upload never looks complete and can be continued."""
    sealed = browser.file(os.urandom(100_000))
    address = client.open(sealed)
    client.patch(address, 0, sealed.blob[:70_000])
    with monkeypatch.context() as full:
        full.setattr(Blobs, "complete", _failing(StorageFullError("store.disk-full")))
        assert refused(client.patch(address, 70_000, sealed.blob[70_000:])) == (507, "storage-full")
    with monkeypatch.context() as busy:
        busy.setattr(Blobs, "complete", _failing(StorageBusyError("store.busy")))
        answer = client.patch(address, 70_000, sealed.blob[70_000:])
        assert refused(answer) == (503, "busy")
        assert answer.headers["Retry-After"]
    assert client.offset(address) == 70_000
    assert client.patch(address, 70_000, sealed.blob[70_000:]).status_code == 204
    assert place.blobs() == [sealed.blob]


def _failing(error: Exception) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


# --- repetitions


def test_the_same_again(place: Place, client: Tus, browser: Browser) -> None:
    """The same id and digest is acknowledged again, and held once, whatever the bytes."""
    first, again = browser.text("Sama."), browser.text("Sama.")
    assert first.blob != again.blob
    assert client.send(first).status_code == 201
    assert client.send(again).status_code == 201
    assert client.patch(client.open(again), 0, again.blob).status_code == 204
    assert place.blobs() == [first.blob]
    assert staged(place) == 0


def test_another_content_under_the_same_id(place: Place, client: Tus, browser: Browser) -> None:
    """Other content under the same id is kept beside the first, and the desk opens both."""
    first, other = browser.text("Satu."), browser.text("Dua.")
    early = client.open(other)
    assert client.send(first).status_code == 201
    assert client.send(other).status_code == 201
    assert client.patch(early, 0, other.blob).status_code == 204
    assert staged(place) == 0
    assert sorted(opened.message.fields["what"] for opened, _ in place.opened()) == ["Dua.", "Satu."]


def test_replay_under_another_id(place: Place, client: Tus, browser: Browser) -> None:
    """The same bytes under another id are acknowledged and kept once: a replay hears nothing of what is held."""
    sealed = browser.text()
    assert client.send(sealed).status_code == 201
    replay = Sealed(sealed.blob)
    assert client.send(replay).status_code == 201
    assert client.patch(client.open(replay), 0, replay.blob).status_code == 204
    assert (len(place.blobs()), staged(place)) == (1, 0)


# --- two at once


def test_wrong_offset(client: Tus, browser: Browser) -> None:
    """Bytes that do not follow are refused, and nothing of them is kept."""
    sealed = browser.file(os.urandom(100_000))
    address = client.open(sealed)
    client.patch(address, 0, sealed.blob[:1000])
    for offset in (0, 999, 1001):
        assert refused(client.patch(address, offset, sealed.blob[offset:])) == (409, "wrong-offset")
    assert client.offset(address) == 1000


def test_two_senders_of_one_upload(place: Place, browser: Browser) -> None:
    """Of two that send the same part at once each byte is kept once; the other learns it, and the blob is whole."""
    sealed = browser.file(os.urandom(5 * MIB))
    address = Tus(place.client()).open(sealed)
    barrier = threading.Barrier(2, timeout=240)

    def send(mine: Tus) -> None:
        barrier.wait()
        while (head := mine.head(address)).status_code == 200:
            offset = int(head.headers["Upload-Offset"])
            answer = mine.patch(address, offset, sealed.blob[offset : offset + 2 * MIB])
            assert answer.status_code in (204, 404, 409)

    senders = [threading.Thread(target=send, args=(Tus(place.client()),)) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert place.blobs() == [sealed.blob]
    assert staged(place) == 0


def test_overtaken_sender(place: Place, client: Tus, browser: Browser) -> None:
    """A request that was thought dead and goes on later changes nothing."""
    sealed = browser.file(os.urandom(3 * MIB))
    address = client.open(sealed)

    class Overtaken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 2 * MIB + MIB // 2:
                Tus(place.client()).patch(address, 2 * MIB, sealed.blob[2 * MIB : 2 * MIB + 5000])
            return super().read(size)

    body = Overtaken(sealed.blob)
    told = {"Upload-Offset": "0", "Content-Type": STREAM}
    answer = place.client().patch(
        address,
        headers=client.headers | told,
        content_length=len(sealed.blob),
        environ_overrides={"wsgi.input": body},
    )
    assert refused(answer) == (409, "wrong-offset")
    assert client.offset(address) == 2 * MIB + 5000
    assert client.patch(address, 2 * MIB + 5000, sealed.blob[2 * MIB + 5000 :]).status_code == 204
    assert place.blobs() == [sealed.blob]


def test_overtaken_at_the_end(place: Place, client: Tus, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that another request adds while a blob is being hashed make it start again, not half a blob."""
    sealed = browser.file(os.urandom(400_000))
    address = client.open(sealed)
    assert client.patch(address, 0, sealed.blob[:50_000]).status_code == 204
    received = Blobs.read_upload

    def overtaken(self: Blobs, upload: bytes) -> Iterator[bytes]:
        yield from received(self, upload)
        self.append(upload, sealed.blob[50_000:60_000])

    with monkeypatch.context() as racing:
        racing.setattr(Blobs, "read_upload", overtaken)
        assert refused(client.patch(address, 50_000, sealed.blob[50_000:])) == (409, "wrong-offset")
    assert client.offset(address) == 60_000
    assert client.patch(address, 60_000, sealed.blob[60_000:]).status_code == 204
    assert place.blobs() == [sealed.blob]


# --- what is no blob for this site


def _changed(blob: bytes, at: int, value: bytes) -> bytes:
    return blob[:at] + value + blob[at + len(value) :]


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, b"DBXE"), (4, b"\x02"), (5, b"\x01"), (5, b"\x03"), (5, b"\x00"), (10, bytes(16))],
    ids=["magic", "version", "one-slot", "three-slots", "no-slot", "instance"],
)
def test_wrong_header(place: Place, client: Tus, browser: Browser, at: int, value: bytes) -> None:
    """A blob of another kind, version, instance or number of slots is refused, and its upload is gone."""
    sealed = browser.text()
    bad = sealed.with_blob(_changed(sealed.blob, at, value))
    assert refused(client.send(bad)) == (422, "blob-refused")
    address = client.open(bad)
    client.patch(address, 0, bad.blob[:7])
    assert refused(client.patch(address, 7, bad.blob[7:])) == (422, "blob-refused")
    assert client.head(address).status_code == 404
    assert (place.blobs(), staged(place), rows(place)) == ([], 0, [])


def test_slots_of_another_keyring(client: Tus, place: Place) -> None:
    """A blob for one desk is a blob, but not of this keyring."""
    one = Browser(replace(place.inspectorate))
    one.inspectorate.desks = {"itjen": place.inspectorate.desks["itjen"]}
    one.slots = 1
    assert refused(client.send(one.text())) == (422, "blob-refused")


@pytest.mark.parametrize(("epoch", "days", "answer"), [
    (WEEK, 0, None),
    (WEEK + 1, 0, (422, "epoch-early")),
    (WEEK + 1, 5, (422, "epoch-early")),
    (WEEK + 1, 6, None),  # Sunday: somewhere it is Monday
    (WEEK - 1, 0, None),
    (WEEK - 1, 6, None),
    (WEEK - 1, 7, (410, "epoch-ended")),
    (WEEK - 2, 0, (410, "epoch-ended")),
    (0, 0, (410, "epoch-ended")),
    (2**32 - 1, 0, (422, "epoch-early")),
])  # fmt: skip
def test_epochs(place: Place, epoch: int, days: int, answer: tuple[int, str] | None) -> None:
    """This week's epoch is taken, and the last one for another week; the next one a day early."""
    sealed = Browser(place.inspectorate, epoch=epoch).text()
    client = at(place, days=days)
    whole, patched = client.send(sealed), client.patch(client.open(sealed), 0, sealed.blob)
    if answer is None:
        assert (whole.status_code, patched.status_code) == (201, 204)
        assert place.blobs() == [sealed.blob]
    else:
        assert refused(whole) == refused(patched) == answer
        assert (place.blobs(), staged(place)) == ([], 0)


def test_without_a_keyring_nothing_is_judged(place: Place, client: Tus, browser: Browser) -> None:
    """When the keys do not verify, uploads wait instead of being thrown away."""
    sealed = browser.text()
    address = client.open(sealed)
    blind = Tus(create_app(replace(place.site, anchor=replace(place.site.anchor, last=TODAY - 1))).test_client())
    assert refused(blind.patch(address, 0, sealed.blob)) == (503, "keys-expired")
    assert client.patch(address, 0, sealed.blob).status_code == 204


def test_lengths_are_checked_before_the_keys(place: Place, browser: Browser) -> None:
    """With an expired root, a creation is judged by its headers alone, and its bytes get 503."""
    late = Tus(create_app(replace(place.site, anchor=replace(place.site.anchor, last=TODAY - 1))).test_client())
    sealed = browser.text()
    illegal = replace(sealed, blob=sealed.blob[:-1])
    assert refused(late.send(illegal)) == (422, "blob-refused")
    assert refused(late.create(sealed, Upload_Length=str(10**12))) == (413, "too-large")
    assert late.create(sealed).status_code == 201
    assert refused(late.send(sealed)) == (503, "keys-expired")


@pytest.mark.parametrize(
    ("length", "answer"),
    [
        ("", (400, "bad-request")),
        ("-1", (400, "bad-request")),
        ("018819", (400, "bad-request")),
        ("18819x", (400, "bad-request")),
        ("1" * 30, (400, "bad-request")),
        ("0", (422, "blob-refused")),
        ("18818", (422, "blob-refused")),
        ("9999999999", (413, "too-large")),
    ],
)
def test_wrong_lengths(place: Place, client: Tus, browser: Browser, length: str, answer: tuple[int, str]) -> None:
    """A length that no blob has opens no upload."""
    assert refused(client.create(browser.text(), Upload_Length=length)) == answer
    assert staged(place) == 0


def test_every_legal_length(place: Place, client: Tus) -> None:
    """Each bucket with each number of slots may come, and nothing else."""
    legal = {blob_length(desks, bucket) for desks in range(1, 9) for bucket in BUCKETS}
    assert _lengths_up_to(BUCKETS[-1]) == legal
    for desks in range(1, 9):
        answer = client.create(Sealed(b""), Upload_Length=str(blob_length(desks, BUCKETS[-1])))
        assert answer.status_code == 201


def test_limit_of_the_settings(small_place: Place) -> None:
    """Where files may have 1 MiB, a blob of 4 MiB is too large."""
    client = Tus(small_place.client())
    assert client.create(Sealed(b""), Upload_Length=str(blob_length(2, 2 * MIB))).status_code == 201
    assert refused(client.create(Sealed(b""), Upload_Length=str(blob_length(2, 4 * MIB)))) == (413, "too-large")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        f"id {_b64(bytes(32))}",
        f"digest {_b64(bytes(32))}",
        f"id {_b64(bytes(32))},id {_b64(bytes(32))}",
        f"id {_b64(bytes(31))},digest {_b64(bytes(32))}",
        f"id {_b64(bytes(33))},digest {_b64(bytes(32))}",
        f"id {_b64(bytes(32))[:-2]}B=,digest {_b64(bytes(32))}",
        f"id {_b64(bytes(32))[:-1]},digest {_b64(bytes(32))}",
        f"id,digest {_b64(bytes(32))}",
        f"id {_b64(bytes(32))} x,digest {_b64(bytes(32))}",
        f"id é{_b64(bytes(32))},digest {_b64(bytes(32))}",
        f"id {_b64(bytes(32))},digest {_b64(bytes(32))},filename {_b64(b'rahasia.jpg')}",
    ],
)
def test_wrong_metadata(place: Place, client: Tus, browser: Browser, metadata: str) -> None:
    """Id and digest, 32 bytes each, and nothing else: above all no name of a file."""
    assert refused(client.create(browser.text(), Upload_Metadata=metadata)) == (400, "bad-request")
    assert staged(place) == 0


def test_deferred_length(client: Tus, browser: Browser) -> None:
    """A length that comes later is refused."""
    assert refused(client.create(browser.text(), Upload_Defer_Length="1")) == (400, "bad-request")


def test_over_long_bodies(place: Place, client: Tus, browser: Browser) -> None:
    """More bytes than promised are refused before they are read, and nothing of them is kept."""
    sealed = browser.text()
    assert refused(client.send(sealed, sealed.blob + b"x")) == (413, "too-large")
    address = client.open(sealed)
    assert refused(client.patch(address, 0, sealed.blob + b"x")) == (413, "too-large")
    assert client.offset(address) == 0
    assert client.patch(address, 0, sealed.blob[:100]).status_code == 204
    assert refused(client.patch(address, 100, sealed.blob[100:] + b"x")) == (413, "too-large")
    assert client.offset(address) == 100
    assert (place.blobs(), rows(place)) == ([], [100])


@pytest.mark.parametrize("excess", [[b"x"], [b"", b"x"]], ids=["same", "after"])
def test_over_long_chunked_bodies(place: Place, client: Tus, browser: Browser, excess: list[bytes]) -> None:
    """Excess that nobody announced is noticed before the blob is completed."""
    sealed = browser.file(os.urandom(600_000))
    address = client.open(sealed)
    pieces = [sealed.blob[:700_000], sealed.blob[700_000:] + excess[0], *excess[1:]]
    assert refused(client.chunked_patch(address, 0, *pieces)) == (413, "too-large")
    assert place.blobs() == []
    offset = client.offset(address)
    assert offset in (0, MIB)
    assert client.patch(address, offset, sealed.blob[offset:]).status_code == 204
    assert place.blobs() == [sealed.blob]


# --- the protocol


def test_options(client: Tus) -> None:
    """A client learns what is spoken here, without a version of its own."""
    for path in ("/unggah", "/unggah/" + "0" * 32):
        answer = client.client.options(path)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Tus-Extension"].split(",") == [
            "creation",
            "creation-with-upload",
            "termination",
            "expiration",
        ]
        assert answer.headers["Tus-Max-Size"] == str(blob_length(8, BUCKETS[-1]))


def test_head(client: Tus, browser: Browser) -> None:
    """HEAD tells offset, length, metadata and expiry."""
    sealed = browser.text()
    answer = client.head(client.open(sealed))
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Length"] == str(len(sealed.blob))
    assert answer.headers["Upload-Metadata"] == sealed.metadata
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1"])
def test_other_versions(client: Tus, browser: Browser, version: str | None) -> None:
    """Another version, or none, is refused with the one that is spoken."""
    sealed = browser.text()
    address = client.open(sealed)
    client.headers = {"Tus-Resumable": version} if version else {}
    for answer in (client.create(sealed), client.patch(address, 0, sealed.blob), client.delete(address)):
        assert refused(answer) == (412, "unsupported")
        assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "multipart/form-data; boundary=x"])
def test_other_types(client: Tus, browser: Browser, kind: str) -> None:
    """Only a body that says it is a part of an upload is one."""
    sealed = browser.text()
    address = client.open(sealed)
    assert refused(client.patch(address, 0, sealed.blob, Content_Type=kind)) == (415, "unsupported")
    told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata}
    answer = client.client.post("/unggah", data=sealed.blob, headers=client.headers | told, content_type=kind)
    assert refused(answer) == (415, "unsupported")


@pytest.mark.parametrize("offset", ["", "-1", "x", "00", "1.0"])
def test_wrong_offsets(client: Tus, browser: Browser, offset: str) -> None:
    """An offset is a number."""
    sealed = browser.text()
    answer = client.patch(client.open(sealed), 0, sealed.blob, Upload_Offset=offset)
    assert refused(answer) == (400, "bad-request")


def test_empty_patch(client: Tus, browser: Browser) -> None:
    """No bytes change nothing."""
    address = client.open(browser.text())
    answer = client.patch(address, 0, b"")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "0")


@pytest.mark.parametrize("address", ["0" * 32, "0" * 31, "0" * 33, "x" * 32, "A" * 32])
def test_unknown_addresses(client: Tus, address: str) -> None:
    """An address that leads nowhere says only that."""
    for answer in (
        client.head(f"/unggah/{address}"),
        client.patch(f"/unggah/{address}", 0, b"x"),
        client.delete(f"/unggah/{address}"),
    ):
        assert answer.status_code == 404
        assert answer.headers["Dropbox-Error"] == "upload-unknown"


def test_addresses_are_random_and_relative(client: Tus, browser: Browser) -> None:
    """Two uploads of one blob have nothing in common, and no host is repeated."""
    sealed = browser.text()
    addresses = {client.open(sealed) for _ in range(3)}
    assert len(addresses) == 3
    assert all(address.startswith("/unggah/") and len(address) == 8 + 32 for address in addresses)


def test_uploads_of_the_server_itself(place: Place, client: Tus) -> None:
    """What the server seals for a form cannot be read, continued or ended by this protocol."""
    upload = place.site.store.blobs.begin(NOW.timestamp())
    address = f"/unggah/{upload.hex()}"
    assert client.head(address).status_code == 404
    assert client.patch(address, 0, b"x").status_code == 404
    assert client.delete(address).status_code == 404
    assert staged(place) == 1


def test_termination(place: Place, client: Tus, browser: Browser) -> None:
    """An upload that is given up is gone at once with its bytes."""
    sealed = browser.file(os.urandom(2 * MIB))
    address = client.open(sealed)
    client.patch(address, 0, sealed.blob[: 2 * MIB])
    assert client.delete(address).status_code == 204
    assert (staged(place), rows(place)) == (0, [])
    assert client.head(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert client.patch(address, 2 * MIB, sealed.blob[2 * MIB :]).status_code == 404


def test_expiry(place: Place, client: Tus, browser: Browser) -> None:
    """The date of expiry is a multiple of six hours, holds for six at least, and the sweep keeps to it."""
    sealed = browser.text()
    created = client.create(sealed)
    address = created.headers["Location"]
    patched = client.patch(address, 0, sealed.blob[:100])
    answers = (created, patched, client.head(address))
    (expires,) = {email.utils.parsedate_to_datetime(answer.headers["Upload-Expires"]) for answer in answers}
    step = STAGING_HOURS * 3600
    assert expires.timestamp() % step == 0
    assert step <= (expires - NOW).total_seconds() <= 2 * step
    assert place.site.store.blobs.sweep(expires.timestamp() - 1) == 0
    assert client.offset(address) == 100
    assert place.site.store.blobs.sweep(expires.timestamp()) == 1
    assert client.head(address).status_code == 404
    assert rows(place) == []


def test_full_house(place: Place, client: Tus, browser: Browser) -> None:
    """While uploads take all their threads, what has not come whole is refused with a time to wait."""
    sealed, large = browser.text(), browser.file(os.urandom(2 * MIB))
    address = client.open(sealed)
    for _ in range(UPLOAD_THREADS):
        assert upload_limit._slots.take(None)
    try:
        for answer in (client.patch(address, 0, sealed.blob), client.send(large)):
            assert refused(answer) == (503, "busy")
            assert answer.headers["Retry-After"] == "60"
        assert client.offset(address) == 0
    finally:
        for _ in range(UPLOAD_THREADS):
            upload_limit._slots.give_back(None)
    assert client.patch(address, 0, sealed.blob).status_code == 204


def test_closed_intake(place: Place, browser: Browser) -> None:
    """A closed intake takes neither new uploads nor parts; what is under way can be given up."""
    address = Tus(place.client()).open(browser.text())
    settings = replace(place.site.settings, intake_open=False)
    client = Tus(create_app(replace(place.site, settings=settings)).test_client())
    sealed = browser.text()
    for answer in (client.create(sealed), client.send(sealed), client.patch(address, 0, sealed.blob)):
        assert refused(answer) == (503, "closed")
    assert client.delete(address).status_code == 204
    assert place.blobs() == []


def test_foreign_pages(client: Tus, browser: Browser) -> None:
    """What a browser sends for another site is refused; our own page may send."""
    sealed = browser.text()
    address = client.open(sealed)
    client.headers["Sec-Fetch-Site"] = "cross-site"
    for answer in (client.create(sealed), client.send(sealed), client.patch(address, 0, b"x"), client.delete(address)):
        assert refused(answer) == (403, "cross-site")
    client.headers["Sec-Fetch-Site"] = "same-origin"
    assert client.send(sealed).status_code == 201


def test_nothing_is_logged(place: Place, client: Tus, browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """No address of an upload and no id stands in the log."""
    with caplog.at_level(0):
        sealed = browser.text()
        address = client.open(sealed)
        client.patch(address, 5, b"x")
        client.patch(address, 0, sealed.blob)
    assert address[8:] not in caplog.text
    assert sealed.id.hex() not in caplog.text
