"""From the courier's export into the vault: each blob is examined once, and what becomes of it is written down.

Rule: one blob, one transaction, its ciphertext durable before: a kill leaves all of a blob or nothing. One bad blob
never keeps the others out. Nothing is decrypted to a disk. Damage on the way is no outcome: the blob comes again.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.errors import DamagedError, DropboxError, MalformedError, RefusedError, StorageFullError
from dropbox.settings import Settings
from dropbox.triage import copy, epochs
from dropbox.triage.casebook import case_name
from dropbox.triage.examining import LONGEST, NO_KEY, OPENED, OTHER_DESK, REPLAY, Examined, Examiner, KeyMissingError
from dropbox.triage.files import sync_folder
from dropbox.triage.joining import Arrival, join
from dropbox.triage.pieces import PARTIAL, sha256_of, write_pieces
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.wire.bundle import ExportedBlob, ExportReader


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


def import_export(vault: Vault, settings: Settings, untrusted_read: Callable[[int], bytes], today: int) -> Imported:
    """Take in what a courier brought.

    Raises:
        MalformedError: it is not an export of this instance; nothing was changed.
        RefusedError: the vault is older than its second copy; nothing was changed.
        StorageFullError: the vault's disk is full; what came before is kept.
    """
    return _Import(vault, settings, today).run(ExportReader(untrusted_read, vault.instance))


class _Import:
    """One run over one export."""

    def __init__(self, vault: Vault, settings: Settings, today: int) -> None:
        self._vault, self._settings, self._today = vault, settings, today
        self._examiner = Examiner(vault)
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
            if self._remember(reader):
                done.notes += epochs.destroy_spent(
                    vault, reader.trailer, reader.head.day, self._examiner.met, self._today
                )
        try:
            failed = copy.sync(vault)
        except DropboxError as error:
            failed = [f"{error}; no receipts are given until it is mended"]
        done.notes += failed
        done.is_whole = done.is_whole and not failed
        return done

    def _remove_left_overs(self) -> None:
        """Files of a blob whose transaction never came: a kill was faster. Not while vault.db may be an old one."""
        try:
            if not copy.refuse_if_behind(self._vault):
                return
        except DamagedError:  # the copy's; its sync says so below
            return
        named = {name for (name,) in self._vault.db.execute("select file from seen where file is not null")}
        for path in self._vault.blobs.iterdir():
            if path.name not in named:
                path.unlink()

    def _remember(self, reader: ExportReader) -> bool:
        """Whether the export is newer than every one before."""
        is_newest = reader.head.number > self._vault.count("export number")
        if is_newest:
            with transaction(self._vault.db):
                self._vault.put_count("export number", reader.head.number)
                self._vault.put_count("export day", reader.head.day)
        return is_newest

    def _take(self, blob: ExportedBlob, reader: ExportReader) -> None:
        row = self._vault.db.execute("select file, copied from seen where sha256 = ?", (blob.sha256,)).fetchone()
        if row:
            self._done.known += 1
            if row[1] or row[0] is None:
                return
        name = row[0] if row else secrets.token_hex(16)
        partial = self._vault.blobs / f"{name}{PARTIAL}"
        try:
            if row and _is_whole(self._vault.blobs / name, blob):
                return
            if not _write(partial, blob, reader):
                self._set_aside(blob, "damaged on the way: it will come again with the next export")
                return
            if row:
                self._repair(blob, partial, name)
                return
            try:
                examined = self._examiner.examine(partial, blob.length)
            except KeyMissingError as error:
                self._set_aside(blob, f"{error}; no receipt is given, so that it comes again")
                return
            self._settle(blob, examined, partial, name)
        except OSError as error:
            raise StorageFullError(f"the vault could not be written: {error.strerror}; nothing of it is lost") from None
        finally:
            partial.unlink(missing_ok=True)

    def _repair(self, blob: ExportedBlob, partial: Path, name: str) -> None:
        """What the vault lost before the second copy had it, from the export."""
        if partial.exists():
            partial.replace(self._vault.blobs / name)
            sync_folder(self._vault.blobs)
            self._done.notes.append(f"blob {blob.id[:4].hex()} was damaged in the vault and is whole again")

    def _settle(self, blob: ExportedBlob, examined: Examined, partial: Path, name: str) -> None:
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
            examined = Examined(REPLAY, str(error))
            with transaction(self._vault.db):
                number = self._see(blob, examined, name)
        self._count(blob, examined, number)

    def _see(self, blob: ExportedBlob, examined: Examined, name: str | None) -> int:
        self._vault.db.execute(
            "insert into seen (sha256, blob_id, outcome, reason, day, file, bytes) values (?, ?, ?, ?, ?, ?, ?)",
            (
                blob.sha256,
                blob.id,
                examined.outcome,
                examined.reason,
                self._today,
                name,
                min(blob.length, LONGEST + 1),
            ),
        )
        if examined.opened is None:
            return 0
        return join(self._vault, self._settings, Arrival(blob.sha256, examined.opened, examined.epoch, self._today))

    def _count(self, blob: ExportedBlob, examined: Examined, number: int) -> None:
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


def _is_whole(path: Path, blob: ExportedBlob) -> bool:
    return path.exists() and sha256_of(path) == blob.sha256


def _write(path: Path, blob: ExportedBlob, reader: ExportReader) -> bool:
    """The blob's bytes into a durable file (none for a too long one); False when they are not what their hash says."""
    if blob.length <= LONGEST:
        return write_pieces(path, reader.pieces()) == blob.sha256
    digest = hashlib.sha256()
    for piece in reader.pieces():
        digest.update(piece)
    return digest.digest() == blob.sha256
