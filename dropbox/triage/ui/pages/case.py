"""Shows one case: everything that happened, and every action that the officer may take.

Rule: each form is one action of triage.casework; a refused form is shown again with the reason and all that was typed.
"""

import datetime
from typing import Final

from flask import Flask, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError, RefusedError
from dropbox.form import details, regions
from dropbox.serving.pages.language import language
from dropbox.triage.access import approvals, conflict, permission, safeguarding
from dropbox.triage.access.permission import Draft
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines, reasons
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import (
    duplicates,
    handling,
    inbox,
    merging,
    phrases,
    protection,
    refusal,
    reporter_acts,
    threads,
    transitions,
)
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.ui import case_forms, choices, followup, records, safety, tracks
from dropbox.triage.ui.case_forms import Act, case_of
from dropbox.triage.ui.pages.choosing import quick
from dropbox.triage.ui.pages.inbox import filter_of, kept_filter, logins, office_choices
from dropbox.triage.ui.pages.outgoing import joining, telling
from dropbox.triage.ui.view import desk, may, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.wire.calendar import Day, day_of


def _show(number: int) -> Response:
    return show(case_of(number))


def show(case: Case, fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    """Return the case's page; with an error (`fault`), also its form and what was typed into it."""
    today = desk().today()
    thread = threads.read_page(work(), case, whole(request.args.get("bagian", "")) or 0)
    around = _around(case)
    followers = [casebook.case_of(vault(), one) for one in merging.followers(vault(), case.number)]
    return page(
        "case.html",
        409 if fault else 200,
        case=case,
        **telling.context(case, typed or MultiDict(), form),
        **joining.context(case, typed or MultiDict(), form),
        thread=thread,
        items=thread.items,
        fault=fault,
        form=form,
        typed=typed or MultiDict(),
        today=today,
        choices=choices,
        urgency=deadlines.urgency(settings(), today, case.due),
        moves=_moves(case),
        phrases=_phrases(case),
        reasons=[(code, one) for code, one in reasons.REASONS.items() if not one.leads],
        targets=[(code, names[language()]) for code, names in settings().workstation.referral_targets.items()],
        officers=logins(),
        office_choices=office_choices(),
        office_names=dict(office_choices()),
        province_choices=list(regions.provinces().items()),
        unit_groups=details.form_of(settings()).units,
        details=lambda fields: details.sections(details.form_of(settings()), fields, language()),
        tags=handling.tags(vault(), case),
        suggestions=duplicates.suggest(work(), case),
        followers=followers,
        kinds_in=protection.kinds_in,
        withdrawn=reporter_acts.withdrawn(vault(), [case.number, *(one.number for one in followers)]),
        leader=casebook.case_of(vault(), case.merged_into) if case.merged_into else None,
        proposals=[one for one in approvals.pending(vault()) if one.case == case.number],
        excluded=conflict.excluded(work(), case) if may(Permission.CONFLICT_LIFT) else [],
        exclusion_reasons=conflict.REASONS,
        previous_case=around[0],
        next_case=around[1],
        has_small=desk().studio.has_small,
        **tracks.context(work(), case),
        **records.context(work(), case),
        **followup.context(work(), case),
        **safety.context(work(), case, language()),
        **quick.context(case),
    )


def _moves(case: Case) -> list[tuple[str, str]]:
    """Return the statuses that this officer may set now, with labels; the current one first: only a message."""
    if case.merged_into:
        return []
    found = [(case.status, _("Pesan saja, status tetap"))] if may(Permission.ANSWER_MESSAGE) else []
    for status, action in permission.MOVES.items():
        try:
            permission.check_status(case, status)
        except RefusedError:
            continue
        if status != case.status and may(action):
            found.append((status, choices.label(choices.STATUSES, status)))
    return found


def _phrases(case: Case) -> list[tuple[str, str, str, str]]:
    """Return (code, status, title, text in the reporter's language) of every phrase, in the order of a case's life.

    The officer chooses one of the first nine by its digit: those of the next statuses come first.
    """
    english = casebook.language(vault(), case) == "en"
    ranks = {status: place for place, (status, _label) in enumerate(_moves(case)[1:])}
    found = sorted(phrases.all_phrases(vault()), key=lambda one: (ranks.get(one.status, len(ranks)), one.code))
    return [(one.code, one.status, one.title, one.text_en if english else one.text_id) for one in found]


def _phrase(case: Case, code: str) -> str:
    """Return the chosen phrase for a browser without scripts, which did not copy it into the message; empty if none."""
    return next((text for one, _status, _title, text in _phrases(case) if one == code), "")


def _around(case: Case) -> tuple[int, int]:
    """Return the numbers of the cases before and after this one in the list from which the officer came.

    They are those of the opening: an answer changes the place, and would skip the cases between. Only a neighbour that
    has left the list is looked for again.
    """
    wanted = filter_of(MultiDict(kept_filter()))
    number, *stored = session.get("around", (0, 0, 0))
    if number != case.number or not all(inbox.holds(work(), wanted, CaseNumber(one)) for one in stored if one):
        stored = list(inbox.around(work(), wanted, case.number))
        session["around"] = [case.number, *stored]
    before, after = stored
    return before, after


def _draft(case: Case, typed: MultiDict[str, str]) -> Draft:
    text = typed.get("text", "").strip() or _phrase(case, typed.get("phrase", ""))
    return Draft(typed.get("status", ""), text, _day(typed.get("next", "")), typed.get("target", ""))


def _look_at_answer(case: Case, typed: MultiDict[str, str]) -> str:
    transitions.answer(work(), case, _draft(case, typed), telling.instead(typed))
    return ""


def _answer(case: Case, typed: MultiDict[str, str]) -> str:
    draft = _draft(case, typed)
    warnings = phrases.warnings(vault(), case, draft.text)
    if warnings and typed.get("sure") != "1":
        raise RefusedError("answer.repeats-report", warnings=warnings)
    transitions.answer(work(), case, draft, telling.instead(typed))
    return _("%(name)s tersimpan. Pelapor membacanya setelah penerbitan berikutnya.", name=case.name)


def _day(typed: str) -> Day | None:
    try:
        return day_of(datetime.date.fromisoformat(typed)) if typed else None
    except ValueError:
        raise RefusedError("answer.date") from None


def _note(case: Case, typed: MultiDict[str, str]) -> str:
    handling.note(work(), case, typed.get("text", ""))
    return _("Catatan tersimpan. Pelapor tidak melihatnya.")


def _take_back(case: Case, typed: MultiDict[str, str]) -> str:
    handling.take_back_note(work(), case, _number(typed, "note"))
    return _("Catatan ditarik kembali.")


def _assign(case: Case, typed: MultiDict[str, str]) -> str:
    if typed.get("withdraw") == "1":
        handling.withdraw(work(), case, typed.get("text", ""))
        return _("Disposisi dicabut.")
    office, officer = typed.get("office", ""), typed.get("officer", "")
    due = _day(typed.get("due", "")) or handling.NO_DAY
    handling.assign(work(), case, office=office, officer=officer, text=typed.get("text", ""), due=due)
    return _("Disposisi tersimpan.")


def _classify(case: Case, typed: MultiDict[str, str]) -> str:
    names = ("unit", "unit_type", "province", "district", "category", "subject")
    chosen = handling.Classification(**{name: typed[name] for name in names if name in typed})
    handling.classify(work(), case, chosen)
    wanted = {one for one in typed.get("tags", "").replace(",", " ").split() if one}
    present = set(handling.tags(vault(), case))
    if "tags" in typed and wanted != present:
        handling.tag(work(), case, add=wanted - present, remove=present - wanted)
    return _("Klasifikasi tersimpan.")


def _unmerge(case: Case, _typed: MultiDict[str, str]) -> str:
    merging.unmerge(work(), case)
    return _("Penggabungan dibatalkan.")


def _refuse(case: Case, typed: MultiDict[str, str]) -> str:
    refusal.propose(work(), case, _refusal(typed))
    return _("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan.")


def _look_at_refusal(case: Case, typed: MultiDict[str, str]) -> str:
    """Refuse as if the second officer had agreed: the proposal itself tells nothing."""
    refusal.put(work(), case, _refusal(typed))
    return ""


def _refusal(typed: MultiDict[str, str]) -> refusal.Refusal:
    return refusal.Refusal(
        typed.get("reason", ""), typed.get("reference", "").strip(), typed.get("target", ""), typed.get("grounds", "")
    )


def _service(case: Case, _typed: MultiDict[str, str]) -> str:
    refusal.to_service(work(), case)
    return _("Dipindah ke jalur pelayanan.")


def _lift(case: Case, typed: MultiDict[str, str]) -> str:
    safeguarding.lift(work(), case, typed.get("officer", ""))
    return _("Petugas itu boleh membuka kasus ini lagi.")


def _unread(case: Case, _typed: MultiDict[str, str]) -> str:
    threads.mark_unread(work(), case)
    return _("Ditandai belum dibaca.")


def _number(typed: MultiDict[str, str], name: str) -> int:
    value = whole(typed.get(name, ""))
    if value is None:
        raise NotFoundError("desk.no-number")
    return value


ACTS: Final[dict[str, Act]] = {
    "jawab": _answer,
    "catat": _note,
    "tarik-catatan": _take_back,
    "disposisi": _assign,
    "klasifikasi": _classify,
    "gabung": joining.merge,
    "pisah": _unmerge,
    "tolak": _refuse,
    "pelayanan": _service,
    "buka-blokir": _lift,
    "belum-dibaca": _unread,
    quick.ACT: quick.do,
    "tarik": telling.withdraw,
}
LOOKS: Final[dict[str, Act]] = {
    "jawab": _look_at_answer,
    "klasifikasi": _classify,
    "gabung": joining.look,
    "tolak": _look_at_refusal,
    "pelayanan": _service,
    "pisah": _unmerge,
    quick.ACT: quick.look,
}


def _act(number: int, act: str) -> Response:
    after = url_for("case", number=number, _anchor="kabar")
    if act == "belum-dibaca":
        after = url_for("inbox")
    elif act == "jawab" and not request.form.get("instead"):
        following = _around(case_of(number))[1]
        after = url_for("case", number=following or number, _anchor="kabar")
    elif act == quick.ACT:
        after = quick.target(_around(case_of(number))[1])
    return case_forms.do(number, act, ACTS, show, after, LOOKS)


def register(app: Flask) -> None:
    """Add the routes of a case and its actions."""
    app.add_url_rule("/kasus/<int:number>", "case", _show)
    app.add_url_rule("/kasus/<int:number>/<act>", "case-act", _act, methods=["POST"])
