"""The courier's round, again and again, while a seeded choice of faults strikes every part of the chain.

Rule: after a fault the same documented command is run again, nothing else; a command that never succeeds, although all
faults are over, needs a hand, and that fails the run.
"""

import contextlib
import hashlib
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.wire.bundle import parse_return
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.signed import parse_object
from tests.faults.checker import (
    Case,
    Entry,
    compare,
    differing,
    internal_errors,
    left_behind,
    plaintext,
    receipts,
    too_few,
    unread,
)
from tests.faults.ledger import Ledger, Report
from tests.faults.processes import COUNT, Moments, Running, is_working
from tests.faults.reporters import Reporters
from tests.faults.world import DESKS, World

_TRIES: Final = 40  # of a command, once nothing strikes it any more
_JUMPS: Final = (-24 * 30, -24 * 8, -25, -1, 1, 25, 24 * 8, 24 * 40)  # hours
_BLOBS: Final = r"blobs/[0-9a-f]{32}"
_VAULT: Final = (
    rf"{_BLOBS}|vault\.db|lock|station\.(key|cert)|station-\w+\.request|root\.pub|officers/\w+\.key|epochs/\d+\.key"
)
_APART: Final = r"vault\.db|lock"  # a copy of the database has a salt of its own; it is compared as officers read it
_STICK: Final = r"(export|return-\w+)-\d+"


@dataclass
class Chain:
    """A world with reporters, its ledger, and what struck it.

    Attributes:
        kills: by part, processes that were killed while they worked.
        faults: by kind, everything else.
    """

    world: World
    reporters: Reporters
    ledger: Ledger
    choice: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _turn: int = 0
    _receipts: dict[str, list[bytes]] = field(default_factory=dict)
    _answered: dict[str, list[tuple[Report, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moments = Moments(self.choice)

    # --- a round ----------------------------------------------------------------------------------------------

    def play(self, *, kills: int, reports: int) -> None:
        """One round with about so many kills of each command, and so many reports."""
        self.world.wires["site"].tearing = 0.3
        self.world.wires["gate"].tearing = 0.3
        if "database" in self.world.wires:
            self.world.wires["database"].tearing = 0.05
        self.reporters.allow(reports)
        for _ in range(3 * kills):
            self._strike_server()
        self.reporters.await_all()
        self._round(kills)

    def _round(self, kills: int) -> None:
        self._turn += 1
        export = self._export(kills)
        returns = [self._at_desk(desk, export, kills) for desk in DESKS]
        for desk, back in zip(DESKS, returns, strict=True):
            self._take_back(desk, back, kills)
            self._receipts[desk] = _receipts(back)
        for path in (export, *returns):  # the courier empties the drive
            path.unlink()

    def finish(self) -> None:
        """End all faults, send everybody home, and play the rounds after which nothing waits any more."""
        for wire in self.world.wires.values():
            wire.tearing = 0
        self.reporters.go_home()
        for error in self.reporters.failed:
            raise error
        self.world.await_all()
        for _ in range(2):
            self._round(0)

    def _export(self, kills: int) -> Path:
        through_gate = self.choice.random() < 0.5
        config = self.world.gate_config if through_gate else self.world.config
        number = 0
        if through_gate:
            self.world.next_day()

        def argv() -> list[object]:
            nonlocal number
            if not through_gate or target().exists():  # a gate's download goes on under its name
                number += 1
            return ["courier", "export", target(), "--config", config]

        def target() -> Path:
            return self.world.folder / "stick" / f"export-{self._turn * 1000 + number}"

        name = "export through the gate" if through_gate else "export"
        self._insist(name, argv, kills, disks=("server", "stick", "spool"), machine="server")
        for path in (self.world.folder / "stick").glob("export-*"):
            if path != target():  # whole as well, and older: a courier takes the newest one
                path.unlink()
        return target()

    def _at_desk(self, desk: str, export: Path, kills: int) -> Path:
        disks = (f"vault-{desk}", f"vault-{desk}.copy")
        triage = self.world.triage
        self._insist("import", lambda: triage(desk, "import", export), kills, disks=disks, machine="station")
        self._answer(desk, kills)
        back = self.world.folder / "stick" / f"return-{desk}-{self._turn}"
        self._insist(
            "publish", lambda: triage(desk, "publish", back), kills, disks=(*disks, "stick"), machine="station"
        )
        return back

    def _take_back(self, desk: str, back: Path, kills: int) -> None:
        config = self.choice.choice((self.world.config, self.world.gate_config))
        argv: list[object] = ["courier", "import", back, "--config", config]
        name = "return" if config == self.world.config else "return through the gate"
        self._insist(name, lambda: argv, kills, disks=("server",), machine="server")
        for report, text in self._answered.pop(desk, []):
            report.answers.append(text)

    def _answer(self, desk: str, kills: int) -> None:
        """Answer some new cases; a killed command is run again only if the case does not show its answer."""
        known = {report.what: report for report in self.ledger.reports}
        cases = self.world.read(desk, "list")
        waiting = [case for case in cases if case["status"] in ("TERKIRIM", "DITERIMA")]
        for number, case in enumerate(self.choice.sample(waiting, min(3, len(waiting)))):
            report = known[case["fields"]["what"]]
            text = self.ledger.text("Jawaban.")
            letter = self.world.short / "answer.txt"
            letter.write_text(text, "utf-8")
            words = ("answer", case["case"], "--status", "TELAAH", "--text-file", letter)

            def argv(words: tuple[object, ...] = words) -> list[object]:
                return self.world.triage(desk, str(words[0]), *words[1:])

            def is_told(name: str = case["case"], text: str = text) -> bool:
                return any(entry.get("text") == text for entry in self.world.read(desk, "show", name)["timeline"])

            self._insist("answer", argv, kills if number == 0 else 0, (f"vault-{desk}",), "station", is_told)
            if report.code:
                self._answered.setdefault(desk, []).append((report, text))

    # --- faults -----------------------------------------------------------------------------------------------

    def _insist(
        self,
        stage: str,
        argv: Callable[[], list[object]],
        kills: int,
        disks: tuple[str, ...],
        machine: str,
        is_done: Callable[[], bool] = lambda: False,
    ) -> None:
        """Strike a command several times, then run it until it succeeds."""
        for _ in range(kills):
            if is_done():
                return
            self._strike(stage, argv(), disks, machine)
        said = ""
        for _ in range(_TRIES):
            if is_done():
                return
            running: Running | None = None

            def run() -> int:
                nonlocal running
                running = self._run(stage, argv(), machine, 0 if stage in self.moments.steps else COUNT)
                return running.end()

            code = self.moments.learn(stage, run)
            assert running
            if code == 0:
                self.moments.count(stage, running)
                return
            said = running.text()
            self.faults["run again"] += 1
            if "come back tomorrow" in said:
                self.world.next_day()
            time.sleep(0.2)  # a service that was killed comes back
        raise AssertionError(f"{stage} needs a hand: {said}")

    def _run(self, stage: str, argv: list[object], machine: str, die_at: int = 0) -> Running:
        """Start a command; what an officer reads while answering is on a screen, all else could be kept in a log."""
        screen = self.world.short if stage == "answer" else None
        return self.world.run(*argv, machine=machine, die_at=die_at, screen=screen)

    def _strike(self, stage: str, argv: list[object], disks: tuple[str, ...], machine: str) -> None:
        kind = self.choice.choices(("step", "time", "disk", "clock", "part"), (6, 5, 2, 1, 3))[0]
        if kind == "step":
            running = self._run(stage, argv, machine, self.moments.step(stage))
            self.kills[stage] += running.end() == -signal.SIGKILL
            self.moments.count(stage, running)
        elif kind == "time":
            running = self._run(stage, argv, machine)
            self.moments.wait(stage)
            self.kills[stage] += running.kill()
        elif kind == "disk":
            with self._full(self.choice.choice(disks)):
                self._run(stage, argv, machine).end()
        elif kind == "clock":
            with self._jumped(machine):
                self._run(stage, argv, machine).end()
        else:
            running = self._run(stage, argv, machine)
            self.moments.wait(stage)
            self._strike_server()
            running.end()

    def _strike_server(self) -> None:
        """Kill a part of the server, cut its wires, fill its disk or move its clock, at some moment from now."""
        time.sleep(self.choice.uniform(0, 0.4))
        parts: list[tuple[float, Callable[[], None]]] = [
            (6, self._kill_worker),
            (1.5, lambda: self._kill_service("site")),
            (1.5, lambda: self._kill_service("gate")),
            (2, self._cut),
            (0.6, self._fill_server),
            (0.3, self._move_server),
        ]
        if self.world.database:
            parts += [(5, self._kill_backend), (2, self._kill_postmaster), (0.5, self._fill_database)]
        self.choice.choices([act for _, act in parts], [weight for weight, _ in parts])[0]()

    def _kill_worker(self) -> None:
        """Kill one that answers somebody, if there is one within a second."""
        until = time.monotonic() + 1
        while not (working := [*filter(is_working, self.world.workers())]) and time.monotonic() < until:
            time.sleep(0.01)
        if working:
            self._kill("web worker", self.choice.choice(working))

    def _kill_service(self, name: str) -> None:
        running = self.world.services[name].running
        if running and running.is_alive():
            busy = any(map(is_working, self.world.workers() if name == "site" else [running.pid]))
            self._kill("web master" if name == "site" else name, running.pid, is_busy=busy)

    def _kill_backend(self) -> None:
        """Kill any process of the database: all others end with it."""
        found = self.world.backends()
        if found:
            self._kill("database process", self.choice.choice([*found]), is_busy=any(found.values()))

    def _kill_postmaster(self) -> None:
        if pid := self.world.postmaster():
            self._kill("database", pid, is_busy=any(self.world.backends().values()))

    def _kill(self, part: str, pid: int, *, is_busy: bool = True) -> None:
        """Kill a process; it counts as a kill only if it, or what ends with it, was at work."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            if is_busy:
                self.kills[part] += 1
            else:
                self.faults[f"killed while idle: {part}"] += 1

    def _cut(self) -> None:
        wire = self.world.wires[self.choice.choice(sorted(self.world.wires))]
        self.faults["connection cut"] += wire.cut_all()

    def _fill_server(self) -> None:
        with self._full("server"):
            time.sleep(self.choice.uniform(0.2, 1.0))

    def _fill_database(self) -> None:
        with self._full("database"):
            time.sleep(self.choice.uniform(0.2, 1.0))

    def _move_server(self) -> None:
        with self._jumped("server"):
            time.sleep(self.choice.uniform(1.5, 3.0))

    @contextlib.contextmanager
    def _full(self, disk: str) -> Iterator[None]:
        self.faults[f"disk full: {disk}"] += 1
        with self.world.disks[disk].full(int(2 ** self.choice.uniform(0, 18)) - 1):
            yield

    @contextlib.contextmanager
    def _jumped(self, machine: str) -> Iterator[None]:
        hours = self.choice.choice(_JUMPS)
        self.faults[f"clock of the {machine} {'forward' if hours > 0 else 'back'}"] += 1
        self.world.clocks[machine].jump(hours)
        try:
            yield
        finally:
            self.world.clocks[machine].jump(0)

    # --- what must hold ---------------------------------------------------------------------------------------

    def check(self) -> list[str]:
        """Everything that deviates, after `finish`."""
        folder = self.world.folder
        found = too_few(self.ledger.reports, DESKS)
        if self.reporters.errors:
            found.append(f"internal error: reporters read {self.reporters.errors} times that the site failed")
        found += compare(self.ledger.reports, self.opened())
        found += receipts(self.ledger.reports, self._receipts)
        found += unread(self.ledger.reports, self.reporters.pages())
        for desk in DESKS:
            found += differing(folder / f"vault-{desk}", folder / f"vault-{desk}.copy", _APART)
        homes = [self.world.home(machine) for machine in self.world.clocks]
        places = [*(disk.place for disk in self.world.disks.values()), folder / "logs", *homes]
        found += plaintext(places, self.ledger.secrets())
        found += left_behind(
            {
                folder / "server": r"dropbox\.db(-wal|-shm)?",
                folder / "stick": _STICK,
                folder / "spool": r"",
                **dict.fromkeys(homes, r""),
                **{folder / f"vault-{desk}{copy}": _VAULT for desk in DESKS for copy in ("", ".copy")},
            }
        )
        for desk in DESKS:
            if self.world.read(desk, "list") != self.world.read(f"{desk}.copy", "list"):
                found.append(f"half: the cases of {desk} are not alike in vault and copy")
        if waiting := self.world.waiting():
            found.append(f"left behind: the server holds {waiting} messages for which all desks gave receipts")
        return found + internal_errors(self.world.said())

    def opened(self) -> list[Case]:
        """Every case of every desk, with its files taken out of the vault."""
        cases = []
        out = self.world.short / "opened"
        for desk in DESKS:
            for number, case in enumerate(self.world.read(desk, "list")):
                files: list[tuple[str, bytes]] = []
                if case["files"]:
                    to = out / f"{desk}-{number}"
                    argv = self.world.triage(desk, "extract", case["case"], "--to", to)
                    assert self.world.run(*argv, machine="station").end() == 0
                    manifest = json.loads((to / "manifest.json").read_text("utf-8"))
                    files = [
                        (one["name"], hashlib.sha256((to / one["file"]).read_bytes()).digest())
                        for one in manifest["files"]
                    ]
                typed = tuple(one["fields"] for one in case["messages"] if one["kind"] == "report")
                known = Entry.__dataclass_fields__
                entries = [Entry(**{name: one[name] for name in known if name in one}) for one in case["timeline"]]
                cases.append(Case(desk, typed, tuple(files), tuple(entries)))
        return cases

    def figures(self) -> str:
        """One line for each part, for people."""
        sent, reports, files, answers = self.ledger.count()
        self.faults["connection torn"] = sum(wire.cuts for wire in self.world.wires.values())
        lines = [f"reports begun {sent}, acknowledged {reports}, files {files}, answers {answers}"]
        lines += [f"kills {sum(self.kills.values())}: {dict(self.kills.most_common())}"]
        lines += [f"steps from the first write on: {self.moments.steps}"]
        return "\n".join([*lines, f"faults: {dict(sorted(self.faults.items()))}", f"rounds {self._turn}"])


def _receipts(back: Path) -> list[bytes]:
    """The SHA-256 of all blobs for which a return has a receipt; its signatures were verified by the server."""
    objects = map(parse_object, parse_return(parse_object(back.read_bytes()).body).objects)
    return [blob for one in objects if one.label == "receipts" for blob in parse_receipts(one.body).blobs]
