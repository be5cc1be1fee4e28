"""Handles what follows from a case: the end of a disposition; writing, correcting, withdrawing and printing papers.

Rule: each form is one act of triage.followup; a refused one is shown again with what was typed.
"""

import datetime
from typing import Final

from flask import Flask, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.casefile import papers
from dropbox.triage.cases.casebook import Case
from dropbox.triage.followup import duties, records
from dropbox.triage.followup.kinds import DAYS, KINDS
from dropbox.triage.followup.records import Values
from dropbox.triage.ui import case_forms, export_folder
from dropbox.triage.ui.case_forms import Act, case_of
from dropbox.triage.ui.pages.case import show
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import whole, work
from dropbox.wire.calendar import Day, day_of


def _finish(case: Case, typed: MultiDict[str, str]) -> str:
    duties.finish(work(), case, typed.get("remark", ""))
    return _("Disposisi ditandai selesai.")


def _add(case: Case, typed: MultiDict[str, str]) -> str:
    kind = typed.get("kind", "")
    records.add(work(), case, kind, _values(kind, typed), whole(typed.get("parent", "")) or 0)
    return _("Tercatat.")


def _correct(case: Case, typed: MultiDict[str, str]) -> str:
    values = _values(typed.get("kind", ""), typed)
    records.correct(work(), case, _root(typed), values, typed.get("reason", ""))
    return _("Versi baru tercatat. Versi lama tetap tersimpan.")


def _withdraw(case: Case, typed: MultiDict[str, str]) -> str:
    records.withdraw(work(), case, _root(typed), typed.get("reason", ""))
    return _("Dicabut. Catatannya tetap tersimpan.")


def _print(case: Case, typed: MultiDict[str, str]) -> str:
    folder = export_folder.folder(work())
    if disposition := whole(typed.get("disposition", "")):
        return export_folder.keep(folder, "lembar-disposisi", papers.print_disposition(work(), case, disposition))
    return export_folder.keep(folder, "naskah-dinas", papers.print_record(work(), case, _root(typed)))


def _root(typed: MultiDict[str, str]) -> int:
    root = whole(typed.get("root", ""))
    if root is None:
        raise NotFoundError("desk.no-number")
    return root


def _values(kind: str, typed: MultiDict[str, str]) -> Values:
    names = KINDS[kind].fields if kind in KINDS else ()
    return {name: day(typed.get(name, "")) if name in DAYS else typed.get(name, "") for name in names}


def day(typed: str) -> Day:
    """Return the day of a form's date, 0 for none; raises RefusedError."""
    try:
        return day_of(datetime.date.fromisoformat(typed)) if typed else Day(0)
    except ValueError:
        raise RefusedError("followup.day") from None


ACTS: Final[dict[str, Act]] = {
    "selesai": _finish,
    "catat": _add,
    "perbaiki": _correct,
    "cabut": _withdraw,
    "cetak": _print,
}


def _act(number: int, act: str) -> Response:
    leader = case_of(number).merged_into or number
    return case_forms.do(number, act, ACTS, _shown, url_for("case", number=leader, _anchor="tindak-lanjut"))


def _shown(case: Case, fault: str, act: str, typed: MultiDict[str, str]) -> Response:
    return show(case, fault, f"tl-{act}", typed)


def register(app: Flask) -> None:
    """Add the route of the acts."""
    app.add_url_rule("/kasus/<int:number>/tindak-lanjut/<act>", "followup-act", _act, methods=["POST"])
