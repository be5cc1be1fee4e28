"""SIGKILL at any moment of an import loses nothing and doubles nothing."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from triage_world import PASSPHRASE, World, new_thread, published

from dropbox.triage.cases import casebook
from dropbox.triage.casework.extract import extract

# Dies by SIGKILL before the n-th step, where a step is an fsync, a rename, an unlink, or a statement of SQL.
_SCRIPT = """
import io, os, pathlib, signal, sys
folder, passphrase, export, last, publishing = sys.argv[1:]
from dropbox.settings import installation
from dropbox.triage.exchange import publish
from dropbox.triage.intake import importing
from dropbox.triage.vault import vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import day_of
steps = 0
def step(*_):
    global steps
    steps += 1
    if steps == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
def before(function):
    def wrapped(*arguments, **named):
        step()
        return function(*arguments, **named)
    return wrapped
with vault.Vault.open(pathlib.Path(folder), 'kepala', passphrase) as opened:
    os.fsync, os.rename, os.replace, os.unlink = map(before, (os.fsync, os.rename, os.replace, os.unlink))
    opened.db.set_trace_callback(step)
    settings = installation.load()
    today = day_of(settings.today())
    if publishing == "1":
        publish.publish(Work(opened, settings, today))
    else:
        importing.import_export(Work(opened, settings, today), io.BytesIO(pathlib.Path(export).read_bytes()).read)
print(steps)
"""


def _run(world: World, export: Path, last: int, *, publishing: bool = False) -> int:
    """The number of steps if it ended, 0 if it was killed."""
    arguments = [str(world.path()), PASSPHRASE, str(export), str(last), str(int(publishing))]
    done = subprocess.run([sys.executable, "-c", _SCRIPT, *arguments], capture_output=True, text=True, check=False)
    if done.returncode == -9:
        return 0
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def _check(world: World, contents: list[bytes], hashes: set[bytes]) -> None:
    """Everything is there once, in the vault and in the copy, and opens."""
    with world.open() as vault:
        cases = casebook.all_cases(vault)
        assert len(cases) == len(contents)
        named = {name for (name,) in vault.db.execute("select file from seen")}
        for folder in (vault.folder, vault.copy_folder):
            assert {path.name for path in (folder / "blobs").iterdir()} == named
        for case in cases:
            assert [text.kind for text in casebook.texts(vault, case)] == ["report"]
            entries = casebook.timeline(vault, case)
            assert [(entry.kind, entry.texts, entry.files) for entry in entries] == [
                ("received", 1, 1),
                ("status", 0, 0),
            ]
            out = world.folder / "out" / case.name
            extract(vault, case, out)
        written = sorted(path.read_bytes() for path in (world.folder / "out").glob("*/01-*"))
        assert written == sorted(contents)
        assert published(world, vault).receipts == hashes


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_import_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    """Killed a few times at random steps, then run to its end."""
    _kill_often(tmp_path, random.Random(seed), 4)  # noqa: S311  a reproducible choice, not a secret


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(12))
def test_an_import_killed_very_often(tmp_path: Path, seed: int) -> None:
    """The same, longer."""
    _kill_often(tmp_path, random.Random(1000 + seed), 25)  # noqa: S311  a reproducible choice, not a secret


def _kill_often(tmp_path: Path, choice: random.Random, kills: int) -> None:
    world = World(tmp_path)
    world.create()
    contents = [f"isi {number}".encode() * number * 3000 for number in range(1, 5)]
    blobs = []
    for content in contents:
        thread = new_thread()
        blobs += [world.report(thread), world.file(thread, 1, content)]
    export = tmp_path / "export"
    export.write_bytes(world.export(blobs))
    shutil.copytree(world.path(), tmp_path / "before")
    shutil.copytree(world.copy_path(), tmp_path / "copy-before")
    # How many steps a whole run has, on a vault that is thrown away.
    steps = _run(world, export, 0)
    shutil.rmtree(world.path())
    shutil.copytree(tmp_path / "before", world.path())
    shutil.rmtree(world.copy_path())
    shutil.copytree(tmp_path / "copy-before", world.copy_path())
    survived = [_run(world, export, choice.randint(1, steps)) for _ in range(kills)]
    assert survived[0] == 0
    assert _run(world, export, 0)
    _check(world, contents, {blob.sha256 for blob in blobs})


def test_a_killed_publication_keeps_the_chain(tmp_path: Path) -> None:
    """Killed at random steps, the vault still publishes one first key bundle and rising numbers."""
    world = World(tmp_path)
    world.create()
    export = tmp_path / "export"
    export.write_bytes(b"")
    choice = random.Random(7)  # noqa: S311  a reproducible choice, not a secret
    for _ in range(5):
        _run(world, export, choice.randint(1, 60), publishing=True)
    with world.open() as vault:
        bundle = published(world, vault)
        assert [keys.head.number for keys in bundle.keys] == [1]
        assert bundle.number >= 1
        (stored,) = vault.db.execute("select count(*) from key_bundles").fetchone()
        assert stored == 1
