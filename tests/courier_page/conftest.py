"""A courier's page for each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_world import World


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
