"""Chromium by playwright, with a profile on disk, so that its history can be read afterwards."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, Request

from tests.browser.person import PATIENCE_SECONDS, Exchange, Person, Remains

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def program() -> str:
    """Where the system package put it."""
    found = shutil.which("chromium")
    assert found, "chromium is missing: tests/system_packages.py installs it"
    return found


class Chromium(Person):
    """Chromium with JavaScript off, and with the page cache for the back button that playwright would turn off."""

    def __init__(self, playwright: Playwright, profile: Path, size: tuple[int, int]) -> None:
        self._profile = profile
        self._seen: list[Request] = []
        self.context: BrowserContext = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program(),
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
            java_script_enabled=False,
            viewport={"width": size[0], "height": size[1]},
        )
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.context.on("request", self._note)
        self.page = self.context.pages[0]

    def _note(self, request: Request) -> None:
        self._seen.append(request)

    def open(self, url: str) -> None:
        self.page.goto(url)

    def click(self, xpath: str) -> None:
        self.page.locator(f"xpath={xpath}").click()

    def go(self, xpath: str, *, twice: bool = False) -> None:
        with self.page.expect_event("load"):  # a second press may cut off the answer to the first
            self.page.locator(f"xpath={xpath}").click(click_count=2 if twice else 1)
        if twice:
            self.page.wait_for_load_state("networkidle")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, xpath: str, files: Sequence[Path]) -> None:
        self.page.locator(f"xpath={xpath}").set_input_files([str(file) for file in files])

    def back(self) -> None:
        self.page.go_back()

    def reload(self) -> None:
        self.page.reload()

    def look(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def exchanges(self) -> list[Exchange]:
        return [Exchange(request.method, request.url, _headers(request)) for request in self._seen]

    def leave(self) -> Remains:
        self.gone = True
        cookies = list(self.context.cookies())
        self.context.close()
        with contextlib.closing(sqlite3.connect(self._profile / "Default" / "History")) as history:
            visited = history.execute("SELECT url, title FROM urls").fetchall()
        return Remains(visited, cookies)


def _headers(request: Request) -> dict[str, str]:
    answer = request.response()
    return {name.lower(): value for name, value in answer.all_headers().items()} if answer else {}


@contextlib.contextmanager
def scripted(playwright: Playwright, **how: Any) -> Iterator[BrowserContext]:
    """A context with JavaScript on, for tools that work inside the page."""
    browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
    try:
        context = browser.new_context(**how)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield context
    finally:
        browser.close()
