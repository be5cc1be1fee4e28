"""Remembers where pages of a list ended, so that an address has a number instead of a value.

Rule: the value of an order may be a text from a report, so it is only in memory; locking the desk drops it.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.triage.casework.inbox import Place

_KEPT_MAX: Final = 500


@dataclass
class ListPlaces:
    """The latest places, by number."""

    _places: dict[int, Place] = field(default_factory=dict, repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def put(self, place: Place) -> int:
        """Keep a place; return its number."""
        number = next(self._numbers)
        self._places[number] = place
        if len(self._places) > _KEPT_MAX:
            del self._places[min(self._places)]
        return number

    def get(self, number: int) -> Place | None:
        """Return the place of a number, None if it was dropped: the list then begins anew."""
        return self._places.get(number)

    def drop(self) -> None:
        """Drop all places."""
        self._places.clear()
