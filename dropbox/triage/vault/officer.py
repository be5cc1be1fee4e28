"""An officer who has opened the vault, and the file that lets them in.

    officers/<login>.key = passphrase file (private.private_files) of vault key (32) ‖ personal seed (32)
    officers.public      = X25519 public key of the personal seed

Rule: each officer has a passphrase of their own, and whoever puts another's file in place of theirs is noticed.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.private.desk_keys import SEED_BYTES
from dropbox.crypto.private.officer_keys import public_of
from dropbox.crypto.private.private_files import DEFAULT_COST, Cost, unwrap, wrap
from dropbox.disk.passphrases import check_passphrase, without_blanks
from dropbox.disk.private import read_private
from dropbox.errors import MalformedError, NotFoundError, UntrustedError
from dropbox.triage.tables import officers
from dropbox.triage.tables.database import Database

OFFICERS: Final = "officers"
_KIND: Final = "officer"
_LOGIN: Final = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")


@dataclass(frozen=True)
class Officer:
    """Who works at the desk, as vault.db knows them."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    lang: str
    secret: bytes = field(repr=False)  # the personal seed, empty for an officer who is not the one at work


@dataclass(frozen=True)
class NewOfficer:
    """Who is to be let in: login, name for the log and letters, roles of the settings, passphrase, unit."""

    login: str
    name: str
    roles: tuple[str, ...]
    passphrase: str = field(repr=False)
    unit: str = ""


def check_login(login: str) -> str:
    """The login itself, 2 to 32 characters of a–z, 0–9 and "-"; raises MalformedError."""
    if not _LOGIN.fullmatch(login):
        raise MalformedError("officer.login")
    return login


def key_path(folder: Path, login: str) -> Path:
    """Where a vault, or its second copy, keeps an officer's file."""
    return folder / OFFICERS / f"{check_login(login)}.key"


def is_vault(folder: Path) -> bool:
    """Whether a folder is a finished vault, or a second copy: somebody can open it."""
    return any((folder / OFFICERS).glob("*.key"))


def make_key_file(login: str, vault_key: bytes, seed: bytes, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The bytes of an officer's file; raises RefusedError for a passphrase that is too short."""
    return wrap(_KIND, check_login(login), vault_key + seed, check_passphrase(passphrase), cost)


def open_key_file(folder: Path, login: str, passphrase: str) -> tuple[bytes, bytes]:
    """(vault key, personal seed).

    Raises:
        NotFoundError: no such officer.
        WrongPassphraseError: see private.private_files.unwrap.
        ConfigurationError: the file cannot be read, or others may read it.
    """
    path = key_path(folder, login)
    if not path.exists():
        raise NotFoundError("officer.unknown")
    secret = unwrap(_KIND, read_private(path), without_blanks(passphrase))
    if len(secret) != 2 * SEED_BYTES:
        raise MalformedError("officer.not-keys")
    return secret[:SEED_BYTES], secret[SEED_BYTES:]


def officer_of(db: Database, login: str, seed: bytes) -> Officer:
    """The officer of an opened vault.db; raises UntrustedError when the file is not theirs or they have left."""
    row = officers.active_of(db, login)
    if row is None or row.public != public_of(seed):
        raise UntrustedError("officer.key-swapped")
    return Officer(login, row.name, row.unit, row.roles, row.lang, seed)


def sole_login(folder: Path) -> str:
    """The login of the one officer of a vault; raises NotFoundError when there are several, or none."""
    logins = sorted(path.stem for path in (folder / OFFICERS).glob("*.key"))
    if len(logins) != 1:
        raise NotFoundError("command.who")
    return logins[0]
