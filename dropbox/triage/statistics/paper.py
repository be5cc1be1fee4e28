"""Makes the papers of statistics: a period's report, with a first page for a reader of one minute, and the register.

Rule: every sentence of the first page is made of the tables' numbers; a row without reports is left out, and the paper
says how many were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Bar, Bars, Block, Fields, Figures, Heading, Paper, Small, Text
from dropbox.triage.papers.paper import Table as Grid
from dropbox.triage.statistics.counters import COLUMNS, COUNTERS, row_label
from dropbox.triage.statistics.one_minute import one_minute
from dropbox.triage.statistics.tables import Counts
from dropbox.vocabulary.tables import TOTAL
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day
from dropbox.wire.statistics import Row, Table

_MINUTE: Final[Words] = {"id": "Ringkasan satu menit", "en": "Summary of one minute"}
_BASIS: Final[Words] = {"id": "Dasar penghitungan", "en": "Basis of the count"}
_TABLES: Final[Words] = {"id": "Angka lengkap", "en": "All figures"}
_SHARE: Final[Words] = {"id": "Perbandingan", "en": "Comparison"}
_ROW: Final[Words] = {"id": "Rincian", "en": "Row"}
_NONE: Final[Words] = {"id": "Tidak ada dalam masa ini.", "en": "There are none in this period."}
_EMPTY: Final[Words] = {
    "id": "Baris tanpa isi yang tidak dicetak: {n}.",
    "en": "Rows without entries that are not printed: {n}.",
}
_REGISTER_SIZE: Final = 7.0  # points


def report(
    settings: Settings, today: Day, counts: Counts, title: str, summary: Sequence[tuple[str, str]], language: str
) -> Paper:
    """Return a period's report.

    Args:
        settings: of the installation.
        today: day of the paper.
        counts: the tables.
        title: of the report.
        summary: (name, value) of the lines below the first page's sentences.
        language: `id` or `en`.
    """
    bodies = settings.workstation.referral_targets
    minute = one_minute(counts, bodies, language)
    blocks: list[Block] = [Heading(_MINUTE[language]), Figures(minute.figures)]
    for heading, sentences in minute.parts:
        blocks += [Heading(heading, 2), Text(" ".join(sentences))]
    blocks += [Heading(_BASIS[language], 2), Fields([(name, [value]) for name, value in summary])]
    annexes: list[Block] = [Heading(_TABLES[language])]
    for table in counts.tables:
        annexes += _drawn(table, language, bodies)
    return office.report(settings, today, title, blocks, annexes=annexes, language=language)


def _drawn(table: Table, language: str, bodies: Mapping[str, Words]) -> Iterator[Block]:
    counter = COUNTERS[table.code]
    yield Heading(counter.title[language], 2)
    yield Small(counter.definition[language], leads=True)
    printed = [row for row in table.rows if row.values[0]]
    if not printed:
        yield Small(_NONE[language])
        return
    longest = max((row.values[0] or 0 for row in printed if row.code != TOTAL), default=0)
    heads = [_ROW[language], *(COLUMNS[column][language] for column in table.columns)]
    yield Bars(heads, [_bar(table, row, longest, language, bodies) for row in printed], _SHARE[language])
    if empty := len(table.rows) - len(printed):
        yield Small(_EMPTY[language].format(n=empty))


def _bar(table: Table, row: Row, longest: int, language: str, bodies: Mapping[str, Words]) -> Bar:
    label = row_label(table.code, row.code, language, bodies)
    values = ["–" if value is None else str(value) for value in row.values]
    is_sum = row.code == TOTAL
    return Bar([label, *values], 0.0 if is_sum or not longest else (row.values[0] or 0) / longest, is_sum)


def register(
    settings: Settings,
    today: Day,
    title: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
    language: str,
) -> Paper:
    """Return the register; the column heads are repeated on every page.

    Args:
        settings: of the installation.
        today: day of the paper.
        title: of the register.
        heads: of the columns.
        widths: of the columns, relative to each other.
        rows: texts of each line.
        language: `id` or `en`.
    """
    grid = Grid(heads, list(rows), widths, _REGISTER_SIZE)
    parts: list[Block] = [grid] if grid.rows else [Text(_NONE[language])]
    return office.report(settings, today, title, parts, language=language, is_landscape=True)
