"""Keeps who is logged in, in memory: a new start of the page ends every session.

Rule: a session is found by the SHA-256 of a random number that only its browser holds. It ends after a time without
use, after a time in all, at the log-out, and with the generation of its account. Bytes of a file that move are use.
What became of a file stays until the courier has seen it: the account's next session gets it.
"""

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.courier.gate.client import Taken
from dropbox.courier.pages.accounts import ACCOUNTS_MAX, Account
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
        is_seen: whether a page has shown that result.
    """

    name: str
    generation: str
    begun: float
    used: float
    result: Taken | DropboxError | None = None
    is_seen: bool = True


class Sessions:
    """The sessions of one process.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sessions: dict[bytes, Session] = {}  # in the order in which they began
        self._unseen: OrderedDict[str, Session] = OrderedDict()  # by name: ended before its result was shown
        self._lock = threading.Lock()

    def begin(self, account: Account) -> tuple[str, bool]:
        """Begin a session; returns the number by which its browser names it, and whether there is nothing to see."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._drop_ended(now)
            same = [key for key, one in self._sessions.items() if one.name == account.name]
            for key in same[: max(0, len(same) - _SESSIONS_PER_ACCOUNT + 1)]:
                self._drop(key)
            session = Session(account.name, account.generation, now, now)
            former = self._unseen.pop(account.name, None)
            if former and former.generation == account.generation:
                session.result, session.is_seen = former.result, False
            self._sessions[_key(token)] = session
        return token, session.is_seen

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
            self._drop(_key(token))

    def keep(self, session: Session, result: Taken | DropboxError) -> None:
        """Keep what became of a file; if the session has ended meanwhile, for the account's next one."""
        with self._lock:
            session.result, session.is_seen = result, False
            if all(one is not session for one in self._sessions.values()):
                self._leave(session)

    def _drop(self, key: bytes) -> None:
        session = self._sessions.pop(key, None)
        if session and not session.is_seen:
            self._leave(session)

    def _leave(self, session: Session) -> None:
        self._unseen[session.name] = session
        self._unseen.move_to_end(session.name)
        if len(self._unseen) > ACCOUNTS_MAX:  # names of accounts that were removed
            self._unseen.popitem(last=False)

    def _drop_ended(self, now: float) -> None:
        for key, one in list(self._sessions.items()):
            if now - one.used > IDLE_SECONDS or now - one.begun > WHOLE_SECONDS:
                self._drop(key)


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
