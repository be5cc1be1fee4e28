"""Words in the language of the request, for the two programs with pages.

Rule: a page gets its words at the moment at which it is drawn; outside a request they are Indonesian.
"""

from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.vocabulary import Words


def text(words: Words) -> LazyString:
    """Return words as a text that follows the language of the request."""
    return LazyString(_current, words)


def table(group: str, *fields: str) -> dict[str, LazyString]:
    """Return such texts by code, as `vocabulary.table` finds them; raises KeyError."""
    return {code: text(words) for code, words in vocabulary.table(group, *fields).items()}


def _current(words: Words) -> str:
    locale = get_locale()
    return words[locale.language if locale and locale.language in words else "id"]
