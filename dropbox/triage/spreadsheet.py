"""Tables for spreadsheet programs: CSV in which no cell is a formula.

    = + - @ TAB CR LF at a cell's beginning  ->  an apostrophe before it

Rule: whoever writes a table for people writes it through here; what a cell says stays readable.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

# Full-width signs too: some programs read them as their narrow ones.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutral(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_STARTS) or cell.startswith(_STARTS) else cell


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, which spreadsheets want, and CR LF."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [neutral(cell) for cell in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")
