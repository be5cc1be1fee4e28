"""Looks up the sentence of a code and fills in its values.

Rule: this module imports nothing of the project, so that every floor may use it. A sentence is data (the TOML files
next to this module: a table for each code, with `en` and `id`); a value never holds a secret or what a reporter typed.
"""

import errno
import functools
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

ENGLISH: Final = "en"
INDONESIAN: Final = "id"
_FOLDER: Final = Path(__file__).parent
_TERMS: Final = "terms"  # names of things of the wire format, used as values
_SYSTEM: Final = "system"  # messages of the operating system, by name of the error
_ARGPARSE: Final = "argparse"  # what the library of command lines says, by its English words
_NO_SENTENCES: Final = {_TERMS, _SYSTEM, _ARGPARSE}
_NO_LANGUAGE: Final = {"", "c", "posix"}  # locales of computers for which nobody chose a language
_TERM_VALUES: Final = ("kind", "what")
_VARIABLES: Final = ("DROPBOX_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

Sentences = dict[str, dict[str, str]]  # language -> sentence, by code


class Sentence(str):
    """A sentence of the catalogue: a string in English that also has its code, its values and its other language."""

    __slots__ = ("code", "values")

    def __new__(cls, code: str, /, **values: object) -> Self:
        """Make the sentence of a code with these values."""
        made = super().__new__(cls, sentence(code, values, ENGLISH))
        made.code, made.values = code, values
        return made

    code: str
    values: dict[str, object]

    def sentence(self, language: str) -> str:
        """Return the sentence in a language, `id` or `en`."""
        return sentence(self.code, self.values, language)


def spoken() -> str:
    """Return the language of this process's commands: of DROPBOX_LANG, else of the locale, else Indonesian.

    Returns:
        `id` if that is chosen, or if nothing is (the locales C and POSIX name no language); `en` for any other.
    """
    chosen = next((value for name in _VARIABLES if (value := os.environ.get(name, ""))), "")
    language = chosen.lower().partition("_")[0].partition(".")[0]
    return INDONESIAN if language in {INDONESIAN, *_NO_LANGUAGE} else ENGLISH


def words_of(code: str, **values: object) -> str:
    """Return the sentence of a code with its values in this process's language."""
    return sentence(code, values, spoken())


def term(english: str) -> str:
    """Return a thing of the wire format in this process's language, by its English name; unchanged if it has none."""
    return _shown("what", english, spoken())


def library_word(english: str) -> str:
    """Return what argparse says in this process's language, by its own words, which stay if there are no others."""
    return _words(_ARGPARSE).get(english, {}).get(spoken(), english)


def in_spoken_language(words: str) -> str:
    """Return words as a command prints them: a Sentence in this process's language, any other text unchanged."""
    return words.sentence(spoken()) if isinstance(words, Sentence) else words


@functools.cache
def sentences() -> Sentences:
    """Return all sentences by code (`area.name`), each by language."""
    return {
        f"{area}.{name}": texts
        for path in sorted(_FOLDER.glob("*.toml"))
        if path.stem not in _NO_SENTENCES
        for area, names in tomllib.loads(path.read_text("utf-8")).items()
        for name, texts in names.items()
    }


def sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Return the sentence of a code with its values.

    Args:
        code: of the catalogue; an unknown one is its own sentence, so that an error can always be shown.
        values: by name. `system` is a number of `errno`, `kind` and `what` are terms, and an error gives its sentence.
        language: `id` or `en`.
    """
    texts = sentences().get(code)
    if texts is None:
        return code
    return texts[language].format_map({name: _shown(name, value, language) for name, value in values.items()})


@functools.cache
def _words(file: str) -> Sentences:
    words: Sentences = tomllib.loads((_FOLDER / f"{file}.toml").read_text("utf-8"))
    return words


def _shown(name: str, value: object, language: str) -> str:
    if name == "system":
        return _system(value if isinstance(value, int) else 0, language)
    nested = getattr(value, "sentence", None)  # another error, without importing its class
    if callable(nested):
        return str(nested(language))
    if name in _TERM_VALUES and language != ENGLISH:
        return _words(_TERMS).get(str(value), {}).get(language, str(value))
    return " ".join(_shown("", one, language) for one in value) if isinstance(value, list | tuple) else str(value)


def _system(number: int, language: str) -> str:
    name = errno.errorcode.get(number, "unknown")
    return (
        os.strerror(number) if language == ENGLISH else _words(_SYSTEM).get(name, _words(_SYSTEM)["unknown"])[language]
    )
