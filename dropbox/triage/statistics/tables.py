"""Counts the tables of a period: internal; includes small cells. `publishing` decides what is published of them.

Rule: every table is counted from the same rows, so that all agree with each other and with the register.
"""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.periods import Span
from dropbox.triage.casework import measures
from dropbox.triage.statistics import cohort, followed, recommendations, recurrence, stages
from dropbox.triage.statistics.cohort import Counted
from dropbox.triage.statistics.counters import COUNTERS, FOLLOWED, MESSAGES, STAGES
from dropbox.triage.statistics.followed import NUMBER
from dropbox.triage.tables import case_list
from dropbox.triage.tables.safety import risks
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.tables import CASES, TOTAL, UNKNOWN, stage_code
from dropbox.wire.calendar import Day
from dropbox.wire.statistics import Row, Table

RISK_COLUMNS: Final = (CASES, "decided", "undecided")
STAGE_COLUMNS: Final = (CASES, "median", "p90", "on-time")


@dataclass(frozen=True)
class Counts:
    """All tables of a period, with the day on which they were counted."""

    span: Span
    counted: int
    tables: tuple[Table, ...]

    def table(self, code: str) -> Table:
        """Return the table of a code."""
        return next(table for table in self.tables if table.code == code)

    def cell(self, code: str, row: str) -> int:
        """Return the number in a row's first column; 0 if there is no such row."""
        return next((found.values[0] or 0 for found in self.table(code).rows if found.code == row), 0)

    @property
    def total(self) -> int:
        """Return the number of reports of the period."""
        return self.cell("channel", TOTAL)

    @property
    def followed(self) -> float | None:
        """Return the share of reports that were followed up, None without reports."""
        return sum(self.cell("track", row) for row in FOLLOWED) / self.total if self.total else None


def count(work: Work, span: Span) -> Counts:
    """Count the cases that the officer may see; raises RefusedError if their roles do not allow statistics."""
    permission.permit(work, Permission.STATISTICS_READ)
    return count_all(work, span, all_cases=False)


def count_all(work: Work, span: Span, *, all_cases: bool = True) -> Counts:
    """Count without a check of roles; `all_cases` includes cases from which the officer is excluded."""
    rows = cohort.of_period(work.vault, span, all_cases=all_cases)
    reader = cohort.reader(work.vault, all_cases=all_cases)
    told = stages.of_period(work, span, reader)
    bodies = work.settings.workstation.referral_targets
    tables = (
        _parts("channel", (row.channel for row in rows)),
        _parts("origin", (row.origin for row in rows)),
        _parts("category", (row.category for row in rows)),
        _parts("problem", (row.problem for row in rows)),
        _parts("province", (row.province for row in rows)),
        _parts("unit-type", (row.unit_type for row in rows)),
        _parts("track", (row.track for row in rows)),
        _parts("refusal", (row.reason for row in rows if row.track == "refused")),
        _parts("referral", (row.referral for row in rows if row.track == "referred"), bodies),
        _risk(work.vault, rows),
        *followed.tables_of(work, span, reader),
        _stages(work.settings, told.lengths),
        _live(work.vault, work.today, reader),
        _table("answered", MESSAGES, {"answered": told.answered, "unanswered": told.unanswered}),
        _measures(work.vault, span, reader),
        _prevention(work.vault, span, work.today, all_cases=all_cases),
    )
    return Counts(span, work.today, tables)


def _table(code: str, column: str, cells: dict[str, int]) -> Table:
    rows = (*cells.items(), (TOTAL, sum(cells.values())))
    return Table(code, (column,), tuple(Row(row, (number,)) for row, number in rows))


def _parts(code: str, found: Iterable[str], rows: Iterable[str] = ()) -> Table:
    """Return a table of parts of one whole; a code without a row counts as `unknown`."""
    names = (*(rows or COUNTERS[code].rows), UNKNOWN)
    tally = Tally(row if row in names else UNKNOWN for row in found)
    return _table(code, CASES, {name: tally[name] for name in names if name != UNKNOWN or tally[name]})


def _risk(vault: Vault, rows: list[Counted]) -> Table:
    """Return the reports by the level of their risk, and for how many of them an officer has decided it."""
    found = risks.of_cases(vault.db)
    tally = Tally(found.get(row.number, (risks.UNKNOWN, False)) for row in rows)
    levels = [int(code) for code in COUNTERS["risk"].rows]
    cells = [(str(level), (tally[level, True], tally[level, False])) for level in levels]
    cells.append((TOTAL, (sum(done for _, (done, _) in cells), sum(waits for _, (_, waits) in cells))))
    return Table("risk", RISK_COLUMNS, tuple(Row(code, (sum(numbers), *numbers)) for code, numbers in cells))


def _stages(settings: Settings, lengths: dict[str, list[int]]) -> Table:
    rows = []
    for status in STAGES:
        days, limit = lengths.get(status, []), settings.service_days.get(status)
        in_time = round(100 * sum(day <= limit for day in days) / len(days)) if days and limit else None
        spread = (stages.median(days), stages.percentile_90(days)) if days else (None, None)
        rows.append(Row(stage_code(status), (len(days), *spread, in_time)))
    return Table("stage", STAGE_COLUMNS, tuple(rows))


def _measures(vault: Vault, span: Span, reader: str | None) -> Table:
    found = measures.tally(vault, span, reader)
    rows = []
    for kind in COUNTERS["measures"].rows:
        ended = tuple(found[kind, result] for result in measures.RESULTS)
        rows.append(Row(kind, (found[kind, measures.RUNNING] + sum(ended), *ended)))
    return Table("measures", (NUMBER, *measures.RESULTS), tuple(rows))


def _prevention(vault: Vault, span: Span, today: Day, *, all_cases: bool) -> Table:
    tally = Tally(recommendations.states(vault, span, today, all_cases=all_cases))
    tally["recurring"] = len(recurrence.of_period(vault, span, all_cases=all_cases))
    return Table("prevention", (NUMBER,), tuple(Row(row, (tally[row],)) for row in COUNTERS["prevention"].rows))


def _live(vault: Vault, today: Day, reader: str | None) -> Table:
    late, all_live = case_list.count_running(vault.db, reader, permission.ENDED, today)
    return _table("live", CASES, {"in-time": all_live - late, "overdue": late})
