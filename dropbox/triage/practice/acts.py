"""Does what the practice officers did before: the acts of the desk, in the hands of the officer who is named.

Rule: nothing is written past the functions of triage.casework, so that roles, second officers and the log are real.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dropbox.triage import decisions
from dropbox.triage.access import approvals
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, phrases, refusal, transitions
from dropbox.triage.casework.safety import risk
from dropbox.triage.exchange.publish import publish
from dropbox.triage.followup import records
from dropbox.triage.followup.kinds import DAYS, KINDS
from dropbox.triage.practice.content import Act
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Status
from dropbox.wire.calendar import Day

Values = Mapping[str, Any]  # of an act, by name: texts, and a table for an object

_PHRASES: Final = {"verify": Status.VERIFIKASI, "review": Status.TELAAH, "clarify": Status.KLARIFIKASI}


def do(work: Work, number: CaseNumber | None, act: Act) -> None:
    """Do an act of reports.toml.

    Args:
        work: of the officer who acts, on the day of the act.
        number: of the case; None for an act without one.
        act: its values are the arguments.

    Raises:
        KeyError: there is no such act, or it lacks a value.
        RefusedError, NotFoundError: as the act itself.
    """
    if act.act == "publish":
        publish(work)  # nobody carries it: the practice server exists only in exports
        return
    if number is None:
        raise KeyError(act.case)
    _ACTS[act.act](work, casebook.case_of(work.vault, number), act.values)


def _tell(status: str, phrase: str) -> Callable[[Work, Case, Values], None]:
    def tell(work: Work, case: Case, values: Values) -> None:
        text = values.get("text") or phrases.text_of(work.vault, phrase, casebook.language(work.vault, case))
        transitions.answer(work, case, Draft(status, text))

    return tell


def _classify(work: Work, case: Case, values: Values) -> None:
    handling.classify(work, case, handling.Classification(**values))


def _refuse(work: Work, case: Case, values: Values) -> None:
    refusal.propose(work, case, refusal.Refusal(**values))


def _approve(work: Work, case: Case, _values: Values) -> None:
    for proposal in approvals.pending(work.vault):
        if proposal.case == case.number:
            decisions.approve(work, proposal.number)


def _assign(work: Work, case: Case, values: Values) -> None:
    office, officer, text = (values.get(name, "") for name in ("office", "officer", "text"))
    handling.assign(work, case, office=office, officer=officer, text=text)


def _note(work: Work, case: Case, values: Values) -> None:
    handling.note(work, case, values["text"])


def _record(work: Work, case: Case, values: Values) -> None:
    """Write an object of the follow-up; its days are counted from the day of the act, its parent is the newest."""
    kind, told = values["kind"], values["object"].items()
    parents = [one.root for one in records.of_case(work, case) if one.kind == KINDS[kind].parent]
    written = {name: Day(work.today + one) if name in DAYS else one for name, one in told}
    records.add(work, case, kind, written, max(parents, default=0))


def _accept_risk(work: Work, case: Case, values: Values) -> None:
    """Decide the risk as it was proposed."""
    risk.decide(work, case, risk.of_case(work, case)[0].proposed, values["grounds"])


_ACTS: Final[Mapping[str, Callable[[Work, Case, Values], None]]] = {
    **{act: _tell(status, act) for act, status in _PHRASES.items()},
    "ask": _tell(Status.BUTUH_INFO, "ask-place"),
    "close": _tell(Status.SELESAI_TERBUKTI, "proven"),
    "classify": _classify,
    "refuse": _refuse,
    "approve": _approve,
    "assign": _assign,
    "note": _note,
    "record": _record,
    "accept-risk": _accept_risk,
}
