"""Shows the overseer's page: deadlines, the yearly log statement, the papers of UU PDP.

Rule: it has no content of a report, and no link to one.
"""

import datetime

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DamagedError, DropboxError, MalformedError, RefusedError, UntrustedError
from dropbox.limits import KIB
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.cases import deadlines
from dropbox.triage.oversight import breach, deadline_list, document, processing, statement
from dropbox.triage.ui import choices, export_folder
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import page, settings, whole, work

_FILE_MAX_BYTES = 64 * KIB


def _show(fault: str = "", form: str = "") -> Response:
    running = deadline_list.running(work())
    return page(
        "oversight.html",
        409 if fault else 200,
        here="oversight",
        running=running,
        overdue=sum(clock.urgency == deadlines.OVERDUE for clock in running),
        choices=choices,
        spent=processing.counts(work())["spent"],
        kinds=document.KINDS,
        text_max=breach.TEXT_MAX,
        last_year=settings().today().year - 1,
        typed=request.form,
        fault=fault,
        form=form,
    )


def _state() -> Response:
    try:
        year = whole(request.form.get("year", "")) or 0
        made = statement.make(work(), year)
        said = _write(f"pernyataan-catatan-{year}", "dbx", made)
    except DamagedError:
        return _show(_("Rantai catatan tidak utuh. Lihat catatan kegiatan, dan sampaikan segera."), "pernyataan")
    except DropboxError as error:
        return _show(sentence(error), "pernyataan")
    flash(said)
    return redirect(url_for("oversight"))


def _write(name: str, kind: str, made: bytes) -> str:
    """Write a file to the export folder; return the message about it."""
    return export_folder.keep(export_folder.folder(work()), name, made, kind)


def _register() -> Response:
    kind = request.form.get("kind", "")
    try:
        made = processing.register(work(), kind, language())
        flash(_write("daftar-pemrosesan", kind, made))
    except DropboxError as error:
        return _show(sentence(error), "daftar")
    return redirect(url_for("oversight"))


def _breach() -> Response:
    typed, kind = request.form, request.form.get("kind", "")
    people = typed.get("people", "").strip()
    try:
        since = typed.get("since", "").strip()
        facts = breach.Facts(
            **{name: typed.get(name, "") for name in ("data", "how", "steps", "contact")},
            found=breach.local_time(settings(), typed.get("found", "")),
            since=breach.local_time(settings(), since) if since else None,
            people=(-1 if whole(people) is None else whole(people)) if people else None,
        )
        now = datetime.datetime.now(datetime.UTC)
        made = breach.note(work(), facts, now, kind, language())
        flash(_write("pemberitahuan", kind, made))
    except DropboxError as error:
        return _show(sentence(error), "pemberitahuan")
    return redirect(url_for("oversight"))


def _check() -> Response:
    file = request.files.get("statement")
    try:
        if file is None or not file.filename:
            raise RefusedError("desk.choose-file")
        stated = statement.check(work(), file.stream.read(_FILE_MAX_BYTES))
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
    """Add the routes of the page and its actions."""
    app.add_url_rule("/pengawasan", "oversight", _show)
    app.add_url_rule("/pengawasan/pernyataan", "statement-make", _state, methods=["POST"])
    app.add_url_rule("/pengawasan/pemrosesan", "processing-register", _register, methods=["POST"])
    app.add_url_rule("/pengawasan/pemberitahuan", "breach-note", _breach, methods=["POST"])
    app.add_url_rule("/pengawasan/periksa", "statement-check", _check, methods=["POST"])
