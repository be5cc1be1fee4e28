"""The workstation's world of tests/triage, and disks that need no waiting."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here pulls a plug."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
