"""Loads vocabulary.toml: groups of codes, and the words of each code in both languages.

    group.code.field.language = text        field: `label`, or the reader and place for which the words are

Rule: every label of a code is only in that file, and is read once. A code that is not in its group has no words:
`label` returns the code itself, because a reporter's program may send anything.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

Words = Mapping[str, str]  # by language
LANGUAGES: Final = ("id", "en")
LABEL: Final = "label"


@dataclass(frozen=True)
class Entry:
    """A code's words by field, and its attributes by name."""

    words: Mapping[str, Words]
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Named:
    """A code of a group as a value of a sentence, which shows its words."""

    group: str
    code: str

    def sentence(self, language: str) -> str:
        """Return the words in a language, `id` or `en`; the code itself if the group does not have it."""
        return label(self.group, self.code, language)


def codes(group: str) -> tuple[str, ...]:
    """Return the codes of a group, in the order in which people read them; raises KeyError."""
    return tuple(_VOCABULARY[group])


def words(group: str, code: str, *fields: str) -> Words:
    """Return the words of a code: of the first of the fields that it has (default: LABEL); raises KeyError."""
    found = _VOCABULARY[group][code].words
    return next(found[field] for field in _or_label(fields) if field in found)


def table(group: str, *fields: str) -> Mapping[str, Words]:
    """Return words by code, as `words` finds them; without the codes that have none of the fields. Raises KeyError."""
    wanted = _or_label(fields)
    return MappingProxyType(
        {
            code: words(group, code, *wanted)
            for code, entry in _VOCABULARY[group].items()
            if any(field in entry.words for field in wanted)
        }
    )


def label(group: str, code: str, language: str, *fields: str) -> str:
    """Return a code's words in a language, as `words` finds them; the code itself if the group does not have it."""
    return words(group, code, *fields)[language] if code in _VOCABULARY[group] else code


def attributes(group: str, code: str) -> Mapping[str, str]:
    """Return a code's attributes by name, which are not words; raises KeyError."""
    return _VOCABULARY[group][code].attributes


def groups() -> tuple[str, ...]:
    """Return the names of all groups."""
    return tuple(_VOCABULARY)


def _or_label(fields: tuple[str, ...]) -> tuple[str, ...]:
    return fields or (LABEL,)


def _load() -> Mapping[str, Mapping[str, Entry]]:
    source = (importlib.resources.files("dropbox.vocabulary") / "vocabulary.toml").read_text("utf-8")
    return MappingProxyType(
        {
            group: MappingProxyType({code: _entry(stored) for code, stored in entries.items()})
            for group, entries in tomllib.loads(source).items()
        }
    )


def _entry(stored: Mapping[str, Any]) -> Entry:
    """Return an entry; a code with only a label has the label's two texts directly."""
    found = {field: _words(texts) for field, texts in stored.items() if isinstance(texts, dict)}
    if not found:
        found = {LABEL: _words({language: stored[language] for language in LANGUAGES})}
    attributes = {name: text for name, text in stored.items() if isinstance(text, str) and name not in LANGUAGES}
    return Entry(MappingProxyType(found), MappingProxyType(attributes))


def _words(texts: Mapping[str, str]) -> Words:
    return MappingProxyType({language: texts[language] for language in LANGUAGES})


_VOCABULARY: Final = _load()
