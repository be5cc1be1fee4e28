"""The monitor's socket: one word at it, and nothing of it at any address of the site; and the line at the start."""

import http.client
import re
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from dropbox.errors import ConfigurationError
from dropbox.serving.connection import PEER
from dropbox.settings.installation import load
from dropbox.web.app import create_app
from dropbox.web.serve import _monitor
from tests.support.desks import NOW, make_site
from tests.support.server import Server, SiteFolder, serving

SOCKET = 'health = "h.sock"\n'
# What a visitor may write through Tor or a proxy, both of which connect from loopback.
DISGUISES = [
    {"Host": "localhost"},
    {"Host": "127.0.0.1"},
    {"Host": "h.sock"},
    {"Host": "localhost", "X-Forwarded-For": "127.0.0.1"},
    {"Host": "kemenag.example", "X-Forwarded-For": "203.0.113.9"},
]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site whose settings name a socket for the monitor."""
    with serving(SiteFolder(tmp_path_factory.mktemp("h") / "s", settings=SOCKET).make()) as running:
        yield running


def asked(server: Server, path: str, method: str = "GET", host: str = "localhost") -> tuple[int, str]:
    """Status and body of an answer at the socket."""
    connection = http.client.HTTPConnection("localhost", timeout=60)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(server.site.folder / "h.sock"))
    connection.request(method, path, headers={"Host": host})
    response = connection.getresponse()
    answer = response.status, response.read().decode("ascii")
    connection.close()
    return answer


def visited(server: Server, path: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of an answer at the site's port."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.getheaders(), response.read()
    connection.close()
    return answer


def test_the_socket_gives_one_word_and_nothing_of_the_site(watched: Server) -> None:
    """`/health` is answered with ok, `/process` with a line about the server, all else with the same 404."""
    assert asked(watched, "/health") == (200, "ok\n")
    assert asked(watched, "/health", host="example.org") == (200, "ok\n")
    assert {asked(watched, path) for path in ("/", "/lapor", "/healthz", "/keyring")} == {(404, "unknown\n")}
    assert asked(watched, "/health", "POST") == (404, "unknown\n")
    assert asked(watched, "/process") == (200, "debug=no core=no listens=127.0.0.1\n")
    mode = (watched.site.folder / "h.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert not mode & 0o077


@pytest.mark.parametrize("headers", DISGUISES)
def test_no_header_gets_it_at_the_site(watched: Server, headers: dict[str, str]) -> None:
    """At the port `/health` and `/process` are answered as an unknown address is, byte for byte."""
    unknown = visited(watched, "/no-page", headers)
    assert unknown[0] == 404
    assert visited(watched, "/health", headers) == visited(watched, "/process", headers) == unknown


def test_the_start_says_what_starts(watched: Server) -> None:
    """One line has version, port, last day and kind of database, and no path."""
    (line,) = [line for line in watched.log.read_text("utf-8").splitlines() if "starts on port" in line]
    assert re.fullmatch(
        rf"dropbox: version \d+\.\d+\.\d+ starts on port {watched.port}; addresses: -;"
        r" reports can be sealed until \d{4}-\d\d-\d\d; database: SQLite",
        line,
    )


def test_closed_desks_and_a_broken_store_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an open desk the word is keys, and without an answer of the database it is store; both are 503."""
    path = tmp_path / "h.sock"
    site, _ = make_site(tmp_path, settings=replace(load(), health=path))
    client = create_app(site).test_client()
    at_socket = {PEER: SimpleNamespace(server=str(path))}
    answer = client.get("/health", environ_overrides=at_socket)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    late = create_app(replace(site, clock=lambda: NOW.replace(year=2027))).test_client()
    answer = late.get("/health", environ_overrides=at_socket)
    assert (answer.status_code, answer.text) == (503, "keys\n")

    other = {PEER: SimpleNamespace(server=("127.0.0.1", 8000))}
    assert client.get("/health", environ_overrides=other).status_code == 404

    def fail() -> None:
        raise OSError

    monkeypatch.setattr(site.store.published, "numbers", fail)
    answer = client.get("/health", environ_overrides=at_socket)
    assert (answer.status_code, answer.text) == (503, "store\n")
    site.store.close()


def test_a_socket_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A folder that is missing, a file in its place, or a path that no socket can have."""
    settings = replace(load(), health=tmp_path / "missing/h.sock")
    with pytest.raises(ConfigurationError, match=r"server\.health"):
        list(_monitor(settings))
    (tmp_path / "h.sock").touch()
    with pytest.raises(ConfigurationError, match=r"server\.health"):
        list(_monitor(replace(settings, health=tmp_path / "h.sock")))
    (tmp_path / "x.toml").write_text(f'[server]\nhealth = "{"x" * 120}"\n')
    with pytest.raises(ConfigurationError, match="107"):
        load(tmp_path / "x.toml")
    assert list(_monitor(load())) == []
