"""Every answer that leaves the server, whatever made it, bears the constant headers and no cookie."""

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox.web.http.headers import HEADERS
from tests.support.client import Client, Page
from tests.support.server import Server, SiteFolder, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _bare(lines: str) -> Callable[[Client], Page]:
    return lambda client: client.raw(lines.encode())


ANSWERS: dict[str, tuple[int, Callable[[Client], Page]]] = {
    "page": (200, lambda client: client.get("/")),
    "english page": (200, lambda client: client.get("/en/lapor")),
    "last page": (200, lambda client: client.get("/selesai")),
    "report": (200, lambda client: client.report()),
    "favicon": (204, lambda client: client.get("/favicon.ico")),
    "static file": (200, lambda client: client.get("/static/style.css")),
    "missing static file": (404, lambda client: client.get("/static/none.css")),
    "path out of static": (404, lambda client: client.get("/static/../app.py")),
    "missing page": (404, lambda client: client.get("/tidak-ada")),
    "thread not found": (404, lambda client: client.open(client.form())),
    "wrong method": (405, lambda client: client.get("/tambah")),
    "unknown method": (405, lambda client: client.request("PROPFIND", "/")),
    "options": (200, lambda client: client.request("OPTIONS", "/lapor")),
    "head": (200, lambda client: client.request("HEAD", "/")),
    "too large": (413, lambda client: client.report(what="x" * 5_000_000)),
    "faults": (422, lambda client: client.report(what="")),
    "wrong words": (422, lambda client: client.post("/status", {"code": "x", "words": "y"})),
    "cross-site": (403, lambda client: client.post("/lapor", {}, {"Sec-Fetch-Site": "cross-site"})),
    "no form": (400, lambda client: client.request("POST", "/lapor", b"{}", {"Content-Type": "text/plain"})),
    "no multipart": (400, lambda client: client.request("POST", "/tambah", b"{}", FORM)),
    "no host": (400, _bare("GET / HTTP/1.1\r\n\r\n")),
    "no HTTP": (400, _bare("what is this?\r\n\r\n")),
    "bad header": (400, _bare("GET / HTTP/1.1\r\nbad header\r\n\r\n")),
    "a chunk that ends in a bare line feed": (
        400,
        _bare("POST /status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\na=b\r\n0\r\n\r\n"),
    ),
    "long address": (414, _bare(f"GET /{'x' * 9000} HTTP/1.1\r\n\r\n")),
    "long header": (431, _bare(f"GET / HTTP/1.1\r\nX: {'x' * 20_000}\r\n\r\n")),
    "odd address": (404, _bare("GET /%00%ff/../%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n")),
}


def _check(page: Page) -> None:
    names = [name.lower() for name, _ in page.headers]
    for name, value in HEADERS:
        assert (name, value) in page.headers
        assert names.count(name.lower()) == 1
    for unsaid in ("set-cookie", "server", "date"):
        assert unsaid not in names
    assert "etag" not in names
    assert "last-modified" not in names
    for trace in (b"Traceback", b"site-packages", b'File "', b"werkzeug", b"sqlalchemy"):
        assert trace not in page.body


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_bears_the_constant_headers(server: Server, name: str) -> None:
    """200, 204, 4xx, static files and what gunicorn refuses by itself: one policy, no cookie, no stack trace."""
    status, ask = ANSWERS[name]
    page = ask(server.client)
    assert page.status == status
    _check(page)


@pytest.mark.parametrize(
    "header", ["SCRIPT_NAME: //evil.example", "Script-Name: //evil.example", "X-Forwarded-Host: evil.example"]
)
def test_nobody_is_taken_for_a_proxy(server: Server, header: str) -> None:
    """A client's own header changes no link of its page: peers on loopback are Tor and strangers."""
    plain = server.client.raw(b"GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    bent = server.client.raw(f"GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n\r\n".encode())
    assert b"evil.example" not in bent.body
    assert bent.status in (200, 400)
    assert bent.status == 400 or bent.body == plain.body


def test_answers_with_a_typed_text_never_put_it_into_title_or_address(server: Server) -> None:
    """What was typed stands in the form alone."""
    page = server.client.report(what="kenari-judul", channel="")
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert "kenari" not in title
    assert all("kenari" not in value for _, value in page.headers)


def test_a_closed_intake_bears_them_too(tmp_path: Path) -> None:
    """503 for the form and for additions, with a reason; the status page goes on."""
    with serving(SiteFolder(tmp_path / "site", settings="[intake]\nopen = false\n").make()) as server:
        page = server.client.get("/lapor")
        assert (page.status, page.error) == (503, "closed")
        _check(page)
        assert server.client.get("/status").status == 200


@pytest.mark.parametrize(("table", "path"), [("blob", "/status"), ("published", "/lapor"), ("state", "/lapor")])
def test_an_internal_error_is_one_sentence(own_site: SiteFolder, table: str, path: str) -> None:
    """A table is taken away under the running server: 500 with the constant headers, and not a word of the cause."""
    with serving(own_site) as server:
        form = server.client.form()
        with sqlite3.connect(own_site.folder / "store.db") as database:
            database.execute(f"ALTER TABLE {table} RENAME TO gone")
        page = server.client.get(path) if table == "published" else server.client.post(path, form)
        assert page.status == 500
        assert path == "/status" or table == "published" or form["what"] in page.text
        _check(page)
        assert "kesalahan di server" in page.text
        assert form["code"] not in server.log.read_text("utf-8")


def test_an_answer_survives_a_client_that_goes_away(server: Server) -> None:
    """A browser that closes before reading harms nobody."""
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /lapor HTTP/1.1\r\nHost: x\r\n\r\n")
    _check(server.client.get("/"))
