"""Describes what is covered in a picture, a text or a recording before it is shown or copied.

Rule: this is only the place where a cover is applied; triage.redaction makes covers. NOTHING changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.triage.evidence.replies import Picture


def _same_picture(_page: int, picture: Picture) -> Picture:
    return picture


def _same_text(text: str) -> str:
    return text


@dataclass(frozen=True)
class Cover:
    """What is covered.

    Attributes:
        picture: returns a page (1-based number, plain pixels) with its boxes painted.
        text: returns the whole text with its words covered.
        stretches: (from, to) of a recording, in milliseconds, that become a tone.
        is_black: whether the film is black there, too.
    """

    picture: Callable[[int, Picture], Picture] = _same_picture
    text: Callable[[str], str] = _same_text
    stretches: tuple[tuple[int, int], ...] = ()
    is_black: bool = False

    @property
    def silenced(self) -> list[tuple[float, float]]:
        """Return the stretches in seconds."""
        return [(start / 1000, end / 1000) for start, end in self.stretches]


NOTHING: Final = Cover()
