"""What came of an answer before a line broke: its last line counts too, as it does for browsers."""

import gzip

import pytest

from dropbox.verification.comparing import difference, is_gateway_page
from dropbox.verification.replica import Answer, Cut, Headers
from dropbox.web.http.compression import padded_gzip
from tests.verification.altered import Alter, Asked, Given
from tests.verification.conftest import SOME, Signed, codes
from tests.verification.test_ways import NGINX, raw, start_of

HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = Answer(200, (HTML, ("Content-Encoding", "gzip"), ("X-Y", "1")), padded_gzip(b"a page " * 100))
GATEWAY = (("Server", "nginx/1.22.1"), ("Content-Type", "text/html"))


def came(status: int, headers: Headers, body: bytes, cut: Cut = "", unfinished: str = "") -> Answer:
    """What came of an answer, with the usual phrase after its status."""
    return Answer(status, headers, body, cut, unfinished, {200: "OK", 502: "Bad Gateway"}[status])


def in_last_line(line: bytes) -> Alter:
    """All headers of an honest answer, and one more line without its end."""
    return raw(lambda given: start_of(given)[:-2] + line)


ALTERED: dict[str, tuple[Alter, str]] = {
    "/": (raw(lambda _: b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nRefresh: 0; url=http://x.example/"), "header"),
    "/lapor": (raw(lambda _: b"HTTP/1.1 302 Found"), "status"),
    "/batas": (in_last_line(b"Refresh: 0; url=http://x.example/"), "header"),
    "/kunci": (in_last_line(b"Set-Cookie: id=1\r"), "header"),
    "/status": (raw(lambda _: b"HTTP/1.1 200 OK\rRefresh: 0"), "not-http"),
}


def test_the_last_line_of_a_head_that_is_cut_is_compared(signed: Signed) -> None:
    """Browsers believe a line without its end, so a redirect or a cookie there is named."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path in ALTERED and asked.method == "GET":
            ALTERED[asked.path][0](asked, given)

    verdict = signed.look(alter, only=[*ALTERED, "/kontak"])
    assert codes(verdict) == {one for path, (_, code) in ALTERED.items() for one in ((code, path), ("broken", path))}
    assert verdict.exit_code == 4


def test_an_honest_head_may_be_cut_anywhere(signed: Signed) -> None:
    """The beginning of an honest head, with what a proxy adds, is no difference at several lengths."""
    lengths = {path: 10 + 57 * number for number, path in enumerate(SOME)}

    def alter(asked: Asked, given: Given) -> None:
        given.headers = [
            ("Date", "Tue, 01 Dec 2026 10:00:00 GMT"),
            ("Server", "nginx/1.22.1"),
            *given.headers,
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ]
        if asked.path in lengths and asked.method == "GET" and asked.number > 1:
            sent = start_of(given)[: lengths[asked.path]]
            given.raw = lambda write: write(sent)

    verdict = signed.look(alter, only=SOME)
    assert {code for code, _ in codes(verdict)} == {"broken"}
    assert verdict.exit_code == 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Date: Tue, 01 Dec 2026 10:00:00 GMT\r"],
        ["server: nginx/1.22.100\r"],
        ["Strict-Transport-Security: max-age=15552000; includeSubDomains; preload\r"],
        ["Content-Length: 1024\r", "X-Y: 1\r", "Connection: keep-alive\r", "\r"],
    ],
)
def test_each_beginning_of_an_honest_line_is_no_difference(lines: list[str]) -> None:
    """Wherever a line ends that the site or its proxy sends; with a byte more it is none of theirs."""
    for line in lines:
        for end in range(len(line) + 1):
            assert difference(PAGE, came(200, (HTML,), b"", "head", line[:end])) is None
    assert difference(PAGE, came(200, (HTML,), b"", "head", "X-Y: 12")) is not None
    assert difference(PAGE, came(200, (HTML,), b"", "head", "Date: Tuesday")) is not None
    assert difference(PAGE, came(200, (HTML,), b"", "head", "Content-Type: text")) is not None  # a second one
    assert difference(PAGE, came(200, (HTML,), b"", "head", " x")) is not None  # goes on with the line before


def test_each_beginning_of_an_honest_status_line_is_no_difference() -> None:
    """Also if a worker writes the reason in capitals."""
    for line in ("HTTP/1.1 404 NOT FOUND\r", "HTTP/1.1 404 Not Found\r"):
        for end in range(10, len(line) + 1):
            assert difference(Answer(404, (), b"", reason="NOT FOUND"), Answer(0, (), b"", "line", line[:end])) is None


def test_a_head_that_is_cut_says_nothing_of_a_header_that_is_missing(signed: Signed) -> None:
    """If the first answer ends before Strict-Transport-Security, the value of all others is no difference."""
    value = ("Strict-Transport-Security", "max-age=31536000")

    def alter(asked: Asked, given: Given) -> None:
        given.headers.append(value)
        if asked.number == 1 and asked.method == "GET" and asked.path in ("/lapor", "/batas"):
            sent = start_of(given).partition(b"Strict")[0]
            given.raw = lambda write: write(sent)

    assert signed.look(alter, only=["/lapor", "/batas"]).findings == ()


def test_each_beginning_of_nginx_own_page_was_not_seen() -> None:
    """A line that breaks within it is no difference; another text or another header is one."""
    for end in range(len(NGINX) + 1):
        assert is_gateway_page(came(502, GATEWAY, NGINX[:end], "body"))
    for end in range(len("Server: nginx") + 1):
        assert is_gateway_page(came(502, GATEWAY[1:], b"", "head", "Server: nginx"[:end]))
    assert is_gateway_page(Answer(504, (), b"", "line", "HTTP/1.1 504 Gate"))
    assert not is_gateway_page(came(502, GATEWAY, NGINX[:-20]))
    assert not is_gateway_page(came(502, GATEWAY, NGINX[:40] + b"x", "body"))
    assert not is_gateway_page(came(502, GATEWAY, b"", "head", "Refresh: 0"))
    assert not is_gateway_page(came(502, (*GATEWAY, ("Set-Cookie", "id=1")), b"", "body"))


def test_nginx_own_page_that_is_cut_is_no_difference(signed: Signed) -> None:
    """The exit code says that the page was not seen."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path == "/lapor" and asked.method == "GET":
            given.status, given.body, given.headers = "502 Bad Gateway", NGINX, [*GATEWAY]
            sent = start_of(given) + NGINX[:90]
            given.raw = lambda write: write(sent)

    assert codes(signed.look(alter, only=["/lapor", "/"])) == {("broken", "/lapor")}


def test_bytes_behind_the_packing_are_named_in_a_cut_answer() -> None:
    """A second member, which browsers may unpack too, is no beginning of an honest page."""
    text = gzip.decompress(PAGE.body)
    for packed in (PAGE.body, gzip.compress(text)):
        assert difference(PAGE, came(200, PAGE.headers, packed, "body")) is None
        more = came(200, PAGE.headers, packed + gzip.compress(b"<script>"), "body")
        found = difference(PAGE, more)
        assert found is not None
        assert found.code == "packing"
