"""Runs the program's commands as processes of machines with clocks of their own, to be killed at any moment.

Rule: a command is the documented command line, run by `dropbox.cli.main` in a process of its own. The processes are
forked from one that has loaded the program already: a thousand starts of Python would be most of the time.
"""

import contextlib
import ctypes
import datetime
import io
import multiprocessing
import os
import random
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final, Self

import sqlcipher3

_FORKED: Final = multiprocessing.get_context("forkserver")
_PRELOADED: Final = (
    "dropbox.cli",
    "dropbox.web.serve",
    "dropbox.courier.cli",
    "dropbox.courier.commands",
    "dropbox.courier.through_gate",
    "dropbox.courier.gate.run",
    "dropbox.store.cli",
    "dropbox.triage.cli",
    "psycopg",
    "tests.faults.warm",
    __name__,
)
# Steps: calls into C that change a disk or send. What a library does inside of one is met by kills after a time only.
_WRITES: Final = {
    *(os.fdatasync, os.fsync, os.ftruncate, os.link, os.mkdir, os.remove, os.rename, os.replace),
    *(os.rmdir, os.unlink, os.write),
}
_SQL: Final = {"__exit__", "commit", "execute", "executemany", "executescript"}
_SQLITE: Final = (sqlite3.Connection, sqlite3.Cursor, sqlcipher3.Connection, sqlcipher3.Cursor)
_FILES: Final = (io.FileIO, io.BufferedWriter, io.BufferedRandom)
_SENDS: Final = {"send", "sendall", "sendmsg"}
_FIRST_GUESS: Final = 40  # steps of a command that was not counted yet
_COUNTED: Final = ".steps"
_END_SECONDS: Final = 240.0
COUNT: Final = -1  # dies before no step, and counts them
_TCP_ESTABLISHED: Final = "01"  # net/tcp_states.h
_TCP_LISTEN: Final = "0A"
_UNIX_CONNECTED: Final = "03"
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


def start_forking() -> None:
    """Start the process from which all others are forked, if it does not run yet."""
    from multiprocessing.forkserver import ensure_running

    _FORKED.set_forkserver_preload([*_PRELOADED])
    before, tempfile.tempdir = tempfile.tempdir, "/tmp"  # its socket outlives the folder of the tests
    path, os.environ["PYTHONPATH"] = os.environ.get("PYTHONPATH"), str(Path(__file__).parents[2])
    try:
        ensure_running()
    finally:
        tempfile.tempdir = before
        os.environ.pop("PYTHONPATH") if path is None else os.environ.update(PYTHONPATH=path)


@dataclass(frozen=True)
class Clock:
    """The clock of a machine, a file; what runs there follows it at once."""

    file: Path

    def jump(self, hours: float) -> None:
        """Set it so many hours beside the real time."""
        partial = self.file.with_suffix(".new")
        partial.write_text(str(hours * 3600), "ascii")
        partial.replace(self.file)


def _command(argv: Sequence[str], said: Path, clock: Path, die_at: int) -> None:
    """Be the process of a command: with its own group, output, clock and home.

    It dies before its n-th step from the first write on if n is above 0; if n is not 0 and it lives, it says how many
    steps there were.
    """
    from dropbox.cli import main

    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nothing outlives the tests, however they end
    _follow(clock)
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    os.environ.update(HOME=str(home_of(clock)), TMPDIR=str(home_of(clock)))
    tempfile.tempdir = None
    if not die_at:
        sys.exit(main(argv))
    steps = Steps(die_at)
    threading.setprofile(steps.count)
    sys.setprofile(steps.count)
    code = main(argv)
    sys.setprofile(None)
    said.with_name(f"{said.name}{_COUNTED}").write_text(str(steps.passed), "ascii")
    sys.exit(code)


def home_of(clock: Path) -> Path:
    """Return the home of the officer at the machine with this clock; also its folder for temporary files."""
    return clock.with_name(f"home-{clock.name}")


def _follow(clock: Path) -> None:
    """Let this process have the time of a machine: the program reads it from these two places alone."""
    real = time.time

    def machine_time() -> float:
        return real() + float(clock.read_text("ascii"))

    class _MachineDatetime(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Self:
            return cls.fromtimestamp(machine_time(), tz)

    time.time = machine_time
    datetime.datetime = _MachineDatetime  # type: ignore[misc]


@dataclass
class Steps:
    """Counts the steps of this process from the first write on, and kills it before one of them."""

    die_at: int
    passed: int = 0

    def count(self, _frame: object, event: str, called: Any) -> None:
        """Be a profile function (sys.setprofile)."""
        if event == "c_call" and _is_step(called, has_begun=self.passed > 0):
            self.passed += 1
            if self.passed == self.die_at:
                os.kill(os.getpid(), signal.SIGKILL)


def _is_step(called: Any, *, has_begun: bool) -> bool:
    """Whether a call changes a disk or sends; before the first write a statement counts in a transaction alone."""
    of, name = getattr(called, "__self__", None), called.__name__
    if called in _WRITES or (name == "write" and isinstance(of, _FILES)):
        return True
    if isinstance(of, socket.socket):
        return name in _SENDS
    if name not in _SQL or not isinstance(of, _SQLITE):
        return False
    return has_begun or bool(getattr(of, "connection", of).in_transaction)


@dataclass
class Running:
    """A command's process."""

    process: ForkServerProcess
    said: Path

    @classmethod
    def start(cls, argv: Sequence[object], said: Path, clock: Clock, die_at: int = 0) -> "Running":
        """Start it; `said` gets what it writes to both streams."""
        words = [str(word) for word in argv]
        process = _FORKED.Process(target=_command, args=(words, said, clock.file, die_at))
        process.start()
        return cls(process, said)

    @property
    def pid(self) -> int:
        """Also the number of its process group."""
        assert self.process.pid
        return self.process.pid

    def is_alive(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> bool:
        """Kill -9; whether it was killed before it ended by itself."""
        if self.process.is_alive():
            self.process.kill()
        return self.end() == -signal.SIGKILL

    def kill_group(self) -> None:
        """Kill what a killed process has left, as systemd does with the rest of a unit."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.join(_END_SECONDS)

    def end(self) -> int:
        """Wait for its end; returns the exit code."""
        self.process.join(_END_SECONDS)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            raise AssertionError(f"it does not end: {self.text()}")
        return code

    def steps(self) -> int:
        """How many steps it had, 0 if they were not counted or it was killed."""
        counted = self.said.with_name(f"{self.said.name}{_COUNTED}")
        return int(counted.read_text("ascii")) if counted.exists() else 0

    def text(self) -> str:
        return self.said.read_text("utf-8", "replace") if self.said.exists() else ""


@dataclass
class Moments:
    """When a command is killed: before a step, or after a time; both are learnt from runs that nothing killed."""

    choice: random.Random
    seconds: dict[str, float] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def step(self, stage: str) -> int:
        """Each step from the first write on alike, once the command was counted; before that, one of the first."""
        return self.choice.randint(1, self.steps.get(stage) or _FIRST_GUESS)

    def wait(self, stage: str) -> None:
        """Let a part of the time pass that this command took before."""
        time.sleep(self.choice.uniform(0, self.seconds.get(stage, 0.2)))

    def learn(self, stage: str, run: Callable[[], int]) -> int:
        """Run it undisturbed and remember how long it took; returns its exit code."""
        begun = time.monotonic()
        code = run()
        if code == 0:
            self.seconds[stage] = time.monotonic() - begun
        return code

    def count(self, stage: str, running: Running) -> None:
        """Remember how many steps it had; the part of a command that a kill has left over has fewer."""
        if counted := running.steps():
            self.steps[stage] = max(self.steps.get(stage, 0), counted)


def is_working(pid: int) -> bool:
    """Whether a process of a server has a connection now: neither idle nor ended (proc(5))."""
    try:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        held = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
        tcp = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
        unix = [line.split() for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]]
    except OSError:  # it ends
        return False
    listening = {one[1] for one in tcp if one[3] == _TCP_LISTEN and f"socket:[{one[9]}]" in held}
    taken = {one[9] for one in tcp if one[3] == _TCP_ESTABLISHED and one[1] in listening}
    taken |= {one[6] for one in unix if one[5] == _UNIX_CONNECTED and len(one) > 7}  # those it accepted have a path
    return any(f"socket:[{inode}]" in held for inode in taken)
