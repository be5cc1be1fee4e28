"""Writes register and report as PDF: tables, bars, and with each table the definition of its numbers.

Rule: a text is drawn, never interpreted; characters that the printed font lacks become question marks. The same numbers
give the same bytes.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dropbox.settings.installation import Settings
from dropbox.triage.papers.sheet import wrapped
from dropbox.triage.statistics.counters import COLUMNS, COUNTERS, row_label
from dropbox.triage.statistics.tables import Counts
from dropbox.vocabulary.tables import TOTAL
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.statistics import Table

_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_MARGIN: Final = 42.0  # points
_BAR: Final = (0.09, 0.35, 0.29)
_CELL_PAD: Final = 3.0


class Paper:
    """Pages filled from the top; a new page begins when the next part does not fit."""

    def __init__(self, settings: Settings, title: str, language: str, *, landscape: bool = False) -> None:
        from reportlab.lib.pagesizes import A4  # noqa: PLC0415  takes a second to load; only papers need it
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

        self.size = (A4[1], A4[0]) if landscape else A4
        self._out = io.BytesIO()
        self._canvas: Any = Canvas(self._out, pagesize=self.size, invariant=1, pageCompression=1)
        self._canvas.setTitle("")
        self._canvas.setAuthor("")
        self._foot = f"{settings.office[language]} – {title}"
        self._page = 0
        self._at = 0.0
        self._begin()
        self.text(settings.office[language], bold=True, size=13)
        self.text(title, bold=True, size=12, gap=10)

    @property
    def width(self) -> float:
        """Return the width between the margins, in points."""
        return float(self.size[0] - 2 * _MARGIN)

    def _begin(self) -> None:
        if self._page:
            self._canvas.showPage()
        self._page += 1
        self._at = self.size[1] - _MARGIN
        self._canvas.setFont(_FONT, 7)
        self._canvas.drawString(_MARGIN, _MARGIN - 16, _printable(self._foot))
        self._canvas.drawRightString(self.size[0] - _MARGIN, _MARGIN - 16, str(self._page))

    def room(self, points: float) -> bool:
        """Begin a new page if less than `points` is left on this one; return whether one was begun."""
        if self._at - points >= _MARGIN:
            return False
        self._begin()
        return True

    def text(self, text: str, *, bold: bool = False, size: float = 9, gap: float = 3) -> None:
        """Draw a paragraph; `size` and `gap` (below it) in points."""
        font = _BOLD if bold else _FONT
        for line in _split(text, font, size, self.width):
            self.room(size * 1.3)
            self._canvas.setFont(font, size)
            self._at -= size * 1.3
            self._canvas.drawString(_MARGIN, self._at, line)
        self._at -= gap

    def row(self, cells: Sequence[str], widths: Sequence[float], *, bold: bool = False, size: float = 7) -> bool:
        """Draw a row of a grid, its texts broken into lines.

        Args:
            cells: the texts.
            widths: of the cells, in points.
            bold: for a heading.
            size: of the font, in points.

        Returns:
            False, with nothing drawn, when the row needs a new page first.
        """
        font = _BOLD if bold else _FONT
        broken = [_split(cell, font, size, width - 2 * _CELL_PAD) for cell, width in zip(cells, widths, strict=True)]
        height = max(map(len, broken)) * size * 1.25 + 2 * _CELL_PAD
        most = self.size[1] - 3 * _MARGIN
        if self._at - min(height, most) < _MARGIN:
            return False
        self._canvas.setFont(font, size)
        left = _MARGIN
        for lines, width in zip(broken, widths, strict=True):
            self._canvas.rect(left, self._at - height, width, height)
            for number, line in enumerate(lines, 1):
                self._canvas.drawString(left + _CELL_PAD, self._at - _CELL_PAD - number * size * 1.2, line)
            left += width
        self._at -= height
        return True

    def bar(self, label: str, values: Sequence[str], share: float, *, bold: bool = False) -> None:
        """Draw a row of a table of numbers: label, numbers, and a bar; `share` is of the longest bar, 0 to 1."""
        size, label_width, number_width = 8.5, 190.0, 58.0
        font = _BOLD if bold else _FONT
        lines = _split(label, font, size, label_width)
        self.room(len(lines) * size * 1.3)
        for number, line in enumerate(lines):
            self._at -= size * 1.3
            self._canvas.setFont(font, size)
            self._canvas.drawString(_MARGIN, self._at, line)
            if number == 0:
                right = _MARGIN + label_width
                for value in values:
                    right += number_width
                    self._canvas.drawRightString(right, self._at, value)
                if share > 0:
                    self._canvas.setFillColorRGB(*_BAR)
                    room = self.size[0] - _MARGIN - right - 10
                    self._canvas.rect(right + 10, self._at - 1, room * share, size - 1, stroke=0, fill=1)
                    self._canvas.setFillColorRGB(0, 0, 0)

    def finish(self) -> bytes:
        """Return the bytes of the PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()


def report(settings: Settings, counts: Counts, title: str, summary: Sequence[tuple[str, str]], language: str) -> bytes:
    """Return a period's report (PDF).

    Args:
        settings: of the installation.
        counts: the tables.
        title: of the report.
        summary: (name, value) of the lines above the tables.
        language: `id` or `en`.
    """
    paper = Paper(settings, title, language)
    for name, value in summary:
        paper.text(f"{name}: {value}")
    for table in counts.tables:
        _draw(paper, table, language, settings.workstation.referral_targets)
    return paper.finish()


def _draw(paper: Paper, table: Table, language: str, bodies: Mapping[str, Words]) -> None:
    counter = COUNTERS[table.code]
    paper.room(min(70 + 11.5 * len(table.rows), paper.size[1] - 3 * _MARGIN))
    paper.text("", gap=4)
    paper.text(counter.title[language], bold=True, size=11)
    paper.text(counter.definition[language], size=8)
    heads = [COLUMNS[column][language] for column in table.columns]
    if len(heads) > 1:
        paper.text(" · ".join(heads), size=8, bold=True)
    longest = max((row.values[0] or 0 for row in table.rows if row.code != TOTAL), default=0)
    for row in table.rows:
        values = ["–" if value is None else str(value) for value in row.values]
        share = 0.0 if row.code == TOTAL or not longest else (row.values[0] or 0) / longest
        paper.bar(row_label(table.code, row.code, language, bodies), values, share, bold=row.code == TOTAL)


def register(
    settings: Settings,
    title: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
    language: str,
) -> bytes:
    """Return the register (PDF); the column heads are repeated on every page.

    Args:
        settings: of the installation.
        title: of the register.
        heads: of the columns.
        widths: of the columns, relative to each other.
        rows: texts of each line.
        language: `id` or `en`.
    """
    paper = Paper(settings, title, language, landscape=True)
    points = [paper.width * width / sum(widths) for width in widths]
    paper.row(heads, points, bold=True)
    for row in rows:
        if not paper.row(row, points):
            paper.room(paper.size[1])
            paper.row(heads, points, bold=True)
            paper.row(row, points)
    return paper.finish()


def _printable(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


def _split(text: str, font: str, size: float, width: float) -> list[str]:
    return wrapped(_printable(text), font, size, width) or [""]
