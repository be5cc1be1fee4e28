"""Remembers what was made of reporters' files, in memory of a bounded size: going back to a page takes no time.

Rule: it is plaintext, so its owner drops it when the desk locks; what was not used for longest goes first.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from dropbox.errors import DropboxError
from dropbox.triage.evidence.preview import Page

Made = Page | DropboxError  # a page, or the reason why there is none
_LEAST: Final = 256  # bytes of an entry besides its content


def _size(made: Made) -> int:
    return _LEAST + (len(made.png) + sum(map(len, made.lines)) if isinstance(made, Page) else 0)


class Drawn:
    """Pages by key, of at most so many bytes together."""

    def __init__(self, most: int) -> None:
        """Set `most`, in bytes."""
        self._most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()
        self._is_over = False

    @property
    def bytes(self) -> int:
        """Return how many bytes are held."""
        return self._bytes

    def get(self, key: Hashable) -> Made | None:
        """Return what was made for a key, or None."""
        with self._guard:
            if key not in self._made:
                return None
            self._made.move_to_end(key)
            return self._made[key]

    def put(self, key: Hashable, made: Made) -> None:
        """Remember what was made; a page that is larger than all the room is kept alone."""
        with self._guard:
            if self._is_over:
                return
            self._forget(key)
            self._made[key] = made
            self._bytes += _size(made)
            while self._bytes > self._most and len(self._made) > 1:
                self._forget(next(iter(self._made)))

    def failures(self) -> list[tuple[Hashable, DropboxError]]:
        """Return (key, reason) of what could not be made."""
        with self._guard:
            return [(key, made) for key, made in self._made.items() if isinstance(made, DropboxError)]

    def forget(self, key: Hashable) -> None:
        """Forget what was made for a key."""
        with self._guard:
            self._forget(key)

    def drop(self) -> None:
        """Forget everything, for good."""
        with self._guard:
            self._is_over = True
            self._made.clear()
            self._bytes = 0

    def _forget(self, key: Hashable) -> None:
        made = self._made.pop(key, None)
        if made is not None:
            self._bytes -= _size(made)
