"""A demo installation, made and used by the documented commands and by plain HTTP, for the third reader to look at.

Its reports, answers and keys are the program's own. FORMAT.md leaves the files of private keys to the station, so the
test itself asks the program for the raw epoch keys.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from .secret import confirm_number

START_SECONDS = 120


class _Fields(HTMLParser):
    """The named fields of a page's forms, and their values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") and given.get("type") in {"hidden", "text"}:
            self.values[given["name"] or ""] = given.get("value") or ""


@dataclass
class Installation:
    """A folder with demo keys, and the site that serves it."""

    folder: Path
    port: int = 0
    server: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def config(self) -> list[str]:
        return ["--config", str(self.folder / "dropbox.toml")]

    def desk(self, name: str) -> list[str]:
        """How a command of a desk's workstation names its vault and its officer."""
        vault, passphrase = self.folder / f"vault-{name}", self.folder / "passphrase"
        return ["--vault", str(vault), "--officer", "kepala", "--passphrase-file", str(passphrase), *self.config]

    def run(self, *arguments: str) -> str:
        """Run a command of the program: what it printed. Raises AssertionError when it refuses."""
        ran = subprocess.run(_command(*arguments), capture_output=True, text=True, check=False, env=_environment())
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self) -> None:
        """Make the demo, and serve it until `stop`."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.run("demo", "--dir", str(self.folder), "--port", str(self.port))
        serve = _command("serve", *self.config, "--port", str(self.port), "--workers", "1")
        with (self.folder / "serve.log").open("wb") as log:
            self.server = subprocess.Popen(serve, stdout=log, stderr=log, env=_environment())
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.server.poll() is None, (self.folder / "serve.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            self.get("/")
        except urllib.error.URLError:
            return False
        return True

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(60)

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as response:
            return bytes(response.read())

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form as a browser without JavaScript does: the page that came."""
        data = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data, timeout=60) as response:
            return bytes(response.read()).decode()

    def report(self, fields: dict[str, str]) -> tuple[str, str]:
        """Send a report without JavaScript, with the word that is asked for: its code and words."""
        review = _Fields()
        review.feed(self.post("/lapor", {**fields, "step": "review"}))
        code, words = review.values["code"], review.values["words"]
        confirm = words.split()[confirm_number(code.replace("-", "")) - 1]
        sent = self.post("/lapor", {**review.values, "confirm": confirm, "step": "send"})
        assert code in sent
        return code, words


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dropbox", *arguments]


def _environment() -> dict[str, str]:
    return os.environ | {"DROPBOX_LANG": "en"}
