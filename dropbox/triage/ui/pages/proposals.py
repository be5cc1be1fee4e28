"""Shows what waits for a second officer: refusals, deletions, keys of past weeks, dossiers.

Rule: the page shows what is proposed and by whom; the effect is decided in the module that registered the action.
"""

from typing import Any, Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError
from dropbox.serving.pages.language import sentence
from dropbox.triage import decisions
from dropbox.triage.access import holds, identity
from dropbox.triage.access.approvals import Proposal
from dropbox.triage.cases import casebook, reasons
from dropbox.triage.casework import inbox, refusal, retention
from dropbox.triage.casework.choosing import batches
from dropbox.triage.casework.safety import notice
from dropbox.triage.redaction import saved
from dropbox.triage.referral import consent, facts, marks, propose, receivers
from dropbox.triage.tables import messages
from dropbox.triage.tables.numbers import ProposalNumber
from dropbox.triage.ui import choices, file_words, referral_words
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.pages.referral import marked_address
from dropbox.triage.ui.view import desk, may, page, settings, vault, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.officer import is_vault
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_first_day, epoch_last_day
from dropbox.wire.signed import shown_number

_DELETES: Final = (retention.DELETE, retention.EPOCH)
_TELLING: Final = (refusal.ACTION, propose.ACTION)  # their approval is in the vault alone


def to_decide(opened: Vault) -> list[Proposal]:
    """Return the proposals that the officer at work may decide: not their own, and their roles allow it."""
    waiting = decisions.waiting(Work(opened, settings(), desk().today()))
    return [one for one in waiting if one.proposer != opened.officer.login and may(one.action.to_approve)]


def _show(fault: str = "", number: ProposalNumber | None = None) -> Response:
    waiting = to_decide(vault()) if request.args.get("saya") == "1" else decisions.waiting(work())
    return page(
        "proposals.html",
        409 if fault else 200,
        here="proposals",
        pending=[(one, casebook.case_of(vault(), one.case) if one.case else None) for one in waiting],
        together=batches.batches(waiting),
        glimpses=messages.glimpses(vault().db, [one.case for one in waiting if one.case], inbox.GLIMPSE_MAX),
        name_of=lambda case: casebook.case_name(vault().desk, case),
        fault=fault,
        faulty=number,
        choices=choices,
        reasons=reasons.REASONS,
        told={one.number: _told(one) for one in waiting if one.action in _TELLING},
        drafts={one.number: _draft(one) for one in waiting if one.action == propose.ACTION},
        words=referral_words,
        covered=file_words.COVERED,
        address=marked_address,
        has_seen=lambda file: saved.has_seen(vault(), file.redaction),
        targets=settings().workstation.referral_targets,
        holds_of=lambda one: holds.proposed(vault(), one),
        hold_reasons=holds.REASONS,
        opening_reasons=identity.REASONS,
        unannounced=notice.WHY,
        first_day=epoch_first_day,
        last_day=epoch_last_day,
        shown_number=shown_number,
    )


def _told(one: Proposal) -> telling.Look:
    """Return what reporters read if the officer approves, for one who may; of their own proposal, nothing."""
    if one.proposer == vault().officer.login or not may(one.action.to_approve):
        return telling.Look()
    return telling.look(lambda: decisions.approve(work(), one.number))


def _draft(one: Proposal) -> dict[str, Any]:
    """Return a proposed dossier: its receiver, the reporters' consent and the included files."""
    case, draft = casebook.case_of(vault(), one.case), facts.draft_of(one.details)
    receiver = receivers.receiver_of(vault(), draft.receiver) if draft.receiver else None
    return {
        "draft": draft,
        "shows_channel": facts.shows_channel(case, draft),
        "receiver": receiver,
        "target": receiver.target if receiver else receivers.LAPOR,
        "said": consent.of_all(vault(), case, receiver.target if receiver else receivers.LAPOR),
        "labels": {"subject": "", "unit": ""} | one.details.get(facts.LABELS, {}),
        "files": [file for file in marks.of(vault(), case) if file.key in one.details.get(facts.FILES, [])],
    }


def _decide(number: ProposalNumber) -> Response:
    known = {one.number: one.action for one in decisions.waiting(work())}
    try:
        if request.form.get("approve") == "1":
            if known.get(number) in _TELLING and request.form.get("seen"):
                telling.check_seen(lambda: decisions.approve(work(), number), request.form["seen"])
            said = decisions.approve(work(), number)
            flash(_("Disetujui dan sudah dijalankan."))
            if known.get(number) in _DELETES and (len(said) > 1 or not is_vault(vault().copy_folder)):
                flash(
                    _("Salinan kedua belum terhapus. Pasang disknya, lalu cocokkan di halaman Perawatan."),
                    "warn",
                )
        else:
            decisions.decline(work(), number)
            flash(_("Tidak disetujui. Semuanya tetap seperti semula."))
    except DropboxError as error:
        return _show(sentence(error), number)
    return redirect(url_for("proposals"))


def register(app: Flask) -> None:
    """Add the routes of the page and its decisions."""
    app.add_url_rule("/persetujuan", "proposals", _show)
    app.add_url_rule("/persetujuan/<int:number>", "proposal", _decide, methods=["POST"])
