"""Lays out the picture of a trend: two columns a month and a line, as numbers for an inline SVG.

Rule: the page shows the same numbers in a table; the picture alone says nothing.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.triage.oversight.overview import Month

WIDTH: Final = 720  # units of the SVG's view box
HEIGHT: Final = 220
_LEFT: Final = 40
_TOP: Final = 12
_BOTTOM: Final = 26  # for the names of the months
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True)
class Column:
    """One column. `series`: 0 received, 1 closed."""

    series: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Trend:
    """The picture: columns, the points of the line, (y, value) of the scale, and the middle x of each month."""

    columns: tuple[Column, ...]
    points: str
    scale: tuple[tuple[int, int], ...]
    middles: tuple[int, ...]


def trend(months: tuple[Month, ...]) -> Trend:
    """Return the picture of some months, the oldest first; without a case every column has no height."""
    highest = max((max(one.received, one.closed, one.open) for one in months), default=0)
    step = _step(highest)
    top = step * max(1, -(-highest // step))
    room = HEIGHT - _TOP - _BOTTOM

    def height(value: int) -> int:
        return round(room * value / top)

    slot = (WIDTH - _LEFT) // max(1, len(months))
    width = slot // 3
    columns, middles, points = [], [], []
    for place, one in enumerate(months):
        middle = _LEFT + slot * place + slot // 2
        middles.append(middle)
        for series, value in enumerate((one.received, one.closed)):
            tall = height(value)
            columns.append(Column(series, middle - width + series * width, HEIGHT - _BOTTOM - tall, width, tall))
        points.append(f"{middle},{HEIGHT - _BOTTOM - height(one.open)}")
    scale = tuple((HEIGHT - _BOTTOM - height(value), value) for value in range(0, top + 1, step))
    return Trend(tuple(columns), " ".join(points), scale, tuple(middles))


def _step(highest: int) -> int:
    """Return the distance of the scale's lines: 1, 2 or 5 times a power of ten, for at most six lines."""
    power = 1
    while True:
        for one in _STEPS:
            if one * power * 5 >= highest:
                return one * power
        power *= 10
