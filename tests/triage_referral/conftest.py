"""Fixtures: a real vault as in tests/triage, a real sandbox, a case that another body should know of."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_ui"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage_evidence"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage_statistics"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage_casework"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))
sys.path.insert(0, str(Path(__file__).parent))

from referral_world import Office, make_office
from triage_world import World

from dropbox.triage.vault.vault import Vault
from tests.triage.conftest import _quick_disk, _umask, vault, world

__all__ = ["_quick_disk", "_umask", "vault", "world"]


@pytest.fixture
def office(world: World, vault: Vault, tmp_path: Path) -> Callable[..., Office]:
    """Makes the office around a case with files, given as (name, bytes)."""

    def make(*files: tuple[str, bytes], **record: str) -> Office:
        return make_office(world, vault, tmp_path, files, record)

    return make
