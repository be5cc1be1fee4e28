"""A gate in a thread of this process, before a courier's office."""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from courier_desks import Office

from dropbox.courier.gate.broker import Broker
from dropbox.courier.gate.client import Gate
from dropbox.courier.gate.server import Server
from dropbox.courier.gate.spool import Spool
from dropbox.settings.installation import load


@dataclass
class Clock:
    """Seconds that a test moves on."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Opened:
    """An open gate: its client, its socket, its spool, the spool's clock, and the server."""

    gate: Gate
    socket: Path
    spool: Spool
    clock: Clock
    server: Server


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name (108 bytes, unix(7))."""
    folder = Path(tempfile.mkdtemp(prefix="gate", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def bound_room(office: Office) -> None:
    """Let the settings bound the store, so that its room does not depend on what else is written to the disk."""
    with office.config.open("a") as file:
        file.write("[store]\nbudget_mib = 64\n")


@contextlib.contextmanager
def open_gate(office: Office, *, users: frozenset[int] | None = None) -> Iterator[Opened]:
    """A gate that answers this process's own user, unless others are named."""
    with short_folder() as folder:
        clock = Clock()
        spool = Spool(folder / "spool", clock)
        broker = Broker(load(office.config), office.anchor, spool)
        named = frozenset({os.getuid()}) if users is None else users
        with Server(folder / "gate", broker, named) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield Opened(Gate(folder / "gate"), folder / "gate", spool, clock, server)
            finally:
                server.shutdown()
                thread.join()
                spool.close()
