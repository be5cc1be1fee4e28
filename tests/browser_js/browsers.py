"""Chromium and Firefox with JavaScript on, and somebody before them; elements are named by CSS selectors."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.firefox import _NARROWEST, _marionette_leaves_sockets_open, profile, program
from tests.browser.person import PATIENCE_SECONDS
from tests.browser.settled import attempt, settle, told
from tests.support.server import free_port, wait_until

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of libraries that it imports
    from marionette_driver.by import By
    from marionette_driver.marionette import Marionette

# Tor Browser's "Safer": no WebAssembly, no compiler for JavaScript or regular expressions.
SAFER = dict.fromkeys(
    (
        "javascript.options.wasm",
        "javascript.options.asmjs",
        "javascript.options.ion",
        "javascript.options.baselinejit",
        "javascript.options.native_regexp",
    ),
    False,
)
_RUN_AXE = """
const finished = arguments[arguments.length - 1];
axe.run(document, arguments[0]).then(found => finished(found.violations), fault => finished(String(fault)));
"""
WINDOW = (900, 1200)
_CHECKING = ("Berkas sedang diperiksa.", "The files are being checked.")
REPORT = {"what": "Ada setoran", "who": "Kepala kantor", "where": "Kota Contoh", "when": "sejak Januari"}


class Window(ABC):
    """A browser window."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Type an address."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Click on the first such element."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None:
        """Type into a field."""

    @abstractmethod
    def give(self, selector: str, files: Sequence[Path]) -> None:
        """Choose these files, and no others; the page may still be looking at them."""

    @abstractmethod
    def look(self, expression: str) -> Any:
        """The value of an expression in the page."""

    @abstractmethod
    def back(self) -> None:
        """The back button."""

    @abstractmethod
    def press(self, key: str) -> None:
        """`Escape` or `Tab`, on whatever has the focus."""

    @abstractmethod
    def cookies(self) -> list[Any]:
        """All that the browser holds."""

    @abstractmethod
    def resize(self, size: tuple[int, int]) -> None:
        """The page's width in CSS pixels, and about its height."""

    @abstractmethod
    def use_scheme(self, scheme: str) -> None:
        """`light` or `dark`, and no movement: axe counts what is scrolling below a bar as too small."""

    @abstractmethod
    def violations(self, rules: dict[str, Any] = axe.RULES) -> list[dict[str, Any]]:
        """What axe-core finds in the page as it is."""

    @abstractmethod
    def close(self) -> None:
        """The end."""

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files, as somebody who reads what the page says about them."""
        self.give(selector, files)
        wait_until("the files are looked at", lambda: self.text("[data-part=reviewed]") not in _CHECKING)

    def settle(self) -> None:
        """Wait for the page's document, style and fonts."""
        settle(self.look)

    def overflow(self) -> int:
        """By how many CSS pixels the page is wider than the window."""
        self.settle()
        root = "document.documentElement"
        return int(self.look(f"{root}.scrollWidth - {root}.clientWidth"))

    def assert_fits(self, size: tuple[int, int]) -> None:
        """The window has that width, and nothing must be scrolled sideways."""
        wait_until("the window is as wide", lambda: int(self.look("window.innerWidth")) == size[0])
        assert self.overflow() <= 0, told(self.look)

    def count(self, selector: str) -> int:
        return int(self.look(f"document.querySelectorAll({selector!r}).length"))

    def text(self, selector: str = "body") -> str:
        return str(self.look(f"document.querySelector({selector!r})?.innerText ?? ''"))

    def hook(self, name: str) -> list[str]:
        """Values of a data- attribute in the page."""
        return list(self.look(f"Array.from(document.querySelectorAll('[{name}]'), e => e.getAttribute('{name}'))"))

    def wait(self, selector: str, count: int = 1, seconds: float = PATIENCE_SECONDS) -> None:
        """Until there are so many; a page that is just being left is waited for as well."""
        counted = f"document.querySelectorAll({selector!r}).length >= {count}"
        wait_until(
            f"{selector} is there", lambda: attempt(self.look, counted) is True, seconds, lambda: told(self.look)
        )

    def fill_form(self, desk: str = "itjen", **texts: str) -> None:
        """Fill the form; what is folded away is opened."""
        self.wait("[data-act=review], button[value=review]")
        self.look("void document.querySelectorAll('main details').forEach(one => { one.open = true })")
        for name, value in (("channel", "wbs"), ("desk", desk), ("category", "pungli")):
            self.click(f"label:has(input[name={name}][value={value}])")
        for name, text in {**REPORT, **texts}.items():
            self.write(f"#{name}", text)

    def review_report(self) -> tuple[str, str]:
        """Go on to the review, and write the word that it asks for; returns code and words."""
        self.click("[data-act=review], button[value=review]")
        self.wait("#confirm")
        code, words = self.hook("data-receipt-code")[0], self.hook("data-passphrase")[0]
        self.write("#confirm", words.split()[int(self.text("[data-part=confirm-number]")) - 1])
        return code, words

    def fill_report(self, desk: str = "itjen", **texts: str) -> tuple[str, str]:
        """All but the last press; returns code and words."""
        self.fill_form(desk, **texts)
        return self.review_report()

    def send_report(self, desk: str = "itjen", **texts: str) -> tuple[str, str]:
        """Fill and send; returns code and words."""
        secret = self.fill_report(desk, **texts)
        self.click("[data-act=send]")
        self.wait("[data-status=TERKIRIM]")
        return secret

    def ask(self, address: str, code: str, words: str) -> None:
        """Open the status page and type code and words."""
        self.open(f"{address}/status")
        self.wait("[data-act=open]")
        self.write("#code", code)
        self.write("#words", words)
        self.click("[data-act=open]")

    def stored(self) -> dict[str, Any]:
        """What the page has left in the browser."""
        return dict(
            self.look(
                "({cookie: document.cookie, local: localStorage.length, session: sessionStorage.length})",
            )
        )


class Chromium(Window):
    """Chromium by playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, url: str) -> None:
        self.page.goto(url)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)

    def give(self, selector: str, files: Sequence[Path]) -> None:
        self.page.set_input_files(selector, [str(file) for file in files])

    def look(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def back(self) -> None:
        self.page.go_back()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def cookies(self) -> list[Any]:
        return list(self.page.context.cookies())

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def use_scheme(self, scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]

    def violations(self, rules: dict[str, Any] = axe.RULES) -> list[dict[str, Any]]:
        self.settle()
        return axe.violations(self.page, rules)

    def close(self) -> None:
        self.page.context.close()


class Firefox(Window):
    """Firefox ESR by Marionette."""

    def __init__(self, log: Path, prefs: dict[str, Any], size: tuple[int, int] = WINDOW, *, binary: str = "") -> None:
        with _marionette_leaves_sockets_open():
            self._driver = Marionette(
                port=free_port(),
                app="fxdesktop",
                bin=binary or program(),
                headless=True,
                gecko_log=str(log),
                profile=profile(),
                prefs=prefs,
            )
            self._driver.start_session()
        self._zoom = 1
        self.resize(size)

    def open(self, url: str) -> None:
        self._driver.navigate(url)
        self._set_zoom()

    def _set_zoom(self) -> None:
        with self._driver.using_context("chrome"):
            self._driver.execute_script(f"FullZoom.setZoom({self._zoom})")

    def press(self, key: str) -> None:
        codes = {"Escape": "\ue00c", "Tab": "\ue004", "Shift": "\ue008"}  # of WebDriver
        self._driver.actions.sequence("key", "keyboard").send_keys(codes[key]).perform()

    def cookies(self) -> list[Any]:
        with self._driver.using_context("chrome"):
            return list(self._driver.execute_script("return Services.cookies.cookies.map(c => c.host + c.name)"))

    def resize(self, size: tuple[int, int]) -> None:
        self._zoom = 1 if size[0] >= _NARROWEST else 2  # as tests/browser/firefox.py
        self._driver.set_window_rect(width=size[0] * self._zoom, height=size[1] * self._zoom)
        self._set_zoom()

    def use_scheme(self, scheme: str) -> None:
        with self._driver.using_context("chrome"):
            self._driver.execute_script(
                "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0]);"
                "Services.prefs.setIntPref('ui.prefersReducedMotion', 1);",
                [{"dark": 0, "light": 1}[scheme]],
            )
        wanted = "matchMedia('(prefers-color-scheme: dark)').matches"
        wait_until("the scheme is on", lambda: self.look(wanted) == (scheme == "dark"))

    def violations(self, rules: dict[str, Any] = axe.RULES) -> list[dict[str, Any]]:
        self.settle()
        beside: dict[str, Any] = {"sandbox": "axe", "new_sandbox": False}  # as long as the document
        if not self._driver.execute_script(f"return {axe.IS_THERE}", **beside):
            self._driver.execute_script(axe.script(), **beside)
        found = self._driver.execute_async_script(_RUN_AXE, [rules], **beside)
        assert isinstance(found, list), found
        return found

    def _find(self, selector: str) -> Any:
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        element = self._find(selector)
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", [element])
        element.click()

    def write(self, selector: str, text: str) -> None:
        self._find(selector).clear()
        self._find(selector).send_keys(text)

    def give(self, selector: str, files: Sequence[Path]) -> None:
        self._find(selector).clear()  # Marionette adds to what was chosen before; people's dialogues replace it
        for file in files:
            self._find(selector).send_keys(str(file))

    def look(self, expression: str) -> Any:
        return self._driver.execute_script(f"return {expression}")

    def back(self) -> None:
        self._driver.go_back()

    def leave(self) -> int:
        """The driver goes and the browser stays; returns its process."""
        pid = int(self._driver.process_id)
        self._driver.delete_session()
        return pid

    @property
    def profile(self) -> Path:
        """Where it keeps its things."""
        return Path(self._driver.instance.profile.profile)

    def close(self) -> None:
        with _marionette_leaves_sockets_open():
            if self._driver.session is None:
                self._driver.start_session()
            self._driver.quit()
            self._driver.cleanup()
            del self._driver
