"""Writes the reply of the program in the sandbox.

    "+" ‖ body                  done
    one letter of FAILURES      not done

    kind    = "code" ‖ " " ‖ bytes before its header ‖ " " ‖ 0 or 1 (it is also another kind)
    picture = u32 pages ‖ u32 width ‖ u32 height ‖ RGB rows (3 · width · height bytes)
    text    = u32 length of facts ‖ facts ‖ UTF-8
    facts   = lines of "name=number"
    parts   = u32 length of facts ‖ facts ‖ for each: u16 length ‖ name ‖ u16 length ‖ type ‖ u64 size (2^48: unknown)
    part    = for each piece: u32 length ‖ bytes; then u32 0 ‖ "+", or why it breaks off: one letter of FAILURES
    file    = bytes
    recording = u32 length of facts ‖ facts ‖ bytes of WebM

Rule: nothing else leaves the sandbox; the workstation reads each kind with a parser of about ten lines
(evidence.replies).
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
    "no-archive": b"a",
    "no-page": b"p",
    "empty": b"n",
    "too-large": b"x",
}


class CannotError(Exception):
    """Ends the job with one of FAILURES."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure
        self.letter = FAILURES[failure]


def write(data: bytes) -> None:
    """Write all of the data to standard output, the pipe to the workstation."""
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def write_picture(pages: int, width: int, height: int, rgb: bytes) -> None:
    """Write a finished picture; the module docstring has the layout.

    Args:
        pages: of the file.
        width: in pixels; likewise height.
        height: see width.
        rgb: the rows, 3 bytes a pixel.
    """
    write(b"".join((DONE, *(number.to_bytes(4, "big") for number in (pages, width, height)))))
    write(rgb)


def write_facts(facts: dict[str, int]) -> None:
    """Write finished facts; the module docstring has the layout."""
    write(DONE + _lines(facts))


def facts_block(facts: dict[str, int]) -> bytes:
    """Return facts with their length before them, as a text or a list of parts begins."""
    lines = _lines(facts)
    return len(lines).to_bytes(4, "big") + lines


def _lines(facts: dict[str, int]) -> bytes:
    return "".join(f"{name}={number}\n" for name, number in facts.items()).encode("ascii")
