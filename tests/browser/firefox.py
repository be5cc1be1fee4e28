"""Firefox ESR by Marionette, without geckodriver."""

import contextlib
import functools
import gc
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of libraries that it imports
    from marionette_driver.by import By
    from marionette_driver.errors import MarionetteException
    from marionette_driver.marionette import Marionette
    from marionette_driver.wait import Wait

from tests.browser.person import PATIENCE_SECONDS, Exchange, Person, Remains
from tests.support.server import free_port

_NARROWEST = 500  # no window becomes narrower: a phone's width is had by zooming in, as people who see badly do

_WATCH = """
window.dropboxSeen = [];
const watch = (topic, note) => Services.obs.addObserver({observe(subject) {
  const channel = subject.QueryInterface(Ci.nsIHttpChannel);
  const load = channel.loadInfo;
  const page = load.externalContentPolicyType === Ci.nsIContentPolicy.TYPE_DOCUMENT;
  if (page || load.loadingPrincipal?.isContentPrincipal) note(channel);
}}, topic);
watch("http-on-modify-request", c => window.dropboxSeen.push([c.channelId, c.requestMethod, c.URI.spec, {}]));
watch("http-on-examine-response", c => {
  const entry = window.dropboxSeen.find(seen => seen[0] === c.channelId);
  c.visitResponseHeaders({visitHeader(name, value) { entry[3][name.toLowerCase()] = value; }});
});
"""
_HISTORY = """
const query = PlacesUtils.history.getNewQuery();
const root = PlacesUtils.history.executeQuery(query, PlacesUtils.history.getNewQueryOptions()).root;
root.containerOpen = true;
const all = [];
for (let i = 0; i < root.childCount; i++) all.push([root.getChild(i).uri, root.getChild(i).title]);
return all;
"""


@contextlib.contextmanager
def _marionette_leaves_sockets_open() -> Iterator[None]:
    """Marionette forgets sockets and profiles instead of closing them: they are collected here, and without a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def program() -> str:
    """Where the system package put it."""
    found = shutil.which("firefox-esr")
    assert found, "firefox-esr is missing: tests/system_packages.py installs it"
    return found


@functools.cache
def _begun() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="firefox-")
    with _marionette_leaves_sockets_open():
        driver = Marionette(
            port=free_port(), app="fxdesktop", bin=program(), headless=True, gecko_log=f"{folder.name}/log"
        )
        driver.start_session()
        made = driver.instance.profile.profile
        driver.quit(clean=False)
    shutil.copytree(made, f"{folder.name}/profile", ignore=shutil.ignore_patterns("lock", ".parentlock"))
    shutil.rmtree(made)
    return folder


def profile() -> str:
    """A profile with which Firefox started once and did nothing: its scripts are compiled, half the work of a start."""
    return f"{_begun().name}/profile"


class Firefox(Person):
    """Firefox with JavaScript off."""

    def __init__(self, log: Path, size: tuple[int, int], prefs: dict[str, Any] | None = None, binary: str = "") -> None:
        width, height = size
        with _marionette_leaves_sockets_open():
            self._driver = Marionette(
                port=free_port(),
                app="fxdesktop",
                bin=binary or program(),
                headless=True,
                gecko_log=str(log),
                profile=profile(),
                prefs={
                    "javascript.enabled": False,
                    "dom.confirm_repost.testing.always_accept": True,
                    **(prefs or {}),
                },
            )
            self._driver.start_session()
        self._driver.timeout.page_load = PATIENCE_SECONDS
        self._zoom = 1 if width >= _NARROWEST else 2
        with self._driver.using_context("chrome"):
            self._driver.execute_script(_WATCH, sandbox=None)
        self._driver.set_window_rect(width=width * self._zoom, height=height * self._zoom)

    def open(self, url: str) -> None:
        self._driver.navigate(url)
        with self._driver.using_context("chrome"):
            self._driver.execute_script(f"FullZoom.setZoom({self._zoom})")

    def click(self, xpath: str) -> None:
        self._driver.find_element(By.XPATH, xpath).click()

    def go(self, xpath: str, *, twice: bool = False) -> None:
        element = self._driver.find_element(By.XPATH, xpath)
        page = self._driver.find_element(By.TAG_NAME, "html")
        if twice:
            look = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
            self._driver.execute_script(look, [element])
            mouse = self._driver.actions.sequence("pointer", "mouse")
            mouse.pointer_move(0, 0, origin=element).click().click().perform()
        else:
            element.click()
        # Marionette's own click gives up after 5 s: too early for a file that is still on its way.
        Wait(self._driver, PATIENCE_SECONDS).until(lambda _: self._is_another(page))

    def _is_another(self, page: Any) -> bool:
        try:
            page.is_enabled()
        except MarionetteException:  # it is gone
            return bool(self.look("document.readyState == 'complete'"))
        return False

    def type(self, text: str) -> None:
        self._driver.get_active_element().send_keys(text)

    def choose(self, xpath: str, files: Sequence[Path]) -> None:
        field = self._driver.find_element(By.XPATH, xpath)
        for file in files:
            field.send_keys(str(file))

    def back(self) -> None:
        self._driver.go_back()

    def reload(self) -> None:
        self._driver.refresh()

    def look(self, expression: str) -> Any:
        return self._driver.execute_script(f"return {expression}")

    def exchanges(self) -> list[Exchange]:
        with self._driver.using_context("chrome"):
            seen = json.loads(self._driver.execute_script("return JSON.stringify(window.dropboxSeen)", sandbox=None))
        return [Exchange(method, url, headers) for _, method, url, headers in seen]

    def leave(self) -> Remains:
        self.gone = True
        with self._driver.using_context("chrome"):
            cookies = self._driver.execute_script("return Services.cookies.cookies.map(c => c.host + c.name)")
            history = self._driver.execute_script(_HISTORY)
        with _marionette_leaves_sockets_open():
            self._driver.quit()
            self._driver.cleanup()
            del self._driver
        return Remains([(url, title or "") for url, title in history], cookies)
