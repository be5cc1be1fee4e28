"""Hides numbers of a table, so that no small one can be worked out from the others.

    hidden first    every cell below SMALL_CELL, including zero: a zero reveals who did not report
    hidden then     the smallest shown cell, again and again, until the hidden cells add up to SMALL_CELL or more
    not shown       any cell of a table whose total is small; nor the total itself

Each cell hidden first is below SMALL_CELL, so a sum of SMALL_CELL or more takes at least two cells. With a known total,
a reader of the table can derive only this about a hidden cell: it is between zero and the hidden sum. That sum is at
least SMALL_CELL and is shared by two or more cells, so no cell can be shown to be small, and none can be computed.

Rule: this holds for a table that is a partition of one shown total, and whose cells are in no other table. All
published tables keep to that shape (publishing); tests/triage_statistics attacks the result with linear programming.
"""

from dropbox.limits import SMALL_CELL
from dropbox.vocabulary.tables import TOTAL
from dropbox.wire.statistics import Row, Table


def hide(table: Table) -> Table:
    """Return the table with its hidden cells as None; its last row is the total, its one column has counts.

    Raises:
        ValueError: the last row is not the total, or there is more than one column.
    """
    *parts, total = table.rows
    if total.code != TOTAL or len(table.columns) != 1:
        raise ValueError("a table of parts and their total is hidden, nothing else")
    cells = {row.code: row.values[0] or 0 for row in parts}
    shown_total = total.values[0] or 0
    hidden = _hidden(cells) if shown_total >= SMALL_CELL else set(cells)
    rows = [Row(code, (None if code in hidden else number,)) for code, number in cells.items()]
    return Table(table.code, table.columns, (*rows, Row(TOTAL, (shown_total if shown_total >= SMALL_CELL else None,))))


def _hidden(cells: dict[str, int]) -> set[str]:
    hidden = {code for code, number in cells.items() if number < SMALL_CELL}
    # Among equal cells, hide the first by code, so that the choice reveals nothing.
    others = sorted((number, code) for code, number in cells.items() if code not in hidden)
    while hidden and others and sum(cells[code] for code in hidden) < SMALL_CELL:
        hidden.add(others.pop(0)[1])
    return hidden
