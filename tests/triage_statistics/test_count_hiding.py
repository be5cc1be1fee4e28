"""Small numbers stay hidden from whoever puts together all that is published."""

from fractions import Fraction

import pytest
from attack import bounds
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.limits import SMALL_CELL, SPREAD_CASES_MIN
from dropbox.triage.cases.periods import span_of
from dropbox.triage.exchange.statistics_extract import public
from dropbox.triage.statistics.followed import OUTCOMES
from dropbox.triage.statistics.hiding import hide
from dropbox.triage.statistics.tables import Counts
from dropbox.wire.statistics import Row, Table

SPREADS = ("stage", "settlement-days")
SPAN = span_of("2026-Q1")
NAMES = {
    "channel": ("wbs", "dumas", "tidak-disebut"),
    "origin": ("online", "surat", "langsung", "email"),
    "category": ("disiplin", "korupsi", "pungli", "pelayanan"),
    "province": ("11", "12", "31", "32", "33", "91", "unknown"),
    "unit-type": ("pusat", "kua", "kanwil"),
    "track": ("waiting", "examined", "referred", "proven", "unproven", "refused"),
}


def table(code: str, cells: dict[str, int], column: str = "cases") -> Table:
    """Parts and their total."""
    rows = (*cells.items(), ("total", sum(cells.values())))
    return Table(code, (column,), tuple(Row(name, (number,)) for name, number in rows))


def shown(made: Table) -> dict[str, int | None]:
    return {row.code: row.values[0] for row in made.rows}


@st.composite
def _split(draw: st.DrawFn, code: str, names: tuple[str, ...], total: int) -> Table:
    """The total among the rows, many of them small."""
    cells = dict.fromkeys(names, 0)
    left = total
    for name in draw(st.permutations(names))[:-1]:
        most = draw(st.sampled_from((1, 4, 5, 9, left))) if left else 0
        cells[name] = draw(st.integers(0, min(most, left)))
        left -= cells[name]
    cells[draw(st.sampled_from(names))] += left
    return table(code, cells)


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """All tables of a period, as the counters make them: parts of one total, two tables below a cell of `track`."""
    total = draw(st.one_of(st.integers(0, 12), st.integers(0, 60)))
    made = {code: draw(_split(code, names, total)) for code, names in NAMES.items()}
    track = shown(made["track"])
    made["refusal"] = draw(_split("refusal", ("court", "evidence", "test"), track["refused"] or 0))
    made["referral"] = draw(_split("referral", ("kpk", "ombudsman", "polisi"), track["referred"] or 0))
    answered = draw(st.integers(0, 20))
    made["answered"] = table("answered", {"answered": answered, "unanswered": draw(st.integers(0, 20))}, "messages")
    made["settlement"] = table("settlement", {name: draw(st.integers(0, 20)) for name in OUTCOMES}, "number")
    for code in SPREADS:
        cases = draw(st.integers(0, 30))
        made[code] = Table(code, ("cases", "median", "p90", "on-time"), (Row("telaah", (cases, 3, 9, 80)),))
    return Counts(SPAN, SPAN.last + 1, tuple(made.values()))


@given(counts())
@settings(max_examples=40)
def test_linear_programming_finds_no_small_number(found: Counts) -> None:
    """Of no hidden number can it be said that it is small, nor what it is: its greatest value is five or more away."""
    for cell, (least, greatest) in bounds(public(found)).items():
        assert greatest is None or greatest >= SMALL_CELL, cell
        assert greatest is None or greatest - least >= SMALL_CELL, cell


@given(counts())
@settings(max_examples=40)
def test_what_is_shown_is_true_and_never_small(found: Counts) -> None:
    """A shown number is the counted one and at least five; times are of ten cases or more, without their number."""
    period = public(found)
    for made in period.tables:
        if made.code in SPREADS:
            assert made.columns == ("median", "p90", "on-time")
            cases = found.table(made.code).rows[0].values[0] or 0
            assert (made.rows[0].values[0] is not None) == (cases >= SPREAD_CASES_MIN)
            continue
        real = shown(found.table(made.code))
        for name, number in shown(made).items():
            assert number is None or (number == real[name] and number >= SMALL_CELL)


def test_the_attack_works_where_numbers_are_hidden_carelessly() -> None:
    """One hidden cell under a known total is found at once: the test above would notice."""
    careless = Table("category", ("cases",), (Row("korupsi", (None,)), Row("pungli", (8,)), Row("total", (10,))))
    period = public(Counts(SPAN, SPAN.last + 1, tuple(_whole(careless))))
    bare = type(period)(period.first, period.last, period.counted, (careless,))
    assert bounds(bare) == {("category", "korupsi"): (Fraction(2), Fraction(2))}


def _whole(careless: Table) -> list[Table]:
    """Enough of a period for `public`."""
    names = {**NAMES, "refusal": ("court",), "referral": ("kpk",), "answered": ("answered",), "settlement": OUTCOMES}
    tables = [table(code, {rows[0]: 10, **dict.fromkeys(rows[1:], 0)}) for code, rows in names.items()]
    row = Row("telaah", (0, None, None, None))
    spreads = [Table(code, ("cases", "median", "p90", "on-time"), (row,)) for code in SPREADS]
    return [one for one in tables if one.code != careless.code] + [careless_filled(careless), *spreads]


def careless_filled(careless: Table) -> Table:
    rows = tuple(Row(row.code, (2 if row.values[0] is None else row.values[0],)) for row in careless.rows)
    return Table(careless.code, careless.columns, rows)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"a": 9, "b": 8}, {"a": 9, "b": 8, "total": 17}),
        ({"a": 2, "b": 30, "c": 9}, {"a": None, "b": 30, "c": None, "total": 41}),
        ({"a": 2, "b": 3, "c": 9}, {"a": None, "b": None, "c": 9, "total": 14}),
        ({"a": 2, "b": 1, "c": 9, "d": 12}, {"a": None, "b": None, "c": None, "d": 12, "total": 24}),
        ({"a": 0, "b": 20}, {"a": None, "b": None, "total": 20}),
        ({"a": 1, "b": 2}, {"a": None, "b": None, "total": None}),
        ({"a": 0}, {"a": None, "total": None}),
    ],
)
def test_what_is_hidden(cells: dict[str, int], expected: dict[str, int | None]) -> None:
    """The small ones, then the next smallest until the hidden ones hide each other; all of a small table."""
    assert shown(hide(table("x", cells))) == expected


def test_reasons_are_told_only_below_a_number_that_is_told() -> None:
    """Else they would give back the refused ones that are hidden elsewhere."""
    tables = {one.code: one for one in _whole(table("category", {"korupsi": 10}))}
    tables["track"] = table("track", {"waiting": 20, "refused": 6, "proven": 2})
    tables["refusal"] = table("refusal", {"court": 6})
    period = public(Counts(SPAN, SPAN.last + 1, tuple(tables.values())))
    assert "refusal" not in [one.code for one in period.tables]
