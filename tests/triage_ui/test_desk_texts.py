"""The words of the desk: complete in both languages, plain, and free of what the style guide avoids."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from desk_world import DeskClient

from dropbox.triage.ui import messages
from tests.web.test_texts import AVOIDED, PLACEHOLDER, WORDS_MAX

ROOT = Path(__file__).parents[2]
DESK = ROOT / "dropbox" / "triage" / "ui"
TEMPLATES = sorted((ROOT / "templates" / "desk").glob("*.html"))
ERRORS = {
    "RefusedError", "NotFoundError", "MalformedError", "UntrustedError", "DamagedError", "StorageFullError",
    "ConfigurationError", "WrongPassphraseError",
}  # fmt: skip
_CODED = " ("  # view.sentence leaves a code in brackets as it is


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


def _sentences() -> Iterator[str]:
    """What the workstation's modules raise: whole sentences, and the beginning of those that end in a value."""
    folders = (ROOT / "dropbox" / "triage", ROOT / "dropbox" / "matching")
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
                said = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
                if isinstance(said, ast.Constant):
                    yield str(said.value)
                    yield str(said.value).removesuffix(_CODED)


def test_every_text_has_an_english_translation() -> None:
    """Each text of the desk's templates and modules stands in the English catalogue, translated and not fuzzy."""
    translated = {str(entry.id) for entry in _catalogue("en") if entry.id and entry.string and not entry.fuzzy}
    assert _extracted() - translated == set()


def test_the_catalogues_have_no_leftovers() -> None:
    """No entry is unknown to the desk, or to the modules whose errors it shows; none is kept as obsolete."""
    assert _ids("en") - _extracted() == set()
    assert not _catalogue("en").obsolete
    plain = {re.sub(r" \([^)]*\)$", "", one) for one in _sentences()} | set(_sentences())
    assert _ids("id") - plain == set()
    assert all(entry.string and not entry.fuzzy for entry in _catalogue("id") if entry.id)


@pytest.mark.parametrize("lang", ["en", "id"])
def test_placeholders_match(lang: str) -> None:
    """A translation has the placeholders and tags of its original."""
    tags = re.compile(r"</?\w+")
    for entry in _catalogue(lang):
        if entry.id:
            original, translation = str(entry.id), str(entry.string)
            assert sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translation)), original
            assert sorted(tags.findall(original)) == sorted(tags.findall(translation)), original
            assert ("{next}" in original) == ("{next}" in translation), original


@pytest.mark.parametrize("avoided", AVOIDED)
def test_avoided_words_do_not_occur(avoided: str) -> None:
    """No text promises what cannot be known, or calls a reporter names."""
    texts = [str(text) for lang in ("en", "id") for entry in _catalogue(lang) for text in (entry.id, entry.string)]
    assert [text for text in texts if re.search(avoided, text, re.IGNORECASE)] == []


def test_sentences_are_short() -> None:
    """An Indonesian sentence has at most fifteen words."""
    texts = [*_extracted(), *(str(entry.string) for entry in _catalogue("id") if entry.id)]
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
    """The sentence is translated, the act's code beside it stays."""
    with desk.app.test_request_context():
        from dropbox.errors import RefusedError
        from dropbox.triage.ui.view import sentence

        assert sentence(RefusedError("your roles do not allow this act (log.read)")) == (
            "Peran Anda tidak boleh melakukan ini. (log.read)"
        )
        assert sentence(RefusedError("100 % of nothing (%s)")) == "100 % of nothing (%s)"
