"""What is read of nginx's configuration, and what a request through a proxy measures."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dropbox.limits import GATHER_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.server import probe
from dropbox.server.finding import Finding, Unseen
from dropbox.server.nginx import UnreadableError, routes
from dropbox.server.probe import measure
from dropbox.server.proxy import judge, read_routes
from tests.install.guides import blocks
from tests.support.server import Server

HOST = "lapor.example"
(GUIDE,) = [block for block in blocks("dropbox/web/OPERATING.md") if "proxy_pass" in block]
(REDIRECT,) = [block for block in blocks("dropbox/web/OPERATING.md") if "listen 80 default_server" in block]
GOOD = "access_log off; error_log /dev/null crit;"
PASS = "proxy_pass http://127.0.0.1:8000;"
FULL = "proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off; client_max_body_size 0;"


def server(inside: str, name: str = HOST) -> str:
    return f"server {{ listen 443 ssl; server_name {name}; {inside} }}"


def found(tmp_path: Path, text: str) -> set[str] | Sentence:
    """The codes of a configuration for HOST, or why it was not looked at."""
    path = tmp_path / "nginx.conf"
    path.write_text(text, "utf-8")
    read = read_routes(path, HOST)
    if isinstance(read, Sentence):
        return read
    return {one.code if isinstance(one, Finding) else one.because.code for one in judge(read)}


def listening(listen: str, inside: str, names: str = "_") -> str:
    return f"server {{ listen {listen}; server_name {names}; {inside} }}"


SITE = server(f"{GOOD} {FULL} location / {{ {PASS} }}")
WELL = [
    f"gzip on; {server(f'{GOOD} {FULL} gzip off; location / {{ {PASS} }}')}",
    SITE + listening("80 default_server", f"{GOOD} return 301 https://{HOST};"),
    SITE + listening("80", f"{GOOD} return 301 https://{HOST};", HOST) + listening("80 default_server", ""),
    SITE + listening("80", f"{GOOD} return 444;") + listening("80", "", "other.example"),
    SITE + listening("127.0.0.1:81", "") + listening("unix:/run/x", "") + listening("[::1]:81", ""),
    SITE + listening("443 ssl", "", "~^(.+)[.]example$") + listening("443 ssl", "", "*.example"),
    server(f"{GOOD} {FULL} mirror off; proxy_cache off; location / {{ {PASS} }}", HOST.upper()),
    server(f"{GOOD} {FULL} location / {{ {PASS} }}"),
    f"{GOOD} {server(f'{FULL} location / {{ {PASS} }}')}",
    server(f"{GOOD} {FULL} location / {{ {PASS} }}", f"www.example {HOST}"),
    server(f"{GOOD} {FULL} location / {{ {PASS} }}", "*.example"),
    server(f"{GOOD} {FULL} location / {{ {PASS} }}") + server("", "another.example"),
    server(f"{GOOD} {FULL} location ~ \\.php$ {{ deny all; }} # access_log on;\n location / {{ {PASS} }}"),
    server(f"{GOOD} {FULL} add_header X \"a;b{{c\"; add_header Y 'd}}e'; location / {{ {PASS} }}"),
]
FAULTS = [
    ("proxy-logs", SITE + listening("80 default_server", "return 301 https://$host;")),
    ("proxy-logs", SITE + listening("80", "return 404;", "other.example") + listening("80", GOOD, "more.example")),
    ("proxy-logs", SITE + "server { return 404; }"),
    ("proxy-logs", SITE + listening("[::]:80", "return 301 https://$host;")),
    ("proxy-logs", SITE + listening("80", "return 404;", "~^(?<name>.+)\\.example$")),
    ("proxy-logs", SITE + listening("80", "return 404;", "lapor.*")),
    ("proxy-buffers", server(f"{GOOD} {FULL} mirror /copy; location / {{ {PASS} }}")),
    ("proxy-buffers", server(f"{GOOD} {FULL} location / {{ client_body_in_file_only clean; {PASS} }}")),
    ("proxy-buffers", server(f"{GOOD} {FULL} proxy_store on; location / {{ {PASS} }}")),
    ("proxy-buffers", f"proxy_cache zone; {SITE}"),
    ("unseen.nginx-words", server(f"{GOOD} {FULL} location / {{ js_access x.y; {PASS} }}")),
    ("unseen.nginx-words", SITE + listening("80", GOOD, "~(?i)^(?#x")),
    ("unseen.nginx-words", SITE + listening("80", GOOD, "$hostname")),
    ("proxy-logs", server(f"{FULL} location / {{ {PASS} }}")),
    ("proxy-logs", server(f"access_log off; {FULL} location / {{ {PASS} }}")),
    ("proxy-logs", server(f"{GOOD} {FULL} location / {{ access_log /var/log/x; {PASS} }}")),
    ("proxy-logs", server(f"{GOOD} {FULL} error_log /var/log/e; location / {{ {PASS} }}")),
    ("proxy-logs", server(f"{GOOD} {FULL} location / {{ {PASS} }}") + server("return 301 https://x;")),
    ("proxy-logs", f"access_log /var/log/x; error_log /dev/null; {server(f'{FULL} location / {{ {PASS} }}')}"),
    (
        "proxy-buffers",
        server(f"{GOOD} {FULL.replace('request_buffering off', 'request_buffering on')} location / {{ {PASS} }}"),
    ),
    ("proxy-buffers", server(f"{GOOD} {FULL.replace('proxy_buffering off;', '')} location / {{ {PASS} }}")),
    ("proxy-buffers", server(f"{GOOD} {FULL.replace('1.1', '1.0')} location / {{ {PASS} }}")),
    ("proxy-buffers", server(f"{GOOD} {FULL} location /up {{ proxy_buffering on; {PASS} }} location / {{ {PASS} }}")),
    ("proxy-compresses", f"gzip on; {SITE}"),
    ("proxy-compresses", server(f"{GOOD} {FULL} location / {{ brotli on; {PASS} }}")),
    ("proxy-small", server(f"{GOOD} {FULL} location / {{ client_max_body_size 10m; {PASS} }}")),
]


@pytest.mark.parametrize("text", WELL)
@pytest.mark.parametrize("frame", ["http {{ {} }}", "user www-data; events {{ }} http {{ {} }} stream {{ }}", "{}"])
def test_a_proxy_as_the_guide_says_is_well(tmp_path: Path, text: str, frame: str) -> None:
    """Directives hold below where they are written, in whatever file, quotes and comments."""
    assert found(tmp_path, frame.format(text)) == set()


def test_the_guides_own_lines_are_well(tmp_path: Path) -> None:
    """The blocks of OPERATING.md: in a server of the site's name, and the server of port 80."""
    assert found(tmp_path, f"http {{ {server(GUIDE)} {REDIRECT} }}") == set()
    assert found(tmp_path, f"http {{ {server(GUIDE)} {REDIRECT.replace(GOOD, '')} }}") == {"proxy-logs"}


@pytest.mark.parametrize(("code", "text"), FAULTS)
def test_a_fault_in_any_place_is_found(tmp_path: Path, code: str, text: str) -> None:
    """One directive that is missing, overridden further down, or in the server that only redirects."""
    assert found(tmp_path, f"http {{ {text} }}") == {code}


STREAM = "server { listen 443; proxy_pass 127.0.0.1:8443; }"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (f"error_log /dev/null; {STREAM}", set()),
        (f"error_log /dev/null; access_log off; {STREAM}", set()),
        (f"error_log /dev/null; access_log /var/log/x b; {STREAM}", {"proxy-logs"}),
        (STREAM, {"proxy-logs"}),
    ],
)
def test_what_hands_on_connections_may_not_log_them(tmp_path: Path, stream: str, expected: set[str]) -> None:
    """A stream in front of the site sees the addresses; it logs connections if that is said, errors always."""
    assert found(tmp_path, f"http {{ {SITE} }} stream {{ {stream} }}") == expected


@pytest.mark.parametrize(
    "text",
    ["", "http {", "http { } }", "http { server { server_name x }", "}", ";{", 'a "b', server("", "other.example")],
)
def test_what_is_no_configuration_of_the_site_is_not_looked_at(tmp_path: Path, text: str) -> None:
    """A broken file, an empty one and one of another site are no reason to believe that all is well."""
    assert isinstance(found(tmp_path, text), Sentence)


def test_included_files_are_read(tmp_path: Path) -> None:
    """By pattern and by name, relative to the first file; one that is missing ends the look, and so does a circle."""
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/a").write_text(server(f"include snippets/*.conf; location / {{ {PASS} }}"))
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/x.conf").write_text(f"{GOOD} {FULL}")
    assert found(tmp_path, f"http {{ include sites/*; include {tmp_path}/none/*.conf; }}") == set()
    (tmp_path / "snippets/x.conf").write_text(GOOD)
    assert found(tmp_path, f"http {{ include {tmp_path}/sites/*; }}") == {"proxy-buffers", "proxy-small"}
    assert isinstance(found(tmp_path, "http { include missing.conf; }"), Sentence)
    assert isinstance(found(tmp_path, "include nginx.conf;"), Sentence)
    with pytest.raises(UnreadableError):
        routes(tmp_path / "nowhere.conf")


# ---- the measurement -------------------------------------------------------------------------------------------------


@contextmanager
def proxy(answer: bytes) -> Iterator[str]:
    """A proxy that answers at once, whatever comes; it answers nothing to nobody if that is empty."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work() -> None:
            connection, _ = listener.accept()
            with connection:
                if answer:
                    connection.sendall(answer)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=work)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_the_site_itself_holds_nothing_back(server: Server) -> None:
    """The real server answers a body that never ends, and keeps nothing of it."""
    assert list(measure(f"http://127.0.0.1:{server.port}")) == []
    assert server.blob_count() == 0
    assert server.unfinished() == 0


def test_a_proxy_that_waits_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer comes before the end that never comes."""
    monkeypatch.setattr(probe, "PROBE_SECONDS", 0.2)
    with proxy(b"") as url:
        (finding,) = measure(url)
    assert isinstance(finding, Finding)
    assert finding.code == "proxy-buffers"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 413 Request Entity Too Large\r\nServer: nginx\r\n\r\n", "proxy-small"),
        (b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\n\r\n", None),
        (b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n", None),
        (b"HTTP/1.1 301 Moved\r\nLocation: https://x/\r\n\r\n", None),
    ],
)
def test_a_proxys_own_answer_is_not_the_sites(answer: bytes, code: str | None) -> None:
    """A refusal for size is a finding, and any other answer without the site's headers shows nothing."""
    with proxy(answer) as url:
        (result,) = measure(url)
    assert (result.code if isinstance(result, Finding) else None) == code


def test_a_proxy_that_compresses_is_found() -> None:
    """The site's own headers with an encoding, which the site never gives to an answer of this kind."""
    answer = b"HTTP/1.1 404 Answer\r\nContent-Security-Policy: default-src 'none'\r\nContent-Encoding: gzip\r\n\r\n"
    with proxy(answer) as url:
        (finding,) = measure(url)
    assert isinstance(finding, Finding)
    assert finding.code == "proxy-compresses"


def test_a_site_that_is_not_reached_was_not_measured() -> None:
    """A closed port and a name that does not exist."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "https://nowhere.invalid"):
        (result,) = measure(url)
        assert isinstance(result, Unseen)


def test_the_request_is_larger_than_what_the_site_gathers() -> None:
    """A site that would wait for the whole body could not be told from a proxy that does."""
    assert probe._PROMISED_BYTES > 2 * GATHER_BYTES
