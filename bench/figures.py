"""Prints figures as a plain table: min, median and max of the rounds; ratios compare neighbours in one run."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line: a value per round, and the target for its median (if any)."""

    name: str
    values: Sequence[float]
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def median(self) -> float:
        """The median, which is the figure to quote."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the median reaches the target."""
        if self.at_least is not None:
            return f">= {_short(self.at_least)} {'reached' if self.median >= self.at_least else 'MISSED'}"
        if self.at_most is not None:
            return f"<= {_short(self.at_most)} {'reached' if self.median <= self.at_most else 'MISSED'}"
        return ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells: name, min, median, max, unit, target."""
        numbers = (min(self.values), self.median, max(self.values))
        return (self.name, *map(_short, numbers), self.unit, self.verdict)


def ratios(name: str, ours: Figure, theirs: Figure, at_least: float) -> Figure:
    """Return the ratio of ours to theirs, round by round."""
    pairs = zip(ours.values, theirs.values, strict=True)
    return Figure(name, [mine / other for mine, other in pairs], "ratio", at_least=at_least)


def show(title: str, figures: Iterable[Figure]) -> None:
    """Print a table."""
    rows = [("", "min", "median", "max", "", "target"), *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:4], widths[1:4], strict=True)]
        cells = [row[0].ljust(widths[0]), *numbers, row[4].ljust(widths[4]), row[5]]
        print("  " + "  ".join(cells).rstrip(), flush=True)


def _short(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
