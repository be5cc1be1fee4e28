"""Measures what a phone downloads to send a first text report, with 12 weeks of keys: bytes and requests.

Rule: the real server and the real Chromium, with its own Accept-Encoding and an empty cache. Bodies are what they weigh
on the wire, compressed if they are; "with heads" is every byte that the server sends.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from figures import Figure
from playwright.sync_api import Request, sync_playwright
from servers import Running
from wire import wire_to

from dropbox.settings.installation import load
from dropbox.web.app import create_app
from dropbox.web.checks.startup import build_site
from tests.browser.chromium import scripted
from tests.browser_js.browsers import Chromium

_PHONE = {"width": 360, "height": 640}
_KB = 1000
_LATER = "/static/files.js"

Walk = Callable[[Chromium, str], None]


@dataclass(frozen=True)
class Weight:
    """One journey."""

    bodies: int  # bytes of everything before the acknowledgement
    page: int  # bytes of the largest single page
    later: int  # bytes of the scripts that read chosen files
    down: int
    up: int
    requests: int


def _scripted_report(window: Chromium, address: str) -> None:
    window.open(address)
    if window.count("main a[href$='/lapor']"):
        window.click("main a[href$='/lapor']")
    window.send_report()


def _plain_report(window: Chromium, address: str) -> None:
    window.open(address)
    window.fill_report()
    window.click(".button[value=send]")
    window.wait("[data-status=TERKIRIM]")


def weigh(port: int, walk: Walk, path: str, **how: bool) -> Weight:
    """What the server on `port` and a fresh Chromium send each other on that walk.

    Args:
        port: of the server.
        walk: is given the window and the address where it begins.
        path: where that is.
        how: of the browser's context.
    """
    requests: list[Request] = []
    with (
        sync_playwright() as playwright,
        wire_to(port) as wire,
        scripted(playwright, viewport=_PHONE, **how) as context,
    ):
        context.on("request", lambda request: requests.append(request))  # noqa: PLW0108  playwright marks what it gets
        page = context.new_page()
        walk(Chromium(page), wire.address + path)
        page.wait_for_load_state("networkidle")
        sizes = {request: request.sizes()["responseBodySize"] for request in requests}
        later = sum(size for request, size in sizes.items() if request.url.endswith(_LATER))
        pages = [size for request, size in sizes.items() if request.resource_type == "document"]
        return Weight(sum(sizes.values()) - later, max(pages), later, wire.down, wire.up, len(requests))


def _lines(name: str, weight: Weight, most_kb: float | None = None, most_requests: float | None = None) -> list[Figure]:
    return [
        Figure(f"{name}: bodies", [weight.bodies / _KB], "KB", at_most=most_kb),
        Figure(f"{name}: what looks into files, afterwards", [weight.later / _KB], "KB"),
        Figure(f"{name}: all with heads", [weight.down / _KB], "KB"),
        Figure(f"{name}: sent by the phone", [weight.up / _KB], "KB"),
        Figure(f"{name}: requests", [weight.requests], "", at_most=most_requests),
    ]


def _keys_of_days(config: Path) -> list[int]:
    """Return the bytes of the keys that a page downloads, today and on the six days after it."""
    site = build_site(load(config))
    try:
        days = (site.clock() + datetime.timedelta(days=number) for number in range(7))
        clocks = [replace(site, clock=lambda day=day: day) for day in days]  # type: ignore[misc]
        return [len(create_app(one).test_client().get("/data/kunci").get_data()) for one in clocks]
    finally:
        site.store.close()


def measure(config: Path, ours: Running) -> list[Figure]:
    """The form's own address with and without JavaScript, and the way from the home page."""
    scripted_report = weigh(ours.port, _scripted_report, "/lapor")
    plain = weigh(ours.port, _plain_report, "/lapor", java_script_enabled=False)
    today, *later = _keys_of_days(config)
    heaviest = (scripted_report.bodies + max(0, *(keys - today for keys in later))) / _KB
    return [
        *_lines("form and report", scripted_report, 55, 9),
        Figure("form and report: bodies, on the heaviest day of the week", [heaviest], "KB", at_most=55),
        *_lines("home, form and report", weigh(ours.port, _scripted_report, "/")),
        *_lines("without JavaScript, review and receipt", plain),
        Figure("without JavaScript: the largest page", [plain.page / _KB], "KB", at_most=20),
    ]
