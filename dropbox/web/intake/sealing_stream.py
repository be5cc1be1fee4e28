"""Seals what reporters send and stores it, text by text and file by file, while it arrives.

Rule: an acknowledgement follows a durable commit; the same message twice is acknowledged twice and kept once; another
message of the same form is kept beside it. However often a form came, one more costs one seal and one transaction.
Plaintext lives in one chunk of memory.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dropbox.crypto.envelope import Envelope
from dropbox.crypto.sealing import Address, Sealer, seal_text
from dropbox.crypto.secret import form_nonce
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.errors import TooLargeError
from dropbox.limits import STORE_CHUNK_BYTES
from dropbox.store.blobs import BlobInfo
from dropbox.web.base.site import Site
from dropbox.wire.blob import FILE


@dataclass(frozen=True)
class Sender:
    """The keys, desk and address that all messages of one form share."""

    site: Site = field(repr=False)
    keys: ThreadKeys
    desk: str
    address: Address
    lang: str
    form: bytes  # 12 bytes

    @property
    def envelope(self) -> Envelope:
        """The envelope of every record, with today's date."""
        return Envelope(self.keys, self.desk, self.lang, self.site.sent_day())


def send_text(sender: Sender, kind: str, index: int, fields: Mapping[str, str]) -> None:
    """Seal and store a text in one durable transaction.

    Args:
        sender: keys, desk and address.
        kind: `report` or `addition`.
        index: place in the form.
        fields: the reporter's fields by record name.

    Raises:
        StorageFullError: nothing was stored.
        TooLargeError: it outgrows the largest bucket.
    """
    keys, site = sender.keys, sender.site
    blob_id, digest, record = sender.envelope.text(kind, form_nonce(sender.form, index), fields)
    blob = seal_text(sender.address, site.decoys, keys.auth_key, record)
    info = BlobInfo(
        id=blob_id,
        digest=digest,
        epoch=sender.address.epoch,
        length=len(blob),
        sha256=hashlib.sha256(blob).digest(),
    )
    site.store.blobs.put(info, blob)


class FileStream:
    """Seals one file while it arrives: `update`…, then `finish`, or `abort`.

    Sealed bytes go to the store a megabyte at a time; a file that fits into one goes in a single transaction.
    """

    def __init__(self, sender: Sender, index: int, name: str, media_type: str) -> None:
        self._sender = sender
        self._store = sender.site.store
        nonce = form_nonce(sender.form, index)
        self._blob_id = sender.keys.blob_id(nonce)
        record = sender.envelope.record(FILE, nonce, {"name": name, "type": media_type})
        self._sealer = Sealer(sender.address, sender.site.decoys, sender.keys.auth_key, record)
        self._digest = sender.envelope.file_digest(name, media_type)
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
            self._upload = self._store.blobs.begin(self._sender.site.clock().timestamp())
        data = b"".join(self._pending)
        rest = data[most:]
        self._store.blobs.append(self._upload, data[:most])
        self._pending, self._pending_bytes = [rest], len(rest)

    def update(self, data: bytes) -> None:
        """Seal more bytes of the file; raises TooLargeError beyond the limit of a file."""
        self._file_bytes += len(data)
        if self._file_bytes > self._sender.site.settings.file_max_bytes:
            raise TooLargeError("request.file-large")
        self._digest.update(data)
        self._keep(self._sealer.update(data))

    def finish(self) -> None:
        """Complete and commit the file; it is stored, now or before."""
        self._keep(self._sealer.finish())
        info = BlobInfo(
            id=self._blob_id,
            digest=self._digest.value(self._blob_id),
            epoch=self._sender.address.epoch,
            length=self._length,
            sha256=self._sha256.digest(),
        )
        if self._upload is None:
            self._store.blobs.put(info, b"".join(self._pending))
        else:
            self._flush(self._pending_bytes)
            self._store.blobs.complete(self._upload, info)

    def abort(self) -> None:
        """Drop what was received."""
        if self._upload is not None:
            self._store.blobs.abort(self._upload)
        self._pending = []
