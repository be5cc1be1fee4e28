"""What the program in the sandbox answers with.

    "+" ‖ body                  done
    one letter of FAILURES      not done

    picture = u32 pages ‖ u32 width ‖ u32 height ‖ RGB rows (3 · width · height bytes)
    text    = UTF-8
    facts   = lines of "name=number"
    file    = bytes

Rule: nothing but these leaves; the workstation reads each with a parser of some ten lines (evidence.replies).
"""

import os
from typing import Final

DONE: Final = b"+"
FAILURES: Final = {
    "damaged": b"d",
    "locked": b"l",
    "bomb": b"b",
    "unsupported": b"u",
    "no-office": b"o",
    "no-media": b"m",
    "no-page": b"p",
    "empty": b"n",
    "too-large": b"x",
}


class CannotError(Exception):
    """The job ends with one of FAILURES."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.letter = FAILURES[failure]


def write(data: bytes) -> None:
    """All of it to the workstation."""
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def write_picture(pages: int, width: int, height: int, rgb: bytes) -> None:
    """See above."""
    write(b"".join((DONE, *(number.to_bytes(4, "big") for number in (pages, width, height)))))
    write(rgb)


def write_facts(facts: dict[str, int]) -> None:
    """See above."""
    write(DONE + "".join(f"{name}={number}\n" for name, number in facts.items()).encode("ascii"))
