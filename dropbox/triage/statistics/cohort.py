"""Lists the reports of a period as rows of codes for the counters, without any text of a report.

Rule: a deleted or merged report still counts as received. An officer's own count leaves out every case from which
they are excluded, so that no number reveals that such a case exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.form.regions import provinces
from dropbox.matching.words import split
from dropbox.triage.access import permission
from dropbox.triage.cases.origins import ONLINE, ORIGINS
from dropbox.triage.cases.periods import Span
from dropbox.triage.cases.reasons import REASONS
from dropbox.triage.statistics.counters import FAMILY_OF, PROBLEM_OF, TRACK_OF
from dropbox.triage.tables import cases, events, log, proposals
from dropbox.triage.tables.case_row import Case
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.vocabulary.tables import UNKNOWN
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import CATEGORIES, CHANNELS, UNSTATED

_OTHER_NAMES: Final = {"dki jakarta": "31", "di yogyakarta": "34"}  # as earlier pages of the desk called them


@dataclass(frozen=True)
class Counted:
    """One report in codes of `counters`; `status` is the one in which an archived case ended."""

    number: CaseNumber
    status: str
    channel: str
    category: str
    problem: str
    origin: str
    unit_type: str
    province: str
    track: str
    reason: str
    referral: str
    sent: Day
    due: Day
    is_leader: bool


def of_period(vault: Vault, span: Span, *, all_cases: bool = False) -> list[Counted]:
    """Return the period's reports, oldest case first.

    Args:
        vault: that has the cases.
        span: the period.
        all_cases: also count cases from which the vault's officer is excluded: for publication, never for display.
    """
    ended = _ended_as(vault)
    refused = proposals.last_details(vault.db, "refuse", "approved", "reason")  # an archived case has lost it
    rows = cases.sent_between(vault.db, span.first, span.last, reader(vault, all_cases=all_cases))
    return [_counted(case, ended, refused) for case in rows]


def reader(vault: Vault, *, all_cases: bool) -> str | None:
    """Return the login of the officer for whom cases are counted, or None for all cases."""
    return None if all_cases else vault.officer.login


def _counted(case: Case, ended: Mapping[CaseNumber, str], refused: Mapping[CaseNumber, str]) -> Counted:
    status = ended.get(case.number, "") if case.status == permission.ARCHIVED else case.status
    reason = case.reason or refused.get(case.merged_into or case.number, "")
    category = case.category if case.category in CATEGORIES else CATEGORIES[-1]
    return Counted(
        number=case.number,
        status=status,
        channel=case.channel if case.channel in CHANNELS else UNSTATED,
        category=category,
        problem=PROBLEM_OF[category],
        origin=case.origin if case.origin in (ONLINE, *ORIGINS) else UNKNOWN,
        unit_type=FAMILY_OF.get(case.unit_type, UNKNOWN),
        province=province_code(case.province),
        track=TRACK_OF.get(status, UNKNOWN),
        reason=reason if reason in REASONS else UNKNOWN,
        referral=case.reference if case.reference and status == permission.REFERRED else UNKNOWN,
        sent=case.sent,
        due=case.due,
        is_leader=not case.merged_into,
    )


def province_code(stored: str) -> str:
    """Return the two digits of a province that a case has by code or by name; UNKNOWN for anything else."""
    known = provinces()
    if stored in known:
        return stored
    name = " ".join(split(stored))
    return _OTHER_NAMES.get(name) or _codes().get(name, UNKNOWN)


def _codes() -> dict[str, str]:
    return {" ".join(split(name)): code for code, name in provinces().items()}


def _ended_as(vault: Vault) -> dict[CaseNumber, str]:
    """Return each archived case's status before the archive; for a deleted case only the log still has it."""
    return log.last_before(vault.db, "answer.archive") | events.last_statuses_of(vault.db, permission.ARCHIVED)
