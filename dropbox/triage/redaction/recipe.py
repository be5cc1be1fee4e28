"""Describes what a redacted copy covers: boxes on pages, words and lines of a text, stretches of a recording.

    box     = page, x, y, width, height      (1-based page; thousandths of the page, from its upper left corner)
    lines   = first, last                    (1-based)
    stretch = from, to                       (milliseconds; `is_black`: the film is black there, too)
    hash    = HASH("redaction", SHA-256 of the file, place, JSON)

Rule: only whole numbers and words of officers; the same recipe always has the same JSON and the same hash, so that an
approval can name exactly what was seen.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.crypto.kdf import labelled_hash
from dropbox.errors import RefusedError
from dropbox.matching import words
from dropbox.vocabulary import vocabulary

COVERED: Final = vocabulary.codes("covered")  # boxes, words, lines, stretches, as rujukan.json names them
FULL: Final = 1000  # thousandths
_BOXES_MAX: Final = 2000
_PAGES_MAX: Final = 10_000
_WORDS_MAX: Final = 200
_WORD_MAX: Final = 200  # characters of a phrase
_LINES_MAX: Final = 2000
_LINE_MAX: Final = 10_000_000
_STRETCHES_MAX: Final = 200
_HOURS_MAX_MS: Final = 48 * 3600 * 1000


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle on a page (1-based), in thousandths of the page's width and height."""

    page: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Recipe:
    """What a redacted copy covers, sorted and without repetitions.

    Attributes:
        boxes: on pages of pictures and documents.
        words: phrases of a text, each covered wherever it occurs.
        lines: (first, last) of a text, 1-based.
        stretches: (from, to) of a recording, in milliseconds.
        is_black: whether the film is black during the stretches.
    """

    boxes: tuple[Box, ...] = ()
    words: tuple[str, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()
    stretches: tuple[tuple[int, int], ...] = ()
    is_black: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind, by COVERED."""
        kinds = (self.boxes, self.words, self.lines, self.stretches)
        return {code: len(found) for code, found in zip(COVERED, kinds, strict=True)}

    @property
    def pages(self) -> list[int]:
        """Return the pages that have boxes, in their order."""
        return sorted({box.page for box in self.boxes})

    def on_page(self, page: int) -> tuple[Box, ...]:
        """Return the boxes of a page, 1-based."""
        return tuple(box for box in self.boxes if box.page == page)

    def encoded(self) -> str:
        """Return the recipe as JSON, always the same for the same recipe."""
        value = {
            "boxes": [[box.page, box.x, box.y, box.width, box.height] for box in self.boxes],
            "words": self.words,
            "lines": self.lines,
            "stretches": self.stretches,
            "black": int(self.is_black),
        }
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def hash(self, file_sha256: bytes, place: str) -> bytes:
        """Return the hash (32 bytes) that binds the recipe to a file (SHA-256) and a place in it."""
        return labelled_hash("redaction", file_sha256, place.encode(), self.encoded().encode())


def recipe(
    boxes: Iterable[Box] = (),
    phrases: Iterable[str] = (),
    lines: Iterable[tuple[int, int]] = (),
    stretches: Iterable[tuple[int, int]] = (),
    *,
    is_black: bool = False,
) -> Recipe:
    """Return a recipe of what an officer chose, sorted; arguments as the attributes of Recipe.

    Raises:
        RefusedError: a number is out of its bounds, a phrase has no letters or digits, or there are too many.
    """
    cleaned = {" ".join(phrase.split()) for phrase in phrases}
    made = Recipe(
        tuple(sorted(set(boxes))),
        tuple(sorted(cleaned - {""})),
        tuple(sorted(set(lines))),
        tuple(sorted(set(stretches))),
        is_black,
    )
    if len(made.boxes) > _BOXES_MAX or not all(map(_is_box, made.boxes)):
        raise RefusedError("redaction.box")
    if len(made.words) > _WORDS_MAX or not all(map(_is_phrase, made.words)):
        raise RefusedError("redaction.word")
    if len(made.lines) > _LINES_MAX or not all(1 <= first <= last <= _LINE_MAX for first, last in made.lines):
        raise RefusedError("redaction.lines")
    if len(made.stretches) > _STRETCHES_MAX or not all(
        0 <= first < last <= _HOURS_MAX_MS for first, last in made.stretches
    ):
        raise RefusedError("redaction.stretch")
    return made


def parse(stored: str) -> Recipe:
    """Return the recipe of its JSON; raises RefusedError as `recipe`, and what `json` raises for other texts."""
    value: Mapping[str, Any] = json.loads(stored)
    return recipe(
        [Box(*numbers) for numbers in value["boxes"]],
        value["words"],
        [(first, last) for first, last in value["lines"]],
        [(first, last) for first, last in value["stretches"]],
        is_black=bool(value["black"]),
    )


def _is_box(box: Box) -> bool:
    inside = 0 <= box.x < FULL and 0 <= box.y < FULL and box.x + box.width <= FULL and box.y + box.height <= FULL
    return inside and box.width > 0 and box.height > 0 and 1 <= box.page <= _PAGES_MAX


def _is_phrase(phrase: str) -> bool:
    return len(phrase) <= _WORD_MAX and any(words.split(phrase))
