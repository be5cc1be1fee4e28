"""What waits for a second officer: refusals, deletions, keys of weeks that are long over.

Rule: the page shows what is asked and by whom; the part of triage.work that asked decides what follows.
"""

from collections.abc import Callable
from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.settings import Settings
from dropbox.triage import casebook
from dropbox.triage.desk import choices
from dropbox.triage.desk.view import desk, page, sentence, settings, vault
from dropbox.triage.desk.view import gettext as _
from dropbox.triage.office import approvals
from dropbox.triage.vault import Vault
from dropbox.triage.work import reasons, refusal

Decide = Callable[[Vault, Settings, int, int], object]
_APPROVE: Final[dict[str, Decide]] = {refusal.ACTION: refusal.approve}
_DECLINE: Final[dict[str, Decide]] = {refusal.ACTION: refusal.decline}


def _show(fault: str = "") -> Response:
    pending = [(one, casebook.case_of(vault(), one.case) if one.case else None) for one in approvals.pending(vault())]
    return page(
        "proposals.html", 409 if fault else 200, here="proposals", pending=pending, fault=fault, choices=choices,
        reasons=reasons.REASONS,
    )  # fmt: skip


def _decide(number: int) -> Response:
    proposal = next((one for one in approvals.pending(vault()) if one.number == number), None)
    table = _APPROVE if request.form.get("approve") == "1" else _DECLINE
    if proposal is None or proposal.action not in table:
        raise NotFoundError("this proposal was decided already, or does not exist")
    try:
        table[proposal.action](vault(), settings(), number, desk().today())
    except DropboxError as error:
        return _show(sentence(error))
    flash(_("Disetujui.") if table is _APPROVE else _("Tidak disetujui. Kasus tetap seperti semula."))
    return redirect(url_for("proposals"))


def register(app: Flask) -> None:
    """The page and its decisions."""
    app.add_url_rule("/persetujuan", "proposals", _show)
    app.add_url_rule("/persetujuan/<int:number>", "proposal", _decide, methods=["POST"])
