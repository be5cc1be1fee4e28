"""Holds the session of the desk: the officer at the screen, and the vault that they unlocked.

    started → (start link) → locked → (officer, passphrase) → unlocked → (lock, idle, end) → locked

Rule: the vault is open only while an officer works; after workstation.idle_minutes without a click it is closed and its
keys are dropped. The start link works once, and only the browser that used it reaches the door. Each unlocking gives
it a pass, without which the vault is locked for it: an older cookie opens nothing, and leads to the door.

Locking does not wait: from that moment no page has the vault, and sandboxes end. A request that still works on it is
interrupted (locked by hand) or finishes its step (idle: an import may take longer than the limit), then closes it.
"""

import contextlib
import functools
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
from dropbox.triage.casework.safety import risk
from dropbox.triage.evidence import leash
from dropbox.triage.evidence.leash import Leash
from dropbox.triage.ui.chores import Chores
from dropbox.triage.ui.files.studio import Studio
from dropbox.triage.ui.one_time_slips import Handouts
from dropbox.triage.ui.turns import Turns
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, day_of

_TOKEN_BYTES: Final = 32
_LOOK_SECONDS: Final = 5.0  # between checks of the idle time
_LOCK_SECONDS: Final = 0.5  # locking waits so long for the turn, to close the vault itself
_UNLOCK_SECONDS: Final = 10.0  # unlocking waits so long for interrupted work
ROOM: Final = 12  # requests that may wait for the vault; ui.serve has more threads


class Closable(Protocol):
    """An object that holds plaintext until it is closed."""

    def close(self) -> None:
        """Free the plaintext."""


@dataclass
class Desk:
    """One running desk.

    Attributes:
        settings: of the installation.
        folder: of the vault.
        clock: returns monotonic seconds; tests set their own.
        cost: of Argon2, for officers who are added here.
        handouts: secrets that wait to be shown once; `chores`: backup and drill.
    """

    settings: Settings
    folder: Path
    clock: Callable[[], float] = time.monotonic
    cost: Cost = DEFAULT_COST
    handouts: Handouts = field(default_factory=Handouts, repr=False)
    turns: Turns = field(default_factory=lambda: Turns(ROOM), repr=False)
    chores: Chores = field(default_factory=Chores, repr=False)
    _fields: threading.RLock = field(default_factory=threading.RLock, repr=False)  # for short steps, never for waiting
    _start_token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)
    _browser: str = field(default="", repr=False)
    _pass: str = field(default="", repr=False)  # of the last unlocking
    _vault: Vault | None = field(default=None, repr=False)
    _left: tuple[Vault, str] | None = field(default=None, repr=False)  # locked, and why; the turn's holder closes it
    _leash: Leash = field(default_factory=Leash, repr=False)
    _touched: float = 0.0
    _kept: Closable | None = field(default=None, repr=False)
    _studio: Studio | None = field(default=None, repr=False)

    @property
    def start_path(self) -> str:
        """Return the path of the one-time start link."""
        return f"/mulai/{self._start_token}"

    def start(self, untrusted_token: str) -> str:
        """Bind the browser that opened the start link; return its token. RefusedError for a wrong or used link."""
        with self._fields:
            if not (self._start_token and hmac.compare_digest(untrusted_token.encode(), self._start_token.encode())):
                raise RefusedError("desk.start-link")
            self._start_token, self._browser = "", secrets.token_urlsafe(_TOKEN_BYTES)
            return self._browser

    def knows(self, untrusted_browser: str) -> bool:
        """Return whether this is the token of the bound browser."""
        return bool(self._browser) and hmac.compare_digest(untrusted_browser.encode(), self._browser.encode())

    def admits(self, untrusted_pass: str) -> bool:
        """Return whether the vault is open for the holder of this pass; the call does not count as activity."""
        return self.is_unlocked() and hmac.compare_digest(untrusted_pass.encode(), self._pass.encode())

    def unlock(self, login: str, passphrase: str) -> tuple[Officer, str]:
        """Open the vault for an officer; return the officer, and the pass for the vault until the next unlocking.

        Raises:
            RefusedError: work on the locked vault is still being interrupted, or another command has the vault.
            NotFoundError, ConfigurationError, WrongPassphraseError, DamagedError, UntrustedError: see Vault.open.
        """
        self._leave("unlock", is_broken_off=True)
        if not self.turns.take_within(_UNLOCK_SECONDS):
            raise RefusedError("vault.in-use")
        try:
            self._leave("unlock", is_broken_off=True)  # a form that was sent twice has unlocked meanwhile
            self._finish()
            vault = Vault.open(self.folder, login, passphrase)
            try:
                vault.hold_for_pages()
                with transaction(vault.db):
                    audit_log.write(vault, "unlock")
                work = Work(vault, self.settings, self.today())
                safeguarding.settle(work)
                risk.settle(work)
            except BaseException:  # a full disk must not block every later unlocking
                vault.close()
                raise
            with self._fields:
                self._pass = secrets.token_urlsafe(_TOKEN_BYTES)
                self._vault, self._leash, self._touched = vault, Leash(), self.clock()
                self._studio = Studio(vault, functools.partial(self.step, vault))
                return vault.officer, self._pass
        finally:
            self.turns.let_go()

    def close(self, why: str, *, is_broken_off: bool = True) -> None:
        """Lock at once; the vault is closed now, or by the request that still works on it when that ends.

        Args:
            why: a code for the log.
            is_broken_off: work on the vault is rolled back; otherwise it finishes its step.
        """
        self._leave(why, is_broken_off=is_broken_off)
        self._finish_within(_LOCK_SECONDS)

    def _leave(self, why: str, *, is_broken_off: bool) -> None:
        """Take the vault away from all pages."""
        with self._fields:
            vault, self._vault = self._vault, None
            self.handouts.drop()
            if vault is not None:
                self._left = (vault, why)
            self._leash.cut()
            self.chores.lock()
            if self._studio is not None:
                self._studio.close()
        if vault is not None and is_broken_off:
            vault.db.stop()

    def _finish_within(self, seconds: float) -> None:
        if not self.turns.is_mine and self.turns.take_within(seconds):
            self._let_go()

    def _let_go(self) -> None:
        """Close the vault if it was locked meanwhile, and give the turn away."""
        try:
            self._finish()
        finally:
            self.turns.let_go()

    def _finish(self) -> None:
        """Close the locked vault; only the holder of the turn calls this."""
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
        finally:  # a full disk must not leave it open
            if left is not None:
                left[0].close()

    def enter(self) -> bool:
        """Take the turn and put this request's sandboxes under the session's leash; return False if too many wait."""
        if not self.turns.take():
            return False
        with self._fields:
            leash.take(self._leash)
        return True

    def leave(self) -> None:
        """End the turn; close the vault if it was locked meanwhile."""
        leash.drop()
        try:
            self._finish()
        finally:
            self.turns.give()

    @contextlib.contextmanager
    def aside(self, *, is_alone: bool = True) -> Iterator[None]:
        """Give the turn away during the block, in which a sandbox works; the block must not use the vault.

        Args:
            is_alone: whether the block waits until no other sandbox works.

        Raises:
            LockedError: the vault was locked meanwhile; any result or error of the block is discarded.
        """
        if not self.turns.is_mine:  # outside a request: no turn to give away
            yield
            return
        vault = self._vault
        self._let_go()
        try:
            with self.turns.at_the_bench() if is_alone else contextlib.nullcontext():
                yield
        finally:
            self.turns.take_again()
            if vault is not self._vault:
                raise LockedError("vault.locked-meanwhile")

    @contextlib.contextmanager
    def step(self, vault: Vault) -> Iterator[None]:
        """Have the turn during the block, in a thread that is no request; raises LockedError if locked meanwhile."""
        self.turns.take_again()
        try:
            if not self.has(vault):
                raise LockedError("vault.locked-meanwhile")
            yield
        finally:
            self._let_go()

    @property
    def studio(self) -> Studio:
        """Return what is made of reporters' files; raises LockedError before the vault is unlocked."""
        if self._studio is None:
            raise LockedError("vault.locked-meanwhile")
        return self._studio

    def keep(self, thing: Closable | None) -> None:
        """Hold one object open until the next one replaces it or the vault is locked."""
        with self._fields:
            before, self._kept = self._kept, thing
        if before is not None and before is not thing:
            before.close()

    @property
    def kept(self) -> Closable | None:
        """Return the object that is held open now."""
        return self._kept

    def vault(self, *, is_activity: bool = True) -> Vault | None:
        """Return the open vault, or None if locked; for an officer, or for a page that asks by itself."""
        self.close_if_idle()
        with self._fields:
            if self._vault is not None and is_activity:
                self._touched = self.clock()
            return self._vault

    def is_unlocked(self) -> bool:
        """Return whether the vault is open; the call does not count as activity."""
        self.close_if_idle()
        return self._vault is not None

    def has(self, vault: Vault) -> bool:
        """Return whether a vault is the one that is open now."""
        return self._vault is vault

    def close_if_idle(self) -> None:
        """Lock the vault if there was no activity for too long."""
        if self._vault is not None and self.clock() - self._touched > 60 * self.settings.workstation.idle_minutes:
            self.close("idle", is_broken_off=False)

    def watch(self) -> None:
        """Check the idle time from now on, in a daemon thread."""

        def look() -> None:
            while True:
                time.sleep(_LOOK_SECONDS)
                with contextlib.suppress(Exception):  # the vault is closed all the same; the checks must go on
                    self.close_if_idle()
                    if self._left is not None:
                        self._finish_within(_LOCK_SECONDS)

        threading.Thread(target=look, name="idle clock", daemon=True).start()

    def today(self) -> Day:
        """Return today's day in the installation's zone."""
        return day_of(self.settings.today())
