"""Fixtures: a root and a real vault, as the tests of the vault itself have them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_casework"))
sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))

from tests.triage.conftest import _quick_disk, _umask, vault, world

__all__ = ["_quick_disk", "_umask", "vault", "world"]
