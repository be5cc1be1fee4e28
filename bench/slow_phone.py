"""Measures the report form on a slow phone: Chromium behind Lighthouse's "slow 3G" at 1/4 of this machine's speed.

Rule: the real server, an empty cache, a new connection; the network is Chromium's own emulation, whose delay counts per
request. "Usable" is when the form that seals stands there: keys verified, code and words ready to be made.
"""

import contextlib
from collections.abc import Iterator
from typing import Final

from figures import Figure
from playwright.sync_api import Page, sync_playwright
from servers import Running

from tests.browser.chromium import scripted

_PHONE: Final = {"width": 360, "height": 640}
_SLOW_3G: Final = {
    "offline": False,
    "latency": 400,  # ms from request to first byte
    "downloadThroughput": 400_000 / 8,  # bytes a second
    "uploadThroughput": 400_000 / 8,
}
_CPU_SLOWDOWN: Final = 4
_PATIENCE_MS: Final = 60_000
_PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_FIELD: Final = "#sealed textarea"
_WATCH: Final = f"""new MutationObserver(() => {{
  if (document.querySelector({_FIELD!r})) globalThis.usable ??= performance.now();
}}).observe(document, {{childList: true, subtree: true}})"""


@contextlib.contextmanager
def _phone(**how: bool) -> Iterator[Page]:
    with sync_playwright() as playwright, scripted(playwright, viewport=_PHONE, **how) as context:
        page = context.new_page()
        driver = context.new_cdp_session(page)
        driver.send("Network.enable")
        driver.send("Network.emulateNetworkConditions", dict(_SLOW_3G))
        driver.send("Emulation.setCPUThrottlingRate", {"rate": _CPU_SLOWDOWN})
        yield page


def measure(ours: Running, rounds: int) -> list[Figure]:
    """Return the times of first content and usable form of /lapor, in seconds since navigation."""
    painted, usable = [], []
    for _ in range(rounds):
        with _phone() as page:
            page.add_init_script(_WATCH)
            page.goto(f"http://127.0.0.1:{ours.port}/lapor", wait_until="commit", timeout=_PATIENCE_MS)
            page.wait_for_selector(_FIELD, timeout=_PATIENCE_MS)
            usable.append(float(page.evaluate("usable")) / 1000)
            painted.append(float(page.evaluate(_PAINTED)) / 1000)
    return [
        Figure("first content", painted, "s", at_most=2),
        Figure("form usable", usable, "s", at_most=2),
    ]
