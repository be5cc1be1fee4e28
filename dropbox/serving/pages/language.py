"""Says sentences and days in the language that a browser's user chose.

Rule: the choice is in the session; anything else than one of the two languages is Indonesian.
"""

import functools

import babel.dates
from flask import session

from dropbox.errors import DropboxError
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import LANGUAGES
from dropbox.wire.calendar import Day, date_of


def language() -> str:
    """Return the language last chosen in this browser: `id` or `en`."""
    lang = session.get("lang", "id")
    return lang if lang in LANGUAGES else "id"


def localized(day: Day) -> str:
    """Return a day as people write it, `12 Maret 2026`; empty for 0."""
    return _formatted(day, "d MMMM y", language())


def short_date(day: Day) -> str:
    """Return a day in short form, `12 Mar 2026`; empty for 0."""
    return _formatted(day, "d MMM y", language())


@functools.lru_cache(maxsize=1 << 12)
def _formatted(day: Day, form: str, lang: str) -> str:
    """Return a day in a form of babel: a page has hundreds, most of them alike."""
    return babel.dates.format_date(date_of(day), form, lang) if day else ""


def sentence(said: DropboxError | str) -> str:
    """An error, or a sentence of the catalogue, in the reader's language; other words as they are."""
    return said.sentence(language()) if isinstance(said, DropboxError | Sentence) else said
