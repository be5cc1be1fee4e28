"""Blobs to store, and Python processes to store them from."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import dropbox
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store

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


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that runs `script`; input and output are pipes."""
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
