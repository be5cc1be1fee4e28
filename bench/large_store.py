"""Measures a large store: the rate of sealed reports with 100 000 blobs, and how long a rewrite makes a reporter wait.

Rule: the blobs are rows as `blobs.put` writes them, written many to a transaction. The rewrite runs in a process of its
own, as housekeeping of another worker does, while one reporter sends without a pause.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import servers
from figures import Figure
from load import Talk, rate
from reports import SEALED_BYTES, sealed_blobs
from sqlalchemy import insert

from dropbox.settings.installation import load
from dropbox.store import schema
from dropbox.store.database import Store

BLOBS = 100_000
_PER_TRANSACTION = 1000
_REWRITE = """
import sys, time
from pathlib import Path
from dropbox.settings.installation import load
from dropbox.store.database import Store
from dropbox.store.upkeep import Upkeep
Upkeep(Store.open(load(Path(sys.argv[1])).database)).tidy(time.time(), 0, is_forced=True)
"""


def _fill(config: Path, count: int) -> None:
    store = Store.open(load(config).database)
    try:
        for _ in range(count // _PER_TRANSACTION):
            uploads = [os.urandom(16) for _ in range(_PER_TRANSACTION)]
            with store.transaction() as tx:
                tx.execute(
                    insert(schema.blob),
                    [
                        {"upload": upload, "epoch": 1, "length": SEALED_BYTES}
                        | {name: os.urandom(32) for name in ("id", "digest", "sha256")}
                        for upload in uploads
                    ],
                )
                tx.execute(
                    insert(schema.chunk),
                    [{"upload": upload, "seq": 0, "data": os.urandom(SEALED_BYTES)} for upload in uploads],
                )
    finally:
        store.close()


def _sending(config: Path, seconds: float) -> Talk:
    blobs = sealed_blobs(config, int(seconds * 2500))

    def talk(answer: bytes | None) -> bytes | None:
        return blobs.popleft() if answer is None else None

    return talk


def _longest_wait(config: Path, port: int) -> tuple[float, float]:
    """Seconds: the longest that a report took during a rewrite, and the rewrite."""
    begun = time.monotonic()
    rewriting = subprocess.Popen([sys.executable, "-c", _REWRITE, str(config)])
    longest = 0.0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        while rewriting.poll() is None:
            for blob in sealed_blobs(config, 100):
                sent = time.monotonic()
                connection.sendall(blob)
                if b" 201 " not in connection.recv(65536):
                    raise RuntimeError("a report was not taken")
                longest = max(longest, time.monotonic() - sent)
    if rewriting.returncode:
        raise RuntimeError("the rewrite failed")
    return longest, time.monotonic() - begun


def measure(rounds: int, seconds: float, blobs: int = BLOBS) -> list[Figure]:
    """Measure an empty and a large store in alternating rounds, then one rewrite of the large one."""
    with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as name:
        empty, large = (servers.make_demo(Path(name) / kind) for kind in ("empty", "large"))
        _fill(large, blobs)
        with servers.ours(empty) as without, servers.ours(large) as full:
            at_none: list[float] = []
            at_many: list[float] = []
            for _ in range(rounds):
                for config, server, rates in ((empty, without, at_none), (large, full, at_many)):
                    talk = _sending(config, seconds)
                    rates.append(rate(server, lambda talk=talk: talk, seconds))  # type: ignore[misc]
            longest, took = _longest_wait(large, full.port)
    return [
        Figure("sealed reports, empty store", at_none, "/s"),
        Figure(f"sealed reports, {blobs} blobs", at_many, "/s"),
        Figure("  : empty store", [mine / other for mine, other in zip(at_many, at_none, strict=True)], "", 0.95),
        Figure("rewrite of the large store", [took], "s"),
        Figure("longest wait of a reporter during it", [longest], "s", at_most=1),
    ]
