"""The way to a site: what breaks on it was not seen, and what came before that is compared all the same."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox.verification import cli
from dropbox.verification.target import target_of
from tests.verification.altered import Alter, Asked, Given
from tests.verification.conftest import SOME, Signed, codes
from tests.verification.proxy import PASS, Socks, write_certificates
from tests.verification.test_altered_site import SCRIPT, at, in_page, one_byte, policy

HOST = "site-that-no-resolver-knows.invalid"


def start_of(given: Given, length: int | None = None) -> bytes:
    """The head of an answer, which announces the length of its body or another."""
    fields = [one for one in given.headers if one[0].lower() != "content-length"]
    shown = "".join(f"{name}: {value}\r\n" for name, value in fields)
    count = len(given.body) if length is None else length
    return f"HTTP/1.1 {given.status}\r\n{shown}Content-Length: {count}\r\n\r\n".encode("latin-1")


def cut_in(part: str) -> Alter:
    """An answer of which the end is missing: within its head, within its body, or of a chunk."""

    def cut(_: Asked, given: Given) -> None:
        whole, body = start_of(given), given.body
        sent = {"head": whole[: len(whole) // 2], "body": whole + body[: len(body) // 2], "line": whole[:6]}
        fields = "".join(f"{name}: {value}\r\n" for name, value in given.headers if name.lower() != "content-length")
        head = f"HTTP/1.1 {given.status}\r\n{fields}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1")
        sent["chunk"] = head + b"%x\r\n%s" % (len(body), body[:-1])
        given.raw = lambda write: write(sent[part])

    return cut


CUT = {"/lapor": "line", "/status": "head", SCRIPT: "head", "/": "body", "/static/style.css": "body", "/batas": "chunk"}


def test_an_honest_answer_that_is_cut_was_not_seen(signed: Signed) -> None:
    """A connection that ends within an answer is no difference, wherever it ends and whatever was announced."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path in CUT and asked.method == "GET":
            cut_in(CUT[asked.path])(asked, given)

    verdict = signed.look(alter, only=[*CUT, "/kunci"])
    assert codes(verdict) == {("broken", path) for path in CUT}
    assert verdict.exit_code == 3


def longer(change: Alter) -> Alter:
    """Altered, and cut: the head announces a byte that never comes."""

    def alter(asked: Asked, given: Given) -> None:
        change(asked, given)
        sent = start_of(given, len(given.body) + 1) + given.body
        given.raw = lambda write: write(sent)

    return alter


def truncated_head(_: Asked, given: Given) -> None:
    given.raw = lambda write: write(b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nX")


def marked_head(_: Asked, given: Given) -> None:
    sent = start_of(given).replace(b"\r\n", b"\r\nSet-Cookie: id=1\r\n", 1)
    given.raw = lambda write: write(sent[: sent.rindex(b"\r\n\r\n") + 2])


def hinted(_: Asked, given: Given) -> None:
    given.raw = lambda write: write(b"HTTP/1.1 103 Early Hints\r\nLink: </x.js>; rel=preload\r\n")


def once(change: Alter) -> Alter:
    """The first request for an address alone: the next one gets an honest answer."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.number == 1:
            change(asked, given)

    return alter


ALTERED: dict[str, tuple[Alter, set[str]]] = {
    "/lapor": (longer(in_page), {"body", "broken"}),
    SCRIPT: (longer(one_byte), {"body", "broken"}),
    "/status": (longer(policy), {"header", "broken"}),
    "/batas": (once(longer(in_page)), {"body"}),  # and then an honest one
    "/": (truncated_head, {"status", "broken"}),
    "/kunci": (marked_head, {"header", "broken"}),
    "/privasi": (hinted, {"informational"}),
}


def test_an_altered_answer_that_is_cut_is_named(signed: Signed) -> None:
    """Browsers show what came of an answer, so a server that announces more than it sends hides nothing."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path in ALTERED and asked.method == "GET":
            ALTERED[asked.path][0](asked, given)

    verdict = signed.look(alter, only=[*ALTERED, "/kontak"])
    assert codes(verdict) == {(code, path) for path, (_, found) in ALTERED.items() for code in found}
    assert verdict.exit_code == 4


def raw(text: Callable[[Given], bytes]) -> Alter:
    def alter(_: Asked, given: Given) -> None:
        sent = text(given)
        given.raw = lambda write: write(sent)

    return alter


NO_HTTP = {
    "/": raw(lambda given: given.body),  # HTTP/0.9, which some browsers take
    "/lapor": raw(lambda given: start_of(given).replace(b"HTTP/1.1", b"HTTP/1.0", 1) + given.body),
    "/status": raw(lambda given: start_of(given).replace(b"Content-Length", b"X", 1) + given.body),  # no end
    "/kunci": raw(lambda given: start_of(given)[:-2] + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
    "/privasi": raw(lambda given: start_of(given)[:-2] + b"Content-Length: 1\r\n\r\n" + given.body),
    "/kontak": raw(lambda _: b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000),  # a head without an end
}


def test_what_is_no_answer_of_http_is_named(signed: Signed) -> None:
    """Older versions, answers without an end and with two lengths, which browsers read in different ways."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path in NO_HTTP and asked.method == "GET":
            NO_HTTP[asked.path](asked, given)

    verdict = signed.look(alter, only=[*NO_HTTP, "/batas"])
    assert codes(verdict) == {("not-http", path) for path in NO_HTTP}


def test_headers_that_are_there_twice_are_named(signed: Signed) -> None:
    """A second header of one name is a difference, also if both say the same, and so is a second value that is free."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path == "/batas":
            given.headers.append(next(one for one in given.headers if one[0] == "Content-Security-Policy"))
        if asked.path == "/lapor":
            given.headers += [("Server", "nginx"), ("Server", "nginx/1.22.1")]

    verdict = signed.look(alter, only=["/lapor", "/batas"])
    assert {(one.address, one.code, one.place) for one in verdict.findings} == {
        ("/batas", "header", "content-security-policy"),
        ("/lapor", "header", "server"),
    }


NGINX = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)


def test_a_site_that_its_proxy_does_not_reach_was_not_seen(signed: Signed) -> None:
    """The page that nginx itself gives is no difference; the same with another text or another header is one."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.method == "GET" and asked.path in ("/lapor", "/batas", "/kunci"):
            given.status = "502 Bad Gateway"
            given.body = NGINX.replace(b"Bad Gateway</h1>", b"Report at x</h1>") if asked.path == "/batas" else NGINX
            given.headers = [("Server", "nginx/1.22.1"), ("Content-Type", "text/html")]
            given.headers += [("Content-Length", str(len(given.body)))]
            given.headers += [("Set-Cookie", "id=1")] if asked.path == "/kunci" else []

    verdict = signed.look(alter, only=["/lapor", "/batas", "/kunci", "/"])
    assert codes(verdict) == {("gateway", "/lapor"), ("status", "/batas"), ("status", "/kunci")}


def proxied(port: int) -> dict[str, object]:
    return {"target": target_of(f"http://{HOST}", f"socks5h://127.0.0.1:{port}")}


def test_through_a_proxy_an_honest_site_is_the_same(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy gets the name, no resolver is asked for it, and each visitor has a user name of its own."""
    looked_up: list[object] = []
    resolve = socket.getaddrinfo

    def seen(host: object, *rest: object, **more: object) -> object:
        looked_up.append(host)
        return resolve(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", seen)
    with Socks(signed.server.port).running() as proxy:
        verdict = signed.look(only=SOME, **proxied(proxy.port))
    assert verdict.findings == ()
    assert {*proxy.asked} == {(HOST, 80)}
    assert HOST not in looked_up
    assert len({*proxy.users}) == len(proxy.users) >= 4  # the beginning, the reader, two faces


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        pytest.param([b"\x04\x02"], "proxy-refuses", id="another version"),
        pytest.param([b"\x05\xff"], "proxy-refuses", id="no kind of log-in"),
        pytest.param([b"\x05\x00"], "proxy-refuses", id="without a user name"),
        pytest.param([b"\x05\x02", b"\x01\x01"], "proxy-refuses", id="log-in refused"),
        pytest.param([b"\x05\x02", b"\x01\x00", b"\x05\x04\x00\x01" + bytes(6)], "proxy-unreachable", id="host"),
        pytest.param([b"\x05\x02", b"\x01\x00", b"\x04\x00\x00\x01" + bytes(6)], "proxy-refuses", id="later version"),
        pytest.param([b"\x05\x02", b"\x01\x00", b"\x05\x00\x00\x02" + bytes(6)], "proxy-refuses", id="kind of address"),
        pytest.param([b"\x05"], "broken", id="cut in the greeting"),
        pytest.param([b"\x05\x02", b"\x01\x00", b"\x05\x00\x00"], "broken", id="cut in the answer"),
    ],
)
def test_a_proxy_that_does_not_work_is_no_difference(signed: Signed, answers: list[bytes], code: str) -> None:
    """What the proxy refuses, or cannot reach, was not seen."""
    with Socks(signed.server.port, answers).running() as proxy:
        verdict = signed.look(only=SOME, **proxied(proxy.port))
    assert codes(verdict) == {(code, "/data/root.pub")}
    assert verdict.exit_code == 3


def test_a_proxy_that_fails_later_takes_no_difference_away(signed: Signed) -> None:
    """When no circuit is left after an altered answer, the exit code still says that the site differs."""
    with Socks(signed.server.port).running() as proxy:

        def alter(asked: Asked, given: Given) -> None:
            if asked.path == "/lapor" and asked.method == "GET":
                in_page(asked, given)
                proxy.answers = [b"\x05\x02", b"\x01\x00", b"\x05\x01\x00\x01" + bytes(6)]
            elif proxy.answers != PASS:
                given.raw = lambda _: None

        verdict = signed.look(alter, only=SOME, **proxied(proxy.port))
    assert ("body", "/lapor") in codes(verdict)
    assert {code for code, _ in codes(verdict)} <= {"body", "broken", "proxy-unreachable"}
    assert verdict.exit_code == 4


def test_over_tls_an_honest_site_is_the_same(signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an authority that this machine trusts nothing is found; without it, and for another name, it is named."""
    write_certificates(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "site.pem")
    monkeypatch.setattr(signed.server, "tls", context)
    target = target_of(f"https://localhost:{signed.server.port}")
    assert codes(signed.look(only=SOME, target=target)) == {("certificate", "/data/root.pub")}
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert signed.look(only=SOME, target=target).findings == ()
    assert codes(signed.look(at("/lapor", cut_in("body")), only=SOME, target=target)) == {("broken", "/lapor")}
    other = target_of(f"https://127.0.0.1:{signed.server.port}")
    assert codes(signed.look(only=SOME, target=other)) == {("certificate", "/data/root.pub")}


def test_the_command_ends_with_3_when_the_proxy_is_not_there(
    signed: Signed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A monitor learns that nothing was seen."""
    (tmp_path / "root.pub").write_bytes(signed.inspectorate.anchor.encode())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        proxy = f"socks5h://127.0.0.1:{taken.getsockname()[1]}"
        assert cli.run([f"http://{HOST}", "--root", str(tmp_path / "root.pub"), "--proxy", proxy]) == 3
    assert "the connection failed or broke" in capsys.readouterr().out
