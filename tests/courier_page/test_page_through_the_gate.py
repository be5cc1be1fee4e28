"""The page's own process before a real gate: what a courier does in a day, over HTTP."""

import hashlib
import http.client
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import pyotp
import pytest
from page_world import CHEAP, NAME, PASSPHRASE

sys.path.insert(0, str(Path(__file__).parents[1] / "courier"))

from courier_desks import Office, put_blob
from gate_support import Opened, bound_room, open_gate

from dropbox.courier.pages.accounts import Accounts
from tests.courier.conftest import empty_database, new_office, office
from tests.support.server import PROJECT, free_port, wait_until

__all__ = ["empty_database", "new_office", "office"]

LARGE = 6 << 20  # more than a socket holds, so that a thread sends it


@dataclass
class Visitor:
    """A browser as far as cookies and forms go."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=240)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data

    def send(self, path: str, at: str, fields: dict[str, str], file: bytes | None = None) -> tuple[int, str]:
        """Fill in a form of a page; returns the status and where the answer leads."""
        found = re.search(rb'name="csrf_token" value="([^"]+)"', self.ask("GET", at)[2])
        assert found
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in ({"csrf_token": found[1].decode()} | fields).items()
        ]
        if file is not None:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="return"\r\n\r\n'
            parts += [head.encode(), file, b"\r\n"]
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        status, headers, _ = self.ask("POST", path, body, Content_Type=kind)
        return status, headers.get("Location", "")


@dataclass(frozen=True)
class Running:
    """The page's process, with its one account."""

    visitor: Visitor
    secret: str
    log: Path


@pytest.fixture
def gate(office: Office) -> Iterator[Opened]:
    bound_room(office)
    with open_gate(office) as opened:
        yield opened


@pytest.fixture
def running(tmp_path: Path, gate: Opened) -> Iterator[Running]:
    secret = Accounts(tmp_path / "accounts", CHEAP).add(NAME, PASSPHRASE)
    config = tmp_path / "courier.toml"
    config.write_text(
        f'[server]\naccept = ["root-user"]\n[courier_page]\nfolder = "accounts"\ngate = "{gate.socket}"\n'
    )
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "dropbox", "courier", "serve", "--config", str(config), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT)
    visitor = Visitor(port)

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return visitor.ask("GET", "/masuk")[0] == 200
        except OSError:
            return False

    try:
        wait_until("the page answers", answers)
        yield Running(visitor, secret, log)
    finally:
        process.terminate()
        process.wait()


def test_a_day_of_a_courier(running: Running, gate: Opened, office: Office) -> None:
    """Log in, see what waits, download the export in two parts, hand in a return: all by the page's own process."""
    put_blob(office.store, length=LARGE)
    visitor = running.visitor
    code = pyotp.TOTP(running.secret).at(int(time.time()))
    assert visitor.send("/masuk", "/masuk", {"name": NAME, "passphrase": PASSPHRASE, "code": code}) == (303, "/")
    assert visitor.send("/ekspor", "/bantuan", {}) == (303, "/#ekspor")
    assert b'data-waiting="yes"' in visitor.ask("GET", "/")[2]
    export = gate.gate.export()
    assert export
    assert export.length > LARGE
    path = f"/ekspor/{export.number}"
    status, _, first = visitor.ask("GET", path, Range="bytes=0-999999")
    assert status == 206
    status, _, rest = visitor.ask("GET", path, Range="bytes=1000000-", If_Range=f'"{export.sha256}"')
    assert status == 206
    assert hashlib.sha256(first + rest).hexdigest() == export.sha256
    signed = office.itjen.full_return()
    assert visitor.send("/kiriman", "/bantuan", {}, signed) == (303, "/hasil")
    assert b'data-result="taken"' in visitor.ask("GET", "/hasil")[2]
    assert visitor.send("/kiriman", "/bantuan", {}, signed[:-1]) == (303, "/hasil")
    assert b'data-result="refused"' in visitor.ask("GET", "/hasil")[2]
    stranger = Visitor(visitor.port)
    assert stranger.ask("GET", path)[0] == 403
    assert stranger.send("/kiriman", "/masuk", {}, bytes(1 << 20)) == (303, "/masuk")
    assert running.log.read_bytes() == b""
