"""Custodians at the root's screen: they copy what is shown onto papers, and type the words when they are asked.

Rule: the papers are files of a test, one for each share, whose name is the share's number.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from dropbox.ceremony import custodians

_ROW = re.compile(r"( *\d+ [a-z]+)+")


class Papers:
    """The papers in a folder, and the rows that are typed next."""

    def __init__(self, folder: Path, numbers: Sequence[int] = ()) -> None:
        """Take the place of the terminal for custodians with the papers of some numbers, in their order."""
        self.folder = folder
        self.typed = [row for number in numbers for row in self.rows(number)]
        self.screens: list[str] = []

    def rows(self, number: int) -> list[str]:
        """The rows of words of a paper."""
        return [line for line in (self.folder / str(number)).read_text().splitlines() if _ROW.fullmatch(line)]

    def copy(self, lines: Iterable[str], _question: str) -> None:
        """Copy a share from the screen, and be ready to type it."""
        text = "\n".join(lines)
        self.screens.append(text)
        if number := re.match(r"share: (\d+) of", text):
            (self.folder / number[1]).write_text(text)
            self.typed = self.rows(int(number[1]))

    def type(self, _question: str, _option: str) -> str:
        """Type the next row."""
        return self.typed.pop(0)

    def sit_down(self, patch: pytest.MonkeyPatch) -> None:
        """Take the place of the terminal."""
        patch.setattr(custodians, "show_alone", self.copy)
        patch.setattr(custodians, "asked_unseen", self.type)
