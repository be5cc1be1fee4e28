"""The demo that `make serve` makes, served by the production server; courier and officers work by command line."""

import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.server import Server, SiteFolder

DESKS = ("itjen", "irjen")


@dataclass
class Demo:
    """A folder made by `dropbox demo`, and everybody but the reporter."""

    folder: Path
    site: SiteFolder
    advice: str = ""  # what the command printed
    _turns: int = field(default=0, repr=False)

    @classmethod
    def make(cls, folder: Path, port: int) -> "Demo":
        """Run the command."""
        demo = cls(folder, SiteFolder(folder))
        demo.advice = demo.dropbox("keys", "demo", "--dir", folder, "--port", port)
        return demo

    def dropbox(self, *arguments: object) -> str:
        """Run a command that must succeed; returns stdout."""
        done = subprocess.run(
            [sys.executable, "-m", "dropbox", *map(str, arguments)],
            cwd=self.folder.parent,
            env=self.site.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def triage(self, desk: str, command: str, *arguments: object) -> str:
        """A command of a workstation."""
        vault, passphrase = self.folder / f"vault-{desk}", self.folder / "passphrase"
        access = ("--vault", vault, "--officer", "kepala", "--passphrase-file", passphrase)
        return self.dropbox("triage", command, *arguments, *access)

    def carry_out(self) -> None:
        """The courier's way to both workstations."""
        self._turns += 1
        export = self.folder.parent / f"export-{self._turns}"
        self.dropbox("courier", "export", export, "--config", self.site.config)
        for desk in DESKS:
            self.triage(desk, "import", export)
        export.unlink()

    def carry_in(self) -> None:
        """Both desks publish, and the courier brings it back."""
        for desk in DESKS:
            path = self.folder.parent / f"return-{self._turns}-{desk}"
            self.triage(desk, "publish", path)
            self.dropbox("courier", "import", path, "--config", self.site.config)

    def cases(self, marker: str, desk: str = "itjen") -> list[dict[str, Any]]:
        """The desk's cases whose report holds the marker, as `list --json` tells them."""
        return [
            case for case in json.loads(self.triage(desk, "list", "--json")) if marker in case["fields"].get("what", "")
        ]

    def case(self, name: str, desk: str = "itjen") -> dict[str, Any]:
        """A case as `show --json` tells it."""
        shown: dict[str, Any] = json.loads(self.triage(desk, "show", name, "--json"))
        return shown

    def answer(self, case: str, status: str, text: str, desk: str = "itjen") -> None:
        """Answer a case."""
        path = self.folder.parent / "answer.txt"
        path.write_text(text, "utf-8")
        self.triage(desk, "answer", case, "--status", status, "--text-file", path)

    def extract(self, case: str, folder: Path, desk: str = "itjen") -> list[Path]:
        """The files of a case."""
        self.triage(desk, "extract", case, "--to", folder)
        return [path for path in folder.iterdir() if path.name != "manifest.json"]


@dataclass(frozen=True)
class Open:
    """The demo and its running server."""

    demo: Demo
    server: Server

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@dataclass(frozen=True)
class Evidence:
    """Files as a reporter has them."""

    photo: Path
    paper: Path
    video: Path


def with_exif(jpeg: bytes) -> bytes:
    """The photo with what a phone's camera writes into it: an Exif segment with the phone's model and the day."""
    texts = {0x0110: b"Telepon Contoh 5\0", 0x0132: b"2026:11:20 09:41:00\0"}
    offset = 8 + 2 + 12 * len(texts) + 4
    entries, values = b"", b""
    for tag, text in texts.items():
        entries += struct.pack("<HHII", tag, 2, len(text), offset + len(values))
        values += text
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(texts)) + entries + bytes(4) + values
    assert jpeg.startswith(b"\xff\xd8")
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def write_video(path: Path, size: int) -> Path:
    """A film of noise: the head of an MP4, then bytes that nothing can make smaller."""
    block = os.urandom(1_000_000)
    with path.open("wb") as film:
        film.write(bytes.fromhex("00000018667479706d703432000000006d70343269736f6d"))
        for number in range(size // len(block)):
            film.write(number.to_bytes(8, "big") + block[8:])
        film.truncate(size)
    return path
