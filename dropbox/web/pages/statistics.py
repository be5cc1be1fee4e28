"""Serves the public page of statistics: the numbers that the desks' stations signed, with our labels and bars.

Rule: numbers that do not verify from the pinned root are not shown; the page only derives numbers from published
ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Response
from flask_babel import format_decimal

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import MalformedError, UntrustedError
from dropbox.form import regions
from dropbox.published.trust import trust_of
from dropbox.vocabulary import tables, vocabulary
from dropbox.vocabulary.tables import CASES, PUBLIC, TOTAL
from dropbox.vocabulary.vocabulary import Words
from dropbox.web.base.current import language, localized, site
from dropbox.web.base.desks import desk_label, place_of
from dropbox.web.base.view import page
from dropbox.wire.statistics import Period, Row, Statistics, Table, parse_statistics

_EACH_ONCE: Final = ("channel", "category", "track")  # tables in which each report of the period counts once


@dataclass(frozen=True)
class ShownRow:
    """A row of the page: `bar` is the percentage of the table's longest bar, 0 for none."""

    code: str
    label: str
    values: tuple[str, ...]
    bar: int


@dataclass(frozen=True)
class ShownTable:
    """A table in words; `hidden` are the labels of rows of which no number is shown."""

    code: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class ShownPeriod:
    """A period: how many reports came, and what percentage was followed up; empty where it cannot be told."""

    first: str
    last: str
    counted: str
    came: str
    followed: str
    tables: tuple[ShownTable, ...] = field(repr=False)


def show() -> Response:
    """Answer GET with the page, newest period first; it says so when nothing is published."""
    here = site()
    trust = trust_of(here.store, here.anchor, here.utc_day())
    found = ((desk, _verified(trust, desk, item.body)) for desk, item in here.store.published.all("statistics"))
    desks = [
        {"name": desk, "label": desk_label(desk), "periods": [_shown(one) for one in reversed(statistics.periods)]}
        for desk, statistics in sorted(found, key=lambda one: place_of(one[0]))
        if statistics
    ]
    return page("statistics.html", here="statistics", published=desks)


def _verified(trust: Trust, desk: str, untrusted: bytes) -> Statistics | None:
    """What a desk published; numbers grow no worse when a certificate's days are over."""
    try:
        statistics = parse_statistics(open_object(trust, untrusted, "statistics", dated=False).body)
    except (MalformedError, UntrustedError):
        return None
    return statistics if statistics.head.desk == desk else None


def _shown(period: Period) -> ShownPeriod:
    return ShownPeriod(
        first=localized(period.first),
        last=localized(period.last),
        counted=localized(period.counted),
        came=_came(period),
        followed=_followed(period),
        tables=tuple(_table(table) for table in period.tables if table.code in _tables()),
    )


def _came(period: Period) -> str:
    """The total of the first table that counts each report once."""
    for table in period.tables:
        if table.code in _EACH_ONCE and table.columns == (CASES,):
            total = {row.code: row.values[0] for row in table.rows}.get(TOTAL)
            if total is not None:
                return str(format_decimal(total))
    return ""


def _followed(period: Period) -> str:
    """Percent of reports that went beyond verification, where `track` shows what it takes."""
    for table in period.tables:
        if table.code == "track" and table.columns == (CASES,):
            cells = {row.code: row.values[0] for row in table.rows}
            total, waiting, refused = (cells.get(code) for code in (TOTAL, "waiting", "refused"))
            if total and waiting is not None and refused is not None:
                return str(format_decimal(round(100 * (total - waiting - refused) / total)))
    return ""


def _table(table: Table) -> ShownTable:
    labels = _row_labels(table.code)
    longest = max((row.values[0] or 0 for row in table.rows if row.code != TOTAL), default=0)
    seen = [row for row in table.rows if any(value is not None for value in row.values)]
    return ShownTable(
        code=table.code,
        title=_tables()[table.code][language()],
        definition=vocabulary.words("table", table.code, "public_definition")[language()],
        columns=tuple(vocabulary.label("column", column, language(), *PUBLIC) for column in table.columns),
        rows=tuple(
            ShownRow(
                row.code,
                _label(labels, row),
                tuple("–" if value is None else format_decimal(value) for value in row.values),
                0 if row.code == TOTAL else 100 * (row.values[0] or 0) // max(longest, 1),
            )
            for row in seen
        ),
        hidden=tuple(_label(labels, row) for row in table.rows if row not in seen),
    )


def _tables() -> Mapping[str, Words]:
    """Titles by code, of the tables that have words for the public."""
    return vocabulary.table("table", "public")


def _row_labels(table: str) -> Mapping[str, str]:
    if table == "province":
        return regions.provinces()
    bodies = site().settings.workstation.referral_targets
    found = bodies if table == "referral" else tables.rows(table, *PUBLIC)
    return {code: words[language()] for code, words in found.items()}


def _label(labels: Mapping[str, str], row: Row) -> str:
    return tables.common_label(row.code, language()) or labels.get(row.code, row.code)
