"""The reports of a period as the counters see them: one row of codes for each, none of anybody's words.

Rule: a report that was deleted or merged is still a report that came. Whoever asks as an officer counts no case from
which they are kept out, so that no number tells them that there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.form.regions import provinces
from dropbox.triage.access import permission
from dropbox.triage.cases.origins import ONLINE, ORIGINS
from dropbox.triage.cases.periods import Span
from dropbox.triage.cases.reasons import REASONS
from dropbox.triage.statistics.counters import FAMILY_OF, PROBLEM_OF, TRACK_OF
from dropbox.triage.tables import cases, events, proposals
from dropbox.triage.tables.case_row import Case
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.vocabulary.codes import Channel
from dropbox.vocabulary.tables import UNKNOWN
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import CATEGORIES

_OTHER_NAMES: Final = {"dki jakarta": "31", "di yogyakarta": "34"}  # as this desk's pages have called them


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
    """The period's reports, oldest case first.

    Args:
        vault: whose.
        span: the period.
        all_cases: with those from which the vault's officer is kept out: for what is published, not for eyes.
    """
    ended = _ended_as(vault)
    refused = proposals.last_details(vault.db, "refuse", "approved", "reason")  # an archived case has lost it
    rows = cases.sent_between(vault.db, span.first, span.last, reader(vault, all_cases=all_cases))
    return [_counted(case, ended, refused) for case in rows]


def reader(vault: Vault, *, all_cases: bool) -> str | None:
    """For whose eyes it is counted: the login of the vault's officer, or None for all cases."""
    return None if all_cases else vault.officer.login


def _counted(case: Case, ended: Mapping[CaseNumber, str], refused: Mapping[CaseNumber, str]) -> Counted:
    status = ended.get(case.number, "") if case.status == permission.ARCHIVED else case.status
    reason = case.reason or refused.get(case.merged_into or case.number, "")
    category = case.category if case.category in CATEGORIES else CATEGORIES[-1]
    return Counted(
        number=case.number,
        status=status,
        channel=case.channel if case.channel == Channel.WBS else Channel.DUMAS,
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
    """The two digits of a province that a case names by code or by name; UNKNOWN for anything else."""
    known = provinces()
    if stored in known:
        return stored
    name = " ".join(stored.split()).casefold()
    return _OTHER_NAMES.get(name) or _codes().get(name, UNKNOWN)


def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in provinces().items()}


def _ended_as(vault: Vault) -> dict[CaseNumber, str]:
    """The status before the archive, by number of the case; of a deleted case the log alone still tells it."""
    logged = vault.db.execute(
        "select case_number, json_extract(details, '$.before') from log where action = 'answer.archive' order by number"
    )
    found = {number: before for number, before in logged if before}
    return found | events.last_statuses_of(vault.db, permission.ARCHIVED)
