"""The words of the desk: complete in both languages, plain, and free of what the style guide avoids."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from desk_world import DeskClient

from dropbox.errors import RefusedError
from dropbox.sentences.catalogue import sentences
from dropbox.serving.pages.language import sentence
from dropbox.triage.ui import messages
from tests.web.test_texts import AVOIDED, PLACEHOLDER, WORDS_MAX

ROOT = Path(__file__).parents[2]
DESK = ROOT / "dropbox" / "triage" / "ui"
TEMPLATES = sorted((ROOT / "templates" / "desk").glob("*.html"))


def _extracted() -> set[str]:
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    found = set()
    for part, kind in ((ROOT / "templates" / "desk", "**.html"), (DESK, "**.py")):
        method = "jinja2" if kind.endswith("html") else "python"
        found |= {str(item[2]) for item in extract_from_dir(part, [(kind, method)], {}, keywords)}
    return found


def _catalogue(lang: str) -> Catalog:
    with (DESK / "translations" / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


def _ids(lang: str) -> set[str]:
    return {str(entry.id) for entry in _catalogue(lang) if entry.id}


def test_every_text_has_an_english_translation() -> None:
    """Each text of the desk's templates and modules stands in the English catalogue, translated and not fuzzy."""
    translated = {str(entry.id) for entry in _catalogue("en") if entry.id and entry.string and not entry.fuzzy}
    assert _extracted() - translated == set()


def test_the_catalogues_have_no_leftovers() -> None:
    """No entry is unknown to the desk; none is kept as obsolete."""
    assert _ids("en") - _extracted() == set()
    assert not _catalogue("en").obsolete


def test_placeholders_match() -> None:
    """A translation has the placeholders and tags of its original."""
    tags = re.compile(r"</?\w+")
    for entry in _catalogue("en"):
        if entry.id:
            original, translation = str(entry.id), str(entry.string)
            assert sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translation)), original
            assert sorted(tags.findall(original)) == sorted(tags.findall(translation)), original
            assert ("{next}" in original) == ("{next}" in translation), original


@pytest.mark.parametrize("avoided", AVOIDED)
def test_avoided_words_do_not_occur(avoided: str) -> None:
    """No text promises what cannot be known, or calls a reporter names."""
    texts = [str(text) for entry in _catalogue("en") for text in (entry.id, entry.string)]
    texts += [text for said in sentences().values() for text in said.values()]
    assert [text for text in texts if re.search(avoided, text, re.IGNORECASE)] == []


def test_sentences_are_short() -> None:
    """An Indonesian sentence has at most fifteen words."""
    texts = _extracted()
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?:;])\s+", re.sub(r"<[^>]*>", "", text))]
    assert [one for one in sentences if len(one.split()) > WORDS_MAX] == []


def test_every_message_that_python_names_exists() -> None:
    """A key of error_page is a key of ERRORS."""
    named = {
        node.args[0].value
        for path in DESK.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "error_page"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert named <= set(messages.ERRORS)


def test_errors_come_in_the_officers_language(desk: DeskClient) -> None:
    """A refusal of the modules below is Indonesian first, and English when the officer wants that."""
    said = {}
    for lang in ("id", "en"):
        desk.get(f"/bahasa/{lang}")
        said[lang] = desk.get("/kasus/7").text
    assert "Tidak ditemukan" in said["id"]
    assert "Not found" in said["en"]


def test_a_refused_act_is_told_with_its_code(desk: DeskClient) -> None:
    """The sentence is in the officer's language and has the act's code in brackets."""
    with desk.app.test_request_context():
        error = RefusedError("permission.role", action="log.read")
        assert sentence(error) == "Peran Anda tidak boleh melakukan ini (log.read)."
