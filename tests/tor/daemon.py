"""One Tor process: started in a folder of its own, watched, and ended by its number.

Rule: whatever happens to the test, the process goes: at the end of the block, or, if even that cannot run, because the
system kills it when the process that started it has gone.
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tor import torrc

_ROOMY_PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin"  # where some systems keep daemons


def program(name: str) -> str:
    """Where the system package put it."""
    found = shutil.which(name, path=_ROOMY_PATH)
    assert found, f"{name} is missing: tests/system_packages.py installs it"
    return found


@dataclass(frozen=True)
class Daemon:
    """A running Tor."""

    folder: Path
    process: subprocess.Popen[bytes]

    def log(self) -> str:
        path = self.folder / torrc.LOG
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def is_ready(self) -> bool:
        """Whether it knows the network; fails when it has ended."""
        assert self.process.poll() is None, f"{self.folder.name} has ended: {self.log()[-2000:]}"
        return "Bootstrapped 100%" in self.log()


def _write(folder: Path, lines: list[str]) -> list[str]:
    """Write the torrc; returns the command that obeys it."""
    path = folder / "torrc"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    # Debian's own defaults would name another user and other folders.
    return [program("tor"), "-f", str(path), "--defaults-torrc", os.devnull, "--quiet"]


@contextlib.contextmanager
def running(folder: Path, lines: list[str]) -> Iterator[Daemon]:
    """Tor with these lines as its whole configuration, until the block ends."""
    command, silence = [program("setpriv"), "--pdeathsig", "KILL", *_write(folder, lines)], subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=silence, stdout=silence, stderr=silence)
    try:
        yield Daemon(folder, process)
    finally:
        process.kill()  # nothing of it is kept, and a clean end sometimes hangs for ever
        process.wait()


def make_authority(folder: Path, name: str, port: int, directory_port: int) -> str:
    """Make an authority's keys in its folder; returns the `DirAuthority` line by which all others know it."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    certificate = keys / "authority_certificate"
    generate = [
        program("tor-gencert"), "--create-identity-key", "--passphrase-fd", "0", "-m", "1",
        "-a", f"{torrc.HERE}:{directory_port}", "-i", str(keys / "authority_identity_key"),
        "-s", str(keys / "authority_signing_key"), "-c", str(certificate),
    ]  # fmt: skip
    subprocess.run(generate, input=b"passphrase\n", check=True, capture_output=True)
    voter = re.search(r"^fingerprint (\w+)$", certificate.read_text("ascii"), re.MULTILINE)
    assert voter
    # Tor makes the relay's key when it is asked for its fingerprint; it wants to be told of some authority even then.
    ask = _write(folder, [*torrc.identity(folder, name, port), f"DirAuthority nobody {torrc.HERE}:1 {'F' * 40}"])
    told = subprocess.run([*ask, "--list-fingerprint"], check=True, capture_output=True, text=True).stdout
    fingerprint = "".join(told.strip().splitlines()[-1].split()[1:])
    return f"DirAuthority {name} orport={port} no-v2 v3ident={voter[1]} {torrc.HERE}:{directory_port} {fingerprint}"
