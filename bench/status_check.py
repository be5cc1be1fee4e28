"""Measures the status check on a board of 64 cells: its weight, and how long a reporter waits.

Rule: the page's own clock says the times. "ready" is from the navigation to the form with everything downloaded and
verified; "open" from the click to the timeline on the screen.
"""

import contextlib
import itertools
import tempfile
import time
from pathlib import Path
from typing import Final

from figures import Figure
from weight import weigh
from windows import window

from dropbox.crypto.answers import seal_timeline
from dropbox.crypto.secret import ReporterSecret, new_secret
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from dropbox.wire.calendar import Day
from tests.browser_js.browsers import Chromium, Window
from tests.support.desks import INSTANCE
from tests.support.server import Server, SiteFolder, serving

_KB: Final = 1000
_PATIENCE_SECONDS: Final = 120.0
_READY: Final = "location.pathname === '/status' && document.querySelector('[data-act=open]') ? performance.now() : 0"
_OPEN: Final = """(() => {
  const clicked = performance.now();
  document.querySelector('[data-act=open]').click();
  const look = () => document.querySelector('[data-status=BUTUH_INFO]')
    ? setTimeout(() => document.body.setAttribute('data-took', performance.now() - clicked))
    : requestAnimationFrame(look);
  requestAnimationFrame(look);
})()"""


def _publish(server: Server, secret: ReporterSecret, desks: list[str], number: int) -> None:
    """Publish a board of each desk; the reporter's timeline is on the first one."""
    entries = [
        Entry(Day(server.site.inspectorate.today - 1), RECEIVED, texts=1, files=2),
        Entry(Day(server.site.inspectorate.today), STATUS, status="BUTUH_INFO", text="Bulan apa saja?", next=0),
        Entry(Day(server.site.inspectorate.today), MESSAGE, text="Terima kasih. " * 40),
    ]
    with server.site.store() as store:
        for name in desks:
            keys = secret.keys(INSTANCE, name)
            cells = seal_timeline(keys.tag_key, keys.answer_key, INSTANCE, name, number, entries)
            board = server.site.inspectorate.desks[name].packed_board(number, cells if name == desks[0] else [])
            with store.transaction() as tx:
                store.published.put(tx, "board", name, number, board)


def _ready(browser: Window, address: str) -> float:
    """Milliseconds; the page goes there by itself, so that the driver can look on while it loads."""
    browser.look(f"void setTimeout(() => location.assign('{address}/status'))")
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(Exception):  # the page that was asked is gone
            if milliseconds := browser.look(_READY):
                return float(milliseconds)
    raise TimeoutError("the status page did not become ready")


def _opened(browser: Window, secret: ReporterSecret) -> float:
    """Milliseconds."""
    browser.write("#code", secret.code)
    browser.write("#words", secret.words)
    browser.look(_OPEN)
    browser.wait("[data-took]")
    return float(browser.hook("data-took")[0])


def _waits(name: str, address: str, secret: ReporterSecret, rounds: int, most_ms: float, label: str) -> list[Figure]:
    ready: list[float] = []
    opened: list[float] = []
    with window(name) as browser:
        for _ in range(rounds):
            browser.open(f"{address}/kunci")  # another page of the site
            ready.append(_ready(browser, address))
            opened.append(_opened(browser, secret))
    return [
        Figure(f"{label}: navigation to ready", ready, "ms", at_most=most_ms),
        Figure(f"{label}: click on “open” to the timeline", opened, "ms", at_most=most_ms),
    ]


def measure(rounds: int) -> list[Figure]:
    """Measure with one desk and with two; waits with two."""
    secret = new_secret()
    lines = []
    with (
        tempfile.TemporaryDirectory(prefix="dropbox-bench-") as folder,
        serving(SiteFolder(Path(folder) / "site").make()) as server,
    ):
        numbers = itertools.count(1)
        for desks in (["itjen"], ["itjen", "irjen"]):
            _publish(server, secret, desks, next(numbers))
            weight = weigh(server.port, _look, "/status")
            name = f"{len(desks)} board{'s' * (len(desks) > 1)} of 64 cells"
            lines += [
                Figure(f"{name}: bodies of the whole page", [weight.bodies / _KB], "KB", at_most=300),
                Figure(f"{name}: with heads", [weight.down / _KB], "KB", at_most=300),
                Figure(f"{name}: requests", [weight.requests], ""),
            ]
        address = f"http://127.0.0.1:{server.port}"
        lines += _waits("chromium", address, secret, rounds, 1000, "Chromium")
        lines += _waits("safer", address, secret, rounds, 3000, 'Firefox at "Safer"')
    return lines


def _look(browser: Chromium, address: str) -> None:
    browser.open(address)
    browser.wait("[data-act=open]")
