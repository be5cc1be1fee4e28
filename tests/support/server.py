"""The production server as a process of its own, on a site that is made for one test and thrown away."""

import contextlib
import datetime
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.crypto.private.opening import Opened, check, file_pieces
from dropbox.errors import NotForThisKeyError
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.wire.calendar import day_of
from tests.support.canary import Canary
from tests.support.client import Client
from tests.support.desks import FakeInspectorate

PROJECT = Path(__file__).parents[2]
_START_SECONDS = 240.0
_STOP_SECONDS = 60.0
_WAIT_SECONDS = 240.0  # a state that comes within a second comes much later on a busy machine


# What a machine that runs tests may be, and no machine that serves reporters.
ACCEPTED = 'accept = ["root-user", "swap"]\n'


def inspectorate_of_today(*, demo: bool = True) -> FakeInspectorate:
    """Desks whose keys are good on the real day."""
    return FakeInspectorate(demo=demo, today=day_of(datetime.datetime.now(datetime.UTC).date()))


@dataclass
class SiteFolder:
    """What an administrator sets up: settings, root.pub and a store with the published keys."""

    folder: Path
    inspectorate: FakeInspectorate = field(default_factory=inspectorate_of_today)
    settings: str = ""  # TOML after the [server] section's first lines
    store_folder: Path | None = None
    publish: bool = True

    @property
    def config(self) -> Path:
        return self.folder / "dropbox.toml"

    @property
    def url(self) -> str:
        return f"sqlite:///{(self.store_folder or self.folder) / 'store.db'}"

    def make(self) -> "SiteFolder":
        """Write everything."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / "root.pub").write_bytes(self.inspectorate.anchor.encode())
        self.config.write_text(f'[server]\ndatabase = "{self.url}"\nroot_pub = "root.pub"\n{self.settings}', "utf-8")
        self.config.chmod(0o600)
        upgrade(self.url)
        if self.publish:
            with self.store() as store:
                self.inspectorate.publish_keys(store)
        return self

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """A look into the store from outside the server."""
        store = Store.open(self.url)
        try:
            yield store
        finally:
            store.close()

    def environment(self, env: dict[str, str] | None = None) -> dict[str, str]:
        """Nothing of the developer's own settings reaches the server."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DROPBOX_LANG", "TMPDIR") if name in os.environ
        }
        return kept | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"} | (env or {})

    def serve_command(self, port: int, *more: str) -> list[str]:
        return [sys.executable, "-m", "dropbox", "serve", "--config", str(self.config), "--port", str(port), *more]

    def refuse(self, env: dict[str, str] | None = None, *more: str) -> subprocess.CompletedProcess[str]:
        """Run the server where it should not start."""
        return subprocess.run(
            self.serve_command(free_port(), *more),
            cwd=self.folder,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )


@dataclass(frozen=True)
class Held:
    """A blob in the store, opened with the desk's key."""

    info: BlobInfo
    opened: Opened

    @property
    def kind(self) -> str:
        return self.opened.message.kind


@dataclass
class Server:
    """A running server."""

    site: SiteFolder
    port: int
    process: subprocess.Popen[bytes]
    log: Path  # stdout and stderr
    traced: bool = False
    canaries: list[Canary] = field(default_factory=list)  # must never stand in the log

    @property
    def client(self) -> Client:
        return Client(self.port)

    @property
    def master(self) -> int:
        return children_of(self.process.pid)[0] if self.traced else self.process.pid

    def workers(self) -> list[int]:
        return children_of(self.master)

    def unfinished(self) -> int:
        """Uploads in staging."""
        with self.site.store() as store:
            return store.blobs.remaining()[-1]

    def blob_count(self) -> int:
        with self.site.store() as store:
            return len(store.blobs.snapshot())

    def held(self, desk: str = "itjen") -> list[Held]:
        """All blobs that the desk can open, checked whole; in no order."""
        found = []
        with self.site.store() as store:
            for info in store.blobs.snapshot():
                opened = self._open(store, info, desk)
                if opened:
                    found.append(Held(info, opened))
        return found

    def _open(self, store: Store, info: BlobInfo, desk: str) -> Opened | None:
        key = self.site.inspectorate.desks[desk].epochs[info.epoch]
        instance = self.site.inspectorate.anchor.instance
        try:
            return check(_Reader(store.blobs.read(info.id)).read, info.length, instance, desk, key)
        except NotForThisKeyError:
            return None

    def file_of(self, held: Held) -> Iterator[bytes]:
        """The file bytes of an opened blob."""
        instance = self.site.inspectorate.anchor.instance
        with self.site.store() as store:
            read = _Reader(store.blobs.read(held.info.id)).read
            yield from file_pieces(read, held.info.length, instance, held.opened.file_key)

    def file_hash(self, held: Held) -> bytes:
        hasher = hashlib.sha256()
        for piece in self.file_of(held):
            hasher.update(piece)
        return hasher.digest()


class _Reader:
    """`read(n)` over an iterator of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, count: int) -> bytes:
        self._left = self._left or next(self._pieces, b"")
        piece, self._left = self._left[:count], self._left[count:]
        return piece


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and not yet buried."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        # A thread that ends between the two looks takes its file with it; its children go to another thread.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.extend(int(child) for child in (task / "children").read_text().split())
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    what: str, is_so: object, seconds: float = _WAIT_SECONDS, shown: Callable[[], object] | None = None
) -> None:
    """Ask until it is so; fails after a generous time, with what `shown` says then."""
    assert callable(is_so)
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"waited too long: {what}; {shown() if shown else ''}"
        time.sleep(0.05)


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"the server ended at the start with {process.returncode}"
    try:
        return Client(port).get("/favicon.ico").status == 204
    except OSError:
        return False


def _end(server: Server) -> None:
    if server.process.poll() is None:
        with contextlib.suppress(ProcessLookupError, IndexError, FileNotFoundError):
            os.kill(server.master, signal.SIGTERM)
    try:
        server.process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for pid in [*server.workers(), server.master, server.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.process.wait(_STOP_SECONDS)


@contextlib.contextmanager
def serving(
    site: SiteFolder,
    *,
    port: int | None = None,
    prefix: Sequence[str] = (),
    more: Sequence[str] = (),
    env: dict[str, str] | None = None,
) -> Iterator[Server]:
    """The site, served until the block ends; its log must hold no canary and no stack trace.

    Args:
        site: made.
        port: one that somebody else was told of before (default: any that is free).
        prefix: a command that runs the server (strace).
        more: further arguments of `dropbox serve`.
        env: what is added to its environment.
    """
    port = port or free_port()
    log = site.folder.parent / f"{site.folder.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*prefix, *site.serve_command(port, *more)],
            cwd=site.folder,
            env=site.environment(env),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(site, port, process, log, traced=bool(prefix))
    try:
        wait_until("the server answers", lambda: _answers(port, process), _START_SECONDS, log.read_text)
        yield server
    finally:
        _end(server)
    written = log.read_bytes()
    for canary in server.canaries:
        assert not canary.found_in(written), "the server's log holds what a reporter sent"
    assert b"Traceback" not in written, written.decode("utf-8", "replace")
    assert b"127.0.0.1" not in written, "the server's log holds an address"
