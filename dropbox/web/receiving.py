"""Seals what reporters send and stores it, text by text and file by file, while it arrives.

Rule: an acknowledgement follows a durable commit; the same message twice is acknowledged twice and kept once; another
message under the same form takes the next attempt (FORMAT "Ids and digests"). Plaintext lives in one chunk of memory.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dropbox.crypto.envelope import Letterhead
from dropbox.crypto.sealing import Address, Sealer, seal_text
from dropbox.crypto.secret import ThreadKeys, form_nonce
from dropbox.errors import RefusedError, TooLargeError
from dropbox.limits import STORE_CHUNK_BYTES
from dropbox.store.blobs import BlobInfo, Outcome
from dropbox.web.site import Site
from dropbox.wire.blob import FILE

_ATTEMPTS_MAX = 1000  # a form sent a thousand times with other words is no reporter


@dataclass(frozen=True)
class Envelope:
    """To whom and from whom: what all messages of one form share."""

    site: Site = field(repr=False)
    keys: ThreadKeys
    desk: str
    address: Address
    lang: str
    form: bytes  # 12 bytes

    @property
    def head(self) -> Letterhead:
        """What stands in every record, with today's date."""
        return Letterhead(self.keys, self.desk, self.lang, self.site.sent_day())


def send_text(envelope: Envelope, kind: str, index: int, fields: Mapping[str, str]) -> None:
    """Seal and store a text in one durable transaction.

    Args:
        envelope: to whom and from whom.
        kind: `report` or `addition`.
        index: place in the form.
        fields: the reporter's fields by record name.

    Raises:
        StorageFullError: nothing was stored.
        TooLargeError: it outgrows the largest bucket.
    """
    keys, site = envelope.keys, envelope.site
    digest = envelope.head.text_digest(kind, fields)
    for attempt in range(_ATTEMPTS_MAX):
        nonce = form_nonce(envelope.form, index, attempt)
        blob_id = keys.blob_id(nonce)
        record = envelope.head.record(kind, nonce, fields)
        blob = seal_text(envelope.address, site.decoys, keys.auth_key, record)
        info = BlobInfo(
            id=blob_id,
            digest=digest.value(blob_id),
            epoch=envelope.address.epoch,
            length=len(blob),
            sha256=hashlib.sha256(blob).digest(),
        )
        if site.store.blobs.put(info, blob) is not Outcome.TAKEN:
            return
    raise RefusedError("one form was sent too often with different words")


@dataclass(frozen=True)
class _Place:
    """Where a file of this form may go: the first free attempt, and those that are taken before it."""

    nonce: bytes
    blob_id: bytes
    earlier: tuple[tuple[bytes, bytes], ...]  # (blob id, digest)


def _free_place(envelope: Envelope, index: int) -> _Place:
    earlier: list[tuple[bytes, bytes]] = []
    for attempt in range(_ATTEMPTS_MAX):
        nonce = form_nonce(envelope.form, index, attempt)
        blob_id = envelope.keys.blob_id(nonce)
        digest = envelope.site.store.blobs.digest_of(blob_id)
        if digest is None:
            return _Place(nonce, blob_id, tuple(earlier))
        earlier.append((blob_id, digest))
    raise RefusedError("one form was sent too often with different files")


class FileReceiver:
    """Seals one file while it arrives: `update`…, then `finish`, or `abort`.

    Sealed bytes go to the store a megabyte at a time; a file that fits into one goes in a single transaction.
    """

    def __init__(self, envelope: Envelope, index: int, name: str, media_type: str) -> None:
        self._envelope = envelope
        self._store = envelope.site.store
        self._place = _free_place(envelope, index)
        record = envelope.head.record(FILE, self._place.nonce, {"name": name, "type": media_type})
        self._sealer = Sealer(envelope.address, envelope.site.decoys, envelope.keys.auth_key, record)
        self._digest = envelope.head.file_digest(name, media_type)
        self._sha256 = hashlib.sha256()
        self._upload: bytes | None = None
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._length = 0
        self._file_bytes = 0
        self._keep([self._sealer.start()])

    def _keep(self, sealed: Iterable[bytes]) -> None:
        for piece in sealed:
            self._sha256.update(piece)
            self._length += len(piece)
            self._pending.append(piece)
            self._pending_bytes += len(piece)
            if self._pending_bytes >= STORE_CHUNK_BYTES:
                self._flush(STORE_CHUNK_BYTES)

    def _flush(self, most: int) -> None:
        """Hand pending bytes to the store, exactly `most` (a whole row, which is what it stores best) or all."""
        if self._upload is None:
            self._upload = self._store.blobs.begin(self._envelope.site.clock().timestamp())
        data = b"".join(self._pending)
        rest = data[most:]
        self._store.blobs.append(self._upload, data[:most])
        self._pending, self._pending_bytes = [rest], len(rest)

    def update(self, data: bytes) -> None:
        """More of the file; raises TooLargeError beyond the limit of a file."""
        self._file_bytes += len(data)
        if self._file_bytes > self._envelope.site.settings.file_max_bytes:
            raise TooLargeError("a file is too large")
        self._digest.update(data)
        self._keep(self._sealer.update(data))

    def finish(self) -> bool:
        """Complete and commit; True when it is stored (now or before), False when it must be sent again."""
        if any(self._digest.value(blob_id) == digest for blob_id, digest in self._place.earlier):
            self.abort()
            return True
        self._keep(self._sealer.finish())
        info = BlobInfo(
            id=self._place.blob_id,
            digest=self._digest.value(self._place.blob_id),
            epoch=self._envelope.address.epoch,
            length=self._length,
            sha256=self._sha256.digest(),
        )
        if self._upload is None:
            outcome = self._store.blobs.put(info, b"".join(self._pending))
        else:
            self._flush(self._pending_bytes)
            outcome = self._store.blobs.complete(self._upload, info)
        return outcome is not Outcome.TAKEN

    def abort(self) -> None:
        """Forget what was received."""
        if self._upload is not None:
            self._store.blobs.abort(self._upload)
        self._pending = []
