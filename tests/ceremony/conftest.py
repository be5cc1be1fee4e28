"""The command line sets a umask for the whole process; the tests put it back."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The usual one before each test."""
    before = os.umask(0o022)
    yield
    os.umask(before)
