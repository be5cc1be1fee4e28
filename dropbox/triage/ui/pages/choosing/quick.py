"""Sorts a new case with one short form: a proposed subject, and one key for the office that gets it.

Rule: it shows what the reporter will read of it, and nothing is saved before the officer sends the form.
"""

from string import ascii_lowercase, digits
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from dropbox.errors import RefusedError
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling
from dropbox.triage.casework.choosing import subjects
from dropbox.triage.ui.pages.inbox import kept_filter, office_choices
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import may, settings, work
from dropbox.wire.statuses import RECEIVED

ACT: Final = "sortir"
ANCHOR: Final = "sortir"  # of the first office: the browser itself gives it the focus
_KEYS: Final = digits[1:] + ascii_lowercase


def context(case: Case) -> dict[str, object]:
    """Return what the form shows; `sorting` is empty where the case is sorted already, or the officer may not sort."""
    is_new = case.status == RECEIVED and not (case.subject or case.office or case.officer or case.merged_into)
    if not (is_new and may(Permission.CASE_CLASSIFY) and may(Permission.CASE_ASSIGN)):
        return {"sorting": []}
    offices = [(key, code, name) for key, (code, name) in zip(_KEYS, office_choices(), strict=False)]
    subject = subjects.proposed(settings(), case)
    told = telling.look(lambda: look(case, MultiDict({"subject": subject})))  # whatever subject and office are chosen
    return {"sorting": offices, "proposed_subject": subject, "sorting_look": told}


def do(case: Case, typed: MultiDict[str, str]) -> str:
    """Classify the case by its subject, and hand it to an office; return the sentence that says so.

    Raises:
        RefusedError: subject or office is missing, or see handling.classify and handling.assign; the office is checked
            before anything is written.
        NotFoundError: the officer is kept out of the case.
    """
    subject, office = typed.get("subject", "").strip(), typed.get("office", "")
    if not subject:
        raise RefusedError("sorting.subject")
    if office not in settings().workstation.offices:
        raise RefusedError("sorting.office")
    handling.classify(work(), case, handling.Classification(subject=subject))
    handling.assign(work(), case, office=office)
    return _("%(name)s tersortir: %(office)s.", name=case.name, office=dict(office_choices())[office])


def look(case: Case, typed: MultiDict[str, str]) -> str:
    """Do, in a rehearsal, what `do` tells: an office that is not chosen yet changes nothing of it; raises as `do`."""
    subject = typed.get("subject", "").strip()
    if not subject:
        raise RefusedError("sorting.subject")
    handling.classify(work(), case, handling.Classification(subject=subject))
    return ""


def target(next_case: int) -> str:
    """Return the address after sorting: the form of the next case of the list, or the list."""
    if next_case:
        return url_for("case", number=next_case, _anchor=ANCHOR)
    kept: dict[str, Any] = {**kept_filter(), "_anchor": "kabar"}
    return url_for("inbox", **kept)
