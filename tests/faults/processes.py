"""Runs the program's commands as processes of machines with clocks of their own, to be killed at any moment.

Rule: a command is the documented command line, run by `dropbox.cli.main` in a process of its own. The processes are
forked from one that has loaded the program already: a thousand starts of Python would be most of the time.
"""

import contextlib
import ctypes
import datetime
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final, Self

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
# Calls that touch a disk or a socket: between two of them there is one state only.
_STEPS: Final = {
    *("commit", "execute", "executemany", "executescript", "fsync", "ftruncate", "link", "mkdir"),
    *("open", "recv", "rename", "replace", "send", "sendall", "unlink", "write"),
}
_END_SECONDS: Final = 240.0
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
    """Be the process of a command: with its own group, output and clock; dies before its n-th step if n is not 0."""
    from dropbox.cli import main

    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nothing outlives the tests, however they end
    _follow(clock)
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    if die_at:
        _die_before(die_at)
    code = main(argv)
    sys.setprofile(None)
    sys.exit(code)


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


def _die_before(step: int) -> None:
    left = step

    def count(_frame: object, event: str, called: Any) -> None:
        nonlocal left
        if event == "c_call" and called.__name__ in _STEPS:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)


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

    def text(self) -> str:
        return self.said.read_text("utf-8", "replace") if self.said.exists() else ""


@dataclass
class Moments:
    """When a command is killed: before a step, or after a time; both are learnt from runs that were not disturbed."""

    choice: random.Random
    seconds: dict[str, float] = field(default_factory=dict)

    def step(self) -> int:
        """Early steps and late ones alike: commands have between some hundred and some thousand."""
        return int(2 ** self.choice.uniform(3, 12.5))

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
