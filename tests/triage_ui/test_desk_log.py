"""The page of the log speaks the officer's language: no code, and the desk's own time."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_world import make_desk
from triage_world import World

from dropbox.settings.installation import load
from dropbox.triage.access.roles import ACTIONS
from dropbox.triage.cases import log_words
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


def test_the_groups_of_details_exist() -> None:
    """Each detail that has codes has a name, and each of its groups is in the vocabulary."""
    assert {key.split()[-1] for key in log_words.GROUPS} <= set(vocabulary.codes("log_detail"))
    assert {group for groups in log_words.GROUPS.values() for group in groups} <= set(vocabulary.groups())


@pytest.mark.parametrize(
    ("act", "details", "shown"),
    [
        (
            "officer.manage",
            {"did": "add", "roles": "verifikator pengawas"},
            ["ditambah", "Verifikator, Pengawas kerahasiaan"],
        ),
        ("case.assign", {"office": "inspektorat-2", "officer": ""}, ["Inspektorat II"]),
        ("hold.place", {"hold": 3, "reason": "court"}, ["3", vocabulary.label("hold_reason", "court", "id")]),
        ("identity.open", {"reason": "court"}, [vocabulary.label("identity_reason", "court", "id")]),
        ("case.read", {"day": 20787}, ["2026-11-30"]),
        ("exchange.publish", {"number": 65537}, ["2-0001"]),
        ("conflict.found", {"reason": "unknown-code"}, ["unknown-code"]),
    ],
)
def test_values_of_details(act: str, details: dict[str, object], shown: list[str]) -> None:
    """Roles and units have their names, days are dates, and the same code has the words of its act."""
    assert [value for _, value in log_words.details(act, details, load().workstation, "id")] == shown
