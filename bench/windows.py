"""Starts browsers for the figures: those of tests/browser_js, one at a time."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import scripted
from tests.browser_js.browsers import SAFER, Chromium, Firefox, Window

SCREEN = {"width": 900, "height": 1200}


@contextlib.contextmanager
def window(name: str) -> Iterator[Window]:
    """Start a new `chromium`, `firefox` or `safer` with JavaScript."""
    if name == "chromium":
        with sync_playwright() as playwright, scripted(playwright, viewport=SCREEN) as context:
            yield Chromium(context.new_page())
        return
    with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as folder:
        opened = Firefox(Path(folder) / "gecko.log", SAFER if name == "safer" else {})
        try:
            yield opened
        finally:
            opened.close()
