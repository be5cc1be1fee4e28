"""Runs the program's commands as processes of machines with clocks of their own, to be killed at any moment.

Rule: a command is the documented command line, run by `dropbox.cli.main` in a process of its own. The processes are
forked from one that has loaded the program already: a thousand starts of Python would be most of the time.
"""

import contextlib
import ctypes
import datetime
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final, Self

from tests.faults.steps import Steps

# Two threads that ask for the end of one process get an exit code and a mistake; a start asks for those of all.
_ASKING: Final = threading.Lock()
_FORKED: Final = multiprocessing.get_context("forkserver")
_PRELOADED: Final = (
    "dropbox.cli",
    "dropbox.demo",
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
_END_SECONDS: Final = 240.0
_COUNTED: Final = ".steps"
_BEGUN: Final = ".begun"
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


def _command(argv: Sequence[str], said: Path, clock: Path, die_at: int | None) -> None:
    """Be the process of a command: with its own group, output, clock and home; watched unless `die_at` is None."""
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
    if die_at is None:
        sys.exit(main(argv))
    steps = Steps(die_at, _beside(said, _BEGUN))
    steps.watch()
    code = main(argv)
    sys.setprofile(None)
    _beside(said, _COUNTED).write_text(str(steps.passed), "ascii")
    sys.exit(code)


def _beside(said: Path, name: str) -> Path:
    return said.with_name(f"{said.name}{name}")


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
class Running:
    """A command's process."""

    process: ForkServerProcess
    said: Path

    @classmethod
    def start(cls, argv: Sequence[object], said: Path, clock: Clock, die_at: int | None = None) -> "Running":
        """Start it; `said` gets what it writes to both streams.

        Args:
            argv: words of the command line.
            said: a new file, for each command its own.
            clock: of its machine.
            die_at: before which step it dies, or BEGIN or COUNT; None does not watch its steps.
        """
        words = [str(word) for word in argv]
        process = _FORKED.Process(target=_command, args=(words, said, clock.file, die_at))
        with _ASKING:
            process.start()
        return cls(process, said)

    @property
    def pid(self) -> int:
        """Also the number of its process group."""
        assert self.process.pid
        return self.process.pid

    def is_alive(self) -> bool:
        with _ASKING:
            return self.process.is_alive()

    def kill(self) -> bool:
        """Kill -9; whether it was killed before it ended by itself."""
        if self.is_alive():
            self.process.kill()
        return self.end() == -signal.SIGKILL

    def kill_group(self) -> None:
        """Kill what a killed process has left, as systemd does with the rest of a unit."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait for its end; returns the exit code."""
        wait([self.process.sentinel], _END_SECONDS)
        with _ASKING:
            self.process.join(0)
            code = self.process.exitcode
        if code is None:
            self.process.kill()
            raise AssertionError(f"it does not end: {self.text()}")
        return code

    def has_begun(self) -> bool:
        """Whether it has reached its first step."""
        return _beside(self.said, _BEGUN).exists()

    def await_work(self) -> None:
        """Wait for its first step, or its end."""
        while self.is_alive() and not self.has_begun():
            time.sleep(0.002)

    def seconds(self) -> float:
        """For how long it has been at work, 0 if it was not."""
        return time.time() - _beside(self.said, _BEGUN).stat().st_mtime if self.has_begun() else 0

    def steps(self) -> int:
        """How many steps it had, 0 if it was killed."""
        counted = _beside(self.said, _COUNTED)
        return int(counted.read_text("ascii")) if counted.exists() else 0

    def text(self) -> str:
        return self.said.read_text("utf-8", "replace") if self.said.exists() else ""


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
