"""What every page shares: language by address, the context of the templates, texts by key.

Rule: a page's address, title and log line never hold anything that a reporter typed.
"""

import datetime
import functools
from collections.abc import Iterable
from typing import Any, Final, cast

import babel.dates
from flask import Response, current_app, g, make_response, request

from dropbox.crypto.keyring import Keyring
from dropbox.limits import FIELD_MAX_BYTES, KIB, MIB, STORE_FILES_BYTES
from dropbox.settings.installation import LANGUAGES
from dropbox.web.base.messages import message
from dropbox.web.base.site import Site
from dropbox.wire.calendar import date_of

PAGES: Final = {
    "home": "/",
    "report": "/lapor",
    "report-server": "/lapor/server",
    "status": "/status",
    "status-server": "/status/server",
    "add": "/tambah",
    "act": "/pilihan",
    "container": "/kirim-berkas",
    "keys": "/kunci",
    "done": "/selesai",
    "wbs": "/wbs",
    "dumas": "/dumas",
    "how": "/cara-kerja",
    "safety": "/keamanan",
    "limits": "/batas",
    "rights": "/pelindungan",
    "duty": "/kewajiban",
    "reward": "/penghargaan",
    "procedure": "/prosedur",
    "refusals": "/aturan-penolakan",
    "violence": "/kekerasan",
    "privacy": "/privasi",
    "access": "/aksesibilitas",
    "statistics": "/statistik",
    "pusaka": "/pusaka",
    "proof": "/bukti",
    "info": "/informasi",
    "contacts": "/kontak",
    "proof-server": "/bukti/server",
}
# What certainly counts as small, whatever is sealed around it: the bucket below that of a file.
_SMALL_FILE_KB: Final = STORE_FILES_BYTES // KIB // 2
EXTENSION: Final = "dropbox-site"
TEMPLATES: Final = "dropbox-templates"


def site() -> Site:
    """The running site."""
    return cast("Site", current_app.extensions[EXTENSION])


def keyring() -> Keyring:
    """The verified keyring of today, read from the store once for each request."""
    if "keyring" not in g:
        here = site()
        g.keyring = here.keyring.get(here.utc_day())
    return cast("Keyring", g.keyring)


def language() -> str:
    """`en` below /en, else `id`."""
    path = request.path
    return "en" if path == "/en" or path.startswith("/en/") else "id"


def bare_path_of(name: str, lang: str | None = None) -> str:
    """The address of a page in a language (default: the current one), as everybody has it."""
    return ("/en" if (lang or language()) == "en" else "") + PAGES[name]


def path_of(name: str, lang: str | None = None) -> str:
    """The same for whoever asks: who chose to stay inside an app goes on below the path that says so."""
    return request.script_root + bare_path_of(name, lang)


def _other_language_path() -> str:
    other = next(lang for lang in LANGUAGES if lang != language())
    bare = request.path.removeprefix("/en") or "/"
    # A page that answers a form cannot be asked for again: its form can.
    name = next((name for name, path in PAGES.items() if path == bare), "home")
    return path_of("status" if name in ("add", "act") else name, other)


def localized(date: datetime.date | int) -> str:
    """A date (or a day number) as people write it: 12 Maret 2026."""
    return _written(date_of(date) if isinstance(date, int) else date, language())


@functools.lru_cache(maxsize=256)
def _written(date: datetime.date, lang: str) -> str:
    return babel.dates.format_date(date, "d MMMM y", lang)


def desks_context() -> list[dict[str, str]]:
    """The desks of the keyring, or of the settings while there is none; in the order of the settings."""
    here, lang = site(), language()
    order = list(here.settings.desks)
    names = sorted(keyring().names() or order, key=lambda name: order.index(name) if name in order else len(order))
    return [{"name": name, "label": desk_label(name), "reads": desk_reads(name, lang)} for name in names]


def known_desks() -> list[str]:
    """Desks that have keys here, or that the settings name."""
    return sorted({*site().settings.desks, *keyring().names()})


def closed_desks(names: Iterable[str]) -> dict[str, str]:
    """Those of these desks that cannot be addressed today, and the sentence that says so."""
    open_now = keyring().open_desks(site().utc_day())
    return {name: f"{desk_label(name)}: {message('desk-closed')}" for name in names if name not in open_now}


def desk_label(name: str) -> str:
    """How a desk is called; its bare name when the settings do not know it."""
    desk = site().settings.desks.get(name)
    return desk.label[language()] if desk else name


def desk_reads(name: str, lang: str) -> str:
    """Who reads what is sent to a desk."""
    desk = site().settings.desks.get(name)
    return desk.reads[lang] if desk else ""


def common_context() -> dict[str, Any]:
    """What every template may use."""
    here, lang = site(), language()
    return {
        "lang": lang,
        "other_lang_path": _other_language_path(),
        "path": path_of,
        "demo": here.anchor.demo,
        "quick_exit_url": here.settings.quick_exit_url,
        "site": {
            "name": here.settings.site_name[lang],
            "tab": here.settings.tab[lang],
            "ministry": here.settings.office[lang],
        },
        "desks": desks_context(),
        "files_closed": lambda: not here.store.room.takes_files(),
        "limits": {
            "file_mb": here.settings.file_max_bytes // MIB,
            "files": here.settings.files_max,
            "text_chars": FIELD_MAX_BYTES,
            "small_file_kb": _SMALL_FILE_KB,
        },
    }


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """A rendered page."""
    templates = current_app.extensions[TEMPLATES][language()]
    return make_response(templates.get_template(template).render(common_context(), **context), status)


def error_text(key: str, position: int = 0) -> str:
    """The text of a fault, with the numbers that it may name."""
    here = site().settings
    limit = {"too-long": FIELD_MAX_BYTES, "too-many-files": here.files_max, "too-large": here.file_max_bytes // MIB}
    return message(key, limit=limit.get(key, 0), position=position, count=8)


def error_page(key: str, status: int, typed: str = "", code: str = "", words: str = "") -> Response:
    """A page that says what is wrong and what to do, with whatever was typed, so that it can be copied."""
    return page(
        "error.html",
        status,
        title=message("title-error"),
        message=error_text(key),
        data_error=key,
        typed=typed,
        code=code,
        words=words,
    )


def closed_page(key: str, typed: str = "") -> Response:
    """The intake is closed: why, and where else to go."""
    return page("closed.html", 503, message=error_text(key), data_error=key, typed=typed)
