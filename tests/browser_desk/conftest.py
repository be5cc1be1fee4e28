"""A vault of itjen with two officers, a stick with an export, the running desk, and browsers before it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))

from tests.browser_desk.office import Office


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For a module alone: it runs an event loop that would be in the way of other folders' tests."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A vault with two officers and nothing in it, and an empty stick."""
    return Office.make(tmp_path)
