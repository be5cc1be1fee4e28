"""The courier's page before a gate that remembers, served to real browsers."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parents[1] / "courier_page"))

from page_world import World


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For a module alone: it runs an event loop that would be in the way of other folders' tests."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where the page is served; its real server is tested in tests/courier_page."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
