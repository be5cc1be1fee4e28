"""Writes the store's blobs into one signed file, as a stream (FORMAT "Export").

Rule: the file appears whole or not at all, and blobs that come or go meanwhile never make an epoch look empty.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.courier.signer import Signer, next_number
from dropbox.disk.durable import sync_folder
from dropbox.disk.paths import is_folder, is_there, remove_left_over
from dropbox.errors import DamagedError, NotFoundError, RefusedError, StorageFullError
from dropbox.limits import MIB
from dropbox.store.blobs import STAGED, BlobInfo
from dropbox.store.database import Store
from dropbox.wire.bundle import UPLOADS_EPOCH, ExportedBlob, ExportHead, ExportWriter
from dropbox.wire.calendar import Day

_PARTIAL: Final = ".dropbox-export-{}.partial"
_ZEROS: Final = bytes(MIB)


@dataclass(frozen=True)
class Exported:
    """The summary of an export.

    Attributes:
        number: number of the export.
        blobs: number of blobs.
        length: bytes of all blobs together.
        damaged: SHA-256 of each blob whose stored bytes differ from the acknowledged ones.
    """

    number: int
    blobs: int
    length: int
    damaged: tuple[bytes, ...]


def expected_bytes(store: Store) -> int:
    """Return about how many bytes an export of all stored blobs would have, rounded up."""
    return sum(blob.length for blob in store.blobs.snapshot()) + MIB


def export_to(path: Path, store: Store, signer: Signer, day: Day) -> Exported:
    """Write an export of all stored blobs.

    Args:
        path: a new file; a partial file is next to it meanwhile, and one that a killed export left there is removed.
        store: the store; its number of exports is incremented.
        signer: key and certificate that sign the export.
        day: today's day number.

    Raises:
        RefusedError: the file exists, the certificate's numbers are used up, or an import or another export
            interfered; no file is written.
        NotFoundError: the folder does not exist.
        StorageFullError: the disk is full; no file is written.
    """
    if is_there(path):
        raise RefusedError("export.file-exists")
    if not is_folder(path.parent):
        raise NotFoundError("export.folder-missing")
    for left_over in path.parent.glob(_PARTIAL.format("*")):
        remove_left_over(left_over)
    partial = path.with_name(_PARTIAL.format(secrets.token_hex(8)))
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            exported = write_export(file, store, signer, day)
            file.flush()
            os.fsync(file.fileno())
        if is_there(path):
            raise RefusedError("export.file-appeared")
        partial.rename(path)
        sync_folder(path.parent)
    except FileNotFoundError:
        raise RefusedError("export.two-at-once") from None
    except OSError as error:
        raise StorageFullError("export.unwritable", system=error.errno) from None
    finally:
        remove_left_over(partial)
    return exported


def write_export(file: BinaryIO, store: Store, signer: Signer, day: Day) -> Exported:
    """Write an export of all stored blobs to an open file.

    Args:
        file: what was written before an error is of no use.
        store: the store; its number of exports is incremented.
        signer: key and certificate that sign the export.
        day: today's day number.

    Raises:
        RefusedError: the certificate's numbers are used up, or an import interfered.
        OSError: the file cannot be written.
    """
    number, key = next_number(store, signer.certificate), signer.key
    head = ExportHead(signer.certificate.instance, number, day, signer.raw)
    writer = ExportWriter()
    blobs = store.blobs.snapshot()
    damaged = []
    file.write(writer.head(head))
    for blob in blobs:
        digest = hashlib.sha256()
        for piece in writer.blob(ExportedBlob(blob.id, blob.length, blob.sha256), _read(store, blob, digest.update)):
            file.write(piece)
        if digest.digest() != blob.sha256:
            if not store.blobs.stored_ids([blob.id]):
                raise RefusedError("export.deleted-meanwhile")
            damaged.append(blob.sha256)
    held = _held(blobs, store.blobs.remaining())
    taken = {desk: one.number for desk, one in store.published.all("return")}
    file.write(writer.trailer(held, lambda sha256: key.sign_export(head.instance, sha256), taken))
    return Exported(head.number, len(blobs), sum(blob.length for blob in blobs), tuple(damaged))


def _held(exported: list[BlobInfo], now: dict[int, int]) -> dict[int, int]:
    """Return the number of blobs by epoch: the larger of both counts, so that arrivals and deletions are covered."""
    before: dict[int, int] = {}
    for blob in exported:
        before[blob.epoch] = before.get(blob.epoch, 0) + 1
    after = {UPLOADS_EPOCH if epoch == STAGED else epoch: count for epoch, count in now.items()}
    return {epoch: max(before.get(epoch, 0), after.get(epoch, 0)) for epoch in before | after}


def _read(store: Store, blob: BlobInfo, update: Callable[[bytes], None]) -> Iterator[bytes]:
    """Yield exactly the blob's number of bytes, also from a damaged store: the following frames must stay in place."""
    left = blob.length
    with contextlib.suppress(DamagedError, NotFoundError):  # the hash will differ
        for piece in store.blobs.read(blob.id):
            update(piece)
            yield piece[:left]
            left -= min(left, len(piece))
    while left:
        zeros = _ZEROS[:left]
        update(zeros)
        yield zeros
        left -= len(zeros)
