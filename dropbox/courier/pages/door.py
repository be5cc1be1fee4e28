"""Decides who is let in: name, passphrase and code together, with one answer for every mistake.

Rule: an attempt costs one Argon2id hash whatever is wrong with it; strangers wait in one lane, known
browsers and device codes in another, so that no flood of attempts takes more than two hashes' memory or keeps a known
browser out.
"""

import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.courier.gate.client import Taken
from dropbox.courier.pages.accounts import Accounts
from dropbox.courier.pages.sessions import Session, Sessions
from dropbox.courier.pages.throttle import Throttle
from dropbox.errors import DropboxError

_LANE_SECONDS: Final = 5.0  # that an attempt waits for the one before it
_WAITING_MAX: Final = 4  # attempts of a lane that hold a thread


class Refusal(enum.Enum):
    """Why nobody was let in."""

    WRONG = enum.auto()
    THROTTLED = enum.auto()
    BUSY = enum.auto()


@dataclass(frozen=True)
class Admission:
    """A new session's token, the device cookie for its browser, and whether the account has seen every result."""

    token: str
    cookie: str
    is_all_seen: bool


class Door:
    """Who may come in.

    Args:
        accounts: of the couriers.
        clock: seconds that never go back.
        now: Unix time in seconds, of which codes are made.
    """

    def __init__(
        self, accounts: Accounts, clock: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time
    ) -> None:
        self._accounts, self._now = accounts, now
        self._sessions = Sessions(clock)
        self._throttle = Throttle(accounts.device_key, clock)
        self._lanes = {is_known: _Lane() for is_known in (False, True)}

    def enter(
        self, name: str, passphrase: str, code: str, device_cookie: str, device_code: str = ""
    ) -> Admission | Refusal:
        """Try to log in with what was typed; raises StorageFullError.

        Args:
            name: typed, as all but the cookie.
            passphrase: of the account.
            code: of this half minute.
            device_cookie: of the browser, or empty.
            device_code: which makes a browser without such a cookie a known one, or empty.
        """
        account = self._accounts.find(name)
        browser = self._throttle.device(account, device_cookie)
        typed = self._throttle.typed(account, device_code)
        device = browser or typed
        if not self._throttle.take(name, device):
            return Refusal.THROTTLED
        lane = self._lanes[device is not None]
        if not lane.enter():
            self._throttle.give_back(name, device)
            return Refusal.BUSY
        try:
            is_right = self._accounts.admits(account, passphrase, code, self._now())
        finally:
            lane.leave()
        if not is_right or account is None:
            return Refusal.WRONG
        self._throttle.give_back(name, device)
        token, is_all_seen = self._sessions.begin(account)
        return Admission(token, self._throttle.cookie(account, browser), is_all_seen)

    def session(self, token: str) -> Session | None:
        """Return a token's session while it lasts and its account is the same, else None. Raises StorageFullError."""
        found = self._sessions.find(token)
        if found is None:
            return None
        account = self._accounts.find(found.name)
        if account is None or account.generation != found.generation:
            self._sessions.end(token)
            return None
        return found

    def use(self, token: str) -> None:
        """Count bytes that move as use of a session; does nothing for one that has ended."""
        self._sessions.find(token)

    def keep(self, session: Session, result: Taken | DropboxError) -> None:
        """Keep what became of a file until its courier has seen it."""
        self._sessions.keep(session, result)

    def leave(self, token: str) -> None:
        """End a session."""
        self._sessions.end(token)


class _Lane:
    """One attempt at a time; few wait, and not for long."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(_WAITING_MAX)

    def enter(self) -> bool:
        if not self._places.acquire(blocking=False):
            return False
        if self._turn.acquire(timeout=_LANE_SECONDS):
            return True
        self._places.release()
        return False

    def leave(self) -> None:
        self._turn.release()
        self._places.release()
