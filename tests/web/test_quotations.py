"""What the site's texts name in quotation marks is there under that very name, in the same language."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "dropbox/web/content"
QUOTED = re.compile("“([^”]+)”")
CHOOSE = re.compile(r"\b(?:Pilih|Tekan|Centang|Choose|Press|Tap|Tick)\b")
# Names of other programs.
ELSEWHERE = {"Tor Browser", "Connect", "Sambungkan", "Safest"}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Language and text of everything in a parsed file."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, key)
    elif isinstance(value, str) and (language := key[-2:]) in ("id", "en"):
        yield language, value


def _content() -> list[tuple[str, str]]:
    return [pair for path in CONTENT.glob("*.toml") for pair in _texts(tomllib.loads(path.read_text("utf-8")))]


def _names() -> dict[str, set[str]]:
    """Everything that a page shows as a text of its own, by language."""
    with (ROOT / "dropbox/web/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    names = {"id": {str(one.id) for one in catalogue}, "en": {str(one.string) for one in catalogue}}
    form = (ROOT / "dropbox/form/form.toml").read_text("utf-8")
    vocabulary = (ROOT / "dropbox/vocabulary/vocabulary.toml").read_text("utf-8")
    tables = (tomllib.loads(form), tomllib.loads(vocabulary))
    for language, text in [*_content(), *(pair for table in tables for pair in _texts(table))]:
        names[language].add(text)
    return {language: {name.casefold() for name in found} for language, found in names.items()}


def test_quotations_name_what_is_there() -> None:
    """Each quotation in content files, templates' sentences and vocabulary is a text of the site in that language."""
    names = _names()
    with (ROOT / "dropbox/web/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        sentences = [pair for one in read_po(file) if one.id for pair in (("id", str(one.id)), ("en", str(one.string)))]
    words = tomllib.loads((ROOT / "dropbox/vocabulary/vocabulary.toml").read_text("utf-8"))
    quoted = {
        (language, name)
        for language, text in [*_content(), *sentences, *_texts(words)]
        for name in QUOTED.findall(text)
        if name not in ELSEWHERE
    }
    missing = {pair for pair in quoted if pair[1].casefold() not in names[pair[0]]}
    assert not missing
    assert len(quoted) > 5


@pytest.mark.parametrize("language", ["id", "en"])
def test_choices_are_quoted(language: str) -> None:
    """A content text that says what to choose or press quotes its name, so that the other test sees it."""
    ours = (text for lang, text in _content() if lang == language and "Tor Browser" not in text)
    assert not [text for text in ours if CHOOSE.search(text) and not QUOTED.search(text)]
