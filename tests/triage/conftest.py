"""Fixtures of the workstation's tests; vaults are real, their Argon2id is cheap."""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from triage_world import TODAY, World

from dropbox.settings.installation import Settings
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import date_of


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
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A root and the vault of itjen, on the day that the tests' module was loaded: a run goes on over midnight."""
    day = date_of(TODAY)
    at = Settings.today

    def today(settings: Settings, now: datetime.datetime | None = None) -> datetime.date:
        return at(settings, now) if now else day

    monkeypatch.setattr(Settings, "today", today)
    return World.copied(tmp_path)


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    """The opened vault of itjen."""
    with world.open() as opened:
        yield opened
