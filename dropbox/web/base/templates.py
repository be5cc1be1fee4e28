"""Makes one template environment per language, so that a sentence is translated without looking at the request.

Rule: `_` returns our own sentences only, so they are marked safe; everything else is escaped.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from dropbox.settings.installation import LANGUAGES

TRANSLATIONS: Final = Path(__file__).parents[1] / "translations"


class _TranslatedOnce(Extension):
    """Writes the translation of each `_('sentence')` into the compiled template: a page has sixty of them."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the template's tokens, with `('translation'|safe)` for each `_('sentence')`."""
        sentence = cast("Callable[[str], Markup]", self.environment.globals["_"])
        while not stream.eos:
            token = next(stream)
            if token.test("name:_") and stream.current.type == "lparen":
                opened = next(stream)
                text, closed = stream.current, stream.look()
                if text.type == "string" and closed.type == "rparen":
                    next(stream)
                    translated = Token(text.lineno, "string", str(sentence(text.value)))
                    yield from (opened, translated, Token(text.lineno, "pipe", "|"), Token(text.lineno, "name", "safe"))
                    continue
                yield from (token, opened)
            else:
                yield token


def _environment(app: Flask, lang: str, translations: NullTranslations) -> Environment:
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
    environment.globals |= {"_": sentence, "gettext": filled, "language": lang}  # the second for {% trans %}
    environment.add_extension(_TranslatedOnce)
    return environment


def environments(app: Flask) -> Mapping[str, Environment]:
    """Return the application's template environments by language."""
    return {lang: _environment(app, lang, Translations.load(TRANSLATIONS, [lang])) for lang in LANGUAGES}


def compile_all(every: Mapping[str, Environment]) -> None:
    """Compile all templates of the site in each language, so that processes which are forked later share them."""
    for environment in every.values():
        for name in environment.list_templates(filter_func=lambda name: "/" not in name):
            environment.get_template(name)
