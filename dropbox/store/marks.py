"""Defines the marks that a database has in place of its migration's number while its store is moved.

    moving-NUMBER-TOKEN    the old database, while it is copied
    arriving-NUMBER-TOKEN  the new one, with the whole copy, until the old one has given up its place
    moved-NUMBER-TOKEN     the old one, ever after

Rule: a database with a mark is opened by nobody, so at no moment two databases take what is sent. The token is new with
each attempt: a copy of an earlier attempt can never take the place of the old database.
"""

import enum
import re
import secrets
from dataclasses import dataclass, replace
from typing import Final

_TOKEN_BYTES: Final = 8
_FORM: Final = re.compile(r"(moving|arriving|moved)-([0-9]{4})-([0-9a-f]{16})")  # at most 32 characters: schema.version


class Phase(enum.StrEnum):
    """Where a database is in a move."""

    MOVING = "moving"
    ARRIVING = "arriving"
    MOVED = "moved"


_CODES: Final = {Phase.MOVING: "store.moving", Phase.ARRIVING: "store.arriving", Phase.MOVED: "store.moved"}


@dataclass(frozen=True)
class Mark:
    """A mark: the phase, the number of the migration, and the attempt's token."""

    phase: Phase
    number: str
    token: str

    @classmethod
    def begin(cls, number: str) -> "Mark":
        """Return the mark of the old database for a new attempt."""
        return cls(Phase.MOVING, number, secrets.token_hex(_TOKEN_BYTES))

    def at(self, phase: Phase) -> "Mark":
        """Return the mark of the same attempt in another phase."""
        return replace(self, phase=phase)

    def __str__(self) -> str:
        return f"{self.phase}-{self.number}-{self.token}"


def parse(found: str | None) -> Mark | None:
    """Return the mark in place of a number; None for a number, or for none."""
    match = _FORM.fullmatch(found or "")
    return Mark(Phase(match[1]), match[2], match[3]) if match else None


def code_of(found: str | None) -> str | None:
    """Return the code of the error for a database that has a mark; None for one without."""
    mark = parse(found)
    return _CODES[mark.phase] if mark else None
