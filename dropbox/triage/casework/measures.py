"""Rewards, sanctions and protection measures beside a case: kind, day, by whom decided, with what result.

    reward       needs authorship that was proven (casework.claims), a sealed identity, and a case that the police has
    bad faith    not while a case is open, and not of one that was substantiated

Rule: a measure outlives its case as a code and a day, for the counts; who decided it goes with the content.
"""

import unicodedata
from collections import Counter as Tally
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import identity, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.cases.periods import Span
from dropbox.triage.tables import log, measures
from dropbox.triage.tables.numbers import NO_CASE_NUMBER
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.codes import MeasureKind, Status
from dropbox.wire.calendar import Day

DECIDER_MAX: Final = 200  # characters
RUNNING: Final = measures.RUNNING
Measure = measures.Measure
RESULTS: Final = vocabulary.table("measure_result")
_REWARDS: Final = (MeasureKind.AWARD, MeasureKind.PREMIUM)
_BAD_FAITH: Final = MeasureKind.SANCTION_BAD_FAITH
KINDS: Final = vocabulary.table("measure")


def add(work: Work, case: Case, kind: str, day: Day, decider: str) -> int:
    """Write down a measure that was decided; returns its number.

    Args:
        work: the vault, the settings and the day.
        case: it is about.
        kind: of KINDS.
        day: day number on which it was decided.
        decider: office or post that decided.

    Raises:
        RefusedError: the officer's roles do not allow it, or the measure may not be; the sentence says why.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.MEASURE_MANAGE, case.number)
    if kind not in KINDS:
        raise RefusedError("measure.kind")
    decider = decider.strip()
    if not decider or len(decider) > DECIDER_MAX or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in decider):
        raise RefusedError("measure.decider", most=DECIDER_MAX)
    if not case.sent <= day <= work.today:
        raise RefusedError("measure.day")
    if kind in _REWARDS:
        _check_reward(work, case)
    if kind == _BAD_FAITH and case.status not in (Status.SELESAI_TIDAK, permission.REFUSED):
        raise RefusedError("measure.bad-faith")
    with transaction(work.vault.db):
        number = measures.add(work.vault.db, case.number, kind, day, decider)
        audit_log.write(work.vault, Permission.MEASURE_MANAGE, case.number, did="add", kind=kind, number=number)
    return number


def finish(work: Work, number: int, result: str) -> None:
    """Write down the result of a measure.

    Raises:
        NotFoundError: there is no such running measure (for this officer).
        RefusedError: the officer's roles do not allow it, or there is no such result.
    """
    found = measures.running(work.vault.db, number)
    permission.permit(work, Permission.MEASURE_MANAGE, found.case if found else NO_CASE_NUMBER)
    if found is None:
        raise NotFoundError("measure.not-running")
    if result not in RESULTS:
        raise RefusedError("measure.result")
    with transaction(work.vault.db):
        measures.finish(work.vault.db, number, result)
        audit_log.write(work.vault, Permission.MEASURE_MANAGE, found.case, did="finish", number=number, result=result)


def of_case(work: Work, case: Case) -> list[Measure]:
    """All measures of a case, oldest first; raises as policy.permit."""
    permission.permit(work, Permission.MEASURE_MANAGE, case.number)
    return measures.of_case(work.vault.db, case.number)


def tally(vault: Vault, span: Span, reader: str | None) -> Tally[tuple[str, str]]:
    """Measures decided in a period, by kind and result, of the cases that count for a reader (cohort.reader)."""
    return Tally(measures.kinds_and_results(vault.db, span.first, span.last, reader))


def _check_reward(work: Work, case: Case) -> None:
    if not log.has_proven_claim(work.vault.db, case.number, Permission.CLAIM_CHECK):
        raise RefusedError("reward.authorship")
    if not identity.numbers(work.vault, case):
        raise RefusedError("reward.identity")
    bodies = work.settings.workstation.referral.law_enforcement
    sent = referrals.sealed_targets(work.vault.db, case.number)
    if not bodies & {case.reference, *sent}:
        raise RefusedError("reward.law-enforcement")
