"""Reads the words of the desk's help from help.toml, by page and by act.

Rule: the file is the one place of these words; a test compares it with the menu and with the acts on a case.
"""

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Words = Mapping[str, str]  # language → words
_PACKAGE: Final = "dropbox.triage.ui.pages.learning"


@dataclass(frozen=True)
class PageHelp:
    """The help of a page: what it is for, and sentences about what can be done there."""

    purpose: Words
    acts: tuple[Words, ...]


@dataclass(frozen=True)
class ActHelp:
    """The help of an act on a case: its title, what it does, and what the reporter is told."""

    title: Words
    does: Words
    told: Words


@functools.cache
def pages() -> Mapping[str, PageHelp]:
    """Return the help of pages by endpoint."""
    return {name: PageHelp(one["for"], tuple(one.get("acts", ()))) for name, one in _table()["page"].items()}


@functools.cache
def acts() -> Mapping[str, ActHelp]:
    """Return the help of the acts on a case, by the last part of the address of their form."""
    return {name: ActHelp(one["title"], one["does"], one["told"]) for name, one in _table()["act"].items()}


def _table() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads((importlib.resources.files(_PACKAGE) / "help.toml").read_text("utf-8"))
