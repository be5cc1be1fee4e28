"""Finds what recurs: three or more cases of one unit, service or modus within a period.

    unit      as an officer classified it; compared by its words (matching.words)
    service   a tag `layanan-…`
    modus     a tag `modus-…`

Rule: a case counts once, however many reporters it has (merging); a refused case does not count. An officer's own
list leaves out every case from which they are excluded.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from dropbox.limits import RECURRENCE_CASES_MIN
from dropbox.matching.words import split
from dropbox.triage.cases.periods import Span
from dropbox.triage.statistics import cohort
from dropbox.triage.tables import cases, tags
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import Day

UNIT: Final = "unit"
_TAGS: Final = {"layanan-": "service", "modus-": "modus"}
KINDS: Final = (UNIT, *_TAGS.values())
_YEAR_DAYS: Final = 365


@dataclass(frozen=True)
class Recurrence:
    """A unit's name or a tag, and the numbers of its cases, oldest first."""

    kind: str
    subject: str
    cases: tuple[int, ...]


def last_year(today: Day) -> Span:
    """Return the 365 days that end today, so that the list is not empty at New Year."""
    return Span("", "year", Day(today - _YEAR_DAYS + 1), today)


def of_period(vault: Vault, span: Span, *, all_cases: bool = False) -> list[Recurrence]:
    """Return what recurred among the cases that were sent in a period, the most frequent first.

    Args:
        vault: that has the cases.
        span: the period.
        all_cases: also count cases from which the vault's officer is excluded (cohort.of_period).
    """
    rows = cohort.of_period(vault, span, all_cases=all_cases)
    numbers = {row.number for row in rows if row.is_leader and row.track != "refused"}
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    names: dict[str, str] = {}
    for number, unit in cases.units(vault.db):
        if number in numbers:
            found[UNIT, names.setdefault(_same(unit), unit)].append(number)
    for number, tag in tags.of_all(vault.db):
        kind = next((kind for prefix, kind in _TAGS.items() if tag.startswith(prefix) and tag != prefix), None)
        if kind and number in numbers:
            found[kind, tag].append(number)
    recurring = [Recurrence(*key, tuple(cases)) for key, cases in found.items() if len(cases) >= RECURRENCE_CASES_MIN]
    return sorted(recurring, key=lambda one: (-len(one.cases), KINDS.index(one.kind), one.subject))


def _same(unit: str) -> str:
    return " ".join(split(unit))
