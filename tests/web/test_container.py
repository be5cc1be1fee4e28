"""/kirim-berkas: what was sealed off-line is kept blob by blob, and every fault says what was kept before it."""

import dataclasses
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from werkzeug.test import TestResponse

from dropbox.crypto.envelope import Envelope
from dropbox.crypto.sealing import Address, Decoys, Sealer, seal_text
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce, new_secret
from dropbox.errors import StorageBusyError, StorageFullError
from dropbox.limits import UPLOAD_THREADS
from dropbox.web.http import upload_limit
from dropbox.web.intake.container import receive_container
from dropbox.wire.calendar import epoch_of
from dropbox.wire.container import SealedEntry, container_head
from tests.support.desks import INSTANCE, TODAY
from tests.web.conftest import Place, hooks

FORM = "multipart/form-data; boundary=----reporter"
TEXT = {"channel": "wbs", "category": "pungli", "what": "Setoran", "who": "Kepala", "where": "Kota"}


@dataclass
class Sealed:
    """What a sealer made: entries with their blobs."""

    secret: ReporterSecret = field(default_factory=new_secret)
    parts: list[tuple[SealedEntry, bytes]] = field(default_factory=list)

    def add(self, place: Place, file: bytes | None = None, *, epoch: int = epoch_of(TODAY), slots: int = 2) -> "Sealed":
        """A text, or a file."""
        desk = place.inspectorate.desks["itjen"]
        key = (desk.epochs.get(epoch) or desk.epochs[epoch_of(TODAY)]).public
        address = Address(INSTANCE, epoch, slots, slots - 1, key)
        envelope = Envelope(self.secret.keys(INSTANCE, "itjen"), "itjen", "id", TODAY)
        nonce = form_nonce(FIRST_FORM, len(self.parts), 0)
        if file is None:
            digest = envelope.text_digest("report", TEXT)
            blob = seal_text(address, Decoys(), envelope.keys.auth_key, envelope.record("report", nonce, TEXT))
        else:
            digest = envelope.file_digest("a.bin", "")
            digest.update(file)
            record = envelope.record("file", nonce, {"name": "a.bin", "type": ""})
            sealer = Sealer(address, Decoys(), envelope.keys.auth_key, record)
            blob = b"".join((sealer.start(), *sealer.update(file), *sealer.finish()))
        blob_id = envelope.keys.blob_id(nonce)
        self.parts.append((SealedEntry(blob_id, digest.value(blob_id), len(blob)), blob))
        return self

    @property
    def container(self) -> bytes:
        return container_head(INSTANCE, len(self.parts)) + b"".join(e.encode() + blob for e, blob in self.parts)


def form(container: bytes | None, name: str = "container", filename: str = "laporan.dbx") -> bytes:
    envelope = f'------reporter\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    body = b"" if container is None else envelope.encode() + b"\r\n" + container + b"\r\n"
    return body + b"------reporter--\r\n"


def send(place: Place, container: bytes | None, path: str = "/kirim-berkas", **how: str) -> TestResponse:
    return place.client().post(path, data=form(container, **how), content_type=FORM)


def result(answer: TestResponse) -> tuple[list[str], list[str], list[str]]:
    """(kept, of how many, places that were refused)."""
    found = hooks(answer).hooks
    return found.get("data-kept", []), found.get("data-count", []), found.get("data-refused", [])


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_form_needs_no_script(place: Place, prefix: str) -> None:
    """One file field, sent as multipart to the page itself; the report page and the keys lead there."""
    text = place.client().get(prefix + "/kirim-berkas").get_data(as_text=True)
    assert re.findall(r'<form method="post" action="([^"]+)" enctype="multipart/form-data"', text) == [
        prefix + "/kirim-berkas"
    ]
    assert re.findall(r'<input[^>]* name="([^"]+)"', text) == ["container"]
    assert f'href="{prefix}/kirim-berkas"' in place.client().get(prefix + "/lapor").get_data(as_text=True)


def test_text_and_files_are_kept_and_open(place: Place) -> None:
    """Every blob comes out at the desk byte for byte, and the answer shows no code."""
    files = [b"", os.urandom(100), os.urandom(3_500_000)]
    sealed = Sealed().add(place)
    for file in files:
        sealed.add(place, file)
    answer = send(place, sealed.container)
    assert (answer.status_code, result(answer)) == (200, (["4"], ["4"], []))
    opened = place.opened()
    assert sorted(body for one, body in opened if one.message.kind == "file") == sorted(files)
    assert all(one.is_member for one, _ in opened)
    assert sealed.secret.code not in answer.get_data(as_text=True)
    assert place.site.store.blobs.remaining()[-1] == 0
    status = {"code": sealed.secret.code, "words": sealed.secret.words}
    assert hooks(place.client().post("/status", data=status)).hooks["data-status"] == ["TERKIRIM"]


def test_the_same_again_is_acknowledged_again(place: Place) -> None:
    """Whether the first time was seen or not: kept once, said twice."""
    container = Sealed().add(place).add(place, os.urandom(2_000_000)).container
    for _ in range(2):
        answer = send(place, container)
        assert (answer.status_code, result(answer)) == (200, (["2"], ["2"], []))
    assert len(place.blobs()) == 2


def test_a_blob_of_other_content_under_the_same_id_is_kept_like_all_others(place: Place) -> None:
    """The answer is that of a first time."""
    sealed = Sealed().add(place).add(place, b"x")
    assert send(place, sealed.container).status_code == 200
    other = Sealed(sealed.secret).add(place, b"other")
    assert other.parts[0][0].id == sealed.parts[0][0].id
    sealed.parts[0] = other.parts[0]
    answer = send(place, sealed.container)
    assert (answer.status_code, result(answer)) == (200, (["2"], ["2"], []))
    assert len(place.blobs()) == 3


@pytest.mark.parametrize(
    ("epoch", "slots", "status"),
    [(-2, 2, 410), (-1, 2, 200), (0, 2, 200), (2, 2, 422), (0, 1, 422), (0, 3, 422)],
)
@pytest.mark.parametrize("size", [10, 1_500_000])
def test_each_blob_is_checked_as_if_it_came_alone(place: Place, epoch: int, slots: int, status: int, size: int) -> None:
    """Old and early epochs and other numbers of slots are refused for that blob alone, small and large ones."""
    sealed = Sealed().add(place).add(place, os.urandom(size), epoch=epoch_of(TODAY) + epoch, slots=slots)
    sealed.add(place, b"last")
    answer = send(place, sealed.container)
    kept = "3" if status == 200 else "2"
    assert (answer.status_code, result(answer)) == (status, ([kept], ["3"], [] if status == 200 else ["2"]))
    assert len(place.blobs()) == int(kept)
    assert place.site.store.blobs.remaining()[-1] == 0


@pytest.mark.parametrize("size", [10, 1_500_000])
def test_a_bad_header_is_refused(place: Place, size: int) -> None:
    """A blob of another instance or kind."""
    sealed = Sealed().add(place).add(place, os.urandom(size))
    entry, blob = sealed.parts[1]
    for bad in (b"DBXX" + blob[4:], blob[:10] + bytes(16) + blob[26:]):
        sealed.parts[1] = (entry, bad)
        assert result(send(place, sealed.container)) == (["1"], ["2"], ["2"])


def test_a_file_larger_than_this_site_takes(small_place: Place) -> None:
    """It is passed over unread, and told."""
    sealed = Sealed().add(small_place).add(small_place, os.urandom(4_000_000)).add(small_place, b"x")
    answer = send(small_place, sealed.container)
    assert (answer.status_code, result(answer)) == (413, (["2"], ["3"], ["2"]))


@pytest.mark.parametrize("cut", [30, 100, 5000, -1, -100_000])
def test_what_came_whole_before_the_damage_is_kept(place: Place, cut: int) -> None:
    """A container that ends too early: what stood before that place is kept, and said so."""
    sealed = Sealed().add(place).add(place, os.urandom(1_500_000))
    whole = sealed.container
    answer = send(place, whole[:cut])
    kept = 0 if 0 < cut < len(sealed.parts[0][1]) else 1
    assert (answer.status_code, result(answer)) == (422, ([str(kept)], ["2"], []))
    assert len(place.blobs()) == kept
    assert place.site.store.blobs.remaining()[-1] == 0


def test_damage_after_a_refused_blob_gives_the_status(place: Place) -> None:
    """An old blob is refused with 410, and a cut behind it makes the answer 422."""
    sealed = Sealed().add(place, epoch=epoch_of(TODAY) - 2).add(place, b"x")
    answer = send(place, sealed.container[:-1])
    assert (answer.status_code, result(answer)) == (422, (["0"], ["2"], ["1"]))


def test_bytes_after_the_end(place: Place) -> None:
    """The blobs are kept, and the damage is told."""
    answer = send(place, Sealed().add(place).container + b"x")
    assert (answer.status_code, result(answer)) == (422, (["1"], ["1"], []))


@pytest.mark.parametrize("content", [b"", b"x", b"DBXQ", b"%PDF-1.7" * 100, container_head(bytes(16), 1) + bytes(90)])
def test_no_container(place: Place, content: bytes) -> None:
    """Any other file is told apart, and an empty one is called empty."""
    answer = send(place, content)
    assert ("kosong (0 byte)" in answer.text) == (not content)
    assert (answer.status_code, result(answer)) == (422, ([], [], []))
    assert hooks(answer).hooks["data-error-field"] == ["container"]


def test_no_file(place: Place) -> None:
    """An empty form, another field, and a field without a file."""
    container = Sealed().add(place).container
    for answer in (send(place, None), send(place, container, name="files"), send(place, b"", filename="")):
        assert answer.status_code == 422
        assert "laporan.dbx" in answer.get_data(as_text=True)
    assert place.client().post("/kirim-berkas", data={"container": "x"}).status_code == 400
    assert place.blobs() == []


def test_cross_site_and_closed(place: Place) -> None:
    """A form of another site, and a site that takes nothing."""
    data = form(Sealed().add(place).container)
    answer = place.client().post(
        "/kirim-berkas", data=data, content_type=FORM, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    settings = dataclasses.replace(place.site.settings, intake_open=False)
    object.__setattr__(place.site, "settings", settings)
    assert send(place, Sealed().add(place).container).status_code == 503
    assert place.client().get("/kirim-berkas").status_code == 503
    assert place.blobs() == []


def test_no_slot_is_free(place: Place) -> None:
    """A readable refusal before the body is read."""
    for _ in range(UPLOAD_THREADS):
        assert upload_limit._slots.take(None)
    try:
        answer = send(place, Sealed().add(place).container)
    finally:
        for _ in range(UPLOAD_THREADS):
            upload_limit._slots.give_back(None)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert place.blobs() == []


@pytest.mark.parametrize(("error", "status"), [(StorageFullError, 507), (StorageBusyError, 503)])
def test_a_store_that_takes_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    """What was kept before is said."""
    store = type(place.site.store.blobs)

    def fail(*_: object, **__: object) -> None:
        raise error("no")

    monkeypatch.setattr(store, "append", fail)
    answer = send(place, Sealed().add(place).add(place, os.urandom(3_000_000)).container)
    assert (answer.status_code, result(answer)) == (status, (["1"], ["2"], []))
    assert place.site.store.blobs.remaining()[-1] == 0


def test_an_interrupted_body_keeps_what_came_whole(place: Place) -> None:
    """However the network cuts the body: nothing is kept by halves."""
    sealed = Sealed().add(place).add(place, os.urandom(1_200_000))
    body = form(sealed.container)

    def pieces(until: int, size: int) -> Iterator[bytes]:
        read = io.BytesIO(body[:until])
        while piece := read.read(size):
            yield piece

    kept = receive_container(place.site, b"----reporter", pieces(len(body) - 70_000, 4096))
    assert (kept.kept, kept.count, kept.fatal) == ([1], 2, "container-interrupted")
    kept = receive_container(place.site, b"----reporter", pieces(len(body) - 4, 70_001))
    assert kept.kept == [1, 2]
    assert place.site.store.blobs.remaining()[-1] == 0
