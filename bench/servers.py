"""Starts both servers as processes: the product on a demo site, and the bare one."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 60.0
_STOP_SECONDS = 40.0


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    port: int
    pid: int  # of gunicorn's master

    def processes(self) -> list[int]:
        """Return the pids of the master and its workers."""
        return [self.pid, *self.workers()]

    def workers(self) -> list[int]:
        """Return the pids of the workers."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]


def make_demo(folder: Path) -> Path:
    """Make a site with demo keys, as `make serve` does; returns its settings file."""
    command = [sys.executable, "-m", "dropbox", "keys", "demo", "--dir", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "dropbox.toml"


@contextlib.contextmanager
def ours(config: Path) -> Iterator[Running]:
    """Run the production command with its own defaults."""
    port = _free_port()
    command = [sys.executable, "-m", "dropbox", "serve", "--config", str(config), "--port", str(port)]
    with _run(command, port) as running:
        yield running


@contextlib.contextmanager
def bare(database: Path) -> Iterator[Running]:
    """Run the bare Flask view."""
    port = _free_port()
    with _run([sys.executable, str(Path(__file__).with_name("bare.py")), str(port), str(database)], port) as running:
        yield running


@contextlib.contextmanager
def _run(command: list[str], port: int) -> Iterator[Running]:
    process = subprocess.Popen(command)
    try:
        until = time.monotonic() + _START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("a server did not start")
            time.sleep(0.1)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return connection.recv(12).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
