"""Keeps who is logged in, in memory: a new start of the page ends every session.

Rule: a session is found by the SHA-256 of a random number that only its browser holds. It ends after a time without
use, after a time in all, at the log-out, and with the generation of its account.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.courier.gate.client import Taken
from dropbox.courier.pages.accounts import Account
from dropbox.errors import DropboxError

IDLE_SECONDS: Final = 20 * 60
WHOLE_SECONDS: Final = 10 * 3600  # a working day
_SESSIONS_PER_ACCOUNT: Final = 4  # browsers of one person; a further one ends the oldest session


@dataclass
class Session:
    """A browser that has logged in.

    Attributes:
        name: of the account.
        generation: of the account at the log-in.
        begun: when it began (seconds of the clock).
        used: when it was last used.
        result: what became of the last file that was handed in; None before the first.
    """

    name: str
    generation: str
    begun: float
    used: float
    result: Taken | DropboxError | None = None


class Sessions:
    """The sessions of one process.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sessions: dict[bytes, Session] = {}  # in the order in which they began
        self._lock = threading.Lock()

    def begin(self, account: Account) -> str:
        """Begin a session; returns the number by which its browser names it."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._drop_ended(now)
            same = [key for key, one in self._sessions.items() if one.name == account.name]
            for key in same[: max(0, len(same) - _SESSIONS_PER_ACCOUNT + 1)]:
                del self._sessions[key]
            self._sessions[_key(token)] = Session(account.name, account.generation, now, now)
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token and count this as its use; None if there is none or it has ended."""
        now = self._clock()
        with self._lock:
            self._drop_ended(now)
            session = self._sessions.get(_key(token))
            if session:
                session.used = now
            return session

    def end(self, token: str) -> None:
        """End a session; does nothing for an unknown token."""
        with self._lock:
            self._sessions.pop(_key(token), None)

    def _drop_ended(self, now: float) -> None:
        for key, one in list(self._sessions.items()):
            if now - one.used > IDLE_SECONDS or now - one.begun > WHOLE_SECONDS:
                del self._sessions[key]


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
