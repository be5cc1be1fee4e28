"""Keeps the couriers' accounts: passphrase (Argon2id, RFC 9106), key for codes (TOTP, RFC 6238), last code used.

Rule: a code is used up durably before anybody is let in, and only if the account is still the same one. An unknown name
costs what a known one costs.
"""

import contextlib
import hmac
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import argon2
import pyotp

from dropbox.disk.passphrases import check_passphrase, without_blanks
from dropbox.disk.private import private_folder
from dropbox.errors import ConfigurationError, MalformedError, NotFoundError, RefusedError, StorageFullError
from dropbox.limits import ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_TIME

PASSPHRASE_MAX: Final = 1024  # characters; a form holds no more
ACCOUNTS_MAX: Final = 50  # an inspectorate has a handful of couriers
_STEP_SECONDS: Final = 30  # RFC 6238, 5.2
_WINDOW: Final = 1  # codes before and after the present one: a phone's clock may be 30 s off
_CODE: Final = re.compile(r"[0-9]{6}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")
_BUSY_SECONDS: Final = 10.0
_DATABASE: Final = "accounts.db"
_ACCOUNT: Final = """
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY, generation TEXT NOT NULL, passphrase TEXT NOT NULL, secret TEXT NOT NULL,
    counter INTEGER NOT NULL
) STRICT
"""
_OWN: Final = "CREATE TABLE IF NOT EXISTS own (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT"
DEFAULT_HASHER: Final = argon2.PasswordHasher(ARGON2_TIME, ARGON2_MEMORY_KIB, ARGON2_LANES)


@dataclass(frozen=True)
class Account:
    """A courier's account.

    Attributes:
        name: chosen by the administrator.
        generation: new with each passphrase: whatever was given to an older one has ended.
        passphrase: its Argon2id hash, encoded.
        secret: key of its codes, in base32.
        counter: number of the last code that was used.
    """

    name: str
    generation: str
    passphrase: str
    secret: str
    counter: int


class Accounts:
    """The accounts in a folder of the page's own user. Thread-safe, and safe for several processes."""

    def __init__(self, folder: Path, hasher: argon2.PasswordHasher = DEFAULT_HASHER) -> None:
        """Open the accounts, and make folder and file if there are none.

        Raises:
            ConfigurationError: the folder is open to others or belongs to another user.
            StorageFullError: it cannot be made, or the accounts cannot be read.
        """
        self._path = private_folder(folder) / _DATABASE
        if folder.stat().st_uid != os.geteuid():
            raise ConfigurationError("courier-page.other-user")
        self._hasher = hasher
        with self._changed() as db:
            for table in (_ACCOUNT, _OWN):
                db.execute(table)
            db.execute("INSERT OR IGNORE INTO own VALUES ('device key', ?)", (secrets.token_bytes(32),))
            self.device_key: bytes = db.execute("SELECT value FROM own WHERE name = 'device key'").fetchone()[0]
        # What an unknown name is compared with: nobody has this passphrase or this key.
        self._nobody = Account("", "", hasher.hash(secrets.token_hex(32)), pyotp.random_base32(), 0)

    # --- for the administrator ------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Return the names of all accounts, sorted."""
        with self._changed() as db:
            return [name for (name,) in db.execute("SELECT name FROM account ORDER BY name")]

    def add(self, name: str, passphrase: str) -> str:
        """Make an account; returns the key of its codes, which is shown once.

        Raises:
            RefusedError: it exists, there are too many, or the passphrase is too short.
            MalformedError: not a name.
        """
        if not _NAME.fullmatch(name):
            raise MalformedError("courier-page.name")
        names = self.names()
        if name in names:
            raise RefusedError("courier-page.exists")
        if len(names) >= ACCOUNTS_MAX:
            raise RefusedError("courier-page.too-many", most=ACCOUNTS_MAX)
        return self._put(name, passphrase)

    def reset(self, name: str, passphrase: str) -> str:
        """Give an account another passphrase and another key, and end what the old ones began; returns the key.

        Raises:
            NotFoundError: there is no such account.
            RefusedError: the passphrase is too short.
        """
        if name not in self.names():
            raise NotFoundError("courier-page.unknown")
        return self._put(name, passphrase)

    def remove(self, name: str) -> None:
        """Remove an account, and end its sessions; raises NotFoundError."""
        with self._changed() as db:
            if not db.execute("DELETE FROM account WHERE name = ?", (name,)).rowcount:
                raise NotFoundError("courier-page.unknown")

    def _put(self, name: str, passphrase: str) -> str:
        passphrase = check_passphrase(passphrase)
        if len(passphrase) > PASSPHRASE_MAX:
            raise RefusedError("courier-page.too-long", most=PASSPHRASE_MAX)
        secret = pyotp.random_base32()
        row = (name, secrets.token_hex(16), self._hasher.hash(passphrase), secret)
        with self._changed() as db:
            db.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, 0)", row)
        return secret

    # --- for the door ---------------------------------------------------------------------------------------

    def find(self, name: str) -> Account | None:
        """Return an account, or None."""
        with self._changed() as db:
            row = db.execute("SELECT * FROM account WHERE name = ?", (name,)).fetchone()
        return Account(*row) if row else None

    def admits(self, account: Account | None, passphrase: str, code: str, seconds: float) -> bool:
        """Return whether passphrase and code are right; if so, the code is used up, durably.

        The work is the same for every account and for None: one hash, and the codes of the window.

        Args:
            account: as `find` gave it.
            passphrase: typed.
            code: typed, six digits.
            seconds: Unix time.
        """
        known = account or self._nobody
        is_right = self._is_passphrase(known, passphrase)
        counter = _counter_of(known.secret, code, seconds)
        return is_right and counter > known.counter and self._use(known, counter)

    def _is_passphrase(self, account: Account, typed: str) -> bool:
        try:
            return self._hasher.verify(account.passphrase, without_blanks(typed))
        except argon2.exceptions.VerifyMismatchError:
            return False

    def _use(self, account: Account, counter: int) -> bool:
        with self._changed() as db:
            done = db.execute(
                "UPDATE account SET counter = ? WHERE name = ? AND generation = ? AND counter < ?",
                (counter, account.name, account.generation, counter),
            )
            return done.rowcount == 1

    @contextlib.contextmanager
    def _changed(self) -> Iterator[sqlite3.Connection]:
        """Open the database for one transaction, which is durable when the block ends; raises StorageFullError."""
        try:
            if not self._path.exists():
                self._path.touch(mode=0o600)  # the journal gets the mode of the database
            with contextlib.closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                db.execute("PRAGMA secure_delete = ON")
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
        except (OSError, sqlite3.Error):
            raise StorageFullError("courier-page.accounts") from None


def _counter_of(secret: str, code: str, seconds: float) -> int:
    """Return the number of the code within the window, or 0; the work does not depend on the code."""
    codes, now, found = pyotp.HOTP(secret), int(seconds) // _STEP_SECONDS, 0
    typed = code if _CODE.fullmatch(code) else "-"
    for counter in range(max(0, now - _WINDOW), now + _WINDOW + 1):
        if hmac.compare_digest(codes.at(counter), typed):
            found = counter
    return found
