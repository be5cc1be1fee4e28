"""Strikes commands and servers with faults of every kind, and counts each fault that met somebody at work.

Rule: a kill counts if the process was at work: a command between its first step and its end, a server's process while
it has a connection, the database while it runs a statement or a transaction. A full disk counts if somebody was
refused. All else is counted apart. The kinds are dealt like cards, so that none is left out for long.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.faults.processes import Running, is_working
from tests.faults.reporters import Reporters
from tests.faults.steps import BEGIN, Moments
from tests.faults.world import World

_JUMPS: Final = {"forward": (1, 25, 24 * 8, 24 * 40), "back": (-24 * 30, -24 * 8, -25, -1)}  # hours
_WORK_SECONDS: Final = 1.0  # for which a strike waits until its process is at work


@dataclass
class Strikes:
    """What struck a world.

    Attributes:
        kills: by part, processes that were killed while they worked.
        faults: by kind, everything else.
    """

    world: World
    reporters: Reporters
    choice: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _decks: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.moments = Moments(self.choice)

    # --- a command --------------------------------------------------------------------------------------------

    def command(self, stage: str, start: Callable[[int], Running], disks: Iterable[str], machine: str) -> None:
        """Start a command and strike it.

        Args:
            stage: how its kills are counted.
            start: starts it, to die before that step or to note its first one (BEGIN).
            disks: where it writes.
            machine: whose clock it has.
        """
        parts = self._parts(stage)
        kinds = {_kind(disk): disk for disk in disks}  # desks share a deck, and have disks of their own
        cards = ["step"] * 8 + ["time"] * 7 + ["early", "forward", "back", *(f"disk {kind}" for kind in kinds)]
        card = self._deal(stage, [*cards, *(["part"] * 6 if parts else [])])
        if card == "step":
            running = start(self.moments.step(stage))
            self._count_kill(stage, running, is_killed=running.end() == -signal.SIGKILL)
        elif card == "time":
            running = start(BEGIN)
            running.await_work()
            self.moments.wait(stage)
            self._count_kill(stage, running, is_killed=running.kill())
        elif card == "early":
            running = start(BEGIN)
            time.sleep(self.choice.uniform(0, 0.2))
            self._count_kill(stage, running, is_killed=running.kill())
        elif card == "part":
            running = start(BEGIN)
            running.await_work()
            self.choice.choice(parts)()
            running.end()
        elif card in _JUMPS:
            with self._jumped(machine, card):
                start(BEGIN).end()
        else:
            with self._full(kinds[card.split()[1]]):
                is_refused = start(BEGIN).end() != 0
            self._count_full(stage, card, is_refused=is_refused)

    def run_again(self) -> None:
        """Count a command that did not succeed although nothing struck it: what was struck before is still away."""
        self._count(self.faults, "run again")

    def _count_kill(self, stage: str, running: Running, *, is_killed: bool) -> None:
        if not is_killed:
            self._count(self.faults, "ended before its kill")
        elif running.has_begun():
            self._count(self.kills, stage)
        else:
            self._count(self.faults, "killed before its first step")

    def _count_full(self, stage: str, card: str, *, is_refused: bool) -> None:
        kind = card.split()[1]
        if is_refused:
            self._count(self.faults, f"disk full at {stage.split(maxsplit=1)[0]}: {kind}")
        else:
            self._count(self.faults, "disk almost full, and nobody was refused")
            with self._lock:
                self._decks[stage].insert(0, card)  # once more, later

    def _parts(self, stage: str) -> list[Callable[[], None]]:
        """What else can be struck while a command runs: what it is connected with."""
        parts: list[Callable[[], None]] = []
        if stage.endswith("through the gate"):
            parts += [self._kill_gate] * 4 + [lambda: self._cut("gate")]
        if self.world.database and stage.split(maxsplit=1)[0] in ("export", "return"):
            parts += [self._kill_backend, self._kill_postmaster, lambda: self._cut("database")]
        return parts

    # --- the servers ------------------------------------------------------------------------------------------

    def server(self) -> None:
        """Kill a part of the server, cut its wires, fill its disk or move its clock, at some moment from now."""
        time.sleep(self.choice.uniform(0, 0.4))
        acts: dict[str, tuple[int, Callable[[], None]]] = {
            "worker": (6, self._kill_worker),
            "master": (2, self._kill_master),
            "cut": (2, lambda: self._cut("site")),
            "disk server": (1, lambda: self._fill("disk server")),
            "forward": (1, lambda: self._move("forward")),
            "back": (1, lambda: self._move("back")),
        }
        if self.world.database:
            acts |= {
                "backend": (5, self._kill_backend),
                "postmaster": (2, self._kill_postmaster),
                "cut database": (1, lambda: self._cut("database")),
                "disk database": (1, lambda: self._fill("disk database")),
            }
        acts[self._deal("web", [name for name, (count, _) in acts.items() for _ in range(count)])][1]()

    def _kill_worker(self) -> None:
        working = self._await_work(self.world.workers)
        if pids := working or self.world.workers():
            self._kill("web worker", self.choice.choice(pids), is_busy=bool(working))

    def _kill_master(self) -> None:
        is_busy = bool(self._await_work(self.world.workers))
        self._kill("web master", self.world.pid("site"), is_busy=is_busy)

    def _kill_gate(self) -> None:
        is_busy = bool(self._await_work(lambda: [self.world.pid("gate")]))
        time.sleep(self.choice.uniform(0, 0.03) if is_busy else 0)
        is_busy = is_working(self.world.pid("gate"))
        self._kill("gate", self.world.pid("gate"), is_busy=is_busy)

    def _kill_backend(self) -> None:
        """Kill any process of the database: all others end with it."""
        is_busy = bool(self._await_statement())
        if found := self.world.backends():
            self._kill("database process", self.choice.choice([*found]), is_busy=is_busy and any(found.values()))

    def _kill_postmaster(self) -> None:
        is_busy = bool(self._await_statement())
        self._kill("database", self.world.postmaster(), is_busy=is_busy and any(self.world.backends().values()))

    def _kill(self, part: str, pid: int, *, is_busy: bool) -> None:
        """Kill a process; it counts as a kill only if it, or what ends with it, was at work."""
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            if is_busy:
                self._count(self.kills, part)
            else:
                self._count(self.faults, f"killed while idle: {part}")

    def _await_work(self, pids: Callable[[], list[int]]) -> list[int]:
        """Those of the processes that have a connection, as soon as there is one."""
        return _soon(lambda: [pid for pid in pids() if pid and is_working(pid)])

    def _await_statement(self) -> list[int]:
        return _soon(lambda: [pid for pid, is_busy in self.world.backends().items() if is_busy])

    def _cut(self, wire: str) -> None:
        self._count(self.faults, f"connection cut: {wire}", self.world.wires[wire].cut_all())

    def _fill(self, card: str) -> None:
        disk, before = card.split()[1], self.reporters.refusals
        with self._full(disk):
            time.sleep(self.choice.uniform(0.2, 1.0))
        self._count_full("web", card, is_refused=self.reporters.refusals > before)

    def _move(self, to: str) -> None:
        with self._jumped("server", to):
            time.sleep(self.choice.uniform(1.5, 3.0))

    def _count(self, counts: Counter[str], kind: str, number: int = 1) -> None:
        with self._lock:
            counts[kind] += number

    def all_faults(self) -> Counter[str]:
        """By kind, also the connections that tore by themselves."""
        torn = {f"connection torn: {name}": wire.torn for name, wire in self.world.wires.items()}
        return self.faults + Counter(torn)

    # --- any --------------------------------------------------------------------------------------------------

    def _deal(self, stage: str, cards: list[str]) -> str:
        """The next card of a stage; a new deck is shuffled, and has a kill first."""
        with self._lock:
            if not self._decks.get(stage):
                self.choice.shuffle(cards)
                if stage not in self._decks:
                    kill = "worker" if stage == "web" else "step"
                    cards.remove(kill)
                    cards.append(kill)
                self._decks[stage] = cards
            return self._decks[stage].pop()

    @contextlib.contextmanager
    def _full(self, disk: str) -> Iterator[None]:
        with self.world.disks[disk].full(int(2 ** self.choice.uniform(0, 18)) - 1):
            yield

    @contextlib.contextmanager
    def _jumped(self, machine: str, to: str) -> Iterator[None]:
        self._count(self.faults, f"clock of the {'server' if machine == 'server' else 'workstation'} {to}")
        self.world.clocks[machine].jump(self.choice.choice(_JUMPS[to]))
        try:
            yield
        finally:
            self.world.clocks[machine].jump(0)


def _kind(disk: str) -> str:
    """What a disk is, at whichever desk."""
    return disk.partition("-")[0] + (".copy" if disk.endswith(".copy") else "")


def _soon(found: Callable[[], list[int]]) -> list[int]:
    """What is found within a second, as soon as it is not empty."""
    until = time.monotonic() + _WORK_SECONDS
    while not (now := found()) and time.monotonic() < until:
        time.sleep(0.01)
    return now
