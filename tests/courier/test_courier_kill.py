"""A kill at any moment leaves the old state or the new one, and the command can simply be run again."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from courier_desks import Desk, Office, everything, put_blob

from dropbox.limits import MIB
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.wire.bundle import ExportReader

KILLS = 12  # more of them in `make soak`


def start(office: Office, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dropbox", "courier", *map(str, arguments), "--config", str(office.config)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ)


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process was still running when it was killed."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    assert process.returncode == 0
    return False


def duration(office: Office, *arguments: object) -> tuple[float, float]:
    """(until the work begins, until it ends) of an undisturbed run, in seconds."""
    began = time.monotonic()
    bare = subprocess.run([sys.executable, "-c", "import dropbox.courier.cli"], check=True, env=os.environ)
    loaded = time.monotonic() - began
    assert bare.returncode == 0
    began = time.monotonic()
    start(office, *arguments).communicate()
    return loaded * 0.9, time.monotonic() - began


@pytest.mark.parametrize("kills", [KILLS, pytest.param(200, marks=pytest.mark.soak)])
def test_killed_import(new_office: Callable[[], Office], tmp_path: Path, kills: int) -> None:
    """Either nothing of the return is there or all of it, and a second run brings the rest."""
    rng = random.Random(1)  # noqa: S311
    trial = new_office()
    blobs = prepare(trial, tmp_path / "trial")
    begins, ends = duration(trial, "import", tmp_path / "trial")
    assert not trial.store.blobs.held([blob.id for blob in blobs])
    killed = 0
    for i in range(kills):
        office, bundle = new_office(), tmp_path / str(i)
        blobs = prepare(office, bundle)
        before = everything(office.store)
        office.store.close()
        killed += kill_after(start(office, "import", bundle), rng.uniform(begins, ends * 1.02))
        store = Store.open(f"sqlite:///{office.config.parent / 'store.db'}")
        if store.published.get("return", "itjen") is None:
            assert everything(store) == before
        else:
            assert_imported(store, blobs)
        start(office, "import", bundle).communicate()
        assert_imported(store, blobs)
        store.close()
    assert killed


def prepare(office: Office, bundle: Path) -> list[BlobInfo]:
    """Blobs, and a return with receipts for all of them."""
    blobs = [put_blob(office.store, 20_000) for _ in range(300)]
    desk: Desk = office.itjen
    chain = [desk.sign("keys", body) for body in desk.chain(10)]
    bundle.write_bytes(desk.returns(*chain, *desk.board(3, shards=4), desk.receipts(blobs)))
    return blobs


def assert_imported(store: Store, blobs: list[BlobInfo]) -> None:
    assert store.published.get("keys", "itjen").number == 10
    assert store.published.get("board", "itjen").number == 3
    assert not store.blobs.held([blob.id for blob in blobs])


@pytest.mark.parametrize("kills", [KILLS, pytest.param(200, marks=pytest.mark.soak)])
def test_killed_export(office: Office, tmp_path: Path, kills: int) -> None:
    """The file is whole or absent; what the kill left goes with the next export."""
    rng = random.Random(2)  # noqa: S311
    for _ in range(20):
        put_blob(office.store, 2 * MIB)
    folder = tmp_path / "stick"
    folder.mkdir()
    begins, ends = duration(office, "export", tmp_path / "trial")
    killed = 0
    for i in range(kills):
        killed += kill_after(start(office, "export", folder / str(i)), rng.uniform(begins, ends * 1.02))
        assert len(list(folder.glob(".*.partial"))) <= 1
    assert killed
    start(office, "export", folder / "last").communicate()
    assert (folder / "last").exists()
    for path in folder.iterdir():
        assert path.suffix != ".partial"
        reader = ExportReader(io.BytesIO(path.read_bytes()).read, office.anchor.instance)
        assert sum(1 for _ in reader.blobs()) == 20
        assert reader.trailer.blobs == 20
