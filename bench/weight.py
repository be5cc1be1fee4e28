"""What a phone downloads to send a first text report: bytes on the wire and requests, from a demo with 12 weeks of keys.

Rule: the real server and the real Chromium, with its own Accept-Encoding and an empty cache. Bodies are what they weigh on
the wire, compressed if they are; "with heads" is every byte that the server sends.
"""

from collections.abc import Callable
from dataclasses import dataclass

from figures import Figure
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright
from servers import Running
from wire import Wire, wire_to

from tests.browser.chromium import scripted
from tests.browser_js.browsers import REPORT, Chromium

_PHONE = {"width": 360, "height": 640}
_KB = 1000


@dataclass(frozen=True)
class Weight:
    """One journey."""

    bodies: int
    down: int
    up: int
    requests: int


def _scripted_report(page: Page, address: str) -> None:
    window = Chromium(page)
    window.open(address)
    if page.locator("main a[href$='/lapor']").count():
        page.locator("main a[href$='/lapor']").first.click()
    window.send_report()


def _plain_report(page: Page, address: str) -> None:
    page.goto(address)
    for name, value in (("channel", "wbs"), ("desk", "itjen"), ("category", "pungli")):
        page.locator(f"label:has(input[name={name}][value={value}])").click()
    for name, text in REPORT.items():
        page.fill(f"#{name}", text)
    page.locator("label:has(#noted)").click()
    page.locator("form [type=submit]").first.click()
    page.locator("[data-status=TERKIRIM]").wait_for()


def _journey(context: BrowserContext, wire: Wire, walk: Callable[[Page, str], None], path: str) -> Weight:
    requests: list[Request] = []
    context.on("request", lambda request: requests.append(request))  # noqa: PLW0108  playwright marks what it is given
    page = context.new_page()
    walk(page, wire.address + path)
    page.wait_for_load_state("networkidle")
    bodies = sum(request.sizes()["responseBodySize"] for request in requests)
    return Weight(bodies, wire.down, wire.up, len(requests))


def _weigh(ours: Running, walk: Callable[[Page, str], None], path: str, **how: bool) -> Weight:
    with sync_playwright() as playwright, wire_to(ours.port) as wire:
        with scripted(playwright, viewport=_PHONE, **how) as context:
            return _journey(context, wire, walk, path)


def _lines(name: str, weight: Weight, most_kb: float | None = None, most_requests: float | None = None) -> list[Figure]:
    return [
        Figure(f"{name}: bodies", [weight.bodies / _KB], "KB", at_most=most_kb),
        Figure(f"{name}: with heads", [weight.down / _KB], "KB"),
        Figure(f"{name}: sent by the phone", [weight.up / _KB], "KB"),
        Figure(f"{name}: requests", [weight.requests], "", at_most=most_requests),
    ]


def measure(ours: Running) -> list[Figure]:
    """The form's own address with and without JavaScript, and the way from the home page."""
    return [
        *_lines("form and report", _weigh(ours, _scripted_report, "/lapor"), 60, 8),
        *_lines("home, form and report", _weigh(ours, _scripted_report, "/")),
        *_lines("without JavaScript", _weigh(ours, _plain_report, "/lapor", java_script_enabled=False), 20),
    ]
