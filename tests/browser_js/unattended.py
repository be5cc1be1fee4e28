"""A browser that nobody drives any more: prepared by a driver, which then leaves; the page goes on by itself.

Attached, a driver keeps what passes through the page alive (Firefox looked unbounded). So the file is chosen and the
click set on a timer before the driver leaves; the upload is watched at the server, memory from outside.
"""

import contextlib
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, program
from tests.browser_js.browsers import Chromium, Firefox, Window
from tests.support.processes import Growth, growth_of
from tests.support.server import Server, free_port, wait_until

CLICK_MS = 5000  # the driver is gone and the page idle by then
_STOP_SECONDS = 30
_PATIENCE_SECONDS = 1200


_CLICK = f"void setTimeout(() => document.querySelector('[data-act=add]').click(), {CLICK_MS})"


class _Attached(Chromium):
    """Chromium that runs already; playwright would copy large files to it."""

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        driver = self.page.context.new_cdp_session(self.page)
        root = driver.send("DOM.getDocument")["root"]["nodeId"]
        field = driver.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        driver.send("DOM.setFileInputFiles", {"nodeId": field, "files": [str(file) for file in files]})


def _prepare(window: Window, address: str, file: Path) -> None:
    """Report, choose the file, and let the page itself click a while later."""
    window.open(f"{address}/lapor")
    window.send_report()
    window.choose("#files", [file])
    window.look(_CLICK)


@contextlib.contextmanager
def _chromium(profile: Path, address: str, file: Path) -> Iterator[tuple[int, str]]:
    port = free_port()
    told = [
        *ARGUMENTS,
        "--headless=new",
        f"--remote-debugging-port={port}",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    process = subprocess.Popen([program(), *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until("Chromium listens", lambda: _listens(port))
        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            _prepare(_Attached(browser.contexts[0].pages[0]), address, file)
            browser.close()  # of a browser that it has not started, playwright only takes its leave
        yield process.pid, "--type=renderer"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_SECONDS)


def _listens(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version", timeout=5):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def _firefox(log: Path, address: str, file: Path) -> Iterator[tuple[int, str]]:
    window = Firefox(log, {})
    try:
        _prepare(window, address, file)
        yield window.leave(), "-contentproc"
    finally:
        window.close()


def upload_unattended(browser: str, server: Server, file: Path) -> Growth:
    """Seal and upload a file in a browser without driver.

    Args:
        browser: `chromium` or `firefox`.
        server: where it goes; it holds nothing else of that kind.
        file: to be chosen in the form.

    Returns:
        By how much the browser grew.
    """
    start = _chromium if browser == "chromium" else _firefox
    with (
        tempfile.TemporaryDirectory(prefix="dropbox-", ignore_cleanup_errors=True) as folder,
        start(Path(folder) / "own", f"http://127.0.0.1:{server.port}", file) as (pid, pages),
    ):
        before = server.blob_count()
        with growth_of(pid, pages) as growth:
            wait_until("the file is held", lambda: server.blob_count() > before, _PATIENCE_SECONDS)
    return growth
