"""The courier's page behind its onion service, with the client keys that RUNNING.md makes."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.install.guides import blocks
from tests.support.server import PROJECT, wait_until

_GUIDE = "dropbox/courier/RUNNING.md"
_START_SECONDS = 120.0


@dataclass(frozen=True)
class Pair:
    """A client's keys, in base32: the private one for Tor Browser, the public one for the server."""

    private: str
    public: str


def make_pair(folder: Path) -> Pair:
    """Play the guide's lines that make a pair of keys."""
    (lines,) = [block for block in blocks(_GUIDE, "Onion service") if "genpkey" in block]
    done = [
        subprocess.run(["sh", "-euc", line], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        for line in lines.strip().splitlines()
    ]
    return Pair(done[1], done[2])


@contextlib.contextmanager
def page(folder: Path, port: int, host: str) -> Iterator[None]:
    """The courier's page, served at a port until the block ends."""
    config = folder / "courier.toml"
    accept = '[server]\naccept = ["root-user"]\n' if os.geteuid() == 0 else ""
    config.write_text(f'{accept}[courier_page]\nfolder = "accounts"\ngate = "gate.sock"\nonion = "{host}"\n')
    command = [sys.executable, "-m", "dropbox", "courier", "serve", "--config", str(config), "--port", str(port)]
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until("the page listens", lambda: _listens(port, process), _START_SECONDS)
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the page has ended"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False
