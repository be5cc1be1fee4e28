"""From the courier's export into the vault: each blob is examined once, and what becomes of it is written down.

Rule: a blob is in one transaction whole, its ciphertext durable before: a kill leaves all of a blob or nothing. A
transaction takes in a batch of blobs, because each waits for the disk. One bad blob never keeps the others out. Nothing
is decrypted to a disk. Damage on the way is no outcome: the blob comes again.
"""

import contextlib
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.exports import open_server_certificate
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.disk.durable import sync_file, sync_folder
from dropbox.disk.pieces import PARTIAL, sync_files
from dropbox.errors import DamagedError, DropboxError, MalformedError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.casework.search import Batch
from dropbox.triage.intake import blob_files, flood
from dropbox.triage.intake.placement import Arrival
from dropbox.triage.intake.threading import join
from dropbox.triage.intake.trial_decryption import (
    LONGEST,
    NO_KEY,
    OPENED,
    OTHER_DESK,
    REPLAY,
    Examined,
    Examiner,
    KeyMissingError,
)
from dropbox.triage.tables import seen
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.seen import Blob
from dropbox.triage.vault import anew, known_exports, second_copy
from dropbox.triage.vault.anew import UNOPENED
from dropbox.triage.vault.known_exports import NEVER, Remembered
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import REVOCATIONS
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import ExportedBlob, ExportReader
from dropbox.wire.server import ServerCertificate

_BATCH_BLOBS: Final = 64
_BATCH_BYTES: Final = 64 * 1024 * 1024  # of ciphertext: a long video is a batch by itself


@dataclass
class Imported:
    """What an import did, in numbers, and what must be said about it."""

    opened: int = 0
    other_desks: int = 0
    no_key: int = 0
    unopened: int = 0  # of epochs whose key was made anew: they wait (vault.anew)
    known: int = 0
    aside: list[str] = field(default_factory=list)  # a sentence each
    cases: set[str] = field(default_factory=set)  # but those from which the officer at work is kept out
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True  # the export had no damaged place and is the server's, and the second copy is verified
    doubt: str = ""  # why the export is not believed about the server, "" if it is (vault.known_exports)
    remembered: Remembered = NEVER  # the newest export that was believed
    overdue: int = 0  # keys past their grace of which no believed export has spoken


def import_export(
    work: Work,
    untrusted_read: Callable[[int], bytes],
    old: Mapping[int, EpochSecretKey] | None = None,
) -> Imported:
    """Take in what a courier brought.

    Args:
        work: the vault, the settings and the day.
        untrusted_read: gives at most so many bytes of the export.
        old: epoch keys of a copy that was found again (old_copy).

    Raises:
        MalformedError: it is not an export of this instance; nothing was changed.
        UntrustedError: its server was not certified by the pinned root; nothing was changed.
        RefusedError: the vault is older than its second copy, or was never certified; nothing was changed.
        StorageFullError: the vault's disk is full; what came before is kept.
    """
    if work.vault.get(REVOCATIONS) is None:  # the certificate says whether another station may have had keys (anew)
        raise RefusedError("import.not-certified")
    reader = ExportReader(untrusted_read, work.vault.instance)
    certificate = open_server_certificate(work.vault.anchor, reader.head.certificate)
    return _Import(work, old).run(reader, certificate)


@dataclass(frozen=True)
class _Waiting:
    """An examined blob that waits for its batch's transaction; `partial` is its ciphertext, None if it is not kept."""

    blob: ExportedBlob
    examined: Examined
    name: str
    partial: Path | None


class _Import:
    """One run over one export."""

    def __init__(self, work: Work, old: Mapping[int, EpochSecretKey] | None) -> None:
        self._work, self._vault, self._today = work, work.vault, work.today
        self._examiner = Examiner(work.vault, old)
        self._has_old = old is not None
        self._stays: Counter[int] = Counter()  # per epoch: blobs of this export that were settled before
        self._done = Imported()
        self._batch: list[_Waiting] = []

    def run(self, reader: ExportReader, certificate: ServerCertificate) -> Imported:
        done, vault = self._done, self._vault
        self._remove_left_overs()
        damage = None
        try:
            for blob in reader.blobs():
                self._take(blob, reader)
        except MalformedError as error:
            damage = error
        except StorageFullError:
            with contextlib.suppress(StorageFullError):
                self._settle()
            raise
        self._settle()
        if damage:
            done.is_whole = False
            done.notes.append(Sentence("import.damaged", error=damage))
            done.doubt = known_exports.DAMAGED
            known_exports.doubt(vault, done.doubt)
        else:
            done.doubt, said = known_exports.believe(
                vault, certificate, reader, self._stays, self._examiner.met, self._today
            )
            done.notes += said
            if not done.doubt:
                done.notes += flood.told_of(vault, done.other_desks)
            done.is_whole = done.doubt in ("", known_exports.OLD, known_exports.AGAIN)
        done.remembered = known_exports.remembered(vault)
        done.overdue = len(known_exports.overdue(vault, self._today)[0])
        if waiting := anew.unopened(vault):
            done.notes.append(anew.sentence(waiting))
        try:
            failed = second_copy.sync(vault)
        except DropboxError as error:
            failed = [Sentence("import.copy-failed", error=error)]
        done.notes += failed
        done.is_whole = done.is_whole and not failed
        return done

    def _remove_left_overs(self) -> None:
        """Files of a blob whose transaction never came: a kill was faster. Not while vault.db may be an old one."""
        try:
            if not second_copy.refuse_if_behind(self._vault):
                return
        except DamagedError:  # the copy's; its sync says so below
            return
        named = seen.files(self._vault.db)
        for path in self._vault.blobs.iterdir():
            if path.name not in named:
                path.unlink()

    def _row(self, blob: ExportedBlob) -> tuple[Blob | None, bool]:
        """(the row of a blob that is known, whether one that no key opened is tried again)."""
        row = seen.of_hash(self._vault.db, blob.sha256)
        if row is None:
            return None, False
        if row.withheld or row.copied:  # it is safe, or waits for two officers: no key is needed for it
            self._stays[row.epoch] += 1
        if row.outcome == UNOPENED and (row.withheld or self._has_old):  # the old copy, or a key of it, may be found
            return None, True
        return row, False

    def _take(self, blob: ExportedBlob, reader: ExportReader) -> None:
        row, again = self._row(blob)
        if row or any(blob.sha256 == waiting.blob.sha256 for waiting in self._batch):
            self._done.known += 1
            if row is None or row.copied or row.file is None:
                return
        name = (row and row.file) or secrets.token_hex(16)
        partial = self._vault.blobs / f"{name}{PARTIAL}"
        is_waiting = False
        try:
            if row and blob_files.is_whole(self._vault.blobs / name, blob):
                return
            if not blob_files.write(partial, blob, reader):
                self._set_aside(blob, Sentence("import.damaged-on-the-way"))
                return
            if row:
                self._repair(blob, partial, name)
                return
            is_waiting = self._examine(blob, partial, name, is_new=not again)
        except OSError as error:
            raise _full(error) from None
        finally:
            if not is_waiting:
                partial.unlink(missing_ok=True)
        waiting = sum(one.blob.length for one in self._batch if one.partial)
        if len(self._batch) >= _BATCH_BLOBS or waiting >= _BATCH_BYTES:
            self._settle()

    def _examine(self, blob: ExportedBlob, partial: Path, name: str, *, is_new: bool) -> bool:
        """Put a blob into the batch, if its time has come; whether its ciphertext is kept."""
        try:
            examined = self._examiner.examine(partial, blob.length, is_new=is_new)
        except KeyMissingError as error:
            self._set_aside(blob, Sentence("import.key-missing", error=error))
            if error.epoch and is_new:  # counted, so that two officers can give it up: it would come for ever
                self._batch.append(_Waiting(blob, Examined(UNOPENED, epoch=error.epoch), name, None))
            return False
        if examined.outcome == UNOPENED and not is_new:
            self._done.known += 1
            return False
        is_kept = examined.is_kept and partial.exists()
        self._batch.append(_Waiting(blob, examined, name, partial if is_kept else None))
        return is_kept

    def _repair(self, blob: ExportedBlob, partial: Path, name: str) -> None:
        """What the vault lost before the second copy had it, from the export."""
        if partial.exists():
            sync_file(partial)
            partial.replace(self._vault.blobs / name)
            sync_folder(self._vault.blobs)
            self._done.notes.append(Sentence("import.repaired", blob=blob.id[:4].hex()))

    def _settle(self) -> None:
        """The one transaction of a batch; its files bear their last names before."""
        batch, self._batch = self._batch, []
        try:
            partials = [(one.partial, self._vault.blobs / one.name) for one in batch if one.partial]
            sync_files([partial for partial, _ in partials])
            for partial, final in partials:
                partial.replace(final)
            if partials:
                sync_folder(self._vault.blobs)
        except OSError as error:
            raise _full(error) from None
        if not batch:
            return
        index = Batch()
        with transaction(self._vault.db):
            settled = [self._see(one, index) for one in batch]
            index.write(self._vault)
        for one, (examined, number) in zip(batch, settled, strict=True):
            self._count(one.blob, examined, number)

    def _see(self, waiting: _Waiting, index: Batch) -> tuple[Examined, int]:
        """Put a blob into `seen` and its message into a case: (what it turned out to be, number of the case)."""
        blob, examined = waiting.blob, waiting.examined
        before = seen.of_hash(self._vault.db, blob.sha256)  # what two officers gave up waits for nobody
        waits = examined.outcome == UNOPENED or anew.is_anew(self._vault, examined.epoch)
        seen.put(
            self._vault.db,
            Blob(
                sha256=blob.sha256,
                blob_id=blob.id,
                outcome=examined.outcome,
                reason=str(examined.reason),  # the English sentence alone
                day=self._today,
                file=waiting.name if waiting.partial else None,
                size=min(blob.length, LONGEST + 1),
                epoch=examined.epoch,
                withheld=waits and (before is None or before.withheld),
            ),
        )
        if examined.opened is None:
            return examined, 0
        arrival = Arrival(blob.sha256, examined.opened, examined.epoch, self._today)
        try:
            return examined, join(self._work, arrival, index)
        except RefusedError as error:  # the case has this message already
            seen.decide(self._vault.db, blob.sha256, REPLAY, str(error))
            return Examined(REPLAY, Sentence(error.code, **error.values)), 0

    def _count(self, blob: ExportedBlob, examined: Examined, number: int) -> None:
        if examined.outcome == OPENED:
            self._done.opened += 1
            if not permission.is_excluded(self._vault, CaseNumber(number)):
                self._done.cases.add(case_name(self._vault.desk, number))
        elif examined.outcome == OTHER_DESK:
            self._done.other_desks += 1
        elif examined.outcome == UNOPENED:
            self._done.unopened += 1
        elif examined.outcome == NO_KEY:
            self._done.no_key += 1
        else:
            self._set_aside(blob, Sentence("import.outcome", kind=examined.outcome, reason=examined.reason))

    def _set_aside(self, blob: ExportedBlob, why: str) -> None:
        self._done.aside.append(Sentence("import.aside", blob=blob.id[:4].hex(), why=why))


def _full(error: OSError) -> StorageFullError:
    return StorageFullError("import.vault-unwritable", system=error.errno)
