"""What an altered server changes is named, each in its own way; an honest one is not."""

import gzip
from collections.abc import Callable

import pytest

from dropbox.verification.faces import FACES
from dropbox.web.http.compression import padded_gzip
from tests.verification.altered import Alter, Asked, Given
from tests.verification.conftest import SOME, Signed, codes

SCRIPT = "/static/report.js"


def test_an_honest_site_is_the_same(signed: Signed) -> None:
    """Nothing is found at a site that serves what its root signed, at any address."""
    verdict = signed.look()
    assert verdict.findings == ()
    assert verdict.exit_code == 0
    asked = {(one.method, one.path) for one in signed.server.seen}
    assert {("GET", "/lapor"), ("GET", "/en/lapor"), ("HEAD", SCRIPT)} <= asked


def test_an_honest_site_is_the_same_for_all_visitors(signed: Signed) -> None:
    """With all faces nothing is found at a sample of the addresses, also not in an app's own."""
    assert signed.look(faces=FACES, only=SOME).findings == ()
    assert ("GET", "/di-sini/lapor") in {(one.method, one.path) for one in signed.server.seen}


@pytest.mark.soak
def test_an_honest_site_is_the_same_everywhere(signed: Signed) -> None:
    """With all faces nothing is found at any address, twice."""
    assert signed.look(faces=FACES, rounds=2).findings == ()


def one_byte(_: Asked, given: Given) -> None:
    given.with_body(given.body[:-1] + bytes([given.body[-1] ^ 1]))


def in_page(asked: Asked, given: Given) -> None:
    packed = "gzip" in asked.headers.get("Accept-Encoding", "")
    text = gzip.decompress(given.body) if packed else given.body
    text = text.replace(b"</main>", b"</main><p>x", 1)
    given.with_body(padded_gzip(text) if packed else text)


def policy(_: Asked, given: Given) -> None:
    given.set("Content-Security-Policy", "default-src *")


def cookie(_: Asked, given: Given) -> None:
    given.headers.append(("Set-Cookie", "id=1"))


def missing_header(_: Asked, given: Given) -> None:
    given.headers = [one for one in given.headers if one[0] != "Cache-Control"]


def other_server(_: Asked, given: Given) -> None:
    given.headers.append(("Alt-Svc", 'h2="elsewhere.example:443"'))


def redirect(_: Asked, given: Given) -> None:
    given.status, given.body = "302 Found", b""
    given.headers = [("Location", "https://elsewhere.example/"), ("Content-Length", "0")]


def missing(_: Asked, given: Given) -> None:
    given.status = "404 Not Found"


def marked(_: Asked, given: Given) -> None:
    given.status += "-visitor-4711"


def cut(_: Asked, given: Given) -> None:
    given.with_body(given.body[:100])


def hint(_: Asked, given: Given) -> None:
    given.before = b"HTTP/1.1 103 Early Hints\r\nLink: </x.js>; rel=preload\r\n\r\n"


def longer(_: Asked, given: Given) -> None:
    def endless(write: Callable[[bytes], object]) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:  # until the reader has had enough
            write(bytes(65536))

    given.raw = endless


def nonsense(_: Asked, given: Given) -> None:
    given.raw = lambda write: write(b"\x1b[2J\x1b]0;x\x07\r\n\r\n")


def hidden(asked: Asked, given: Given) -> None:
    """Bytes within the packing, which no browser shows."""
    if "gzip" in asked.headers.get("Accept-Encoding", ""):
        given.with_body(given.body + gzip.compress(b"<script>"))


def behind(_: Asked, given: Given) -> None:
    given.after = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def served(_: Asked, given: Given) -> None:
    given.status = "200 OK"
    given.set("Content-Type", "text/javascript")


def at(path: str, change: Alter, *, agent: str = "", languages: str = "", number: int = 0) -> Alter:
    """A change at one address: for one browser, one language, or one request alone."""

    def alter(asked: Asked, given: Given) -> None:
        is_meant = agent in asked.headers.get("User-Agent", "")
        is_meant = is_meant and asked.headers.get("Accept-Language", "").startswith(languages)
        if asked.path == path and asked.method == "GET" and is_meant and number in (0, asked.number):
            change(asked, given)

    return alter


CHANGES: dict[str, tuple[Alter, str, str]] = {  # by address: what is altered, the finding, and its place
    SCRIPT: (one_byte, "body", ""),
    "/static/style.css": (policy, "header", "content-security-policy"),
    "/static/exit.js": (cut, "length", "100"),
    "/static/ask.js": (missing_header, "header", "cache-control"),
    "/": (in_page, "body", ""),
    "/en/lapor": (in_page, "body", ""),
    "/en/": (marked, "reason", "200"),
    "/kunci": (policy, "header", "content-security-policy"),
    "/en/kunci": (cookie, "header", "set-cookie"),
    "/status": (other_server, "header", "alt-svc"),
    "/bukti": (redirect, "status", "302"),
    "/wbs": (missing, "status", "404"),
    "/dumas": (hint, "informational", ""),
    "/batas": (longer, "too-long", ""),
    "/privasi": (hidden, "packing", ""),
    "/kontak": (nonsense, "not-http", ""),
    "/en/kontak": (behind, "more-behind", ""),
    "/data/kunci": (one_byte, "body", ""),
    "/pengunci.html": (missing, "status", "404"),
    "/sw.js": (served, "status", "200"),
}


def test_each_change_is_named(signed: Signed) -> None:
    """Of each altered answer: its address, what differs, and where; all others are not named."""
    verdict = signed.look(
        lambda asked, given: at(asked.path, CHANGES[asked.path][0])(asked, given) if asked.path in CHANGES else None,
        only=[*({*SOME, *CHANGES} - {"/sw.js"})],
    )
    assert codes(verdict) == {(code, path) for path, (_, code, _) in CHANGES.items()}
    assert verdict.exit_code == 4
    for one in verdict.findings:
        assert CHANGES[one.address][2] in one.place


def test_a_page_for_some_visitors_alone_is_named(signed: Signed) -> None:
    """One browser, one language, every third request: what only some get is named, with the faces that got it."""
    changes = [
        at("/lapor", in_page, agent="Android 10; K"),
        at("/status", in_page, languages="en-US"),
        at("/en/status", in_page, number=3),
    ]

    def alter(asked: Asked, given: Given) -> None:
        for change in changes:
            change(asked, given)

    verdict = signed.look(alter, rounds=2, only=[*SOME, "/en/status"])
    assert codes(verdict) == {("body", "/lapor"), ("body", "/status"), ("body", "/en/status")}
    faces = {one.address: one.faces for one in verdict.findings}
    assert (faces["/lapor"], faces["/status"]) == (("android",), ("tor-browser",))


def test_what_is_published_must_be_signed(signed: Signed) -> None:
    """Boards that do not verify are named before any page is judged by them."""
    verdict = signed.look(at("/data/papan", one_byte))
    assert codes(verdict) == {("unsigned", "/data/papan")}
    assert verdict.exit_code == 4
