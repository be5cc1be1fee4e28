"""From the courier's export into the vault: each blob is examined once, and what becomes of it is written down.

    opened · other-desk · no-key · malformed · damaged · replay        (damage on the way is no outcome: it comes again)

Rule: one blob, one transaction, its ciphertext durable before: a kill leaves all of a blob or nothing. One bad blob
never keeps the others out. Nothing is decrypted to a disk.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.desk_keys import EpochSecretKey
from dropbox.crypto.opening import Opened, check, epoch_of_blob
from dropbox.errors import (
    DamagedError,
    DropboxError,
    MalformedError,
    NotForThisKeyError,
    RefusedError,
    StorageFullError,
)
from dropbox.limits import DESKS_MAX
from dropbox.settings import Settings
from dropbox.triage import copy, epochs
from dropbox.triage.casebook import case_name
from dropbox.triage.files import sync_folder
from dropbox.triage.joining import Arrival, join
from dropbox.triage.pieces import PARTIAL, write_pieces
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.wire.blob import HEADER_BYTES, blob_length
from dropbox.wire.bundle import ExportedBlob, ExportReader
from dropbox.wire.padding import BUCKETS

OPENED: Final = "opened"
OTHER_DESK: Final = "other-desk"
NO_KEY: Final = "no-key"
MALFORMED: Final = "malformed"
DAMAGED: Final = "damaged"
REPLAY: Final = "replay"
_LONGEST: Final = blob_length(DESKS_MAX, BUCKETS[-1])


@dataclass
class Imported:
    """What an import did, in numbers, and what must be said about it."""

    opened: int = 0
    other_desks: int = 0
    no_key: int = 0
    known: int = 0
    aside: list[str] = field(default_factory=list)  # a sentence each
    cases: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True  # the export had no damaged place, and the second copy is verified


@dataclass(frozen=True)
class _Examined:
    outcome: str
    reason: str = ""
    opened: Opened | None = None
    epoch: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether its ciphertext may ever be of use again."""
        return self.outcome in (OPENED, DAMAGED, MALFORMED, REPLAY)


def import_export(vault: Vault, settings: Settings, untrusted_read: Callable[[int], bytes], today: int) -> Imported:
    """Take in what a courier brought.

    Raises:
        MalformedError: it is not an export of this instance; nothing was changed.
        StorageFullError: the vault's disk is full; what came before is kept.
    """
    return _Import(vault, settings, today).run(ExportReader(untrusted_read, vault.instance))


class _Import:
    """One run over one export."""

    def __init__(self, vault: Vault, settings: Settings, today: int) -> None:
        self._vault, self._settings, self._today = vault, settings, today
        self._keys: dict[int, EpochSecretKey | None] = {}
        self._met: set[int] = set()
        self._done = Imported()

    def run(self, reader: ExportReader) -> Imported:
        done, vault = self._done, self._vault
        self._remove_left_overs()
        try:
            for blob in reader.blobs():
                self._take(blob, reader)
        except MalformedError as error:
            done.is_whole = False
            done.notes.append(f"{error}: what came before the damaged place was kept; bring a new export")
        else:
            self._remember(reader)
            done.notes += epochs.destroy_spent(vault, reader.trailer, reader.head.day, self._met, self._today)
        try:
            failed = copy.sync(vault)
        except DropboxError as error:
            failed = [f"{error}; no receipts are given until it is mended"]
        done.notes += failed
        done.is_whole = done.is_whole and not failed
        return done

    def _remove_left_overs(self) -> None:
        """Files of a blob whose transaction never came: a kill was faster."""
        named = {name for (name,) in self._vault.db.execute("select file from seen where file is not null")}
        for path in self._vault.blobs.iterdir():
            if path.name not in named:
                path.unlink()

    def _remember(self, reader: ExportReader) -> None:
        with transaction(self._vault.db):
            if reader.head.number >= self._vault.count("export number"):
                self._vault.put_count("export number", reader.head.number)
                self._vault.put_count("export day", reader.head.day)

    def _take(self, blob: ExportedBlob, reader: ExportReader) -> None:
        if self._vault.db.execute("select 1 from seen where sha256 = ?", (blob.sha256,)).fetchone():
            self._done.known += 1
            return
        name = secrets.token_hex(16)
        partial = self._vault.blobs / f"{name}{PARTIAL}"
        try:
            if not _write(partial, blob, reader):
                self._set_aside(blob, "damaged on the way: it will come again with the next export")
                return
            try:
                examined = self._examine(partial, blob.length)
            except _KeyMissingError as error:
                self._set_aside(blob, f"{error}: bring the key back; no receipt is given, so that it comes again")
                return
            self._settle(blob, examined, partial, name)
        except OSError as error:
            raise StorageFullError(f"the vault could not be written: {error.strerror}; nothing of it is lost") from None
        finally:
            partial.unlink(missing_ok=True)

    def _examine(self, path: Path, length: int) -> _Examined:
        if length > _LONGEST:
            return _Examined(MALFORMED, "longer than any blob may be")
        with path.open("rb") as file:
            try:
                epoch = epoch_of_blob(file.read(HEADER_BYTES), self._vault.instance)
                self._met.add(epoch)
                key = self._key(epoch)
                if key is None:
                    return _Examined(NO_KEY, f"this desk has no key of epoch {epoch}, or has destroyed it")
                file.seek(0)
                opened = check(file.read, length, self._vault.instance, self._vault.desk, key)
            except MalformedError as error:
                return _Examined(MALFORMED, str(error))
            except NotForThisKeyError:
                return _Examined(OTHER_DESK)
            except DamagedError as error:
                return _Examined(DAMAGED, str(error))
        return _Examined(OPENED, "", opened, epoch)

    def _key(self, epoch: int) -> EpochSecretKey | None:
        if epoch not in self._keys:
            try:
                self._keys[epoch] = epochs.secret_key(self._vault, epoch)
            except DamagedError as error:
                raise _KeyMissingError(str(error)) from None
        return self._keys[epoch]

    def _settle(self, blob: ExportedBlob, examined: _Examined, partial: Path, name: str) -> None:
        """The one transaction of a blob; its file bears its last name before."""
        final = self._vault.blobs / name
        is_kept = examined.is_kept and partial.exists()
        if is_kept:
            partial.replace(final)
            sync_folder(final.parent)
        try:
            with transaction(self._vault.db):
                number = self._see(blob, examined, name if is_kept else None)
        except RefusedError as error:  # the case has this message already
            examined = _Examined(REPLAY, str(error))
            with transaction(self._vault.db):
                number = self._see(blob, examined, name)
        self._count(blob, examined, number)

    def _see(self, blob: ExportedBlob, examined: _Examined, name: str | None) -> int:
        self._vault.db.execute(
            "insert into seen (sha256, blob_id, outcome, reason, day, file, bytes) values (?, ?, ?, ?, ?, ?, ?)",
            (
                blob.sha256,
                blob.id,
                examined.outcome,
                examined.reason,
                self._today,
                name,
                min(blob.length, _LONGEST + 1),
            ),
        )
        if examined.opened is None:
            return 0
        return join(self._vault, self._settings, Arrival(blob.sha256, examined.opened, examined.epoch, self._today))

    def _count(self, blob: ExportedBlob, examined: _Examined, number: int) -> None:
        if examined.outcome == OPENED:
            self._done.opened += 1
            self._done.cases.add(case_name(self._vault.desk, number))
        elif examined.outcome == OTHER_DESK:
            self._done.other_desks += 1
        elif examined.outcome == NO_KEY:
            self._done.no_key += 1
        else:
            self._set_aside(blob, f"{examined.outcome}: {examined.reason}")

    def _set_aside(self, blob: ExportedBlob, why: str) -> None:
        self._done.aside.append(f"blob {blob.id[:4].hex()} was set aside, {why}")


class _KeyMissingError(Exception):
    """The private key of an epoch should be here and is not: the blob must wait, not be given up."""


def _write(path: Path, blob: ExportedBlob, reader: ExportReader) -> bool:
    """The blob's bytes into a durable file (none for a too long one); False when they are not what their hash says."""
    if blob.length <= _LONGEST:
        return write_pieces(path, reader.pieces()) == blob.sha256
    digest = hashlib.sha256()
    for piece in reader.pieces():
        digest.update(piece)
    return digest.digest() == blob.sha256
