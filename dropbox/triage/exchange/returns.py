"""Remembers the last returns, and which of them the server says that it took.

Rule: only an export that counts (vault.known_exports) confirms a return. What no export has confirmed is not called
taken, even if its file has left the desk.
"""

import json
from typing import Final, NamedTuple

from dropbox.triage.vault import known_exports
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import Day

_RETURNS: Final = "returns"
_KEPT: Final = 12  # of a weekly publication: a quarter
TAKEN, REPLACED, WAITING = "taken", "replaced", "waiting"


class Made(NamedTuple):
    """A return: its number, the day it was made, and whether the server took it, a newer one, or said neither."""

    number: int
    day: Day
    state: str


def remember(vault: Vault, number: int, day: Day) -> None:
    """Remember a return whose number is used up; inside a transaction."""
    vault.put(_RETURNS, json.dumps([*_rows(vault), [number, day]][-_KEPT:]).encode("ascii"))


def last(vault: Vault) -> list[Made]:
    """Return the last returns, newest first."""
    taken = known_exports.taken(vault)
    return [Made(number, Day(day), _state(number, taken)) for number, day in reversed(_rows(vault))]


def _state(number: int, taken: int) -> str:
    if number == taken:
        return TAKEN
    return REPLACED if number < taken else WAITING


def _rows(vault: Vault) -> list[list[int]]:
    rows: list[list[int]] = json.loads(vault.get(_RETURNS) or b"[]")
    return rows
