"""An onlooker with linear programming: what can be said of every hidden number, given all that is published.

variables   one for each hidden number, at least nought
equations   the parts of each table with a shown total add up to it; a table's total may be another's cell
attack      the least and the greatest value of every variable, exactly (the simplex method over fractions)
"""

from fractions import Fraction

from dropbox.wire.statistics import Period

Cell = tuple[str, str]
Sum = tuple[Cell, list[Cell]]  # a whole and its parts
Equation = tuple[list[Fraction], Fraction]
_SAME = {("refusal", "total"): ("track", "refused"), ("referral", "total"): ("track", "referred")}
_SAME |= {
    (code, "total"): ("all", "total") for code in ("channel", "origin", "category", "province", "unit-type", "track")
}


def bounds(period: Period) -> dict[Cell, tuple[Fraction, Fraction | None]]:
    """(least, greatest) of each hidden cell of the tables of counts; None for no upper bound."""
    known: dict[Cell, int] = {}
    sums: list[Sum] = []
    for table in period.tables:
        if len(table.columns) != 1:
            continue
        *parts, total = table.rows
        cells = [_cell(table.code, row.code) for row in parts]
        known |= {_cell(table.code, row.code): row.values[0] for row in table.rows if row.values[0] is not None}
        sums.append((_cell(table.code, total.code), cells))
    found: dict[Cell, tuple[Fraction, Fraction | None]] = {}
    for group in _groups(sums, known):
        hidden = sorted({cell for whole, cells in group for cell in (whole, *cells)} - known.keys())
        place = {cell: at for at, cell in enumerate(hidden)}
        equations = [_equation(whole, cells, known, place) for whole, cells in group]
        start, count = _start(equations), len(place)
        for cell, at in place.items():
            found[cell] = (_greatest(start, count, at, -1) or Fraction(0), _greatest(start, count, at, 1))
    return found


def _groups(sums: list[Sum], known: dict[Cell, int]) -> list[list[Sum]]:
    """Equations that share a hidden number belong together; others tell nothing of each other."""
    groups: list[tuple[set[Cell], list[Sum]]] = []
    for whole, cells in sums:
        hidden = {whole, *cells} - known.keys()
        touched = [group for group in groups if group[0] & hidden]
        groups = [group for group in groups if group not in touched]
        numbers = hidden.union(*(group[0] for group in touched))
        groups.append((numbers, [one for group in touched for one in group[1]] + [(whole, cells)]))
    return [group for numbers, group in groups if numbers]


def _equation(whole: Cell, cells: list[Cell], known: dict[Cell, int], place: dict[Cell, int]) -> Equation:
    row, right = [Fraction(0)] * len(place), Fraction(known.get(whole, 0))
    for cell in cells:
        if cell in known:
            right -= known[cell]
        else:
            row[place[cell]] += 1
    if whole not in known:
        row[place[whole]] -= 1
    return row, right


def _cell(table: str, row: str) -> Cell:
    return _SAME.get((table, row), (table, row))


def _start(equations: list[Equation]) -> tuple[list[list[Fraction]], list[int]]:
    """A tableau at some solution, and which variable each of its rows stands for (artificial ones at nought)."""
    count, rows = len(equations[0][0]), []
    for number, (row, right) in enumerate(equations):
        turn = -1 if right < 0 else 1
        slack = [Fraction(int(number == other)) for other in range(len(equations))]
        rows.append([turn * one for one in row] + slack + [turn * right])
    basis = [count + number for number in range(len(equations))]
    lost = _solve(rows, basis, [Fraction(0)] * count + [Fraction(-1)] * len(equations))
    assert lost == 0, "what is published contradicts itself"
    return rows, basis


def _greatest(start: tuple[list[list[Fraction]], list[int]], count: int, at: int, sign: int) -> Fraction | None:
    """The greatest (sign 1) or least (sign -1) value of a variable; None for no bound."""
    rows, basis = [list(row) for row in start[0]], list(start[1])
    goal = [Fraction(sign * (one == at)) for one in range(count)]
    value = _solve(rows, basis, goal + [Fraction(-(10**9))] * (len(rows[0]) - 1 - count))
    return None if value is None else sign * value


def _solve(rows: list[list[Fraction]], basis: list[int], goal: list[Fraction]) -> Fraction | None:
    """The greatest value of the goal over a tableau, which is left at its solution; None for no bound. Bland's rule."""
    gains = [*goal, Fraction(0)]
    for row, one in zip(rows, basis, strict=True):
        _take(gains, row, gains[one])
    while True:
        entering = next((column for column, gain in enumerate(gains[:-1]) if gain > 0), None)
        if entering is None:
            return -gains[-1]
        choices = [(row[-1] / row[entering], basis[at], at) for at, row in enumerate(rows) if row[entering] > 0]
        if not choices:
            return None
        leaving = min(choices)[2]
        pivot = rows[leaving][entering]
        rows[leaving] = [one / pivot for one in rows[leaving]]
        for at, row in enumerate(rows):
            if at != leaving:
                _take(row, rows[leaving], row[entering])
        _take(gains, rows[leaving], gains[entering])
        basis[leaving] = entering


def _take(row: list[Fraction], other: list[Fraction], factor: Fraction) -> None:
    """Subtract a row so many times."""
    if factor:
        for at, one in enumerate(other):
            if one:
                row[at] -= factor * one
