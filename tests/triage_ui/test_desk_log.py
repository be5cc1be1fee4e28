"""The page of the log speaks the officer's language: no code, and the desk's own time."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_world import make_desk
from triage_world import World

from dropbox.triage.access.roles import ACTIONS
from dropbox.vocabulary import vocabulary

PRODUCT = Path(__file__).parents[2] / "dropbox" / "triage"


def _writes() -> Iterator[ast.Call]:
    """Every call that writes a line of the log."""
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit_log.write":
                yield node


def test_every_line_of_the_log_has_words() -> None:
    """Each action, name and act that the program writes into the log is in the vocabulary."""
    actions = {*map(str, ACTIONS), *vocabulary.codes("log_action")}
    written = {node.value for call in _writes() for node in call.args[1:2] if isinstance(node, ast.Constant)}
    details = [word for call in _writes() for word in call.keywords if word.arg]
    acts = {word.value.value for word in details if word.arg == "did" and isinstance(word.value, ast.Constant)}
    assert len(written) > 20
    assert written <= actions
    assert {word.arg for word in details} <= set(vocabulary.codes("log_detail"))
    assert acts <= set(vocabulary.codes("log_did"))


@pytest.mark.parametrize(("language", "unlocked"), [("id", "Meja kerja dibuka"), ("en", "Desk unlocked")])
def test_the_page_shows_words_and_local_time(world: World, language: str, unlocked: str) -> None:
    """An unlocking is named in the officer's language, with the hour of the desk's zone and without its code."""
    client = make_desk(world)
    client.get(f"/bahasa/{language}")
    text = re.sub(r"<[^>]*>", " ", client.get("/kegiatan").text)
    assert unlocked in text
    assert "unlock " not in text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text)
    assert "UTC" not in text
