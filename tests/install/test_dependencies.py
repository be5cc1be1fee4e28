"""DEPENDENCIES.md: every part of a release has a line, and every line a part."""

import json
import re

from tests.support.server import PROJECT

_PAGE = (PROJECT / "dropbox/DEPENDENCIES.md").read_text("utf-8")
_LOCKS = ("root", "server", "verifier", "workstation", "build")


def named() -> set[str]:
    """The names in the first column of the page's tables."""
    rows = [line.split("|")[1] for line in _PAGE.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def locked() -> set[str]:
    """What the lock files install where the program runs or is built, and what npm packs into the scripts."""
    lists = "\n".join((PROJECT / f"requirements-{role}.lock").read_text("utf-8") for role in _LOCKS)
    scripts = json.loads((PROJECT / "dropbox/web/browser/package-lock.json").read_text("utf-8"))["packages"][""]
    return {*re.findall(r"^([a-z0-9-]+)==", lists, re.MULTILINE), *scripts["dependencies"]}


def test_every_library_has_a_line_and_every_line_a_library() -> None:
    """The page names exactly what the lock files and the scripts hold."""
    assert named() == locked()


def test_every_line_has_a_way_out() -> None:
    """No cell of a table is empty."""
    rows = [line for line in _PAGE.splitlines() if line.startswith("| `")]
    assert all(cell.strip() for row in rows for cell in row.strip("|").split("|"))
