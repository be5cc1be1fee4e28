"""Makes one template environment per language, so that a sentence is translated without looking at the request.

Rule: `_` returns our own sentences only, so they are marked safe; everything else is escaped.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from dropbox.settings.installation import LANGUAGES

TRANSLATIONS: Final = Path(__file__).parents[1] / "translations"


def _environment(app: Flask, translations: NullTranslations) -> Environment:
    environment = app.jinja_env.overlay()
    environment.globals = dict(app.jinja_env.globals)  # an overlay shares them otherwise
    # Jinja's own asks its context at every call; a page has sixty sentences, few of them distinct between requests.
    sentences: dict[str, Markup] = {}

    def sentence(text: str) -> Markup:
        found = sentences.get(text)
        if found is None:
            found = sentences[text] = Markup(translations.gettext(text))  # noqa: S704  # from our own templates
        return found

    def filled(text: str, **values: object) -> Markup:
        return sentence(text) % values  # which escapes them

    # Not by install_gettext_callables: an overlay's would put them into the application's own environment.
    environment.globals |= {"_": sentence, "gettext": filled}  # the second for {% trans %}
    return environment


def environments(app: Flask) -> Mapping[str, Environment]:
    """Return the application's template environments by language."""
    return {lang: _environment(app, Translations.load(TRANSLATIONS, [lang])) for lang in LANGUAGES}
