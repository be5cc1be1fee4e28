"""Fixtures of officers and conflicts: the world of tests/triage, with officers of several roles."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "triage"), str(Path(__file__).parents[1] / "triage_work")]

from triage_world import World  # noqa: E402  the path comes first

from dropbox.triage.vault import Vault  # noqa: E402  likewise


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The command line sets one for the whole process; the tests put it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here pulls a plug."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vault of itjen."""
    made = World(tmp_path)
    made.create("itjen")
    return made


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    """The opened vault of itjen; its officer is an Irjen."""
    with world.open() as opened:
        yield opened
