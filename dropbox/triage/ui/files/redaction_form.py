"""Reads the form of a redacted copy, and writes a recipe back into it: boxes of one page, phrases, lines, times.

Rule: what was typed becomes a recipe or an error; nothing is guessed.
"""

import re
from typing import Final

from werkzeug.datastructures import MultiDict

from dropbox.errors import RefusedError
from dropbox.triage.redaction.recipe import Box, Recipe, recipe
from dropbox.triage.ui.view import whole

SIDES: Final = ("x", "y", "width", "height")
_LINES: Final = re.compile(r"([0-9]{1,8})(?:\s*[-–]\s*([0-9]{1,8}))?")
_TIME: Final = r"(?:([0-9]{1,3}):)?(?:([0-9]{1,3}):)?([0-9]{1,6})(?:[.,]([0-9]{1,3}))?"
_STRETCH: Final = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}")


def read(typed: MultiDict[str, str], page: int, before: Recipe) -> Recipe:
    """Return the recipe of a form that shows one page (1-based); boxes of other pages stay as before.

    Raises:
        RefusedError: a field is not as its label says; see redaction.recipe.
    """
    others = [box for box in before.boxes if box.page != page]
    return recipe(
        [*others, *_boxes(typed, page)],
        typed.get("words", "").splitlines(),
        map(_range, filter(str.strip, typed.get("lines", "").splitlines())),
        map(_stretch, filter(str.strip, typed.get("stretches", "").splitlines())),
        is_black=typed.get("black") == "1",
    )


def written(one: Recipe) -> MultiDict[str, str]:
    """Return a recipe as the form shows it, without its boxes."""
    fields = {
        "words": "\n".join(one.words),
        "lines": "\n".join(str(first) if first == last else f"{first}-{last}" for first, last in one.lines),
        "stretches": "\n".join(f"{_clock(first)}-{_clock(last)}" for first, last in one.stretches),
        "black": "1" if one.is_black else "",
    }
    return MultiDict(fields)


def _boxes(typed: MultiDict[str, str], page: int) -> list[Box]:
    """Return the boxes of a page; a row of the form without any number is none."""
    rows = zip(*(typed.getlist(f"box-{side}") for side in SIDES), strict=False)
    found = []
    for row in rows:
        if not any(number.strip() for number in row):
            continue
        numbers = [whole(number.strip()) for number in row]
        if None in numbers:
            raise RefusedError("redaction.box")
        found.append(Box(page, *(number or 0 for number in numbers)))
    return found


def _range(typed: str) -> tuple[int, int]:
    match = _LINES.fullmatch(typed.strip())
    if match is None:
        raise RefusedError("redaction.lines")
    return int(match[1]), int(match[2] or match[1])


def _stretch(typed: str) -> tuple[int, int]:
    match = _STRETCH.fullmatch(typed.strip())
    if match is None:
        raise RefusedError("redaction.stretch")
    parts = match.groups()
    return _milliseconds(*parts[:4]), _milliseconds(*parts[4:])


def _milliseconds(first: str | None, second: str | None, seconds: str, fraction: str | None) -> int:
    """Return the time of `1:02:03.5`, `2:03,5` or `123.5`."""
    hours, minutes = (first, second) if second else (None, first)
    whole_seconds = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds)
    return 1000 * whole_seconds + int((fraction or "").ljust(3, "0") or 0)


def _clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, fraction = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}" + (f".{fraction:03d}".rstrip("0") if fraction else "")
