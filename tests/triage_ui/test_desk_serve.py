"""The desk as a process: where it listens, what it leaves behind, and how it ends."""

import contextlib
import http.client
import re
import socket
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from triage_world import LOGIN, PASSPHRASE, World, new_thread

from dropbox.errors import RefusedError
from dropbox.triage.cases import audit_log
from tests.server.tracing import STRACE, made, written
from tests.support.canary import Canary
from tests.support.desk_process import RunningDesk, listening, serving_desk, stop

_LOOPBACK = "0100007F"  # 127.0.0.1, as /proc/net/tcp writes it


@dataclass
class Plain:
    """A browser in the small: one cookie, no redirects."""

    desk: RunningDesk
    cookie: str = ""
    status: int = 0
    text: str = field(default="", repr=False)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "application/x-www-form-urlencoded") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=120)
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if body else {})
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        self.status, self.text = answer.status, answer.read().decode()
        self.cookie = (answer.headers["Set-Cookie"] or self.cookie).split(";")[0]
        connection.close()
        return self.text

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", "/buka"))
        assert found
        return found[1]

    def unlock(self) -> None:
        self.ask("GET", urllib.parse.urlsplit(self.desk.link).path)
        form = {"csrf_token": self.token(), "officer": LOGIN, "passphrase": PASSPHRASE}
        self.ask("POST", "/buka", urllib.parse.urlencode(form).encode())
        assert self.status == 302


def test_the_desk_listens_on_loopback_alone_and_locks_at_the_end(world: World) -> None:
    """It has one socket, on 127.0.0.1; when it is ended, its lock is in the log and the vault is free."""
    with serving_desk(world.path()) as desk:
        assert listening(desk.port) == {_LOOPBACK}
        browser = Plain(desk)
        assert "not-started" in browser.ask("GET", "/")
        browser.unlock()
        assert "Kepala Uji" in browser.ask("GET", "/")
        with pytest.raises(RefusedError, match="pages have this vault open"):
            world.open()
        stop(desk.process)
        assert desk.process.returncode == 0
        assert desk.log.read_text("utf-8").split() == [desk.link], "it says its link and nothing else"
    with world.open() as vault:
        assert [(line.action, line.details.get("why")) for line in audit_log.lines(vault)][-2:] == [
            ("unlock", None),
            ("lock", "end"),
        ]


def test_no_write_of_the_desk_holds_what_was_typed_uploaded_or_read(world: World, tmp_path: Path) -> None:
    """A large upload, a note, a report and the passphrase reach no file in any shape but the vault's own, encrypted."""
    canaries = {name: Canary.fresh() for name in ("upload", "field", "note", "report")}
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), canaries["report"].text)])
    trace, temporary = tmp_path / "strace.log", tmp_path / "tmp"
    temporary.mkdir()
    with serving_desk(world.path(), prefix=[*STRACE, str(trace)], env={"TMPDIR": str(temporary)}) as desk:
        browser = Plain(desk)
        browser.unlock()
        assert canaries["report"].text in browser.ask("GET", "/kasus/1")
        token = browser.token()
        parts = [("csrf_token", "", token.encode()), ("text", "", f"catatan {canaries['note'].text}".encode())]
        parts += [("more", "", canaries["field"].text.encode() * 20_000)]
        parts += [("scan", "surat.pdf", canaries["upload"].text.encode() * 50_000)]
        body = b"".join(
            f'--grenze\r\nContent-Disposition: form-data; name="{name}"'.encode()
            + (f'; filename="{file}"'.encode() if file else b"")
            + b"\r\n\r\n" + data + b"\r\n"
            for name, file, data in parts
        )  # fmt: skip
        browser.ask("POST", "/kasus/1/catat", body + b"--grenze--\r\n", "multipart/form-data; boundary=grenze")
        assert browser.status == 302
        assert canaries["note"].text in browser.ask("GET", "/kasus/1")
    places = written(trace)
    assert any("vault.db" in place for place in places), "the trace has not seen the vault being written"
    for place, data in places.items():
        for name, canary in (canaries | {"passphrase": Canary(PASSPHRASE)}).items():
            assert not canary.found_in(data), f"{name} was written to {place}"
    own = (str(world.folder / "vault-itjen"), "/dev/", "/proc/")
    for path in made(trace):
        if not path.startswith(own):  # gunicorn's heartbeat is empty, tempfile's probe has four bytes
            assert len(places.get(path, b"")) <= len(b"blat"), path


def test_half_heads_and_silent_connections_keep_nobody_from_locking(world: World) -> None:
    """More of them than there are threads, from any local program: the pages go on, and so does the lock."""
    with serving_desk(world.path()) as desk, contextlib.ExitStack() as held:
        browser = Plain(desk)
        browser.unlock()
        token = browser.token()
        for number in range(40):
            one = held.enter_context(socket.create_connection(("127.0.0.1", desk.port)))
            if number % 2:
                one.sendall(b"POST /kunci HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nX: ")
        assert browser.ask("GET", "/keadaan") == "1"
        browser.ask("POST", "/kunci", urllib.parse.urlencode({"csrf_token": token}).encode())
        assert browser.status == 302
        assert browser.ask("GET", "/keadaan") == "0"
