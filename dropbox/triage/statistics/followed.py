"""Counts the recommendations of a period's reports (LHP): by kind, by unit, by outcome, and how long they took.

    share    of the recommendations (the first column), those that were carried out, in per cent

Rule: a recommendation counts in the period of its report's date, by its last settlement (TLHP) on the day of counting.
The name of a unit is in the officers' table alone; `settlement` is a partition of one total, for hiding.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.cases.periods import Span
from dropbox.triage.statistics import stages
from dropbox.triage.tables.followup import waiting
from dropbox.triage.tables.followup.waiting import Recommendation
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.tables import CASES, TOTAL, UNKNOWN
from dropbox.wire.calendar import date_of
from dropbox.wire.statistics import Row, Table

NUMBER: Final = "number"
OUTCOMES: Final = vocabulary.codes("settlement")
_DONE, _NOT = OUTCOMES[0], "not"
_COLUMNS: Final = (NUMBER, *OUTCOMES, "share")
LEAST: Final = "least"
MOST: Final = "most"


def tables_of(work: Work, span: Span, reader: str | None) -> tuple[Table, ...]:
    """Return the tables of a period, of the cases that count for a reader (cohort.reader)."""
    found = waiting.recommended_between(work.vault.db, span.first, span.last, reader)
    units = sorted({one.unit or UNKNOWN for one in found})
    return (
        _by("recommended", vocabulary.codes("recommended"), found, lambda one: one.code),
        _by("settlement-unit", units, found, lambda one: one.unit or UNKNOWN),
        _outcomes(found),
        _days(work.settings, found),
    )


def _outcome(one: Recommendation) -> str:
    return one.outcome or _NOT


def _by(code: str, rows: Iterable[str], found: list[Recommendation], row_of: Callable[[Recommendation], str]) -> Table:
    tally = Tally((row_of(one), _outcome(one)) for one in found)
    cells = ((row, tuple(tally[row, outcome] for outcome in OUTCOMES)) for row in rows)
    return Table(code, _COLUMNS, tuple(Row(row, (sum(numbers), *numbers, _share(numbers))) for row, numbers in cells))


def _share(numbers: tuple[int, ...]) -> int | None:
    """Return the percentage of the first number in all, None of none."""
    return round(100 * numbers[0] / sum(numbers)) if sum(numbers) else None


def _outcomes(found: list[Recommendation]) -> Table:
    tally = Tally(map(_outcome, found))
    rows = [Row(outcome, (tally[outcome],)) for outcome in OUTCOMES]
    return Table("settlement", (NUMBER,), (*rows, Row(TOTAL, (len(found),))))


def _days(settings: Settings, found: list[Recommendation]) -> Table:
    done = [one for one in found if one.outcome == _DONE]
    days = [settings.working_days_between(date_of(one.reported), date_of(one.settled)) for one in done]
    limited = [one.settled <= one.due for one in done if one.due]
    spread = (stages.median(days), min(days), max(days), stages.percentile_90(days)) if days else (None,) * 4
    in_time = round(100 * sum(limited) / len(limited)) if limited else None
    columns = (CASES, "median", LEAST, MOST, "p90", "on-time")
    return Table("settlement-days", columns, (Row(_DONE, (len(days), *spread, in_time)),))
