"""For whoever oversees the desk: the clocks, and the yearly statement about the log.

Rule: no content of a report, and no link to one.
"""

import secrets

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DamagedError, DropboxError, MalformedError, RefusedError, UntrustedError
from dropbox.limits import KIB
from dropbox.triage.desk import choices, exports
from dropbox.triage.desk.view import desk, page, sentence, settings, vault, whole
from dropbox.triage.desk.view import gettext as _
from dropbox.triage.files import write_whole
from dropbox.triage.office import clock_list, statement
from dropbox.triage.work import clocks

_FILE_MAX_BYTES = 64 * KIB


def _show(fault: str = "", form: str = "") -> Response:
    running = clock_list.running(vault(), settings(), desk().today())
    return page(
        "oversight.html",
        409 if fault else 200,
        here="oversight",
        running=running,
        overdue=sum(one.urgency == clocks.OVERDUE for one in running),
        choices=choices,
        last_year=settings().today().year - 1,
        typed=request.form,
        fault=fault,
        form=form,
    )


def _state() -> Response:
    try:
        year = whole(request.form.get("year", "")) or 0
        made = statement.make(vault(), settings(), year, desk().today())
        name = f"pernyataan-catatan-{year}-{secrets.token_hex(2)}.dbx"
        folder = exports.folder(vault(), settings())
        write_whole(folder / name, made)
    except DamagedError:
        return _show(_("Rantai catatan tidak utuh. Lihat catatan kegiatan, dan sampaikan segera."), "pernyataan")
    except DropboxError as error:
        return _show(sentence(error), "pernyataan")
    flash(_("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=name, folder=folder))
    return redirect(url_for("oversight"))


def _check() -> Response:
    file = request.files.get("statement")
    try:
        if file is None or not file.filename:
            raise RefusedError("choose the file first")
        stated = statement.check(vault(), settings(), file.stream.read(_FILE_MAX_BYTES), desk().today())
    except MalformedError:
        return _show(_("Ini bukan pernyataan tentang catatan, atau sudah terpotong."), "periksa")
    except UntrustedError:
        return _show(_("Pernyataan ini tidak sah: diubah, atau bukan dari inspektorat ini."), "periksa")
    except DamagedError:
        return _show(_("Catatan kegiatan tidak lagi sama dengan pernyataan ini. Sampaikan segera."), "periksa")
    except DropboxError as error:
        return _show(sentence(error), "periksa")
    flash(
        _(
            "Catatan masih sama dengan pernyataan tahun %(year)s: %(lines)s baris, %(of_year)s dari tahun itu.",
            year=stated.year,
            lines=stated.lines,
            of_year=stated.of_year,
        )
    )
    return redirect(url_for("oversight"))


def register(app: Flask) -> None:
    """The page and its acts."""
    app.add_url_rule("/pengawasan", "oversight", _show)
    app.add_url_rule("/pengawasan/pernyataan", "statement-make", _state, methods=["POST"])
    app.add_url_rule("/pengawasan/periksa", "statement-check", _check, methods=["POST"])
