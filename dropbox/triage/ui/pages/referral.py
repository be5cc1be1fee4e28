"""Shows a case's referrals: the assessment, the reporter's consent, the files, the dossier, the answers.

Rule: each form is one action of triage.referral; a refused form is shown again with the reason and all that was typed.
"""

from typing import Any, Final

from flask import Flask, flash, g, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import NotFoundError
from dropbox.serving.pages.language import language
from dropbox.triage.access import approvals, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.redaction import saved
from dropbox.triage.referral import answers, build, consent, criteria, group, marks, ombudsman, propose, receivers
from dropbox.triage.referral.criteria import Assessment
from dropbox.triage.referral.facts import Draft, Person
from dropbox.triage.referral.marks import Marked
from dropbox.triage.ui import case_forms, choices, export_folder, file_words, referral_words
from dropbox.triage.ui.case_forms import Act, case_of
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import desk, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _

_NO_NUMBER: Final = -1


def _show(number: int) -> Response:
    return show(case_of(number))


def show(case: Case, fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    """Return the page of a case's referrals; with an error (`fault`), also its form and what was typed into it."""
    permission.permit(work(), Permission.REFER_PROPOSE, case.number)
    today = desk().today()
    known = {one.number: one for one in receivers.all_receivers(vault())}
    targets = {code: names[language()] for code, names in settings().workstation.referral_targets.items()}
    return page(
        "referral.html",
        409 if fault else 200,
        here="referrals",
        case=case,
        look=g.get("look") or telling.Look(),
        cases=group.cases(vault(), case),
        fault=fault,
        form=form,
        typed=typed or MultiDict(),
        assessment=criteria.assessment(vault(), case),
        why=criteria.reasons(work(), case),
        rule=settings().workstation.referral,
        targets=targets,
        said=lambda one, target: consent.latest(vault(), one.number, target),
        asked=_asked(case, targets),
        files=marks.of(vault(), case),
        redactions=lambda one: saved.of_file(vault(), one.case, one.file.sha256, one.place),
        address=marked_address,
        receivers=[one for one in known.values() if one.is_good(today)],
        receiver_of=known.get,
        lapor=receivers.LAPOR in targets,
        referrals=[(one, answers.of_referral(vault(), one.number)) for one in propose.of_case(vault(), case)],
        proposals=[
            one for one in approvals.pending(vault()) if one.case == case.number and one.action == propose.ACTION
        ],
        export_folder=export_folder.shown(settings()),
        choices=choices,
        words=referral_words,
    )


def marked_address(one: Marked, endpoint: str, **more: Any) -> str:  # noqa: ANN401  as url_for
    """Return the address of a page about a marked file or part."""
    message = casebook.messages_of_files(vault(), one.case)[one.number - 1]
    return url_for(endpoint, number=one.case.number, message=message, bagian=one.place or None, **more)


def _asked(case: Case, targets: dict[str, str]) -> list[str]:
    """Return the bodies about which a reporter of the case was asked or has said something."""
    cases = group.cases(vault(), case)
    found = []
    for code in targets:
        said = [consent.latest(vault(), one.number, code) for one in cases]
        if any(one.asked or one.answer for one in said):
            found.append(code)
    return found


def _assess(case: Case, typed: MultiDict[str, str]) -> str:
    judged = Assessment(
        _rupiah(typed),
        typed.get("official") == "1",
        tuple(typed.get("people", "").splitlines()),
        _whole_or_none(typed.get("year", "")),
    )
    criteria.assess(work(), case, judged)
    return _("Penilaian tersimpan.")


def _ask(case: Case, typed: MultiDict[str, str]) -> str:
    consent.ask(work(), case, typed.get("target", ""))
    return _("Pertanyaan tersimpan. Pelapor membacanya setelah penerbitan berikutnya.")


def _consent(case: Case, typed: MultiDict[str, str]) -> str:
    one = _member(case, typed.get("case", ""))
    consent.record(work(), one, typed.get("target", ""), typed.get("said", ""))
    return _("Jawaban pelapor dicatat.")


def _mark(case: Case, typed: MultiDict[str, str]) -> str:
    one = _member(case, typed.get("case", ""))
    number = _whole_or_none(typed.get("file", ""))
    chosen, _dash, redaction = typed.get("mark", "").partition("-")
    marks.mark(work(), one, number, chosen, typed.get("part", ""), whole(redaction) or 0)
    return _("Tanda berkas tersimpan.")


def _propose(case: Case, typed: MultiDict[str, str]) -> str:
    draft = Draft(
        receiver=_whole_or_none(typed.get("receiver", "0")),
        request=typed.get("request", ""),
        summary=_plain(typed, "summary"),
        chronology=_lines(typed, "chronology"),
        people=tuple(_person(line) for line in _lines(typed, "reported-people")),
        since=typed.get("since", "").strip(),
        until=typed.get("until", "").strip(),
        precision=typed.get("precision", ""),
        rupiah=_rupiah(typed),
        source=_plain(typed, "source"),
        method=_plain(typed, "method"),
        reported=_lines(typed, "reported"),
        court=typed.get("court", ""),
        conclusion=_plain(typed, "conclusion"),
        basis=_plain(typed, "basis"),
        with_channel=typed.get("with_channel") == "1",
        with_files=typed.get("with_files") == "1",
        grounds=_plain(typed, "grounds"),
    )
    propose.propose(work(), case, draft)
    return _("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan.")


def _seal(case: Case, typed: MultiDict[str, str]) -> str:
    wanted = _whole_or_none(typed.get("referral", ""))
    if wanted not in [one.number for one in propose.of_case(vault(), case)]:
        raise NotFoundError("referral.not-found")
    folder = export_folder.folder(work())
    made = build.make(work(), wanted, folder, desk().aside)
    for note in made.notes:
        flash(file_words.note(*note), "warn")
    return _("%(names)s ada di %(folder)s. Berikan kepada penerimanya.", names=", ".join(made.names), folder=folder)


def _look_at_seal(case: Case, typed: MultiDict[str, str]) -> str:
    """Tell of a dossier without sealing it: no file is written."""
    found = [one for one in propose.of_case(vault(), case) if one.number == _whole_or_none(typed.get("referral", ""))]
    if not found:
        raise NotFoundError("referral.not-found")
    if not found[0].made:  # it is told once
        build.tell(work(), case, found[0])
    return ""


def _letter(case: Case, _typed: MultiDict[str, str]) -> str:
    ombudsman.give(work(), case)
    return _("Surat tersimpan. Pelapor dapat mencetaknya setelah penerbitan berikutnya.")


def _member(case: Case, typed: str) -> Case:
    number = whole(typed)
    for one in group.cases(vault(), case):
        if one.number == number:
            return one
    raise NotFoundError("case.not-here")


def _whole_or_none(typed: str) -> int:
    """Return a number, 0 for an empty field, and a number that no row has for anything else."""
    if not typed.strip():
        return 0
    number = whole(typed.strip())
    return _NO_NUMBER if number is None else number


def _rupiah(typed: MultiDict[str, str]) -> int:
    """Return a sum in rupiah as people write it: 1500000, Rp1.500.000."""
    digits = typed.get("rupiah", "").strip().removeprefix("Rp").replace(".", "").replace(" ", "")
    if not digits:
        return 0
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else _NO_NUMBER


def _plain(typed: MultiDict[str, str], name: str) -> str:
    return typed.get(name, "").replace("\r\n", "\n").strip()


def _lines(typed: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in typed.get(name, "").splitlines() if line.strip())


def _person(line: str) -> Person:
    """Return the person of a line `nama; jabatan; satker; peran`."""
    parts = [one.strip() for one in line.split(";", 3)]
    return Person(*parts)


ACTS: Final[dict[str, Act]] = {
    "nilai": _assess,
    "tanya": _ask,
    "persetujuan": _consent,
    "tanda": _mark,
    "usul": _propose,
    "segel": _seal,
    "surat-ombudsman": _letter,
}


LOOKS: Final[dict[str, Act]] = {"tanya": _ask, "segel": _look_at_seal, "surat-ombudsman": _letter}


def _act(number: int, act: str) -> Response:
    return case_forms.do(number, act, ACTS, show, url_for("referral", number=number, _anchor="kabar"), LOOKS)


def register(app: Flask) -> None:
    """Add the routes of the page and its actions."""
    app.add_url_rule("/kasus/<int:number>/rujukan", "referral", _show)
    app.add_url_rule("/kasus/<int:number>/rujukan/<act>", "referral-act", _act, methods=["POST"])
