"""Merges two cases from a case's page: asks which of them leads, and shows what each reporter will read.

Rule: without a choice, a preview takes the further or older case as leader, and the act the case that was typed.
"""

from typing import Any

from werkzeug.datastructures import MultiDict

from dropbox.errors import DropboxError
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import vault, work


def context(case: Case, typed: MultiDict[str, str], form: str) -> dict[str, Any]:
    """Return the template variables of the choice between two cases; raises nothing for a case that is not there."""
    if form != "gabung":
        return {}
    try:
        other = merging.leader_of(vault(), casebook.find_case(vault(), typed.get("into", "")).number)
    except DropboxError:
        return {}
    best = merging.to_lead(vault(), case, other).number
    lead = typed.get("leads", "")
    return {
        "merge_pair": [case, other],
        "merge_best": best,
        "merge_lead": int(lead) if lead in (str(case.number), str(other.number)) else best,
    }


def merge(case: Case, typed: MultiDict[str, str]) -> str:
    """Merge as a form says; raises what merging.merge raises, and NotFoundError."""
    into = casebook.find_case(vault(), typed.get("into", ""))
    leader = _merged(case, into, typed.get("leads", ""))
    return _("Digabung ke %(name)s. Semua pelapor tetap mendapat jawaban.", name=leader.name)


def look(case: Case, typed: MultiDict[str, str]) -> str:
    """Merge, in a rehearsal, as a form says or as is best; raises as `merge`."""
    into = casebook.find_case(vault(), typed.get("into", ""))
    best = merging.to_lead(vault(), case, into).number
    _merged(case, into, typed.get("leads", str(best)))
    return ""


def _merged(case: Case, into: Case, leads: str) -> Case:
    if leads == str(case.number):
        return merging.merge(work(), merging.leader_of(vault(), into.number), case)
    return merging.merge(work(), case, into)
