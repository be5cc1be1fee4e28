"""Shows receivers of dossiers, cases that are proposed for KPK, and answers that came back.

Rule: a card's own words are never shown before the officer has typed those heard by telephone; uploads stay in memory.
"""

from flask import Flask, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.disk.private import write_whole
from dropbox.errors import DamagedError, DropboxError, MalformedError, NotFoundError, RefusedError, UntrustedError
from dropbox.limits import KIB
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.referral import answers, criteria, menpan, receivers
from dropbox.triage.ui import export_folder, referral_words
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import desk, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _

_FILE_MAX_BYTES = 128 * KIB


def _show(fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    permission.permit(work(), Permission.REFER_PROPOSE)
    today = desk().today()
    known = receivers.all_receivers(vault())
    return page(
        "receivers.html",
        409 if fault else 200,
        here="referrals",
        good=[receiver for receiver in known if receiver.is_good(today)],
        gone=[receiver for receiver in known if not receiver.is_good(today)],
        proposed=criteria.proposed(work()),
        rule=settings().workstation.referral,
        targets={code: names[language()] for code, names in settings().workstation.referral_targets.items()},
        no_dossiers=receivers.LAPOR,
        last_year=settings().today().year - 1,
        words=referral_words,
        fault=fault,
        form=form,
        look=g.get("look") or telling.Look(),
        typed=typed or MultiDict(),
    )


def _add() -> Response:
    typed = request.form
    try:
        card = _file("card")
        added = receivers.add(work(), card, typed.get("target", ""), typed.get("words", ""))
    except (MalformedError, UntrustedError):
        return _show(_("Ini bukan kartu penerima, atau sudah diubah. Minta kartunya sekali lagi."), "tambah", typed)
    except DropboxError as error:
        return _show(sentence(error), "tambah", typed)
    flash(_("%(label)s sekarang dapat menerima rujukan.", label=added.card.label))
    return redirect(url_for("referrals"))


def _retire(number: int) -> Response:
    try:
        if request.form.get("sure") != "1":
            raise RefusedError("receiver.tick-retirement")
        receivers.retire(work(), number)
    except DropboxError as error:
        return _show(sentence(error), f"pensiun-{number}", request.form)
    flash(_("Tidak ada lagi yang dikirim ke penerima itu."))
    return redirect(url_for("referrals"))


def _look_at_answer() -> Response:
    g.look = telling.look(lambda: answers.take(work(), _file("answer")))
    if request.form["preview"] != "page":
        return make_response(render_template("desk/_look_part.html", look=g.look))
    return _show(g.look.fault, "jawaban")


def _answer() -> Response:
    if request.form.get("preview"):
        return _look_at_answer()
    try:
        untrusted = _file("answer")
        if request.form.get("seen"):
            telling.check_seen(lambda: answers.take(work(), untrusted), request.form["seen"])
        case, is_new = answers.take(work(), untrusted)
    except MalformedError:
        return _show(_("Ini bukan berkas jawaban, atau sudah terpotong. Tidak ada yang berubah."), "jawaban")
    except (DamagedError, UntrustedError):
        return _show(_("Jawaban ini tidak sah: diubah, atau bukan dari penerima itu."), "jawaban")
    except NotFoundError:
        return _show(_("Jawaban ini bukan tentang rujukan dari meja ini."), "jawaban")
    except DropboxError as error:
        return _show(sentence(error), "jawaban")
    flash(_("Jawaban sudah masuk ke kasusnya.") if is_new else _("Jawaban ini sudah ada. Tidak ada yang berubah."))
    return redirect(url_for("referral", number=case.number, _anchor="kabar"))


def _evaluation() -> Response:
    year = whole(request.form.get("year", ""))
    try:
        made = menpan.sheet(work(), year or 0)
        folder = export_folder.folder(work())
        name = f"evaluasi-{year}.csv"
        write_whole(folder / name, made)
    except DropboxError as error:
        return _show(sentence(error), "evaluasi", request.form)
    flash(_("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=name, folder=folder))
    return redirect(url_for("referrals"))


def _file(name: str) -> bytes:
    """Return the bytes of an uploaded file; raises RefusedError if there is none."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise RefusedError("desk.choose-file")
    return file.stream.read(_FILE_MAX_BYTES)


def register(app: Flask) -> None:
    """Add the routes of the list and its actions."""
    app.add_url_rule("/rujukan", "referrals", _show)
    app.add_url_rule("/rujukan/penerima", "receiver-add", _add, methods=["POST"])
    app.add_url_rule("/rujukan/penerima/<int:number>/pensiun", "receiver-retire", _retire, methods=["POST"])
    app.add_url_rule("/rujukan/evaluasi", "evaluation", _evaluation, methods=["POST"])
    app.add_url_rule("/rujukan/jawaban", "referral-answer", _answer, methods=["POST"])
