"""Burns a recipe into plain pixels and plain text: boxes become black, words become blocks of one length.

Rule: arithmetic on pixels and texts that the sandbox made; nothing is decoded here. A box is rounded outwards, so that
no pixel that it touches stays; a block does not tell how long the word was.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dropbox.errors import RefusedError
from dropbox.matching import words
from dropbox.matching.words import Span
from dropbox.triage.evidence.cover import Cover
from dropbox.triage.evidence.replies import Picture
from dropbox.triage.redaction.recipe import FULL, Box, Recipe

BLOCK: Final = "█████"
# A name inside a longer word ("budisantoso@…") is covered with the word; shorter ones occur in too many words.
_INSIDE_MIN: Final = 5
_RGB: Final = 3


@dataclass(frozen=True)
class Masked:
    """A text with its words and lines covered, and how often each phrase of the recipe occurred."""

    text: str
    counts: tuple[int, ...]


def cover(recipe: Recipe) -> Cover:
    """Return what applies a recipe to pages and texts.

    Its `text` raises RefusedError when a phrase or a line of the recipe is not in the text: a name that was mistyped
    would stay.
    """

    def text(whole: str) -> str:
        done = masked(whole, recipe)
        if 0 in done.counts:
            raise RefusedError("redaction.word-not-found", number=done.counts.index(0) + 1)
        return done.text

    def picture(page: int, plain: Picture) -> Picture:
        return painted(plain, recipe.on_page(page))

    return Cover(picture, text, recipe.stretches, recipe.is_black)


def painted(picture: Picture, boxes: Iterable[Box]) -> Picture:
    """Return a page with its boxes black; other pixels stay."""
    areas = [area(box, picture.width, picture.height) for box in boxes]
    return replace(picture, rows=_rows(picture, areas)) if areas else picture


def area(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return (left, top, right, bottom) in pixels of a box on a page of that size; right and bottom are exclusive."""
    right, bottom = (-(-end * side // FULL) for end, side in ((box.x + box.width, width), (box.y + box.height, height)))
    return box.x * width // FULL, box.y * height // FULL, right, bottom


def _rows(picture: Picture, areas: list[tuple[int, int, int, int]]) -> Iterator[bytes]:
    for y, plain in enumerate(picture.rows):
        row = plain
        for left, top, right, bottom in areas:
            if top <= y < bottom:
                row = row[: _RGB * left] + bytes(_RGB * (right - left)) + row[_RGB * right :]
        yield row


def masked(text: str, recipe: Recipe) -> Masked:
    """Return a text with the recipe's phrases and lines covered; raises RefusedError if it has no such line."""
    found, counts = _found(text, recipe.words)
    found += _line_ranges(text, recipe.lines)
    pieces: list[str] = []
    at = 0
    for start, end in _merged(found):
        pieces += [text[at:start], BLOCK]
        at = end
    return Masked("".join(pieces) + text[at:], counts)


def _found(text: str, phrases: tuple[str, ...]) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
    """Return (places of the phrases, how often each occurs), by the one rule for words."""
    if not phrases:
        return [], ()
    split = [words.split(phrase) for phrase in phrases]
    hint = re.compile("|".join(sorted({re.escape(one) for parts in split for one in (parts[0], "".join(parts))})))
    spans = list(words.spans(text))
    ranges: list[tuple[int, int]] = []
    counts = [0] * len(phrases)
    for index, span in enumerate(spans):
        if not any(hint.search(form) for form in (span.word, *span.pieces)):
            continue
        for number, parts in enumerate(split):
            length = _match(spans, index, parts)
            if length:
                ranges.append((span.start, spans[index + length - 1].end))
                counts[number] += 1
    return ranges, tuple(counts)


def _match(spans: list[Span], index: int, parts: list[str]) -> int:
    """Return how many words from an index on are the phrase of these parts; 0 for none."""
    if _is(spans[index], "".join(parts)):
        return 1
    following = spans[index : index + len(parts)]
    same = len(following) == len(parts) and all(map(_is, following, parts))
    return len(parts) if same else 0


def _is(span: Span, word: str) -> bool:
    forms = (span.word, *span.pieces)
    return word in forms or (len(word) >= _INSIDE_MIN and any(word in form for form in forms))


def _line_ranges(text: str, lines: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the places of lines in a text, without their ends."""
    if not lines:
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    if max(last for _, last in lines) > len(starts):
        raise RefusedError("redaction.no-such-line")
    return [(starts[first - 1], ends[last - 1]) for first, last in lines]


def _merged(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the places in ascending order, those that overlap as one."""
    start = end = -1
    for first, last in sorted(ranges):
        if first > end:
            if end >= 0:
                yield start, end
            start, end = first, last
        end = max(end, last)
    if end >= 0:
        yield start, end
