"""A practice vault, made once for all tests of this folder, and the fixtures of tests/triage_ui."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_ui"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))

from tests.triage.conftest import _quick_disk, _umask, vault, world

__all__ = ["_quick_disk", "_umask", "vault", "world"]


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a practice vault; no test changes it but by opening the vault."""
    from dropbox.triage.practice import making

    folder = tmp_path_factory.mktemp("practice") / "latihan"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        making.make(folder)
    yield folder
