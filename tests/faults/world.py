"""The whole chain on one machine: site, database, gate, the courier's drive and two workstations, each on a small disk.

Rule: everything is made and run by the documented commands. A service that dies is started again, as systemd does; a
command that failed is run again. Nothing is ever deleted or mended by hand.
"""

import contextlib
import http.client
import itertools
import json
import random
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dropbox.store.blobs import STAGED
from dropbox.store.database import Store
from tests.faults.disks import Disk
from tests.faults.processes import Clock, Running, home_of, start_forking
from tests.faults.wire import Wire
from tests.support.client import Client
from tests.support.postgresql import Member, new_member
from tests.support.server import children_of, free_port, wait_until

DESKS: Final = ("itjen", "irjen")
_STORE_MIB: Final = 96
_DISK_MIB: Final = 64
_SETTINGS: Final = """\
[server]
database = "{database}"
root_pub = "keys/root.pub"
[store]
tidy_seconds = 2
budget_mib = 64
[workstation]
stick = "{stick}"
"""
_GATE: Final = """\
[courier]
socket = "{socket}"
spool = "{spool}"
users = ["root"]
"""


@dataclass
class Service:
    """A program that is always started again."""

    name: str
    argv: Sequence[object]
    running: Running | None = None


@dataclass
class World:
    """All machines. Made by `made`."""

    folder: Path
    short: Path  # sockets have short paths
    choice: random.Random
    disks: dict[str, Disk] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    database: Member | None = None
    clocks: dict[str, Clock] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _database: str = ""
    _keeping: bool = True

    # --- making -----------------------------------------------------------------------------------------------

    @classmethod
    @contextlib.contextmanager
    def made(cls, folder: Path, seed: int) -> Iterator["World"]:
        """A new installation, served until the block ends."""
        start_forking()
        with contextlib.ExitStack() as stack:
            short = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", dir="/tmp")))
            world = cls(folder, short, random.Random(seed))  # noqa: S311  a reproducible choice, not a secret
            for machine in ("server", *DESKS):
                world.clocks[machine] = Clock(short / f"clock-{machine}")
                world.clocks[machine].jump(0)
                world.home(machine).mkdir(mode=0o700)
            words = ["demo", "--dir", folder, "--port", world.port]
            made = Running.start(words, short / "demo", world.clocks["server"])
            assert made.end() == 0, made.text()
            for name in ("server", "stick", *(f"vault-{desk}{copy}" for desk in DESKS for copy in ("", ".copy"))):
                world._mount(stack, name, _STORE_MIB if name == "server" else _DISK_MIB)
            (folder / "logs").mkdir(mode=0o700)
            world._mount(stack, "spool", 4 * _DISK_MIB + 256)
            world._configure(f"sqlite:///{folder / 'server' / 'dropbox.db'}")
            site = free_port()
            world.services["site"] = Service("site", ["serve", "--config", world.config, "--port", site])
            world.services["gate"] = Service("gate", ["courier", "gate", "--config", world.gate_config])
            for name, near, far in (
                ("site", world.port, site),
                ("gate", short / "wire" / "gate", short / "gate" / "gate"),
            ):
                for place in (near, far):
                    if isinstance(place, Path):
                        place.parent.mkdir(mode=0o700)
                world.wires[name] = stack.enter_context(Wire(near, far, random.Random(seed)))  # noqa: S311  as above
            keeper = threading.Thread(target=world._keep)
            keeper.start()
            stack.callback(world._stop, keeper)
            world.await_all()
            yield world

    def _mount(self, stack: contextlib.ExitStack, name: str, mebibytes: int) -> None:
        disk = self.disks[name] = Disk(self.folder / name, mebibytes)
        stack.callback(disk.unmount)
        disk.mount()

    def waiting(self) -> int:
        """Return the number of sealed messages that the server holds; uploads under way do not count."""
        store = Store.open(self._database)
        try:
            return sum(count for epoch, count in store.blobs.remaining().items() if epoch != STAGED)
        finally:
            store.close()

    def _configure(self, database: str) -> None:
        self._database = database
        settings = _SETTINGS.format(database=database, stick=self.folder / "stick")
        gate = _GATE.format(socket=self.short / "gate" / "gate", spool=self.folder / "spool" / "files")
        self.config.write_text(settings, "utf-8")
        self.gate_config.write_text(settings + gate, "utf-8")

    @property
    def config(self) -> Path:
        return self.folder / "dropbox.toml"

    @property
    def gate_config(self) -> Path:
        return self.folder / "gate.toml"

    def move_to_postgresql(self, stack: contextlib.ExitStack) -> None:
        """Move the store to a PostgreSQL of its own disk, as the operator's guide says."""
        (self.short / "pg").mkdir()
        disk = self.disks["database"] = Disk(self.short / "pg", 512)
        stack.callback(disk.unmount)
        disk.mount()
        disk.place.chmod(0o755)
        self.short.chmod(0o755)
        member = new_member(disk.place)
        stack.callback(lambda: member.end("immediate"))
        near = free_port()
        self.wires["database"] = stack.enter_context(Wire(near, member.port, random.Random(0)))  # noqa: S311
        url = f"postgresql+psycopg://dropbox@127.0.0.1:{near}/dropbox"
        stopped = [self.services.pop(name) for name in ("site", "gate")]
        for service in stopped:
            assert service.running
            service.running.kill_group()
        assert self.run("store", "move", "--to", url, "--config", self.config).end() == 0
        self._configure(url)
        self.database = member
        self.services |= {service.name: service for service in stopped}
        self.await_all()

    # --- running ----------------------------------------------------------------------------------------------

    def run(
        self, *argv: object, machine: str = "server", die_at: int | None = None, screen: Path | None = None
    ) -> Running:
        """Start a command on a machine; what it says goes to a log, or to a screen that nobody keeps."""
        said = (screen or self.folder / "logs") / f"{next(self._numbers)}-{argv[1]}"
        return Running.start(argv, said, self.clocks[machine], die_at)

    def home(self, machine: str) -> Path:
        """HOME and TMPDIR of all commands of a machine."""
        return home_of(self.clocks[machine].file)

    def said(self) -> list[Path]:
        """All that commands and services have said, on screens and in logs."""
        return [*(self.folder / "logs").iterdir(), *self.short.glob("[0-9]*-*")]

    def next_day(self) -> None:
        """Let a day pass for the gate: it gives few exports a day and counts them in its memory, so it starts anew."""
        gate = self.services["gate"].running
        if gate:
            gate.kill_group()
        wait_until("the gate answers", self._answers_gate, shown=lambda: self._log("gate"))

    def courier(self, command: str, file: Path, *, through_gate: bool) -> list[object]:
        """The words of a command of the courier; to the gate they go by the wire that tears."""
        way = ("--socket", self.wires["gate"].near) if through_gate else ()
        return ["courier", command, file, *way, "--config", self.config]

    def triage(self, desk: str, command: str, *argv: object) -> list[object]:
        """The words of a command of a desk's workstation; `desk.copy` is the second copy of its vault."""
        access = ("--vault", self.folder / f"vault-{desk}", "--officer", "kepala")
        files = ("--passphrase-file", self.folder / "passphrase", "--config", self.config)
        return ["triage", command, *argv, *access, *files]

    def read(self, desk: str, command: str, *argv: object) -> Any:
        """What a command of a desk says as JSON."""
        words = self.triage(desk, command, *argv, "--json")
        running = self.run(*words, machine=desk.partition(".")[0], screen=self.short)
        assert running.end() == 0, running.text()
        said = running.text()
        return json.JSONDecoder().raw_decode(said[min(said.find(mark) for mark in "[{" if mark in said) :])[0]

    def _keep(self) -> None:
        """Start again what has died, until the world ends."""
        while self._keeping:
            for service in list(self.services.values()):
                if self._keeping and (service.running is None or not service.running.is_alive()):
                    if service.running:
                        service.running.kill_group()
                    log = self.folder / "logs" / service.name
                    service.running = Running.start(service.argv, log, self.clocks["server"])
            if self.database and not self._answers_database():
                with contextlib.suppress(subprocess.CalledProcessError):
                    self.database.start()
            threading.Event().wait(0.1)

    def _answers_database(self) -> bool:
        assert self.database
        pid = self.postmaster()
        return bool(pid) and Path(f"/proc/{pid}").exists()

    def postmaster(self) -> int:
        """The process of PostgreSQL, 0 if its file is not there."""
        assert self.database
        try:
            return int((self.database.folder / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return 0

    def backends(self) -> dict[int, bool]:
        """Processes of the database, and whether each works for somebody, by the title that PostgreSQL gives it."""
        found, pid = {}, self.postmaster()
        with contextlib.suppress(OSError):
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                title = Path(f"/proc/{child}/cmdline").read_bytes().rstrip(b" \0")
                found[int(child)] = b" 127.0.0.1(" in title and not title.endswith(b") idle")
        return found

    def pid(self, service: str) -> int:
        """The process of a service, 0 if it does not run."""
        running = self.services[service].running
        return running.pid if running and running.is_alive() else 0

    def workers(self) -> list[int]:
        """Processes of the site that answer reporters."""
        running = self.services["site"].running
        try:
            return children_of(running.pid) if running else []
        except OSError:
            return []

    def await_all(self) -> None:
        """Wait until site, gate and database answer."""
        wait_until("the site answers", self._answers_site, shown=lambda: self._log("site"))
        wait_until("the gate answers", self._answers_gate, shown=lambda: self._log("gate"))

    def _answers_site(self) -> bool:
        before, self.wires["site"].tearing = self.wires["site"].tearing, 0
        try:
            return Client(self.port).get("/data/kunci").status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            self.wires["site"].tearing = before

    def _answers_gate(self) -> bool:
        status = self.run("courier", "status", "--socket", self.short / "gate" / "gate", "--config", self.config)
        status.end()
        return "gate" not in status.text()

    def _log(self, service: str) -> str:
        return (self.folder / "logs" / service).read_text("utf-8", "replace")[-2000:]

    def _stop(self, keeper: threading.Thread) -> None:
        self._keeping = False
        keeper.join()
        for service in self.services.values():
            if service.running:
                service.running.kill_group()
