"""The words of the courier's page: complete in both languages, plain, and free of what the style guide avoids."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from dropbox.courier.pages import sessions
from tests.web.test_texts import AVOIDED, PLACEHOLDER, WORDS_MAX

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "dropbox" / "courier" / "pages"
TEMPLATES = sorted((ROOT / "templates" / "courier").glob("*.html"))


def _extracted() -> set[str]:
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    found = set()
    for part, kind in ((ROOT / "templates" / "courier", "**.html"), (PAGES, "**.py")):
        method = "jinja2" if kind.endswith("html") else "python"
        found |= {str(item[2]) for item in extract_from_dir(part, [(kind, method)], {}, keywords)}
    return found


def _catalogue() -> Catalog:
    with (PAGES / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def test_the_catalogue_is_complete_and_has_no_leftovers() -> None:
    """Each text of templates and modules is translated, none fuzzy, and no entry is unknown to them."""
    catalogue = _catalogue()
    translated = {str(entry.id) for entry in catalogue if entry.id and entry.string and not entry.fuzzy}
    assert translated == _extracted()
    assert not catalogue.obsolete


def test_placeholders_match() -> None:
    """A translation has the placeholders of its original."""
    for entry in _catalogue():
        original, translation = str(entry.id), str(entry.string)
        if original:
            assert sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translation)), original


@pytest.mark.parametrize("avoided", AVOIDED)
def test_avoided_words_do_not_occur(avoided: str) -> None:
    """No text promises what cannot be known."""
    texts = [str(text) for entry in _catalogue() if entry.id for text in (entry.id, entry.string)]
    assert [text for text in texts if re.search(avoided, text, re.IGNORECASE)] == []


def test_sentences_are_short() -> None:
    """An Indonesian sentence has at most fifteen words."""
    sentences = [one for text in _extracted() for one in re.split(r"(?<=[.!?:;])\s+", text)]
    assert [one for one in sentences if len(one.split()) > WORDS_MAX] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_bring_no_script_or_style_of_their_own(template: Path) -> None:
    """What the policy forbids is in no template, nor an address of another site."""
    text = template.read_text("utf-8")
    assert not re.search(r"<script(?! type=\"module\" src=)|<style|\sstyle=|\son\w+=|https?://|javascript:", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_has_its_token(template: Path) -> None:
    """A form that changes something carries the token of Flask-WTF."""
    text = template.read_text("utf-8")
    assert text.count('<form method="post"') == text.count('name="csrf_token"') == text.count("<form")


def test_the_help_names_the_idle_time() -> None:
    """The minutes in the text are those of the program."""
    minutes = sessions.IDLE_SECONDS // 60
    assert any(f"setelah {minutes} menit tanpa dipakai" in text for text in _extracted())
