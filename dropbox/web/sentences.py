"""The templates, compiled once for each language with our sentences already in them.

Rule: `_('…')` in a template becomes the sentence itself, marked safe because it is ours, before Jinja sees it;
everything else is rendered as always, escaped. Asked for one by one, a page's sixty sentences took the most time.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2 import Environment
from jinja2.ext import Extension

from dropbox.settings import LANGUAGES

TRANSLATIONS: Final = Path(__file__).parent / "translations"
_CONSTANT: Final = re.compile(r"\b_\('([^'\\{}]*)'\)")


def _kind(translations: NullTranslations) -> type[Extension]:
    class Sentences(Extension):
        """Puts a language's sentences into the source of a template."""

        def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
            return _CONSTANT.sub(lambda found: f"({translations.gettext(found[1])!r}|safe)", source)

    return Sentences


def environments(app: Flask) -> Mapping[str, Environment]:
    """The application's templates by language."""
    return {
        lang: app.jinja_env.overlay(extensions=[_kind(Translations.load(TRANSLATIONS, [lang]))]) for lang in LANGUAGES
    }
