"""What axe-core is asked for: WCAG 2.2 AA in one scheme of colours, and in the other what colours alone can change."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: Final[dict[str, Any]] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "resultTypes": ["violations"],
}
COLOURS: Final = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SCHEMES: Final = (("dark", COLOURS), ("light", RULES))
IS_THERE: Final = "typeof axe !== 'undefined'"


def script() -> str:
    """Return the program, which a document needs once."""
    return str(Axe().axe_script)


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[dict[str, Any]]:
    """Return what it finds in a page of Chromium as it is."""
    if not page.evaluate(IS_THERE):
        page.evaluate(script())
    return list(page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", rules))
