"""The reports of a period as the counters see them: one row of codes for each, none of anybody's words.

Rule: a report that was deleted or merged is still a report that came. Whoever asks as an officer counts no case from
which they are kept out, so that no number tells them that there is one.
"""

from dataclasses import dataclass
from typing import Any, Final

from dropbox.form.regions import provinces
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.origins import ONLINE, ORIGINS
from dropbox.triage.cases.periods import Span
from dropbox.triage.cases.reasons import REASONS
from dropbox.triage.statistics.counters import FAMILY_OF, PROBLEM_OF, TRACK_OF
from dropbox.triage.vault.vault import Vault
from dropbox.vocabulary.tables import UNKNOWN
from dropbox.wire.board import STATUS
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import CATEGORIES

_COLUMNS: Final = (
    "number, status, channel, category, origin, unit_type, province, reason, reference, sent, due, merged_into"
)
_OTHER_NAMES: Final = {"dki jakarta": "31", "di yogyakarta": "34"}  # as this desk's pages have called them


@dataclass(frozen=True)
class Counted:
    """One report in codes of `counters`; `status` is the one in which an archived case ended."""

    number: int
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
    where, values = seen_by(vault, all_cases=all_cases)
    rows = vault.db.execute(
        f"select {_COLUMNS} from cases where sent between ? and ? and {where} order by number",  # noqa: S608
        (span.first, span.last, *values),
    ).fetchall()
    ended = _ended_as(vault)
    refused = _refused_for(vault)
    return [_counted(row, ended, refused) for row in rows]


def seen_by(vault: Vault, *, all_cases: bool) -> tuple[str, tuple[str, ...]]:
    """SQL about `cases`, and its values: whether a case counts for the vault's officer."""
    return ("1", ()) if all_cases else (casebook.NOT_EXCLUDED, (vault.officer.login,))


def _counted(row: tuple[Any, ...], ended: dict[int, str], refused: dict[int, str]) -> Counted:
    number, status, channel, category, origin, unit_type, province, reason, reference, sent, due, merged = row
    if status == permission.ARCHIVED:
        status = ended.get(number, "")
    reason = reason or refused.get(number if merged is None else merged, "")
    category = category if category in CATEGORIES else CATEGORIES[-1]
    return Counted(
        number=number,
        status=status,
        channel="wbs" if channel == "wbs" else "dumas",
        category=category,
        problem=PROBLEM_OF[category],
        origin=origin if origin in (ONLINE, *ORIGINS) else UNKNOWN,
        unit_type=FAMILY_OF.get(unit_type, UNKNOWN),
        province=province_code(province),
        track=TRACK_OF.get(status, UNKNOWN),
        reason=reason if reason in REASONS else UNKNOWN,
        referral=reference if reference and status == permission.REFERRED else UNKNOWN,
        sent=sent,
        due=due,
        is_leader=merged is None,
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


def _ended_as(vault: Vault) -> dict[int, str]:
    """The status before the archive, by number of the case; of a deleted case the log alone still tells it."""
    logged = vault.db.execute(
        "select case_number, json_extract(details, '$.before') from log where action = 'answer.archive' order by number"
    )
    found = {number: before for number, before in logged if before}
    told = vault.db.execute(
        "select case_number, status from events where kind = ? and status not in ('', ?)"
        " and case_number in (select number from cases where status = ?) order by number",
        (STATUS, permission.ARCHIVED, permission.ARCHIVED),
    )
    return found | dict(told.fetchall())


def _refused_for(vault: Vault) -> dict[int, str]:
    """The reason of the last refusal that was approved, by number of the case: an archived one has lost it."""
    rows = vault.db.execute(
        "select case_number, json_extract(details, '$.reason') from proposals"
        " where action = 'refuse' and outcome = 'approved' order by number"
    )
    return {number: reason for number, reason in rows if reason}
