"""What is compressed, what must not be, and that the length of a page tells no secret in it."""

import gzip
import zlib
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from dropbox.limits import PAGE_BUCKET_BYTES, REVIEW_BUCKET_BYTES
from dropbox.web.app import create_app
from dropbox.web.http.compression import padded_gzip
from tests.web.conftest import MULTIPART, Place, multipart

BOTH = {"Accept-Encoding": "gzip, deflate, br"}
PAGES = [
    "/",
    "/lapor",
    "/lapor/server",
    "/status",
    "/status/server",
    "/kunci",
    "/bukti",
    "/selesai",
    "/en/lapor",
    "/tidak-ada",
]
STYLE = b"p { color: black }\n" * 50


@pytest.mark.parametrize("size", [0, 1, 900, 1000, 1001, 5000, 70_000, 3_000_000])
def test_a_padded_member_is_gzip_of_whole_buckets(size: int) -> None:
    """Any gzip reader gives the data back, and nothing follows the member."""
    data = bytes(size // 2) + bytes(range(256)) * (size // 512) + b"x" * (size % 2)
    packed = padded_gzip(data)
    assert len(packed) % PAGE_BUCKET_BYTES == 0
    assert gzip.decompress(packed) == data
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(packed) == data
    assert reader.eof
    assert reader.unused_data == b""


def test_what_does_not_compress_is_padded_too() -> None:
    """Each length, also about the edge of a bucket."""
    for size in range(960, 1060):
        data = bytes((at * at * 7 + at) >> 3 & 255 for at in range(size))
        assert len(padded_gzip(data)) % PAGE_BUCKET_BYTES == 0
        assert gzip.decompress(padded_gzip(data)) == data


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_compressed_for_who_accepts_it(place: Place, path: str) -> None:
    """The same page, some KiB instead of tens, error pages too; who does not accept it gets it plain."""
    client = place.client()
    packed, plain = client.get(path, headers=BOTH), client.get(path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers.getlist("Vary") == plain.headers.getlist("Vary") == ["Accept-Encoding"]
    assert packed.status_code == plain.status_code
    assert packed.headers["Content-Length"] == str(len(packed.get_data()))
    assert len(packed.get_data()) % PAGE_BUCKET_BYTES == 0
    assert len(packed.get_data()) <= max(len(plain.get_data()) / 2, 3072)
    assert gzip.decompress(packed.get_data()).startswith(b"<!doctype html>")


def test_a_form_is_the_same_for_everybody(place: Place) -> None:
    """Code and words are not in it yet: thirty forms are thirty times the same bytes."""
    client = place.client()
    for path in ("/lapor", "/lapor/server"):
        assert len({client.get(path, headers=BOTH).get_data() for _ in range(30)}) == 1


@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "gzip;q=0", "br", "*;q=0", "gzip;q=x,,;"])
def test_who_does_not_accept_gzip_gets_the_plain_page(place: Place, accepted: str) -> None:
    """Whatever stands in the header, the page can be read."""
    answer = place.client().get("/lapor", headers={"Accept-Encoding": accepted})
    body = answer.get_data()
    assert (gzip.decompress(body) if "Content-Encoding" in answer.headers else body).startswith(b"<!doctype html>")
    assert "gzip;q=x" in accepted or "Content-Encoding" not in answer.headers


def test_head_says_what_get_would(place: Place) -> None:
    """The same headers, of the same lengths, and no body."""
    client = place.client()
    head, got = client.head("/", headers=BOTH), client.get("/", headers=BOTH)
    assert list(head.headers) == list(got.headers)
    assert head.get_data() == b""


def test_answers_to_a_post_are_never_compressed(place: Place) -> None:
    """Receipt, thread, addition, faults, refusals: they repeat what was typed beside code and words."""
    reporter = place.reporter()
    reporter.client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip, deflate, br"
    hidden = {"code": "0000-0000-0000-0000", "words": "a b c d e f g h", "mac": "x"}
    reporter.secret = _form(place)
    sent = reporter.send()
    thread = reporter.status()
    answers: list[TestResponse] = [
        sent,
        thread,
        reporter.add(thread, "lagi", [("a.jpg", b"x")]),
        reporter.send(what=""),
        reporter.client.post("/status", data=hidden),
        reporter.client.post("/lapor", data={}, headers={"Sec-Fetch-Site": "cross-site"}),
        reporter.client.post("/kirim-berkas", data=multipart({}, [("x", b"x")]), content_type=MULTIPART),
        reporter.client.post("/kunci"),
    ]
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    for answer in answers:
        assert "Content-Encoding" not in answer.headers
        assert b"<html" in answer.get_data()


def test_the_length_of_a_review_does_not_say_which_warnings_it_has(place: Place) -> None:
    """Three reports of one length, one about the inspectorate, one about a child: their answers have one length."""
    reporter = place.reporter()
    lengths: dict[str, set[int]] = {}
    for what in ("x" * 300, "itjen " + "x" * 294, "cabul " + "x" * 294):
        for _ in range(20):
            answer = reporter.review(what=what)
            lengths.setdefault(what, set()).add(len(answer.get_data()))
            assert answer.headers["Content-Length"] == str(len(answer.get_data()))
    assert all(length % REVIEW_BUCKET_BYTES == 0 for found in lengths.values() for length in found)
    assert set.intersection(*lengths.values())


def _form(place: Place) -> dict[str, str]:
    reporter = place.reporter()
    reporter.form()
    return reporter.secret


@pytest.mark.parametrize("name", ["root.pub", "kunci", "kunci-lengkap", "papan"])
def test_data_stays_as_it_is(place: Place, name: str) -> None:
    """Keys, hashes and random cells: nothing to gain, and the same bytes for everybody."""
    client = place.client()
    packed, plain = client.get(f"/data/{name}", headers=BOTH), client.get(f"/data/{name}")
    assert packed.get_data() == plain.get_data()
    assert list(packed.headers) == list(plain.headers)
    assert "Vary" not in plain.headers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A static folder with a style and what the build made of it."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "style.css").write_bytes(STYLE)
    (static / "style.css.gz").write_bytes(gzip.compress(STYLE, mtime=0))
    (static / "style.css.br").write_bytes(b"as if it were Brotli")
    return static


def served(place: Place, folder: Path, accepted: str, method: str = "GET") -> TestResponse:
    """The style of a site with that static folder."""
    app = create_app(place.site, static_folder=folder)
    headers = {"Accept-Encoding": accepted} if accepted else {}
    return app.test_client().open("/static/style.css", method=method, headers=headers)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("br", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("", None), ("zstd", None)],
)
def test_static_files_in_the_best_encoding(place: Place, folder: Path, accepted: str, encoding: str | None) -> None:
    """Brotli, else gzip, else plain; always under the file's own type."""
    endings = {"br": ".br", "gzip": ".gz", None: ""}
    wanted = (folder / f"style.css{endings[encoding]}").read_bytes()
    with served(place, folder, accepted) as answer:
        assert answer.get_data() == wanted
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Type"].startswith("text/css")
        assert answer.headers["Content-Length"] == str(len(wanted))
    with served(place, folder, accepted, "HEAD") as head:
        assert head.headers["Content-Length"] == str(len(wanted))
        assert head.get_data() == b""


@pytest.mark.parametrize("damage", ["changed", "no gzip", "no plain file"])
def test_a_variant_of_another_file_is_not_served(place: Place, folder: Path, damage: str) -> None:
    """A style that was edited after the build is served as it is now."""
    (folder / "style.css").write_bytes(STYLE + b"/* newer */")
    if damage == "no gzip":
        (folder / "style.css.gz").write_bytes(b"cut off")
    if damage == "no plain file":
        (folder / "style.css").unlink()
    with served(place, folder, "gzip, br") as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.status_code == (404 if damage == "no plain file" else 200)
        assert damage == "no plain file" or answer.get_data().endswith(b"/* newer */")


def test_a_part_of_a_static_file_is_of_the_plain_one(place: Place, folder: Path) -> None:
    """Ranges count the bytes of the file."""
    app = create_app(place.site, static_folder=folder)
    headers = BOTH | {"Range": "bytes=0-2"}
    with app.test_client().get("/static/style.css", headers=headers) as answer:
        assert (answer.status_code, answer.get_data()) == (206, STYLE[:3])
        assert "Content-Encoding" not in answer.headers
