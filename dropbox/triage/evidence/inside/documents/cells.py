"""Reads the cells of one sheet (ECMA-376 part 1, 18.3.1.4), row by row.

Rule: a value is written exactly, and as its format shows it where that differs.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Final

from dropbox.triage.evidence.inside.documents import days, numbers, words
from dropbox.triage.evidence.inside.documents.package import END, START
from dropbox.triage.evidence.inside.reading import Reading

ON: Final = frozenset({"1", "true", "on"})
LETTERS: Final = 26
_GAP_MAX: Final = 20  # empty cells that are written between two cells of a row
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})\d+")


@dataclass
class Book:
    """What the cells of a workbook share: strings, formats by style, and where days are counted from."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    is_1904: bool = False


class Cells:
    """The cells of one sheet, in the order in which they are stored."""

    def __init__(self, reading: Reading, book: Book) -> None:
        self._reading, self._book = reading, book
        self._given: dict[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] = []
        self._text: list[str] = []
        self._is_in_cell = False
        self._taking: list[str] | None = None
        self._column = 0
        self._row: list[str] = []
        self._is_hidden_row = False

    def event(self, what: int, name: str, given: dict[str, str]) -> str:
        """Take one event and return the row that it ends; "" if it ends none."""
        if what == START:
            self._start(name, given)
        elif what == END:
            self._taking = None
            if name == "c":
                self._cell()
            elif name == "row":
                return self._end_row()
        elif self._taking is not None:
            self._taking.append(name)
        return ""

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = [], 0
            self._is_hidden_row = given.get("hidden") in ON
            if self._is_hidden_row:
                self._reading.note("hidden-rows")
        elif name == "c":
            self._given, self._value, self._formula, self._text = given, [], [], []
        elif name == "v":
            self._taking = self._value
        elif name == "f":
            self._taking = self._formula
        elif name == "t":
            self._taking = self._text

    def _cell(self) -> None:
        place = _column(self._given.get("r", ""))
        column = place if place is not None else self._column
        text = self._shown()
        if text:
            gap = max(0, column - self._column)
            self._row.append("\t" * min(gap, _GAP_MAX) + text.replace("\n", " "))
            self._column = column

    def _end_row(self) -> str:
        line = "".join(self._row)
        if not line.strip():
            return ""
        return (f"[{words.HIDDEN}] " if self._is_hidden_row else "") + line + "\n"

    def _shown(self) -> str:  # noqa: PLR0911  one for each type of cell
        kind, raw, book = self._given.get("t", "n"), "".join(self._value).strip(" \r\n"), self._book
        if kind == "inlineStr" or (not raw and self._text):
            return "".join(self._text)
        if not raw:
            if not self._formula:
                return ""
            self._reading.note("no-results")
            return "=" + "".join(self._formula)
        if kind == "s":
            known = raw.isdecimal() and int(raw) < len(book.strings)
            return book.strings[int(raw)] if known else self._damaged(raw)
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind != "n":
            return "".join(self._value)
        try:
            return self._number(float(raw))
        except ValueError:
            return self._damaged(raw)

    def _damaged(self, raw: str) -> str:
        self._reading.note("broken-parts")
        return raw

    def _number(self, value: float) -> str:
        style = self._given.get("s", "0")
        place = int(style) if style.isdecimal() else 0
        code = self._book.formats[place] if place < len(self._book.formats) else "General"
        exact = numbers.exact(value)
        shown = numbers.shown(value, code, is_1904=self._book.is_1904)
        if days.is_date(code) and (moment := days.day(value, is_1904=self._book.is_1904)):
            exact = _moment(value, moment)
        return exact if shown in (None, "", exact) else f"{shown} [{exact}]"


def _moment(value: float, moment: datetime.datetime) -> str:
    if value < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if value == int(value) else moment.isoformat(" ")


def _column(reference: str) -> int | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    number = 0
    for letter in match[1]:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number - 1
