"""Looks at the states of the scripted pages as they come: axe-core, width, and what the keyboard reaches."""

from tests.browser import axe
from tests.browser.person import DESKTOP, PHONE
from tests.browser_js.browsers import Window

SIZES = (PHONE, DESKTOP)
_UNREACHABLE = """Array.from(document.querySelectorAll('a, button, input, textarea, select, summary'))
.filter(e => e.getClientRects().length && (e.tabIndex < 0 || e.disabled || e.matches('a:not([href])')))
.map(e => e.outerHTML.slice(0, 200))"""


class WindowInspector:
    """Notes what is wrong instead of stopping at the first fault; `faults` must be empty at the end."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.states: list[str] = []
        self.faults: list[str] = []
        window.resize(PHONE)

    def see(self, state: str) -> None:
        """With axe on a phone, the colours in both schemes; then the width of phone and desktop, and the controls."""
        self.states.append(state)
        window = self.window
        window.settle()
        window.look("void window.scrollTo({top: 0, behavior: 'instant'})")
        for scheme, rules in axe.SCHEMES:
            window.use_scheme(scheme)
            for fault in window.violations(rules):
                for node in fault["nodes"]:
                    self.faults.append(f"{state}, {scheme}: {fault['id']} at {node['target']}: {node['html'][:200]}")
        self.faults += [f"{state}: no key reaches {html}" for html in window.look(_UNREACHABLE)]
        for size in reversed(SIZES):  # it stays a phone
            window.resize(size)
            if window.overflow() > 0:
                self.faults.append(f"{state}: wider than {size[0]} pixels")
