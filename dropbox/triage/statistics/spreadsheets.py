"""Writes tables for spreadsheets: CSV and XLSX.

Rule: no cell is a formula or a link, whatever a reporter wrote. In CSV, where the program guesses, a text that looks
like a formula gets an apostrophe in front; in XLSX every text has the type text. Nothing touches a disk: the workbook
is made in memory, not in the temporary folder.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dropbox.triage.statistics.counters import COLUMNS, COUNTERS, row_label
from dropbox.triage.statistics.tables import Counts
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.tables import TOTAL
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.statistics import Table

# Formula triggers (OWASP, "CSV injection"), including full-width characters.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": False,
}
_WIDTH_MAX: Final = 50  # characters of a column
_CHART_ROWS_MAX: Final = 40

Cell = str | int | None


def neutral(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_SIGNS) else text


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a byte order mark and semicolons, as office programs with Indonesian settings open it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(neutral, heads))
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def register_sheet(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook (XLSX) of one sheet; its first row is frozen and has filters."""
    book = _Book()
    sheet = book.sheet(title)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, book.bold)
    widths, last = [len(head) for head in heads], 0
    for last, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(last, column, text, book.wrapped)
            widths[column] = max(widths[column], min(len(text), _WIDTH_MAX))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    return book.finish()


def report_sheets(
    counts: Counts, title: str, summary: Sequence[tuple[str, str]], language: str, bodies: Mapping[str, Words]
) -> bytes:
    """Return a workbook (XLSX) with a sheet for each table: what it counts, its numbers, a chart of its first column.

    Args:
        counts: the tables.
        title: of the report.
        summary: (name, value) of the first sheet.
        language: `id` or `en`.
        bodies: names of the bodies that cases are referred to (settings).
    """
    book = _Book()
    first = book.sheet(title)
    first.set_column(0, 0, _WIDTH_MAX)
    for row, (name, value) in enumerate(summary):
        first.write_string(row, 0, name, book.bold)
        first.write_string(row, 1, value)
    for table in counts.tables:
        _table_sheet(book, table, language, bodies)
    return book.finish()


def _table_sheet(book: "_Book", table: Table, language: str, bodies: Mapping[str, Words]) -> None:
    name, counter = vocabulary.words("table", table.code, "short")[language], COUNTERS[table.code]
    sheet = book.sheet(name)
    sheet.set_column(0, 0, _WIDTH_MAX)
    sheet.set_column(1, len(table.columns), 16)
    sheet.write_string(0, 0, counter.title[language], book.bold)
    sheet.merge_range(1, 0, 1, 8, counter.definition[language], book.wrapped)
    sheet.set_row(1, 48)
    for column, code in enumerate(table.columns, 1):
        sheet.write_string(3, column, COLUMNS[code][language], book.bold)
    for at, row in enumerate(table.rows, 4):
        label = row_label(table.code, row.code, language, bodies)
        sheet.write_string(at, 0, label, book.bold if row.code == TOTAL else None)
        for column, value in enumerate(row.values, 1):
            if value is not None:
                sheet.write_number(at, column, value, book.bold if row.code == TOTAL else None)
    parts = [row for row in table.rows if row.code != TOTAL]
    last = 3 + min(len(parts), _CHART_ROWS_MAX)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series({"categories": [name, 4, 0, last, 0], "values": [name, 4, 1, last, 1]})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart(3, len(table.columns) + 2, chart, {"x_scale": 1.2, "y_scale": max(1, len(parts) / 12)})


class _Book:
    """A workbook in memory, without an author and without its time of creation."""

    def __init__(self) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415  loaded only when a sheet is needed

        self._out = io.BytesIO()
        self.book: Any = Workbook(self._out, _OPTIONS)
        self.book.set_properties({"author": "", "title": "", "created": datetime.datetime(2000, 1, 1)})  # noqa: DTZ001
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str) -> Any:  # noqa: ANN401  xlsxwriter's own type
        """Return a new sheet; its name keeps the characters that a workbook allows, at most 31."""
        kept = "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31]
        return self.book.add_worksheet(kept)

    def finish(self) -> bytes:
        """Return the bytes of the file."""
        self.book.close()
        return self._out.getvalue()
