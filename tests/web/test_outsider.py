"""Who creates uploads of their own and compares all answers from day to day learns nothing of what others sent."""

import os
import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from dropbox.store.receipts import ALWAYS
from dropbox.web.routes import PAGES
from dropbox.wire.container import SealedEntry, container_head
from tests.support.desks import INSTANCE
from tests.support.sealed import Browser, Sealed
from tests.web.conftest import Place

DESKS = ("irjen", "itjen")
STREAM = "application/offset+octet-stream"
RANDOM = re.compile(r"[0-9a-f]{24,}")  # addresses of uploads, nonces
REPORTS = 20


def create(place: Place, sealed: Sealed, body: bytes = b"") -> TestResponse:
    """A creation, with as much of the blob as is given."""
    told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata, "Tus-Resumable": "1.0.0"}
    return place.client().post("/unggah", data=body, content_type=STREAM, headers=told)


def patch(place: Place, sealed: Sealed) -> Iterator[TestResponse]:
    """A creation, all bytes, and questions about the address, before and behind."""
    made = create(place, sealed)
    yield made
    address, tus = made.headers["Location"], {"Tus-Resumable": "1.0.0"}
    yield place.client().head(address, headers=tus)
    told = tus | {"Upload-Offset": "0", "Content-Type": STREAM}
    yield place.client().patch(address, data=sealed.blob, headers=told)
    yield place.client().head(address, headers=tus)
    yield place.client().patch(address, data=b"", headers=told | {"Upload-Offset": str(len(sealed.blob))})
    yield place.client().delete(address, headers=tus)


def container(place: Place, parts: list[Sealed]) -> TestResponse:
    """The same blobs through the plain form."""
    entries = [SealedEntry(one.id, one.digest, len(one.blob)).encode() + one.blob for one in parts]
    head = b'--b\r\nContent-Disposition: form-data; name="container"; filename="laporan.dbx"\r\n\r\n'
    body = head + container_head(INSTANCE, len(parts)) + b"".join(entries) + b"\r\n--b--\r\n"
    return place.client().post("/kirim-berkas", data=body, content_type="multipart/form-data; boundary=b")


def watch(place: Place, own: list[Sealed], names: list[Sealed]) -> list[tuple[int, list[tuple[str, str]], str]]:
    """Everything that an outsider can ask: all that is public, uploads of `own` blobs, and creations for `names`."""
    answers = [place.client().get(path) for path in ("/data/kunci", "/data/kunci-lengkap", "/data/papan")]
    answers += [place.client().get(path) for path in PAGES.values()]
    for one in own:
        other = Sealed(one.blob[:-1] + bytes([one.blob[-1] ^ 1]), one.id, bytes(32))
        replay = Sealed(one.blob, bytes(32), bytes(32))
        for sealed in (one, other, replay):
            answers += [create(place, sealed), create(place, sealed, sealed.blob), *patch(place, sealed)]
        answers.append(container(place, [one, other, replay]))
    answers += [create(place, Sealed(bytes(18_819), one.id, bytes(32))) for one in names]
    return [_told(answer) for answer in answers]


def _told(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what is random in it, and without the blank lines that fill it up."""
    headers = [(name, RANDOM.sub("", value)) for name, value in answer.headers if name != "Content-Length"]
    return answer.status_code, headers, RANDOM.sub("", answer.get_data().decode("latin-1")).rstrip("\n")


def test_no_answer_tells_what_is_held(place: Place) -> None:
    """The same questions get the same answers on an empty server, with reports of others, and after the courier."""
    own = [Browser(place.inspectorate).text("Milik saya."), Browser(place.inspectorate).file(os.urandom(1_500_000))]
    others = [Browser(place.inspectorate).text() for _ in range(REPORTS)]
    seen = [watch(place, own, others)]
    for one in others:
        assert create(place, one, one.blob).status_code == 201
    seen.append(watch(place, own, others))
    held = [info.sha256 for info in place.site.store.blobs.snapshot()]
    assert len(held) > REPORTS
    with place.site.store.transaction() as tx:
        for desk in DESKS:
            place.site.store.receipts.record(tx, desk, held, dict.fromkeys(DESKS, ALWAYS))
    assert place.site.store.blobs.snapshot() == []
    seen.append(watch(place, own, others))
    for first, then, behind in zip(*seen, strict=True):
        assert first == then == behind


def test_no_address_lists_what_is_held(place: Place) -> None:
    """There is no list of ids, under any of the addresses that answer."""
    sealed = Browser(place.inspectorate).text()
    assert create(place, sealed, sealed.blob).status_code == 201
    assert place.client().get("/data/tersimpan").status_code == 404
    answers = [place.client().get(path).get_data() for path in ("/data/kunci", "/data/kunci-lengkap", "/data/papan")]
    assert all(sealed.id not in answer for answer in answers)
