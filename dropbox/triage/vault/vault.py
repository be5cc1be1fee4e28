"""The vault: one folder on the air-gapped workstation with everything of a desk, and its one open door.

    officers/   the vault key, under each officer's passphrase    vault.db  cases, messages, file keys (SQLCipher)
    station.key the signing key, under the vault key              blobs/    ciphertext as it came
    root.pub, station.cert, station-<desk>.request: public        epochs/   epoch seeds, under the vault key

Rule: no plaintext of a report is ever a file in here, and one command at a time works on it.
"""

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from dropbox.crypto.kdf import prf
from dropbox.crypto.private.desk_keys import StationKey
from dropbox.crypto.private.private_files import open_below
from dropbox.crypto.signing import Trust, open_revocations, revoked_today, verify_certificate
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.errors import ConfigurationError, NotFoundError, RefusedError, UntrustedError
from dropbox.limits import REVOCATIONS_DAYS
from dropbox.triage.tables import meta
from dropbox.triage.vault import schema
from dropbox.triage.vault.officer import OFFICERS, Officer, is_vault, officer_of, open_key_file
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor, parse_anchor
from dropbox.wire.signed import (
    Certificate,
    Revocations,
    parse_certificate,
    parse_revocations,
    split_certificate,
    split_certificate_file,
)

STATION_KEY: Final = "station.key"
DATABASE: Final = "vault.db"
ANCHOR: Final = "root.pub"
CERTIFICATE: Final = "station.cert"
BLOBS: Final = "blobs"
EPOCHS: Final = "epochs"
REVOCATIONS: Final = "revocations"  # in vault.db
SUCCEEDED: Final = "successor since"  # the day of its first certificate, if the root had certified another key before
PAGES_OPEN: Final = "vault.open-in-pages"  # the error of whoever comes while the desk's pages have the vault
_LOCK: Final = "lock"
_PAGES: Final = b"pages"  # what the desk writes into it


@dataclass(frozen=True)
class Vault:
    """An opened and locked vault. Made by `open` or `creating.create_vault`; a context manager."""

    folder: Path
    anchor: RootAnchor
    desk: str
    officer: Officer
    db: Any = field(repr=False)
    key: bytes = field(repr=False)
    station: StationKey = field(repr=False)
    _lock: int = field(repr=False)

    @classmethod
    def open(cls, folder: Path, login: str, passphrase: str) -> "Vault":
        """The vault of a folder, for an officer.

        Raises:
            NotFoundError: there is no vault, no such officer, or one of its files is missing.
            ConfigurationError: one of its private files cannot be read, or others may read it.
            WrongPassphraseError: the passphrase is wrong.
            RefusedError: another command is working on it.
            DamagedError: vault.db does not open.
            UntrustedError: the officer's file, or root.pub, was exchanged.
        """
        folder = folder.resolve()
        if not is_vault(folder):
            raise NotFoundError("vault.missing")
        private_folder(folder)
        lock = take_lock(folder)
        try:
            vault = cls._unlocked(folder, login, passphrase, lock)
        except BaseException:
            os.close(lock)
            raise
        # The anchor beside the vault is for people; the one that counts is inside.
        try:
            anchor = read_private(folder / ANCHOR)
        except BaseException:
            vault.close()
            raise
        if anchor != vault.anchor.encode():
            vault.close()
            raise UntrustedError("vault.root-swapped")
        return vault

    @classmethod
    def _unlocked(cls, folder: Path, login: str, passphrase: str, lock: int) -> "Vault":
        key, seed = open_key_file(folder, login, passphrase)
        db = schema.connect(folder / DATABASE, key)
        try:
            desk = (meta.get(db, "desk") or b"").decode()
            anchor = parse_anchor(meta.get(db, "anchor") or b"")
            sealed = read_private(folder / STATION_KEY)
            station = StationKey(open_below(station_head(desk), prf(key, "station file"), sealed))
            officer = officer_of(db, login, seed)
        except BaseException:
            db.close()
            raise
        return cls(folder, anchor, desk, officer, db, key, station, lock)

    def hold_for_pages(self) -> None:
        """Let commands that come meanwhile say that the desk's pages have the vault."""
        os.pwrite(self._lock, _PAGES, 0)

    def close(self) -> None:
        """Close the database and let the next command in."""
        self.db.close()
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def instance(self) -> bytes:
        """16 bytes."""
        return self.anchor.instance

    @property
    def station_public(self) -> bytes:
        """The station key's public half."""
        return self.station.public

    @property
    def blobs(self) -> Path:
        """The folder of ciphertexts."""
        return self.folder / BLOBS

    @property
    def copy_folder(self) -> Path:
        """Where the second copy lies."""
        return Path(os.fsdecode(self.get("copy") or b""))

    def get(self, name: str) -> bytes | None:
        """A remembered value."""
        return meta.get(self.db, name)

    def put(self, name: str, value: bytes) -> None:
        """Remember a value; inside a transaction."""
        meta.put(self.db, name, value)

    def count(self, name: str) -> int:
        """A remembered number, 0 at first."""
        return int.from_bytes(self.get(name) or b"", "big")

    def put_count(self, name: str, number: int) -> None:
        """Remember a number; inside a transaction."""
        self.put(name, number.to_bytes(8, "big"))

    def certificate(self, today: Day) -> tuple[bytes, Certificate]:
        """The installed certificate, as bytes and as read; raises UntrustedError when none holds today."""
        path = self.folder / CERTIFICATE
        if not path.exists():
            raise UntrustedError("vault.no-certificate")
        raw = read_private(path)
        revoked = open_revocations(self.anchor, self.get(REVOCATIONS) or b"").keys
        return raw, self._verified(raw, today, frozenset(revoked))

    def install_certificate(self, raw: bytes, today: Day) -> Certificate:
        """Install what the ceremony gave: this station's certificate, and the list of revocations of the same day.

        Raises:
            MalformedError: not such a file.
            UntrustedError: the pinned root did not sign it, it does not hold today, or this station's key is revoked.
            RefusedError: it is for another station or desk, or older than the installed one, or its list lacks a key.
        """
        untrusted_certificate, untrusted_list = split_certificate_file(raw)
        certificate = self.check_certificate(raw, today)
        path = self.folder / CERTIFICATE
        held = self.get(REVOCATIONS)
        if held is None or parse_revocations(held)[0].number < parse_revocations(untrusted_list)[0].number:
            with schema.transaction(self.db):
                self.put(REVOCATIONS, untrusted_list)
        if certificate.successor and not path.exists():
            with schema.transaction(self.db):  # up to now a lost station may have had keys of these weeks (anew)
                self.put_count(SUCCEEDED, today)
        write_whole(path, untrusted_certificate, replace=True)
        return certificate

    def check_certificate(self, raw: bytes, today: Day) -> Certificate:
        """Return the certificate of a ceremony's file that may be installed; raises as `install_certificate`."""
        untrusted_certificate, untrusted_list = split_certificate_file(raw)
        revoked = revoked_today(Trust(self.anchor, today), untrusted_list)
        certificate = self._verified(untrusted_certificate, today, revoked)
        self._listed(untrusted_list)
        installed = self.installed()
        if installed and certificate.serial < installed.serial:  # its numbers are lower too: no server would take them
            raise RefusedError("vault.certificate-older")
        return certificate

    def installed(self) -> Certificate | None:
        """The installed certificate as it reads, whether it holds today or not."""
        path = self.folder / CERTIFICATE
        return parse_certificate(split_certificate(read_private(path))[0]) if path.exists() else None

    def install_revocations(self, raw: bytes, today: Day) -> Revocations:
        """Install a list of revocations that came without a certificate; raises as `check_revocations`."""
        listed = self.check_revocations(raw, today)
        with schema.transaction(self.db):
            self.put(REVOCATIONS, raw)
        return listed

    def check_revocations(self, raw: bytes, today: Day) -> Revocations:
        """Return a list of revocations that may be installed.

        Raises:
            MalformedError: not such a file.
            UntrustedError: the pinned root did not sign it, or it is old or of a day to come.
            RefusedError: it is not newer than the installed one, or lacks a key that is revoked there.
        """
        revoked_today(Trust(self.anchor, today), raw)
        listed, held = self._listed(raw), self.revocations_held()
        if held and listed.number <= held.number:
            raise RefusedError("vault.revocations-older", number=held.number)
        return listed

    def _listed(self, raw: bytes) -> Revocations:
        listed = open_revocations(self.anchor, raw)
        if not listed.fits(self.revocations_held() or listed):
            raise RefusedError("vault.revocations-lack")
        return listed

    def revocations_held(self) -> Revocations | None:
        """The installed list of revocations, whether it is taken today or not."""
        held = self.get(REVOCATIONS)
        return open_revocations(self.anchor, held) if held else None

    def revocations(self, today: Day) -> bytes:
        """The newest list of revocations that came with a certificate; raises UntrustedError when it is old."""
        held = self.get(REVOCATIONS)
        if held is None:
            raise UntrustedError("vault.no-revocations")
        revoked_today(Trust(self.anchor, today), held)
        return held

    def revocations_days_left(self, today: Day) -> int | None:
        """For how many days the list of revocations is taken: None without one, below zero when it is old."""
        held = self.revocations_held()
        return held.made + REVOCATIONS_DAYS - today if held else None

    def _verified(self, raw: bytes, today: Day, revoked: frozenset[bytes]) -> Certificate:
        certificate = verify_certificate(Trust(self.anchor, today, revoked), raw)
        if certificate.desk != self.desk or certificate.station != self.station_public:
            raise RefusedError("vault.other-certificate")
        return certificate


def station_head(desk: str) -> bytes:
    """What a station's key file begins with."""
    return PRIVATE_FILE_LINE + f"\nkind: station\nname: {desk}\n".encode("ascii")


def key_files(folder: Path, desk: str) -> list[Path]:
    """What a vault has besides vault.db, blobs and epoch keys, as far as it is there."""
    names = (STATION_KEY, ANCHOR, CERTIFICATE, request_path(folder, desk).name)
    files = [*sorted((folder / OFFICERS).glob("*.key")), *(folder / name for name in names)]
    return [path for path in files if path.exists()]


def request_path(folder: Path, desk: str) -> Path:
    """Where a vault keeps what it carries to the ceremony."""
    return folder / f"station-{desk}.request"


def take_lock(folder: Path) -> int:
    """Return the descriptor of a vault's lock file, locked for this process until it is closed.

    Raises:
        ConfigurationError: the folder cannot be written.
        RefusedError: another command works on the vault, or the desk's pages do (PAGES_OPEN).
    """
    try:
        # No link is followed: a backup's folder may be on a disk that came from elsewhere.
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ConfigurationError("vault.folder-unwritable", system=error.errno) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        code = PAGES_OPEN if os.pread(descriptor, len(_PAGES), 0) == _PAGES else "vault.in-use-or-open"
        os.close(descriptor)
        raise RefusedError(code) from None
    if os.pread(descriptor, len(_PAGES) + 1, 0) == _PAGES:  # what a killed desk left; nothing else is emptied
        os.ftruncate(descriptor, 0)
    return descriptor
