"""The desk's one open door: who is at the screen, and the vault that they unlocked.

    started → (start link) → locked → (officer, passphrase) → unlocked → (lock, idle, end) → locked

Rule: the vault is open only while an unlocked officer works; without a click for workstation.idle_minutes it is closed
and its keys are dropped. The start link works once, and only the browser that used it is let in.
"""

import contextlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from dropbox.crypto.private_files import DEFAULT_COST, Cost
from dropbox.errors import RefusedError
from dropbox.settings import Settings
from dropbox.triage.desk.handouts import Handouts
from dropbox.triage.office import log, safeguarding
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.wire.calendar import day_of

_TOKEN_BYTES: Final = 32
_LOOK_SECONDS: Final = 5.0  # how often the idle clock is looked at


class Closable(Protocol):
    """Something that holds plaintext until it is closed."""

    def close(self) -> None:
        """Give it back."""


@dataclass
class Desk:
    """One running desk.

    Attributes:
        settings: of the installation.
        folder: the vault's.
        clock: monotonic seconds; tests give their own.
        cost: Argon2's, for officers who are added here.
        handouts: what waits to be shown once.
    """

    settings: Settings
    folder: Path
    clock: Callable[[], float] = time.monotonic
    cost: Cost = DEFAULT_COST
    handouts: Handouts = field(default_factory=Handouts, repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _start_token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)
    _browser: str = field(default="", repr=False)
    _vault: Vault | None = field(default=None, repr=False)
    _touched: float = 0.0
    _kept: Closable | None = field(default=None, repr=False)

    @property
    def start_path(self) -> str:
        """The one-time start link's path."""
        return f"/mulai/{self._start_token}"

    def start(self, untrusted_token: str) -> str:
        """Bind the browser that came by the start link; returns what it must show from now on.

        Raises:
            RefusedError: the link is wrong or was used before.
        """
        with self.lock:
            good = bool(self._start_token) and hmac.compare_digest(untrusted_token.encode(), self._start_token.encode())
            if not good:
                raise RefusedError("the start link is wrong or was used before: start the desk again")
            self._start_token = ""
            self._browser = secrets.token_urlsafe(_TOKEN_BYTES)
            return self._browser

    def knows(self, untrusted_browser: str) -> bool:
        """Whether that is the browser that came by the start link."""
        return bool(self._browser) and hmac.compare_digest(untrusted_browser.encode(), self._browser.encode())

    def unlock(self, login: str, passphrase: str) -> None:
        """Open the vault for an officer; raises what Vault.open raises."""
        with self.lock:
            self.close("unlock")
            vault = Vault.open(self.folder, login, passphrase)
            try:
                with transaction(vault.db):
                    log.write(vault, "unlock")
                safeguarding.settle(vault, self.settings)
            except BaseException:  # a full disk must not keep everybody else out
                vault.close()
                raise
            self._vault = vault
            self._touched = self.clock()

    def close(self, why: str) -> None:
        """Lock: close the vault and drop its keys. `why` is a code for the log."""
        with self.lock:
            vault, self._vault = self._vault, None
            self.handouts.drop()
            try:
                self.keep(None)
                if vault is not None:
                    with transaction(vault.db):
                        log.write(vault, "lock", why=why)
            finally:  # a full disk must not keep it open
                if vault is not None:
                    vault.close()

    def keep(self, thing: Closable | None) -> None:
        """Hold one thing open until the next one takes its place or the vault is locked."""
        with self.lock:
            before, self._kept = self._kept, thing
            if before is not None and before is not thing:
                before.close()

    @property
    def kept(self) -> Closable | None:
        """What is held open now."""
        return self._kept

    def vault(self) -> Vault | None:
        """The open vault, or None: locked. A look counts as work."""
        with self.lock:
            self.close_if_idle()
            if self._vault is not None:
                self._touched = self.clock()
            return self._vault

    def is_unlocked(self) -> bool:
        """Without counting as work."""
        with self.lock:
            self.close_if_idle()
            return self._vault is not None

    def close_if_idle(self) -> None:
        """Lock when nobody has clicked for too long."""
        idle = 60 * self.settings.workstation.idle_minutes
        if self._vault is not None and self.clock() - self._touched > idle:
            self.close("idle")

    def watch(self) -> None:
        """Look at the idle clock from now on, in a thread of its own that ends with the process."""

        def look() -> None:
            while True:
                time.sleep(_LOOK_SECONDS)
                with self.lock, contextlib.suppress(Exception):  # it is closed even so; the clock must go on
                    self.close_if_idle()

        threading.Thread(target=look, name="idle clock", daemon=True).start()

    def today(self) -> int:
        """The day in the installation's zone."""
        return day_of(self.settings.today())
