"""A kill at any moment leaves the old state or the new one, and the command can simply be run again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from courier_desks import Desk, Office, everything, put_blob

from dropbox.cli import main
from dropbox.limits import MIB
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.wire.bundle import ExportReader

KILLS = 6  # more of them, at any time and in all parts together: tests/faults

Prepared = Callable[[], tuple[Office, Path, list[BlobInfo]]]

# Runs the command line and kills itself before the n-th call that touches a disk; with 0 it only counts them.
SCRIPT = """
import os, signal, sys
from dropbox.cli import main
NAMES = {"execute", "executemany", "commit", "write", "fsync", "rename", "open"}
at, count = int(sys.argv[1]), 0
def before_each_call(frame, event, called):
    global count
    if event == "c_call" and called.__name__ in NAMES:
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(before_each_call)
code = main(sys.argv[2:])
sys.setprofile(None)
print(count)
sys.exit(code)
"""


def command(office: Office, *arguments: object) -> list[str]:
    return ["courier", *map(str, arguments), "--config", str(office.config)]


def run(office: Office, *arguments: object) -> None:
    """An undisturbed run, in this process: a new one for each would take most of the time."""
    before = os.umask(0o022)  # the command line sets its own
    try:
        assert main(command(office, *arguments)) == 0
    finally:
        os.umask(before)


def count_calls(office: Office, *arguments: object) -> int:
    """How many calls of an undisturbed run touch a disk."""
    line = [sys.executable, "-c", SCRIPT, "0", *command(office, *arguments)]
    return int(subprocess.run(line, stdout=subprocess.PIPE, env=os.environ, check=True).stdout)


def kill_at(call: int, office: Office, *arguments: object) -> None:
    """A run that is killed right before that call."""
    line = [sys.executable, "-c", SCRIPT, str(call), *command(office, *arguments)]
    done = subprocess.run(line, capture_output=True, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def moments(calls: int, kills: int) -> list[int]:
    """So many calls, spread over the run; the last ones, where it all comes true, are always among them."""
    last = range(max(1, calls - kills // 2), calls + 1)
    return sorted({*last, *range(1, calls + 1, max(1, calls // (kills // 2)))})


@pytest.fixture
def prepared(new_office: Callable[[], Office], tmp_path: Path) -> Prepared:
    """Makes (an office, a return for it, the blobs for which that has receipts)."""

    def make() -> tuple[Office, Path, list[BlobInfo]]:
        office = new_office()
        bundle = tmp_path / f"back-{len(list(tmp_path.iterdir()))}"
        return office, bundle, prepare(office, bundle)

    return make


def check_import(prepared: Prepared, kill: Callable[..., None], moment: float) -> bool:
    """Kill one import, look, and run it again; returns whether the kill came before the import counted."""
    office, bundle, blobs = prepared()
    before = everything(office.store)
    office.store.close()
    kill(moment, office, "import", bundle)
    store = Store.open(f"sqlite:///{office.config.parent / 'store.db'}")
    came_before = store.published.get("return", "itjen") is None
    if came_before:
        assert everything(store) == before
    else:
        assert_imported(store, blobs)
    run(office, "import", bundle)
    assert_imported(store, blobs)
    store.close()
    return came_before


def test_killed_import(prepared: Prepared) -> None:
    """Either nothing of the return is there or all of it, and a second run brings the rest."""
    office, bundle, _ = prepared()
    calls = count_calls(office, "import", bundle)
    outcomes = [check_import(prepared, kill_at, moment) for moment in moments(calls, KILLS)]
    assert True in outcomes
    assert outcomes == sorted(outcomes, reverse=True), "one moment divides before from after"


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
    assert not store.blobs.stored_ids([blob.id for blob in blobs])


@pytest.fixture
def stick(office: Office, tmp_path: Path) -> Path:
    """A folder to export into; the office has 20 blobs."""
    for _ in range(20):
        put_blob(office.store, 2 * MIB)
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def check_exports(office: Office, stick: Path) -> None:
    """After the last run every file is a whole export, and nothing else lies there."""
    run(office, "export", stick / "last")
    assert (stick / "last").exists()
    for path in stick.iterdir():
        assert path.suffix != ".partial"
        with path.open("rb") as file:
            reader = ExportReader(file.read, office.anchor.instance)
            assert sum(1 for _ in reader.blobs()) == 20
            assert reader.trailer.blobs == 20


def test_killed_export(office: Office, stick: Path, tmp_path: Path) -> None:
    """The file is whole or absent; what the kill left goes with the next export."""
    calls = count_calls(office, "export", tmp_path / "trial")
    for moment in moments(calls, KILLS):
        kill_at(moment, office, "export", stick / str(moment))
        assert len(list(stick.glob(".*.partial"))) <= 1
    check_exports(office, stick)
