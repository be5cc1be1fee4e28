"""Fixtures of the desk's tests: real vaults as in tests/triage, a real sandbox."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_evidence"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage_casework"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))

from desk_world import DeskClient, make_desk
from triage_world import World

from tests.triage.conftest import _quick_disk, _umask, vault, world

__all__ = ["_quick_disk", "_umask", "vault", "world"]


@pytest.fixture
def desk(world: World) -> Iterator[DeskClient]:
    """A desk that the first officer has unlocked."""
    client = make_desk(world)
    yield client
    client.desk.close("end")
