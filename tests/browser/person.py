"""What a person does in a browser whose JavaScript is off, said once for Chromium and Firefox."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.settled import settle

PHONE = (320, 568)
DESKTOP = (1280, 800)
PATIENCE_SECONDS = 300  # for 100 MB on a busy machine; nothing here is judged by its time


@dataclass(frozen=True)
class Exchange:
    """A request that the pages caused; `headers` are those of the answer, if one came."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Remains:
    """What a browser still knows after the reporter has gone."""

    history: list[tuple[str, str]]  # address, title
    cookies: list[Any]


class Person(ABC):
    """A browser window and somebody before it; elements are named by XPath."""

    gone = False  # the browser is closed

    @abstractmethod
    def open(self, url: str) -> None:
        """Type an address."""

    @abstractmethod
    def click(self, xpath: str) -> None:
        """Click on something that leads nowhere else."""

    @abstractmethod
    def go(self, xpath: str, *, twice: bool = False) -> None:
        """Click (or double-click) on a link or button, and wait for the page that follows."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Type into whatever has the focus."""

    @abstractmethod
    def choose(self, xpath: str, files: Sequence[Path]) -> None:
        """Choose files in a file field."""

    @abstractmethod
    def back(self) -> None:
        """The back button."""

    @abstractmethod
    def reload(self) -> None:
        """The reload button; a form is sent again."""

    @abstractmethod
    def look(self, expression: str) -> Any:
        """What the automation (not the page, whose scripts are off) reads in the document."""

    @abstractmethod
    def exchanges(self) -> list[Exchange]:
        """All requests of the pages so far."""

    @abstractmethod
    def leave(self) -> Remains:
        """Close the browser."""

    def text(self) -> str:
        """What can be read on the page."""
        return str(self.look("document.body.innerText"))

    def title(self) -> str:
        """The page's title."""
        return str(self.look("document.title"))

    def url(self) -> str:
        """The page's address."""
        return str(self.look("location.href"))

    def hooks(self, name: str) -> list[str]:
        """The values of a data- attribute, in their order on the page."""
        return list(self.look(f"Array.from(document.querySelectorAll('[{name}]'), e => e.getAttribute('{name}'))"))

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements of a CSS selector."""
        return list(self.look(f"Array.from(document.querySelectorAll('{selector}'), e => e.innerText.trim())"))

    def overflow(self) -> int:
        """By how many CSS pixels the page is wider than the window."""
        settle(self.look)
        root = "document.documentElement"
        return int(self.look(f"{root}.scrollWidth - {root}.clientWidth"))

    def width(self) -> int:
        """The window's width in CSS pixels."""
        return int(self.look("window.innerWidth"))

    def pick(self, name: str, value: str = "") -> None:
        """Click on the label of a radio button or check box."""
        which = f'[@value="{value}"]' if value else ""
        self.click(f'//label[.//input[@name="{name}"]{which}]')

    def write(self, name: str, text: str) -> None:
        """Click on the label of a field, then type."""
        self.click(f'//label[@for="{name}"]')
        self.type(text)

    def send(self, path: str, *, twice: bool = False) -> None:
        """Press the main button of the form that goes to an address."""
        self.go(f'(//form[@action="{path}"]//button[@class="button"])[1]', twice=twice)

    def follow(self, path: str) -> None:
        """Click on the page's own link (not the menu's) to an address."""
        self.go(f'//main//a[@href="{path}"]')
