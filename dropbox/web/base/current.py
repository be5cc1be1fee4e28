"""Gives a request what it is about: the running site, the keyring of today, the language of its address."""

import datetime
import functools
from typing import Final, cast

import babel.dates
from flask import current_app, g, request

from dropbox.crypto.keyring import Keyring
from dropbox.web.base.site import Site
from dropbox.wire.calendar import date_of

EXTENSION: Final = "dropbox-site"


def site() -> Site:
    """Return the running site."""
    return cast("Site", current_app.extensions[EXTENSION])


def keyring() -> Keyring:
    """Return the verified keyring of today, read from the store once per request."""
    if "keyring" not in g:
        here = site()
        g.keyring = here.keyring.get(here.utc_day())
    return cast("Keyring", g.keyring)


def language() -> str:
    """Return `en` for addresses below /en, else `id`."""
    path = request.path
    return "en" if path == "/en" or path.startswith("/en/") else "id"


def localized(date: datetime.date | int) -> str:
    """Return a date or day number as people write it in the request's language: 12 Maret 2026."""
    return _written(date_of(date) if isinstance(date, int) else date, "d MMMM y", language())


def with_weekday(date: datetime.date | int) -> str:
    """Return a date or day number with its weekday, for whoever has to act on it: Kamis, 12 Maret 2026."""
    return _written(date_of(date) if isinstance(date, int) else date, "EEEE, d MMMM y", language())


@functools.lru_cache(maxsize=256)
def _written(date: datetime.date, pattern: str, lang: str) -> str:
    return babel.dates.format_date(date, pattern, lang)
