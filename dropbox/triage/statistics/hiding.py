"""Which numbers of a table are not shown, so that no small one can be worked out from the others.

    hidden first    every cell below SMALL_CELL, a nought too: "nobody" tells who did not write
    hidden then     the smallest shown cell, again and again, until at least two are hidden that add up to SMALL_CELL
                    or more
    not at all      a table whose total is small, or whose parts would all be hidden: its total stands elsewhere

With a known total that is all an onlooker has: of each hidden cell that it lies between nought and the hidden sum.
The sum is at least SMALL_CELL and shared by two or more, so nobody can say of any that it is small, or what it is.

Rule: this holds for a table that is a partition of one shown total, and whose cells stand in no other table. Whatever
is published keeps to that shape (publishing); tests/triage_statistics attacks the whole of it with linear programming.
"""

from typing import Final

from dropbox.limits import SMALL_CELL
from dropbox.vocabulary.tables import TOTAL
from dropbox.wire.statistics import Row, Table

_CELLS_MIN: Final = 2


def hide(table: Table) -> Table:
    """The table with what may be shown of it; its last row is the total, its one column are counts."""
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
    # Among equals the first by name: which one is hidden must tell nothing.
    others = sorted((number, code) for code, number in cells.items() if code not in hidden)
    while hidden and others and (len(hidden) < _CELLS_MIN or sum(cells[code] for code in hidden) < SMALL_CELL):
        hidden.add(others.pop(0)[1])
    return hidden
