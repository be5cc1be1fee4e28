"""Renders pages: the table of addresses, the common context of all templates, error pages.

Rule: a page's address, title and log line never hold anything that a reporter typed.
"""

from typing import Any, Final

from flask import Response, current_app, make_response, request

from dropbox.limits import FIELD_MAX_CHARACTERS, KIB, MIB, STORE_FILES_BYTES
from dropbox.settings.installation import LANGUAGES
from dropbox.web.base.address import addresses
from dropbox.web.base.current import language, site
from dropbox.web.base.desks import desks_context
from dropbox.web.base.messages import message
from dropbox.wire.claim import STATEMENT_MAX_CHARACTERS

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
    "verify": "/periksa-situs",
    "proof-server": "/bukti/server",
}
# What certainly counts as small, whatever is sealed around it: the bucket below that of a file.
_SMALL_FILE_KB: Final = STORE_FILES_BYTES // KIB // 2
TEMPLATES: Final = "dropbox-templates"


def bare_path_of(name: str, lang: str | None = None) -> str:
    """Return the path of a page in a language (default: the request's), the same for everybody."""
    return ("/en" if (lang or language()) == "en" else "") + PAGES[name]


def path_of(name: str, lang: str | None = None) -> str:
    """Return the path of a page for this request: visitors who stay inside an app stay below http.addresses.HERE."""
    return request.script_root + bare_path_of(name, lang)


def _other_language_path() -> str:
    other = next(lang for lang in LANGUAGES if lang != language())
    bare = request.path.removeprefix("/en") or "/"
    # A page that answers a form cannot be asked for again: its form can.
    name = next((name for name, path in PAGES.items() if path == bare), "home")
    return path_of("status" if name in ("add", "act") else name, other)


def common_context() -> dict[str, Any]:
    """Return the context that every template may use."""
    here, lang, root = site(), language(), request.script_root
    paths = {name: root + bare_path_of(name, lang) for name in PAGES}
    return {
        "lang": lang,
        "other_lang_path": _other_language_path(),
        "path": paths.__getitem__,
        "static": f"{root}/static/",
        "addresses": addresses,
        "demo": here.anchor.demo,
        "posted": request.method == "POST",  # so that the back button can ask for the same answer again
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
            "text_chars": FIELD_MAX_CHARACTERS,
            "small_file_kb": _SMALL_FILE_KB,
        },
    }


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """Return a rendered page in the request's language."""
    templates = current_app.extensions[TEMPLATES][language()]
    return make_response(templates.get_template(template).render(common_context(), **context), status)


def error_text(key: str, position: int = 0) -> str:
    """Return the text of an error key, with the limits that it may mention."""
    here = site().settings
    limit = {
        "too-long": FIELD_MAX_CHARACTERS,
        "statement-too-long": STATEMENT_MAX_CHARACTERS,
        "too-many-files": here.files_max,
        "too-large": here.file_max_bytes // MIB,
    }
    return message(key, limit=limit.get(key, 0), position=position, count=8)


def error_page(key: str, status: int, typed: str = "", code: str = "", words: str = "") -> Response:
    """Return a page that says what is wrong and what to do.

    Args:
        key: of the text.
        status: HTTP status.
        typed: everything that was typed, to be copied; may be empty.
        code: receipt code to show; may be empty.
        words: passphrase to show; may be empty.
    """
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
    """Return the page that says why the intake is closed (key of a text) and where else to report."""
    return page("closed.html", 503, message=error_text(key), data_error=key, typed=typed)
