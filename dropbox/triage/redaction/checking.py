"""Checks a redacted copy before it leaves: what the sandbox finds in it must be the covered pixels or text alone.

    pixels       every box is black, in the copy as the sandbox draws it
    text         a copy of pages has no text; a copy of a text has none of the covered words
    metadata     no fact but the number of pages and the size

Rule: the copy is examined as if it came from a stranger. A check that fails keeps the copy from leaving.
"""

import re
from collections.abc import Iterable
from typing import Final

from dropbox.errors import RefusedError
from dropbox.limits import CLEAN_PAGE_SIDE, CLEAN_PICTURE_SIDE, COPY_TEXT_MAX_BYTES
from dropbox.matching import words
from dropbox.triage.evidence import findings, jobs
from dropbox.triage.evidence.copies import Cleaned
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Picture
from dropbox.triage.redaction.burning import area, masked
from dropbox.triage.redaction.recipe import Box, Recipe

_PLAIN: Final = {"pages", "width", "height"}
# What a recipe may cover, by the ending of the copy: a box on a text, or a word on a picture, would cover nothing.
_COVERABLE: Final = {"txt": ("kata", "baris"), "png": ("kotak",), "pdf": ("kotak",), "webm": ("potongan",)}
_DARK: Final = 24  # of 255: black pixels of an encoded film are not exactly 0
_PICTURE_SECONDS: Final = 0.05  # a picture that begins later may be shown after the stretch
_EDGE: Final = 2  # pixels: a page of a PDF is scaled when it is drawn, and its edges become grey
_RGB: Final = 3


def check(copy: Cleaned, recipe: Recipe) -> None:
    """Pass if a copy shows nothing that its recipe covers.

    Raises:
        RefusedError: it does, or it has text, metadata or pages that it must not have.
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons.
    """
    checks = {"txt": _check_text, "png": _check_pages, "pdf": _check_pages, "webm": _check_recording}
    wanted = _COVERABLE.get(copy.ending, ())
    if copy.ending not in checks or any(number for code, number in recipe.counts.items() if code not in wanted):
        raise RefusedError("redaction.other-kind")
    checks[copy.ending](copy, recipe)


_DIGITS: Final = "0123456789"
_DIGITS_MIN: Final = 6  # a shorter number is in others by chance
_LETTERS_MIN: Final = 4  # a shorter name is in other words by chance
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,2}){2,}[^\W_](?![^\W_])")  # S e t o r a n


def _check_text(copy: Cleaned, recipe: Recipe) -> None:
    read = jobs.text(copy.descriptor, KINDS["text"], COPY_TEXT_MAX_BYTES)
    if any(masked(read.text, Recipe(words=recipe.words)).counts) or _remains(read.text, recipe.words):
        raise RefusedError("redaction.check-words")


def _remains(text: str, phrases: Iterable[str]) -> bool:
    """Return whether a phrase is left in another spelling, by a rule that is not the one by which it was covered.

    Numbers count with any signs between their digits, names within longer words, with digits and letter by letter.
    """
    folded = words.fold(text)
    whole = _bare(folded)
    tokens = [*map(_bare, folded.split()), *map(_bare, _SPACED.findall(folded))]
    for phrase in phrases:
        bare = _bare(words.fold(phrase))
        if bare.isdecimal():
            number = bare.removeprefix("62").removeprefix("0")
            if len(number) >= _DIGITS_MIN and number in whole:
                return True
        elif any(bare in token if len(bare) >= _LETTERS_MIN else bare == token.strip(_DIGITS) for token in tokens):
            return True
    return False


def _bare(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _check_pages(copy: Cleaned, recipe: Recipe) -> None:
    kind = KINDS[copy.ending]
    found = jobs.identity(copy.descriptor)
    if (found.code, found.start, found.is_polyglot) != (kind.code, 0, False):
        raise RefusedError("redaction.check-kind")
    facts = jobs.facts(copy.descriptor, kind)
    if any(number for name, number in facts.items() if name not in _PLAIN):
        raise RefusedError("redaction.check-metadata")
    if kind.code == "pdf" and jobs.text(copy.descriptor, kind).text.strip():
        raise RefusedError("redaction.check-text")
    side, edge = (CLEAN_PICTURE_SIDE, 0) if kind.code == "png" else (CLEAN_PAGE_SIDE, _EDGE)
    pages = facts.get("pages", 1)
    for page in recipe.pages:
        if page > pages:
            raise RefusedError("redaction.no-such-page", number=page)
        drawn = jobs.picture(copy.descriptor, kind, page, side)
        if not _are_black(drawn, recipe.on_page(page), edge):
            raise RefusedError("redaction.check-pixels", number=page)


def _are_black(drawn: Picture, boxes: tuple[Box, ...], edge: int) -> bool:
    """Return whether every pixel of the boxes is black, without an edge of so many pixels."""
    areas = [area(box, drawn.width, drawn.height) for box in boxes]
    is_black = True
    for y, row in enumerate(drawn.rows):
        for left, top, right, bottom in areas:
            if top + edge <= y < bottom - edge and any(row[_RGB * (left + edge) : _RGB * (right - edge)]):
                is_black = False
    return is_black


def _check_recording(copy: Cleaned, recipe: Recipe) -> None:
    kind = KINDS["webm"]
    if jobs.identity(copy.descriptor).code != kind.code:
        raise RefusedError("redaction.check-kind")
    facts = jobs.facts(copy.descriptor, kind)
    # The encoder writes tags of its own, such as its name: only what a file would tell of its sender counts.
    if any(facts.get(name) for name in findings.WARNINGS):
        raise RefusedError("redaction.check-metadata")
    for start, end in recipe.stretches:
        if start // 1000 > facts.get("seconds", 0):
            raise RefusedError("redaction.no-such-stretch")
        if recipe.is_black and "video" in facts:
            films = max(1, facts.get("film-tracks", 0))
            times = (start / 1000, (start + end) / 2000, end / 1000 - _PICTURE_SECONDS)
            if not all(_is_dark(copy, time, film) for film in range(films) for time in times):
                raise RefusedError("redaction.check-black")


def _is_dark(copy: Cleaned, second: float, film: int) -> bool:
    """Return whether a film (0-based) is black at a time, as far as an encoder keeps black, or has ended by then."""
    try:
        drawn = jobs.still(copy.descriptor, second, film)
        return all(max(row) <= _DARK for row in drawn.rows)
    except UnreadableError as error:
        return error.reason == "no-page"
