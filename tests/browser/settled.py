"""Waits until a page is as its reader would see it: its document, style and fonts have come.

Rule: what a page measures or shows is looked at after `settle`, for until then it is the browser's own style that
shows; a page that does not settle says what is missing.
"""

from collections.abc import Callable
from typing import Any, Final

from tests.support.server import wait_until

MISSING: Final = """(() => [
  ...(document.readyState === 'complete' ? [] : [`the document is ${document.readyState}`]),
  ...Array.from(document.querySelectorAll('link[rel~=stylesheet]'))
    .filter(one => !one.disabled && matchMedia(one.media || 'all').matches && !one.sheet)
    .map(one => `no style from ${one.href}`),
  ...(document.fonts.status === 'loaded' ? [] : ['fonts are loading']),
])()"""
_READ: Final = (
    "`${location.pathname}, ${document.readyState}, ${document.title}: ${document.body?.innerText.slice(0, 1500)}`"
)


def settle(look: Callable[[str], Any]) -> None:
    """Wait for the page that `look` looks into; one that is just being left is waited for as well."""
    wait_until("the page has settled", lambda: attempt(look, MISSING) == [], shown=lambda: told(look))


def attempt(look: Callable[[str], Any], expression: str) -> Any:
    """The value of an expression, or of what went wrong: a page that is being left answers nothing."""
    try:
        return look(expression)
    except Exception as error:  # noqa: BLE001  drivers have no common error; a wait goes on, and shows this at its end
        return repr(error)


def told(look: Callable[[str], Any]) -> str:
    """What to show when a look fails: address, state, what the page reads, and what has not come yet."""
    return f"{attempt(look, MISSING)} {attempt(look, _READ)}"
