"""Blobs to store, and Python processes to store them from."""

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import dropbox
from dropbox.limits import MIB
from dropbox.store import schema
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS

NOW = 1_800_000_000.0
ROOT = Path(dropbox.__file__).parents[1]

only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


def info_for(data: bytes, *, blob_id: bytes | None = None, digest: bytes | None = None, epoch: int = 7) -> BlobInfo:
    """The description of `data`, with a random id and the hash as digest unless given."""
    sha256 = hashlib.sha256(data).digest()
    return BlobInfo(blob_id or os.urandom(32), digest or sha256, epoch, len(data), sha256)


def put(store: Store, size: int = 100, epoch: int = 7) -> tuple[BlobInfo, bytes]:
    """Store random bytes."""
    data = os.urandom(size)
    info = info_for(data, epoch=epoch)
    store.blobs.put(info, data)
    return info, data


def contents(store: Store) -> dict[BlobInfo, bytes]:
    """Everything that is held."""
    return {info: b"".join(store.blobs.read(info.id)) for info in store.blobs.snapshot()}


def rows(store: Store, table: sa.Table) -> int:
    """How many rows a table has."""
    with store.connections.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def everything(store: Store) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    with store.connections.read() as connection:
        return {
            name: connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for name, table in schema.metadata.tables.items()
        }


def fill(store: Store) -> None:
    """A store with some of everything, and gaps where something was deleted."""
    gone = [put(store, size=20_000)[0] for _ in range(10)]
    for _ in range(20):
        put(store, size=secrets.choice([10, 3_000, 20_000]))
    put(store, size=MIB + 1)
    store.blobs.append(store.blobs.begin(NOW), b"abc")
    store.state.put("name", b"value")
    with store.transaction() as tx:
        store.published.put(tx, "board", "itjen", 1, os.urandom(70_000))
        store.receipts.record(tx, "itjen", [info.sha256 for info in gone], dict.fromkeys(["itjen"], ALWAYS))
        store.receipts.record(
            tx, "itjen", [info.sha256 for info in store.blobs.snapshot()[:5]], dict.fromkeys(["itjen", "irjen"], ALWAYS)
        )


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """A file system of `size`; needs root."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.fail("this test mounts a small file system: run it as root")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that runs `script`; input and output are pipes."""
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
