"""Fixtures of the workstation's tests; vaults are real, their Argon2id is cheap."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from triage_world import World

from dropbox.triage.vault.vault import Vault


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The command line sets one for the whole process; the tests put it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here pulls a plug, and hundreds of waits for the disk would take minutes."""
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
