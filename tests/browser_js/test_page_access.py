"""The pages that explain, before people: axe-core, 320 pixels, doubled letters, dark, forced colours; one session each.

Indonesian in both browsers; of English, whose words are longer here and there, the widths alone, in Chromium.
"""

import pytest

from dropbox.web.base.articles import ARTICLES
from dropbox.web.base.view import PAGES
from dropbox.web.http.addresses import HERE
from tests.browser.person import PHONE
from tests.browser_js.browsers import Chromium
from tests.browser_js.conftest import Start
from tests.browser_js.inspector import WindowInspector
from tests.support.server import Server

_SMALL = (360, 640)
_BOTTOM = "Math.max(...Array.from(document.querySelectorAll('.choices a'), a => a.getBoundingClientRect().bottom))"
_LARGE = "void (document.documentElement.style.fontSize = '200%')"
_OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
_COLOUR = "getComputedStyle(document.querySelector({!r})).{}"


@pytest.mark.parametrize(
    ("browser", "prefix"), [pytest.param("chromium", "", marks=pytest.mark.soak), ("firefox", ""), ("chromium", "/en")]
)
def test_every_page_that_explains_is_accessible_and_fits(
    browser: str, prefix: str, start: Start, server: Server
) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, light and dark; nothing is cut off, also when letters are doubled."""
    window, address = start(browser), f"http://127.0.0.1:{server.port}"
    inspector = WindowInspector(window)
    window.resize(_SMALL)
    window.open(f"{address}{prefix}/")
    assert window.look(_BOTTOM) <= _SMALL[1], "the two buttons need scrolling"
    window.resize(PHONE)
    for name in (*ARTICLES, "home", "info"):
        window.open(address + prefix + PAGES[name])
        window.look(f"void {_OPEN}")
        if prefix:
            assert window.overflow() <= 0, name
        else:
            inspector.see(name)
        window.look(_LARGE)
        if window.overflow() > 0:
            inspector.faults.append(f"{name}: wider than {PHONE[0]} pixels with large letters")
    if isinstance(window, Chromium) and not prefix:
        _look_inside_an_app(window, inspector, address + prefix)
        _look_with_forced_colours(window, inspector, address + prefix)
    assert inspector.faults == []
    assert bool(prefix) or len(set(inspector.states)) >= len(ARTICLES) + 2


def _look_inside_an_app(window: Chromium, inspector: WindowInspector, address: str) -> None:
    """The way out: its button copies or selects; "here" leads to the form."""
    window.page.set_extra_http_headers({"X-Requested-With": "id.go.kemenag.pusaka"})
    window.open(address + PAGES["report"])
    assert window.count("[data-inside-app]") == 1
    window.look(f"void {_OPEN}")
    inspector.see("inside an app")
    window.click("[data-copy]")
    window.wait("[data-copied]:not(:empty)")
    window.open(address + PAGES["pusaka"])
    inspector.see("Pusaka inside an app")
    window.open(address + PAGES["report"])
    window.click("main .onward a")
    window.wait("#sealed")
    assert HERE in str(window.look("location.pathname"))
    assert window.count("[data-inside-app]") == 0
    window.page.set_extra_http_headers({})


def _look_with_forced_colours(window: Chromium, inspector: WindowInspector, address: str) -> None:
    """The picture's lines are drawn in the reader's own colours, and buttons keep an edge."""
    window.page.emulate_media(forced_colors="active", color_scheme="dark")
    window.open(address + PAGES["how"])
    lines, paper = (
        window.look(_COLOUR.format(*what)) for what in ((".picture .lines", "stroke"), ("html", "backgroundColor"))
    )
    assert lines != paper
    assert window.look(_COLOUR.format(".picture text", "fill")) != paper
    window.open(address + PAGES["home"])
    assert window.look(_COLOUR.format(".choices .button", "borderTopWidth")) == "2px"
    if window.overflow() > 0:
        inspector.faults.append("forced colours: too wide")
