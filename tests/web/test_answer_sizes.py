"""Who sees only lengths (an office's proxy, a Wi-Fi) cannot tell what code and words opened, or whether they did."""

import itertools
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from dropbox.crypto.answers import seal_timeline
from dropbox.crypto.secret import new_secret
from dropbox.errors import DamagedError, StorageBusyError, StorageFullError
from dropbox.limits import ANSWER_BUCKET_BYTES, FIELD_MAX_BYTES, KIB
from dropbox.store.blobs import Blobs
from dropbox.web.app import create_app
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from tests.support.desks import INSTANCE, TODAY
from tests.support.server import SiteFolder, serving
from tests.web.conftest import MULTIPART, Place, multipart

NUMBERS = itertools.count(1)  # of boards
LANGUAGES = ["", "/en"]
ENTRIES = [Entry(TODAY - 2, RECEIVED, texts=1), Entry(TODAY - 1, STATUS, status="TELAAH", text="Kami memeriksa.")]
QUESTION = [*ENTRIES, Entry(TODAY, STATUS, status="BUTUH_INFO", text="Tahun berapa?", next=TODAY + 30)]
LONG_QUESTION = (
    "Di mana dan kapan dugaan ini terjadi? Perkiraan sudah cukup.\nJangan tulis nama Anda. "
    "Hal yang hanya Anda tahu? Tulis secara umum saja. Waktu Anda sampai 12 Desember 2026."
)
LONG = [
    Entry(TODAY - 40, RECEIVED, texts=1, files=3),
    Entry(TODAY - 38, STATUS, "VERIFIKASI", "Kami memeriksa kelengkapan laporan Anda.", TODAY - 30),
    Entry(TODAY - 30, STATUS, "BUTUH_INFO", LONG_QUESTION, TODAY - 10),
    Entry(TODAY - 28, RECEIVED, texts=1, files=2),
    Entry(TODAY - 25, STATUS, "TELAAH", "Kami menelaah.", TODAY - 1),
    Entry(TODAY - 20, STATUS, "KLARIFIKASI", "x" * 200, TODAY + 3),
    Entry(TODAY - 10, STATUS, "AUDIT", "x" * 200, TODAY + 10),
    Entry(TODAY, STATUS, "BUTUH_INFO", LONG_QUESTION, TODAY + 30),
]


def answered(place: Place, entries: list[Entry], desks: tuple[str, ...] = ("itjen",)) -> dict[str, str]:
    """Code and words of a report that the desks have answered."""
    secret, number = new_secret(), next(NUMBERS)
    with place.site.store.transaction() as tx:
        for desk in desks:
            keys = secret.keys(INSTANCE, desk)
            cells = seal_timeline(keys.tag_key, keys.answer_key, INSTANCE, desk, number, entries)
            board = place.inspectorate.desks[desk].packed_board(number, cells)
            place.site.store.published.put(tx, "board", desk, number, board)
    return {"code": secret.code, "words": secret.words}


def stored(place: Place) -> dict[str, str]:
    """Code and words of a report that nobody has collected."""
    reporter = place.reporter()
    reporter.send()
    return {name: reporter.secret[name] for name in ("code", "words")}


def unknown() -> dict[str, str]:
    """Code and words that fit and were never used."""
    secret = new_secret()
    return {"code": secret.code, "words": secret.words}


def mistyped(secret: dict[str, str]) -> dict[str, str]:
    """One word is another one of the list."""
    first, *rest = secret["words"].split()
    return secret | {"words": " ".join(["kalkun" if first != "kalkun" else "rindang", *rest])}


LOOK_UPS: dict[str, Callable[[Place], dict[str, str]]] = {
    "unknown": lambda _: unknown(),
    "a wrong word": lambda place: mistyped(stored(place)),
    "a word that is none": lambda _: unknown() | {"words": "xyzzy " * 8},
    "a bad code": lambda _: unknown() | {"code": "0000-0000-0000-0000"},
    "nothing": lambda _: {},
    "far too much": lambda _: {"code": 'é<&"' * 500, "words": 'é<&"' * 500},
    "stored": stored,
    "answered": lambda place: answered(place, ENTRIES),
    "a question": lambda place: answered(place, QUESTION),
    "two desks": lambda place: answered(place, QUESTION, ("irjen", "itjen")),
}


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("case", LOOK_UPS)
def test_a_look_up_has_one_length(place: Place, case: str, prefix: str) -> None:
    """Whatever code and words open."""
    assert_one_length(place.client().post(f"{prefix}/status", data=LOOK_UPS[case](place)))


def assert_one_length(answer: TestResponse) -> None:
    """The body, as it goes over the line, and the line that tells the status."""
    body = answer.get_data()
    assert len(body) == ANSWER_BUCKET_BYTES == 16 * KIB
    assert answer.headers["Content-Length"] == str(len(body))
    assert "Content-Encoding" not in answer.headers
    assert len(answer.status) == len("200 Answer")


ADDITIONS: dict[str, dict[str, Any]] = {
    "a text": {"what": "Satu lagi."},
    "a text and a file": {"what": "Satu lagi.", "files": [("a.jpg", b"x")]},
    "nothing": {},
    "its own code": {"what": "CODE"},
    "a file without a name": {"files": [("", b"x")]},
    "a desk that is none": {"what": "x", "desk": "lain"},
    "an act": {"act": "read"},
    "an act that lacks something": {"act": "withdraw"},
}


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize(
    "whose", ["unknown", "a wrong word", "a bad code", "nothing", "stored", "answered", "a question"]
)
def test_an_addition_has_one_length(place: Place, whose: str, prefix: str) -> None:
    """Whatever is added, and whether code and words fit."""
    secret = LOOK_UPS[whose](place)
    for case in ADDITIONS.values():
        fields = secret | {name: value for name, value in case.items() if name != "files"}
        fields = {name: secret.get("code", "") if value == "CODE" else value for name, value in fields.items()}
        body = multipart(fields, case.get("files", [("", b"")]))
        for path in ("/tambah", "/pilihan"):
            assert_one_length(place.client().post(prefix + path, data=body, content_type=MULTIPART))


REPEATED = {
    "500 quotation marks and 5 long names": ('"' * 500, [("'" * 200 + f"{i}.jpg", b"x") for i in range(5)]),
    "500 letters and 10 files": ("x" * 500, [("f" * 200 + f"{i}.jpg", b"x") for i in range(10)]),
    "10 empty files": ("x" * 500, [("'" * 200 + f"{i}.jpg", b"") for i in range(10)]),
    "a long text of long characters": ("\U0001f600" * 5_000, []),
}


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("whose", ["unknown", "stored", "answered", "eight lines", "two desks"])
def test_what_a_page_repeats_does_not_change_its_length(place: Place, whose: str, prefix: str) -> None:
    """Long texts and names, and many files, on the pages of short and of long threads."""
    secret = answered(place, LONG) if whose == "eight lines" else LOOK_UPS[whose](place)
    for what, files in REPEATED.values():
        body = multipart(secret | {"desk": "itjen", "what": what}, files)
        assert_one_length(place.client().post(f"{prefix}/tambah", data=body, content_type=MULTIPART))
    body = multipart(secret | {"desk": "itjen", "act": "withdraw", "sure": "1", "act-text": '"' * 5_000}, [])
    assert_one_length(place.client().post(f"{prefix}/pilihan", data=body, content_type=MULTIPART))


@pytest.mark.parametrize("path", ["/status", "/tambah", "/pilihan", "/en/status", "/en/tambah"])
def test_a_form_that_is_none_has_one_length(place: Place, path: str) -> None:
    """Malformed, cut off, from another site, too long: the refusals are as long as answers."""
    client = place.client()
    for how in (
        {"data": b"%", "content_type": "text/plain"},
        {"data": b"x", "content_type": "multipart/form-data"},
        {"data": b"------reporter\r\n", "content_type": MULTIPART},
        {"data": {"code": "x" * (FIELD_MAX_BYTES * 50)}},
        {"data": {}, "headers": {"Sec-Fetch-Site": "cross-site"}},
    ):
        assert_one_length(client.post(path, **how))


@pytest.mark.parametrize("error", [StorageFullError, StorageBusyError, DamagedError, RuntimeError])
def test_a_fault_of_the_server_has_one_length(
    place: Place, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a busy store, a damaged answer, a fault that nobody thought of."""
    secret = stored(place)

    def fail(*_: object) -> None:
        raise error("x")

    for name in ("stored_ids", "put"):
        monkeypatch.setattr(Blobs, name, fail)
    client = create_app(place.site).test_client()
    assert_one_length(client.post("/status", data=secret))
    assert_one_length(client.post("/tambah", data=multipart(secret | {"what": "x"}, []), content_type=MULTIPART))


def test_a_closed_intake_has_one_length(place: Place) -> None:
    """Answers can be read then, and an addition is refused."""
    closed = Place(replace(place.site, settings=replace(place.site.settings, intake_open=False)), place.inspectorate)
    for secret in (stored(place), unknown(), answered(place, ENTRIES)):
        assert_one_length(closed.client().post("/status", data=secret))
        body = multipart(secret | {"what": "x"}, [])
        assert_one_length(closed.client().post("/tambah", data=body, content_type=MULTIPART))


def test_an_answer_that_says_more_has_the_next_power_of_two(place: Place) -> None:
    """Long timelines: 32 and 64 KiB, not their own length."""
    for size, length in ((10_000, 32 * KIB), (40_000, 64 * KIB), (50_000, 64 * KIB)):
        secret = answered(place, [*ENTRIES, Entry(TODAY, MESSAGE, text="x" * size)])
        assert len(place.client().post("/status", data=secret).get_data()) == length


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, dict[str, str]]]:
    """Port of a production server, and code and words of a report that it holds."""
    with serving(SiteFolder(tmp_path_factory.mktemp("sizes") / "site").make()) as running:
        hidden = running.client.report(what="s").hidden
        yield running.port, {name: hidden[name] for name in ("code", "words")}


def raw(port: int, path: str, body: bytes, kind: str) -> bytes:
    """All bytes of an answer, head and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        )
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def test_on_the_wire_all_answers_are_equally_long(address: tuple[int, dict[str, str]]) -> None:
    """Head and body together, from the production server: found, unknown, mistyped, malformed, added."""
    port, secret = address
    form = "application/x-www-form-urlencoded"
    asked = [
        ("/status", urllib.parse.urlencode(one).encode(), form) for one in (secret, unknown(), mistyped(secret), {})
    ]
    asked += [("/tambah", multipart(one | {"what": "x"}, []), MULTIPART) for one in (secret, unknown(), {})]
    asked += [("/status", b"%", "text/plain"), ("/en/status", urllib.parse.urlencode(secret).encode(), form)]
    answers = [raw(port, *one) for one in asked]
    assert {answer.split(b" ")[1] for answer in answers} >= {b"200", b"404", b"422", b"400"}
    assert len({len(answer) for answer in answers}) == 1
