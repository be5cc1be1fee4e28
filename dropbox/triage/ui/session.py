"""The desk's one open door: who is at the screen, and the vault that they unlocked.

    started → (start link) → locked → (officer, passphrase) → unlocked → (lock, idle, end) → locked

Rule: the vault is open only while an unlocked officer works; without a click for workstation.idle_minutes it is closed
and its keys are dropped. The start link works once, and only the browser that used it is let in.

Locking waits for nobody: from that moment on no page has the vault, and sandboxes end. What still works on it is broken
off (by hand) or ends its step (idle: an import may take longer than the clock), and then closes it.
"""

import contextlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from dropbox.crypto.private.private_files import DEFAULT_COST, Cost
from dropbox.errors import LockedError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import safeguarding
from dropbox.triage.cases import audit_log
from dropbox.triage.evidence import leash
from dropbox.triage.evidence.leash import Leash
from dropbox.triage.ui.one_time_slips import Handouts
from dropbox.triage.ui.turns import Turns
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, day_of

_TOKEN_BYTES: Final = 32
_LOOK_SECONDS: Final = 5.0  # how often the idle clock is looked at
_LOCK_SECONDS: Final = 0.5  # that locking waits for the turn, so as to close the vault itself
_UNLOCK_SECONDS: Final = 10.0  # that unlocking waits for what was broken off
ROOM: Final = 12  # requests that may wait for the vault; ui.serve has more threads


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
    turns: Turns = field(default_factory=lambda: Turns(ROOM), repr=False)
    _fields: threading.RLock = field(default_factory=threading.RLock, repr=False)  # held for a moment, never to wait
    _start_token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)
    _browser: str = field(default="", repr=False)
    _vault: Vault | None = field(default=None, repr=False)
    _left: tuple[Vault, str] | None = field(default=None, repr=False)  # locked, to be closed by who has the turn; why
    _leash: Leash = field(default_factory=Leash, repr=False)
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
        with self._fields:
            good = bool(self._start_token) and hmac.compare_digest(untrusted_token.encode(), self._start_token.encode())
            if not good:
                raise RefusedError("desk.start-link")
            self._start_token = ""
            self._browser = secrets.token_urlsafe(_TOKEN_BYTES)
            return self._browser

    def knows(self, untrusted_browser: str) -> bool:
        """Whether that is the browser that came by the start link."""
        return bool(self._browser) and hmac.compare_digest(untrusted_browser.encode(), self._browser.encode())

    def unlock(self, login: str, passphrase: str) -> None:
        """Open the vault for an officer.

        Raises:
            RefusedError: what was locked is still being broken off, or another command has the vault.
            NotFoundError, ConfigurationError, WrongPassphraseError, DamagedError, UntrustedError: see Vault.open.
        """
        self._leave("unlock", is_broken_off=True)
        if not self.turns.take_within(_UNLOCK_SECONDS):
            raise RefusedError("vault.in-use")
        try:
            self._finish()
            vault = Vault.open(self.folder, login, passphrase)
            try:
                with transaction(vault.db):
                    audit_log.write(vault, "unlock")
                safeguarding.settle(Work(vault, self.settings, self.today()))
            except BaseException:  # a full disk must not keep everybody else out
                vault.close()
                raise
            with self._fields:
                self._vault, self._leash, self._touched = vault, Leash(), self.clock()
        finally:
            self.turns.let_go()

    def close(self, why: str, *, is_broken_off: bool = True) -> None:
        """Lock at once; the vault is closed and its keys dropped now, or by whoever works on it when that has ended.

        Args:
            why: a code for the log.
            is_broken_off: what works on the vault rolls back; else it ends its step.
        """
        self._leave(why, is_broken_off=is_broken_off)
        self._finish_within(_LOCK_SECONDS)

    def _leave(self, why: str, *, is_broken_off: bool) -> None:
        """From here on no page has the vault."""
        with self._fields:
            vault, self._vault = self._vault, None
            self.handouts.drop()
            if vault is not None:
                self._left = (vault, why)
            self._leash.cut()
        if vault is not None and is_broken_off:
            vault.db.stop()

    def _finish_within(self, seconds: float) -> None:
        if not self.turns.is_mine and self.turns.take_within(seconds):
            try:
                self._finish()
            finally:
                self.turns.let_go()

    def _finish(self) -> None:
        """Close what was locked; by whoever has the turn."""
        with self._fields:
            left, self._left = self._left, None
            is_locked = self._vault is None
        try:
            if is_locked:
                self.keep(None)
            if left is not None:
                vault, why = left
                vault.db.go_on()
                with transaction(vault.db):
                    audit_log.write(vault, "lock", why=why)
        finally:  # a full disk must not keep it open
            if left is not None:
                left[0].close()

    def enter(self) -> bool:
        """Take the turn for a request, and hold its sandboxes by this unlocking's leash; False when too many wait."""
        if not self.turns.take():
            return False
        with self._fields:
            leash.take(self._leash)
        return True

    def leave(self) -> None:
        """End the turn; closes the vault if it was locked meanwhile."""
        leash.drop()
        try:
            self._finish()
        finally:
            self.turns.give()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the vault while a sandbox works in the block, which must not touch it.

        Raises:
            LockedError: the vault was locked meanwhile; whatever the block made or raised counts for nothing.
        """
        if not self.turns.is_mine:  # nobody waits
            yield
            return
        vault = self._vault
        try:
            self._finish()
        finally:
            self.turns.let_go()
        try:
            with self.turns.at_the_bench():
                yield
        finally:
            self.turns.take_again()
            if vault is not self._vault:
                raise LockedError("vault.locked-meanwhile")

    def keep(self, thing: Closable | None) -> None:
        """Hold one thing open until the next one takes its place or the vault is locked."""
        with self._fields:
            before, self._kept = self._kept, thing
        if before is not None and before is not thing:
            before.close()

    @property
    def kept(self) -> Closable | None:
        """What is held open now."""
        return self._kept

    def vault(self) -> Vault | None:
        """The open vault, or None: locked. A look counts as work."""
        self.close_if_idle()
        with self._fields:
            if self._vault is not None:
                self._touched = self.clock()
            return self._vault

    def is_unlocked(self) -> bool:
        """Without counting as work."""
        self.close_if_idle()
        return self._vault is not None

    def has(self, vault: Vault) -> bool:
        """Whether a vault is the one that is open now."""
        return self._vault is vault

    def close_if_idle(self) -> None:
        """Lock when nobody has clicked for too long."""
        idle = 60 * self.settings.workstation.idle_minutes
        if self._vault is not None and self.clock() - self._touched > idle:
            self.close("idle", is_broken_off=False)

    def watch(self) -> None:
        """Look at the idle clock from now on, in a thread of its own that ends with the process."""

        def look() -> None:
            while True:
                time.sleep(_LOOK_SECONDS)
                with contextlib.suppress(Exception):  # it is closed even so; the clock must go on
                    self.close_if_idle()
                    if self._left is not None:
                        self._finish_within(_LOCK_SECONDS)

        threading.Thread(target=look, name="idle clock", daemon=True).start()

    def today(self) -> Day:
        """The day in the installation's zone."""
        return day_of(self.settings.today())
