"""The risk of a case: likelihood and severity of harm to its reporter and by its matter (ISO 37002:2021, 8.3.2, 4.4 b).

    proposed   by the program, from the report's answers (safety.rules): the highest of the rules that apply
    decided    by an officer
    waits      not decided yet, or the proposal has changed since

Rule: what an answer once proposed stays among the sources. Until a risk is decided, and where a renewed proposal is
higher than the decision, the proposed level holds: a risk that waits is never shown as low because nobody looked.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.safety import rules
from dropbox.triage.casework.safety.rules import ABOUT, MATTER, REPORTER, SCALE, Estimate, Rules
from dropbox.triage.tables import cases, protections, tags
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.safety import risks
from dropbox.triage.tables.safety.risks import Risk
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.statuses import RECEIVED

UNKNOWN: Final = risks.UNKNOWN
GROUNDS_MAX: Final = 2000  # characters
_SETTLED: Final = "risk rules"  # of meta: by which rules the proposals were made
_SOURCES: Final = "from"


@dataclass(frozen=True)
class Source:
    """An answer that proposed something; `code` is of the rule, empty for an amount. 0 proposes nothing."""

    about: str
    field: str
    code: str
    likelihood: int
    severity: int


@dataclass(frozen=True)
class Shown:
    """The risk of one case as an officer sees it; `decided` and `risk` are None where there is none."""

    case: Case
    proposed: Mapping[str, Estimate]
    decided: Mapping[str, Estimate] | None
    sources: tuple[Source, ...]
    risk: Risk | None


def renew(work: Work, number: CaseNumber, fields: Mapping[str, str] | None = None) -> None:
    """Propose the risk of a case from what is known now and from a message's answers; inside a transaction.

    Args:
        work: the vault, the settings and the day.
        number: of the case.
        fields: of a message that has come; what earlier ones proposed stays. None: no message has come.
    """
    before = risks.of_case(work.vault.db, number)
    kept = [one for one in _sources_in(before) if one.field not in rules.DESK_FIELDS]
    _propose(work, number, before, [*kept, *_of_answers(rules.load(work.settings), fields or {})])


def settle(work: Work) -> None:
    """Propose the risk of every case anew, if the rules are others than before; an older vault gets its proposals."""
    state = hashlib.sha256(repr(rules.load(work.settings)).encode()).digest()
    if work.vault.get(_SETTLED) == state:
        return
    with transaction(work.vault.db):
        for case in casebook.all_cases(work.vault):
            found = [
                source
                for text in casebook.texts(work.vault, case)
                for source in _of_answers(rules.load(work.settings), text.fields)
            ]
            _propose(work, case.number, risks.of_case(work.vault.db, case.number), found)
        work.vault.put(_SETTLED, state)


def decide(work: Work, case: Case, chosen: Mapping[str, Estimate], grounds: str = "") -> None:
    """Decide the risk of a case.

    Args:
        work: the vault, the settings and the day.
        case: of which reporter; a case that was merged away has its own risk.
        chosen: by each of rules.ABOUT.
        grounds: why, in the officer's words; may be empty.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is not of the scale.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.RISK_DECIDE, case.number)
    if set(chosen) != set(ABOUT) or not all(number in SCALE for one in chosen.values() for number in one):
        raise RefusedError("risk.scale")
    grounds = permission.checked_text(grounds) if grounds.strip() else ""
    if len(grounds) > GROUNDS_MAX:
        raise RefusedError("risk.grounds", most=GROUNDS_MAX)
    with transaction(work.vault.db):
        if risks.of_case(work.vault.db, case.number) is None:
            renew(work, case.number)
        before = risks.of_case(work.vault.db, case.number)
        proposed = before.proposed if before else {}
        level = _level(rules.load(work.settings), chosen)
        decided = {about: list(chosen[about]) for about in ABOUT}
        login = work.vault.officer.login
        made = Risk(proposed, decided, level, waits=False, day=work.today, officer=login, grounds=grounds)
        risks.put(work.vault.db, case.number, made)
        _look_soon(work, case.number, chosen)
        audit_log.write(work.vault, Permission.RISK_DECIDE, case.number, **_codes(decided))


def of_case(work: Work, case: Case) -> list[Shown]:
    """Return the risk of a case and of those merged into it that the officer may open; raises as permission.permit."""
    permission.permit(work, Permission.CASE_READ, case.number)
    login = work.vault.officer.login
    numbers = (case.number, *cases.visible_followers(work.vault.db, case.number, login))
    return [_shown(work, casebook.case_of(work.vault, number)) for number in numbers]


def of_group(vault: Vault, numbers: list[CaseNumber]) -> tuple[int, bool]:
    """Return (level, whether it waits) of cases that are worked on together: the highest, as a list shows them."""
    found = [risks.of_case(vault.db, number) for number in numbers]
    return max((one.level for one in found if one), default=UNKNOWN), any(one is None or one.waits for one in found)


def _shown(work: Work, case: Case) -> Shown:
    risk = risks.of_case(work.vault.db, case.number)
    if risk is None:
        return Shown(case, rules.load(work.settings).unanswered, None, (), None)
    decided = _estimates(risk.decided) if risk.decided else None
    return Shown(case, _estimates(risk.proposed), decided, tuple(_sources_in(risk)), risk)


def _propose(work: Work, number: CaseNumber, before: Risk | None, answered: list[Source]) -> None:
    rule = rules.load(work.settings)
    sources = sorted({*answered, *_of_desk(work, rule, number)}, key=_place)
    estimates = {about: _highest(rule, about, sources) for about in ABOUT}
    stored = [[one.about, one.field, one.code, one.likelihood, one.severity] for one in sources]
    proposed: dict[str, Any] = {about: list(estimates[about]) for about in ABOUT} | {_SOURCES: stored}
    if before is not None and proposed == before.proposed:
        return
    level = _level(rule, estimates)
    if before is None or not before.decided:
        made = Risk(proposed, {}, level, waits=True)
    elif any(before.proposed[about] != proposed[about] for about in ABOUT):
        level = max(level, _level(rule, _estimates(before.decided)))
        made = before._replace(proposed=proposed, level=level, waits=True, renewed=work.today)
    else:  # other sources, the same proposal
        made = before._replace(proposed=proposed)
    risks.put(work.vault.db, number, made)
    _look_soon(work, number, estimates)
    if made.waits and made.decided:
        audit_log.write(work.vault, "risk.propose", number, **_codes(proposed))


def _of_answers(rule: Rules, fields: Mapping[str, str]) -> Iterator[Source]:
    return _applying(rule, {name: answer for name, answer in fields.items() if name not in rules.DESK_FIELDS})


def _of_desk(work: Work, rule: Rules, number: CaseNumber) -> Iterator[Source]:
    db = work.vault.db
    known: dict[str, str] = {
        rules.CATEGORY: casebook.case_of(work.vault, number).category,
        rules.PROTECTION: ",".join(one.kind for one in protections.of_case(db, number)),
        rules.SAFEGUARDING: rules.YES if safeguarding.TAG in tags.of_case(db, number) else "",
    }
    return _applying(rule, known)


def _applying(rule: Rules, answers: Mapping[str, str]) -> Iterator[Source]:
    for one in rule.rules:
        for code in rules.codes_in(one, answers.get(one.field, "")):
            yield Source(one.about, one.field, code, one.likelihood, one.severity)


def _sources_in(risk: Risk | None) -> list[Source]:
    return [Source(*one) for one in risk.proposed[_SOURCES]] if risk else []


def _highest(rule: Rules, about: str, sources: list[Source]) -> Estimate:
    mine = [one for one in sources if one.about == about]
    unanswered = rule.unanswered[about]
    return Estimate(
        max((one.likelihood for one in mine if one.likelihood), default=unanswered.likelihood),
        max((one.severity for one in mine if one.severity), default=unanswered.severity),
    )


def _place(source: Source) -> tuple[int, str, str, int]:
    return ABOUT.index(source.about), source.field, source.code, -source.likelihood


def _estimates(stored: Mapping[str, Any]) -> dict[str, Estimate]:
    return {about: Estimate(*stored[about]) for about in ABOUT}


def _level(rule: Rules, estimates: Mapping[str, Estimate]) -> int:
    return max(rule.level(estimates[about]) for about in ABOUT)


def _look_soon(work: Work, number: CaseNumber, estimates: Mapping[str, Estimate]) -> None:
    """Let a report that nobody took up come to the top by the days for its first look."""
    rule, case = rules.load(work.settings), casebook.case_of(work.vault, number)
    if case.status != RECEIVED or case.merged_into:
        return
    days = min(rule.follows[about, rule.level(estimates[about])].look_days for about in ABOUT)
    cases.bring_forward(work.vault.db, number, day_of(work.settings.after_working_days(date_of(case.sent), days)))


def _codes(estimates: Mapping[str, Any]) -> dict[str, str]:
    """Return likelihood and severity for the log, such as `3x2`."""
    return {about: "x".join(map(str, estimates[about])) for about in (REPORTER, MATTER)}
