"""Fixtures of the evidence tests: real vaults as in tests/triage, a real sandbox."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))

from triage_world import World, new_thread

from dropbox.triage.cases import casebook
from dropbox.triage.evidence import sandbox
from dropbox.triage.vault.vault import Vault

# Of a hostile program: a reader, and one that may start programs.
USUAL = sandbox.Limits(seconds=120, memory=512 << 20, scratch=8 << 20, output=1 << 20)


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here pulls a plug."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vault of itjen."""
    return World.copied(tmp_path)


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    """The opened vault of itjen."""
    with world.open() as opened:
        yield opened


@pytest.fixture
def take_files(world: World, vault: Vault) -> Callable[..., casebook.Case]:
    """Takes in a report with files, given as (name, bytes), and returns its case."""

    def take(*files: tuple[str, bytes]) -> casebook.Case:
        thread = new_thread()
        record = {"type": b"application/octet-stream"}  # as a browser sends what it does not know
        blobs = [world.file(thread, number, data, name, record=record) for number, (name, data) in enumerate(files, 1)]
        before = {case.number for case in casebook.all_cases(vault)}
        world.take(vault, [world.report(thread), *blobs], number=1 + len(before))
        (case,) = (case for case in casebook.all_cases(vault) if case.number not in before)
        return case

    return take


@pytest.fixture
def memory() -> Iterator[Callable[[bytes], int]]:
    """Makes descriptors of sealed memory, closed after the test."""
    made: list[int] = []

    def make(data: bytes) -> int:
        made.append(sandbox.sealed_memory(iter([data])))
        return made[-1]

    yield make
    for descriptor in made:
        os.close(descriptor)


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, memory: Callable[[bytes], int]) -> Callable[..., str]:
    """Runs Python code in place of the fixed program; returns what it printed."""

    def run(code: str, limits: sandbox.Limits = USUAL, data: bytes = b"isi") -> str:
        monkeypatch.setattr(sandbox, "_PROGRAM", f"import os, sys; os.write(1, b'!')\n{code}")
        return b"".join(sandbox.run([], memory(data), limits)).decode()

    return run
