"""Builds the offline sealer: one HTML file that needs no server, the same bytes for everybody.

Rule: it is a pure function of the built script, the style, the templates, the root key, the form's questions and the
settings' names: no clock, no request, no keyring. What its policy does not allow by hash does not run, and nothing may
be fetched.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from jinja2 import Template
from markupsafe import escape

from dropbox.crypto.signing import verify_file
from dropbox.errors import ConfigurationError, MalformedError, UntrustedError
from dropbox.form import regions
from dropbox.form.mirror import patterns
from dropbox.form.model import UNANSWERED
from dropbox.limits import FILES_PER_FORM_MAX, SEALER_TOTAL_MIB
from dropbox.settings.installation import LANGUAGES
from dropbox.web.base.address import settled_addresses
from dropbox.web.base.labels import CATEGORIES, CHANNELS, DESK_CHOICES
from dropbox.web.base.messages import MESSAGES
from dropbox.web.base.pictures import PICTURE_TEXTS
from dropbox.web.base.script_texts import DRAFT_TEXTS, TEXTS
from dropbox.web.base.site import Site
from dropbox.web.base.view import TEMPLATES

FILE_NAME: Final = "pengunci.html"
EXTENSION: Final = "dropbox-sealer"
_STATIC: Final = Path(__file__).parents[1] / "static"
_SIGNATURE_MAX_BYTES: Final = 4096

# What the sealer says in its own way, by the keys that the page modules use.
SEALER_TEXTS: Final[dict[str, LazyString]] = {
    "keyring-reading": _l("Kunci sedang diperiksa."),
    "keyring-good": _l("Kunci ini asli. Kunci ini berlaku sampai %(until)s."),
    "keyring-malformed": _l("Ini bukan berkas kunci.dbxk, atau berkasnya rusak. Unduh lagi dari halaman Kunci."),
    "keyring-forged": _l(
        "Kunci ini tidak dapat dibuktikan asli, jadi tidak dipakai. Belum ada yang dikunci. "
        "Unduh lagi dari halaman Kunci. Masih sama? Jangan melapor lewat situs itu."
    ),
    "keys-expired": _l("Kunci ini sudah tidak berlaku. Belum ada yang dikunci. Unduh kunci.dbxk yang baru."),
    "clock": _l(
        "Tanggal di perangkat Anda dan kunci ini tidak cocok: %(today)s. Belum ada yang dikunci. "
        "Buka Setelan, lalu Tanggal dan waktu, lalu pilih otomatis. Atau unduh kunci.dbxk yang baru."
    ),
    "sending": _l("Sedang mengunci. Jangan tutup halaman ini."),
    "sealing-file": _l("Sedang mengunci berkas %(place)s dari %(count)s. Jangan tutup halaman ini."),
    "not-sent": _l("Belum terkunci. Baca petunjuk di atas."),
    "page-error": _l("Ada kesalahan di halaman ini. Belum ada yang terkunci. Yang Anda tulis masih ada. Coba lagi."),
    "file-unreadable": _l("Satu berkas tidak dapat dibaca lagi. Pilih lagi semua berkas."),
    "too-large": _l("Berkas terlalu besar. Semuanya bersama paling besar %(limit)s MB."),
    "too-many-files": _l("Berkas terlalu banyak. Paling banyak %(limit)s."),
    "upload-until": _l("Kirim secepatnya, paling lambat %(until)s. Sesudah itu server dapat menolaknya."),
}
_SHARED: Final = (
    "what-required", "who-required", "where-required", "confirm-required", "confirm-wrong", "too-long",
    "secret-in-text", "secret-in-file-name", "file-empty", "desk-closed", "desk-required",
)  # fmt: skip
_NO_SCRIPT: Final = _l("Pengunci memerlukan JavaScript. Buka berkas ini di peramban lain, atau lapor tanpa pengunci.")


@dataclass(frozen=True)
class SealerFile:
    """The file, and the root's signature of it (empty while it is not signed)."""

    html: bytes
    signature: bytes = b""

    @property
    def sha256(self) -> str:
        """The hash of the file, in hex."""
        return hashlib.sha256(self.html).hexdigest()


def sealer_of(app: Flask) -> SealerFile | None:
    """Return the sealer of a running application; None if the browser modules were not built."""
    found = app.extensions[EXTENSION]
    return found if isinstance(found, SealerFile) else None


def register(app: Flask, site: Site) -> None:
    """Build the file once, and add the routes of the file and its signature; raises ConfigurationError as `build`."""
    app.extensions[EXTENSION] = make(app, site)
    app.add_url_rule(f"/{FILE_NAME}", "sealer", _give_file)
    app.add_url_rule(f"/{FILE_NAME}.sig", "sealer-signature", _give_signature)


def make(app: Flask, site: Site) -> SealerFile | None:
    """Build the file and read its signature; None if the browser modules were not built. Raises as `build` does."""
    script = _STATIC / "sealer.js"
    if not script.is_file():
        return None
    style = "".join((_STATIC / name).read_text("utf-8") for name in ("style.css", "slip.css"))
    html = build(app, site, script.read_text("ascii"), style)
    return SealerFile(html, _signature(site, html))


def _signature(site: Site, html: bytes) -> bytes:
    """The configured signature if it is the root's for this very file, else nothing: no page shows another."""
    path = site.settings.sealer_signature
    if path is None:
        return b""
    try:
        with path.open("rb") as file:
            signature = file.read(_SIGNATURE_MAX_BYTES)
        verify_file(site.anchor, html, signature)
    except (OSError, MalformedError, UntrustedError):
        return b""
    return signature


def build(app: Flask, site: Site, script: str, style: str) -> bytes:
    """Return the bytes of the file.

    Args:
        app: the application, for its templates.
        site: the running site, for its settings, root key and form.
        script: source of the built script.
        style: source of the style sheet.

    Raises:
        ConfigurationError: the script or the style would end its own element.
    """
    if "</script" in script.lower() or "</style" in style.lower():
        raise ConfigurationError("site.script")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    bodies, notes = [], []
    for lang in LANGUAGES:
        template = app.extensions[TEMPLATES][lang].get_template("_sealer.html")
        with app.test_request_context("/en/" if lang == "en" else "/"):
            bodies.append(f'<template id="lang-{lang}">\n{_body(site, lang, template)}\n</template>')
            notes.append(f'<p class="note" lang="{lang}">{escape(str(_NO_SCRIPT))}</p>')
    title = escape(site.settings.tab["id"])
    return "\n".join(
        (
            '<!doctype html>\n<html lang="id" translate="no" class="notranslate">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>",
            f"<noscript>{''.join(notes)}</noscript>",
            *bodies,
            f'<script type="module">{script}</script>\n</body>\n</html>\n',
        )
    ).encode("utf-8")


def _hash(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")


def _body(site: Site, lang: str, template: Template) -> str:
    settings = site.settings
    texts = {key: str(MESSAGES[key]) for key in _SHARED} | {"cleared": str(TEXTS["cleared"])}
    texts |= {key: str(text) for key, text in (PICTURE_TEXTS | DRAFT_TEXTS | SEALER_TEXTS).items()}
    texts |= {f"desk-{name}": desk.label[lang] for name, desk in settings.desks.items()}
    texts |= {f"reads-{name}": desk.reads[lang] for name, desk in settings.desks.items()}
    return str(
        template.render(
            lang=lang,
            demo=site.anchor.demo,
            root_pub=site.anchor.encode().decode("ascii"),
            addresses=lambda: settled_addresses(settings),
            site={"name": settings.site_name[lang], "ministry": settings.office[lang]},
            optional=site.form,
            mirror=[{"kind": kind} for kind in patterns()],
            provinces=regions.provinces(),
            regencies=regions.regencies(),
            channels=CHANNELS,
            desk_choices=DESK_CHOICES,
            categories=CATEGORIES,
            usual=UNANSWERED,
            total_mb=SEALER_TOTAL_MIB,
            files_max=FILES_PER_FORM_MAX,
            texts=texts,
        )
    )


def _give_file() -> Response:
    """As a download: opened in place, the site's own policy would let none of it run."""
    sealer = sealer_of(current_app)
    return abort(404) if sealer is None else _download(sealer.html, FILE_NAME, "text/html")


def _give_signature() -> Response:
    sealer = sealer_of(current_app)
    if sealer is None or not sealer.signature:
        return abort(404)
    return _download(sealer.signature, f"{FILE_NAME}.sig", "application/octet-stream")


def _download(data: bytes, name: str, kind: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
