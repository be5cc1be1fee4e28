"""FORMAT "Statistics", the workstation's half: what an officer decided to tell the public, kept as it was decided.

Rule: a period is published once, after it is over, and after all that were published before: the difference of two
counts of the same days would be a count of single reports. Every table is a partition of one number that is shown, no
number stands in two tables, and times are told without saying of how many (hiding).
"""

from typing import Final

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.limits import SPREAD_CASES_MIN, STATISTICS_PERIODS_MAX
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import Span
from dropbox.triage.exchange import restored
from dropbox.triage.statistics import followed
from dropbox.triage.statistics.hiding import hide
from dropbox.triage.statistics.tables import Counts, count_all
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.tables import CASES
from dropbox.wire.bundle import parse_return
from dropbox.wire.calendar import Day
from dropbox.wire.signed import Head, parse_object
from dropbox.wire.statistics import Period, Row, Statistics, Table, encode_periods, parse_periods, parse_statistics

_KEPT: Final = "statistics"
_TABLES: Final = (
    *("channel", "origin", "category", "province", "unit-type", "track", "refusal", "referral", "answered"),
    "settlement",
)
_SPREADS: Final = ("stage", "settlement-days")
_NEVER: Final = (CASES, followed.LEAST, followed.MOST)  # columns: how many, and what took a single one
# A table whose total is a cell of another: shown only where that cell is.
_PARENTS: Final = {"refusal": ("track", "refused"), "referral": ("track", "referred")}


def preview(work: Work, span: Span) -> Period:
    """What would be published of a period, over all cases.

    Raises:
        RefusedError: the officer's roles do not allow it, the period is not over, or it may not be published any more.
    """
    permission.permit(work, Permission.STATISTICS_PUBLISH)
    if work.today <= span.last:
        raise RefusedError("period.not-over")
    restored.check_statistics(work.vault)
    kept = published(work.vault)
    if kept and span.first <= kept[-1].last:
        raise RefusedError("period.published-order")
    return public(count_all(work, span))


def decide(work: Work, span: Span) -> Period:
    """Decide to publish a period: it goes out with the next return and every one after; raises as `preview`."""
    period = preview(work, span)
    with transaction(work.vault.db):
        work.vault.put(_KEPT, encode_periods((*published(work.vault), period)[-STATISTICS_PERIODS_MAX:]))
        audit_log.write(work.vault, Permission.STATISTICS_PUBLISH, period=span.code)
    return period


def published(vault: Vault) -> tuple[Period, ...]:
    """The periods that were decided on, oldest first."""
    raw = vault.get(_KEPT)
    return parse_periods(raw) if raw else ()


def adopt(work: Work, untrusted: bytes | None) -> int:
    """Say which periods were published before a restored vault goes on counting; returns how many are kept.

    Args:
        work: the vault, the settings and the day.
        untrusted: the last return, or signed statistics, that this desk published; None when there was none after the
            periods that the vault knows.

    Raises:
        RefusedError: the officer's roles do not allow it, or the file lacks a period that the vault knows.
        MalformedError: it holds no statistics.
        UntrustedError: the pinned root did not certify who signed it, or it is another desk's.
    """
    permission.permit(work, Permission.STATISTICS_PUBLISH)
    kept = published(work.vault)
    if untrusted is not None:
        found = _periods_of(work.vault, untrusted, work.today)
        if any(one not in found and one.last >= found[0].first for one in kept):  # the oldest may have made room
            raise RefusedError("extract.older")
        kept = found
    with transaction(work.vault.db):
        if kept:
            work.vault.put(_KEPT, encode_periods(kept))
        restored.settle_statistics(work.vault)
        audit_log.write(work.vault, Permission.STATISTICS_PUBLISH, restored=len(kept))
    return len(kept)


def _periods_of(vault: Vault, untrusted: bytes, today: Day) -> tuple[Period, ...]:
    trust = Trust(vault.anchor, today)
    label = parse_object(untrusted).label
    objects = [untrusted]
    if label == "return":
        objects = [*parse_return(open_object(trust, untrusted, "return", dated=False).body).objects]
    for item in objects:
        if parse_object(item).label == "statistics":
            opened = open_object(trust, item, "statistics", dated=False)
            if opened.head.desk != vault.desk:
                raise UntrustedError("extract.other-desk")
            return parse_statistics(opened.body).periods
    raise MalformedError("extract.no-statistics")


def signed_body(vault: Vault, number: int, today: Day) -> bytes | None:
    """The body of the statistics that travel in the return of that number, None while nothing was decided."""
    periods = published(vault)
    # Counted while the clock was ahead: no reader takes that before its day, and keys and answers must go out.
    if not periods or any(period.counted > today for period in periods):
        return None
    return Statistics(Head(vault.instance, vault.desk, number, today), periods).encode()


def public(counts: Counts) -> Period:
    """The tables of a period with what may be shown of them."""
    shown: dict[str, Table] = {}
    for code in _TABLES:
        table = counts.table(code)
        parent, cell = _PARENTS.get(code, ("", ""))
        if not parent or _is_shown(shown[parent], cell):
            shown[code] = hide(table)
    shown |= {code: _spread(counts.table(code)) for code in _SPREADS}
    return Period(counts.span.first, counts.span.last, counts.counted, tuple(shown.values()))


def _is_shown(table: Table, cell: str) -> bool:
    return any(row.code == cell and row.values[0] is not None for row in table.rows)


def _spread(table: Table) -> Table:
    """Times without their number of cases or the time of a single one, none of fewer than SPREAD_CASES_MIN."""
    place = table.columns.index(CASES)
    kept = [at for at, column in enumerate(table.columns) if column not in _NEVER]
    rows = []
    for row in table.rows:
        is_shown = (row.values[place] or 0) >= SPREAD_CASES_MIN
        rows.append(Row(row.code, tuple(row.values[at] if is_shown else None for at in kept)))
    return Table(table.code, tuple(table.columns[at] for at in kept), tuple(rows))
