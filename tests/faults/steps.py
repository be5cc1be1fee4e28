"""Counts the steps of a process, calls that change a disk or a database or send, and kills it before one of them.

Rule: a process is at work from its first step on. What a library does inside of one step (SQLite's own writes, libpq's)
is met by kills after a time alone.
"""

import io
import os
import random
import signal
import socket
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import psycopg
import sqlcipher3

_WRITES: Final = {
    *(os.fdatasync, os.fsync, os.ftruncate, os.link, os.mkdir, os.remove, os.rename, os.replace),
    *(os.rmdir, os.unlink, os.write),
}
_SQL: Final = {"__exit__", "commit", "execute", "executemany", "executescript"}
_SQLITE: Final = (sqlite3.Connection, sqlite3.Cursor, sqlcipher3.Connection, sqlcipher3.Cursor)
_EXECUTE: Final = psycopg.Cursor.execute.__code__  # it sends through libpq, which has no calls that Python sees
_COMMIT: Final = psycopg.Connection.commit.__code__
_CHANGES: Final = ("INSERT", "UPDATE", "DELETE")
_FILES: Final = (io.FileIO, io.BufferedWriter, io.BufferedRandom)
_SENDS: Final = {"send", "sendall", "sendmsg"}
_FIRST_GUESS: Final = 4  # steps that each command has
_FIRST_SECONDS: Final = 0.2  # of work
BEGIN: Final = 0  # dies before no step, and notes the first one
COUNT: Final = -1  # dies before no step, and counts all


@dataclass
class Steps:
    """Counts the steps of this process from the first write on, and kills it before one of them.

    Attributes:
        die_at: the number of that step, or BEGIN or COUNT.
        mark: a file that is made at the first step, if any.
    """

    die_at: int
    mark: Path | None = None
    passed: int = 0

    def watch(self) -> None:
        """Watch this process, all threads of it, from now on."""
        threading.setprofile(self.count)
        sys.setprofile(self.count)

    def count(self, frame: FrameType, event: str, called: Any) -> None:
        """Be a profile function (sys.setprofile)."""
        has_begun = self.passed > 0
        is_statement = event == "call" and _is_statement(frame, has_begun=has_begun)
        if is_statement or (event == "c_call" and _is_step(called, has_begun=has_begun)):
            self.passed += 1
            if self.passed == 1 and self.mark:
                self.mark.touch()
            if self.passed == self.die_at:
                os.kill(os.getpid(), signal.SIGKILL)
        if self.die_at == BEGIN and self.passed:
            sys.setprofile(None)  # of this thread; watching costs time


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


def _is_statement(frame: FrameType, *, has_begun: bool) -> bool:
    """Whether a call sends a statement to PostgreSQL; before the first write only if it changes rows."""
    if frame.f_code is _EXECUTE:
        return has_begun or str(frame.f_locals["query"]).lstrip().upper().startswith(_CHANGES)
    return has_begun and frame.f_code is _COMMIT


@dataclass
class Moments:
    """When a command is killed: before a step, or after a time at work; learnt from runs that nothing killed."""

    choice: random.Random
    seconds: dict[str, float] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def step(self, stage: str) -> int:
        """Each step from the first write on alike, once the command was counted; before that, one of the first."""
        return self.choice.randint(1, self.steps.get(stage) or _FIRST_GUESS)

    def wait(self, stage: str) -> None:
        """Let a part of the time pass for which this command was at work before."""
        time.sleep(self.choice.uniform(0, self.seconds.get(stage, _FIRST_SECONDS)))

    def learn(self, stage: str, seconds: float, steps: int) -> None:
        """Remember a run that succeeded; what a kill has left over is shorter, and has fewer steps.

        Args:
            stage: which command.
            seconds: at work.
            steps: 0 if they were not counted.
        """
        self.seconds[stage] = seconds
        self.steps[stage] = max(self.steps.get(stage, 0), steps)
