"""PRIVATE. Opens blobs for a desk (FORMAT "Opening").

    1 parse · 2 stanza · 3 commitment · 4 stream · 5 padding · 6 record · 7 member

Rule: no content is returned before the whole blob was checked once: call `check` before plaintext goes to a disk.
The class of an error names its stage: Malformed (1), NotForThisKey (2), Damaged (3 to 6).
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import nacl.bindings
import nacl.exceptions

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.sealing import WRAP_NONCE, Stream, commitment_of, member_of, stream_key, wrap_key
from dropbox.errors import DamagedError, MalformedError, NotForThisKeyError
from dropbox.limits import CHUNK_BYTES, FORM_MAX_BYTES, RECORD_MAX_BYTES
from dropbox.wire.blob import (
    CHUNK_OVERHEAD_BYTES,
    COMMITMENT_BYTES,
    FILE,
    HEADER_BYTES,
    KEM_CIPHERTEXT_BYTES,
    STANZA_BYTES,
    STREAM_HEADER_BYTES,
    Header,
    Message,
    parse_header,
    parse_message,
)
from dropbox.wire.calendar import Epoch
from dropbox.wire.fields import decode_record
from dropbox.wire.padding import Unpadder, check_minimal

Read = Callable[[int], bytes]
_pull = nacl.bindings.crypto_secretstream_xchacha20poly1305_pull
_FINAL = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


@dataclass(frozen=True)
class Opened:
    """A checked message.

    Attributes:
        message: its record.
        file_key: key of its payload, 32 bytes.
        is_member: whether it proves that its sender has the thread's secret.
        file_bytes: length of the file's bytes.
        file_sha256: SHA-256 of the file's bytes.
    """

    message: Message
    file_key: bytes = field(repr=False)
    is_member: bool
    file_bytes: int
    file_sha256: bytes


def read_exactly(read: Read, count: int) -> bytes:
    """Read exactly `count` bytes from a `read(n)`; raises MalformedError when there are fewer."""
    parts = []
    while count:
        piece = read(count)
        if not piece:
            raise MalformedError("blob.truncated")
        parts.append(piece)
        count -= len(piece)
    return b"".join(parts)


def epoch_of_blob(prefix: bytes, instance: bytes) -> Epoch:
    """Return the epoch in a blob's first 26 bytes; raises MalformedError, also for another instance."""
    return parse_header(prefix, instance).epoch


def unwrap_file_key(untrusted_prefix: bytes, header: Header, key: EpochSecretKey) -> bytes:
    """Run stages 2 and 3 on a blob's prefix and return the file key (32 bytes).

    Raises:
        NotForThisKeyError: no stanza opens with this key.
        DamagedError: the commitment does not match.
    """
    key_hash = hashlib.sha256(key.public.raw).digest()
    stanzas = untrusted_prefix[HEADER_BYTES:-COMMITMENT_BYTES]
    for slot in range(header.slots):
        stanza = stanzas[slot * STANZA_BYTES : (slot + 1) * STANZA_BYTES]
        ciphertext, wrapped = stanza[:KEM_CIPHERTEXT_BYTES], stanza[KEM_CIPHERTEXT_BYTES:]
        try:
            wrapping = wrap_key(key.decapsulate(ciphertext), header, slot, key_hash, ciphertext)
            file_key = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(wrapped, None, WRAP_NONCE, wrapping)
        except (nacl.exceptions.CryptoError, NotForThisKeyError):
            continue
        check_commitment(untrusted_prefix, file_key)
        return file_key
    raise NotForThisKeyError("blob.other-key")


def check_commitment(untrusted_prefix: bytes, file_key: bytes) -> None:
    """Run stage 3 on a blob's prefix; raises DamagedError."""
    header, rest = untrusted_prefix[:HEADER_BYTES], untrusted_prefix[HEADER_BYTES:]
    stanzas, commitment = rest[:-COMMITMENT_BYTES], rest[-COMMITMENT_BYTES:]
    if not hmac.compare_digest(commitment, commitment_of(file_key, header, stanzas)):
        raise DamagedError("blob.commitment")


def _plaintext(read: Read, header: Header, blob_bytes: int, file_key: bytes) -> Iterator[bytes]:
    """Run stage 4: yield the padded content, chunk by chunk; raises DamagedError or MalformedError."""
    left = header.bucket_of(blob_bytes)
    state = Stream()
    stream_header = read_exactly(read, STREAM_HEADER_BYTES)
    nacl.bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, stream_header, stream_key(file_key))
    while left:
        size = min(left, CHUNK_BYTES)
        left -= size
        try:
            plaintext, tag = _pull(state, read_exactly(read, size + CHUNK_OVERHEAD_BYTES), None)
        except (nacl.exceptions.CryptoError, ValueError):
            raise DamagedError("blob.chunk") from None
        if tag != (_MESSAGE if left else _FINAL):
            raise DamagedError("blob.wrong-end")
        yield plaintext
    if read(1):
        raise MalformedError("blob.trailing")


def _content(read: Read, header: Header, blob_bytes: int, file_key: bytes) -> Iterator[bytes]:
    """Run stages 4 and 5: yield the content without its padding; raises DamagedError or MalformedError."""
    unpadder = Unpadder()
    for piece in _plaintext(read, header, blob_bytes, file_key):
        yield from unpadder.update(piece)
    unpadder.finish()
    check_minimal(unpadder.length, header.bucket_of(blob_bytes))


class _RecordSplitter:
    """Separates lp(record) from the file bytes that follow it; holds no more than the longest record."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._want = 4

    def feed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the file bytes after the record; raises MalformedError for a record longer than any form."""
        for piece in pieces:
            view = memoryview(piece)
            while view and len(self._head) < self._want:
                taken = view[: self._want - len(self._head)]
                self._head += taken
                view = view[len(taken) :]
                if len(self._head) == 4 and self._want == 4:
                    self._want += int.from_bytes(self._head, "big")
                    if self._want > 4 + FORM_MAX_BYTES:
                        raise MalformedError("blob.record-long")
            if view:
                yield piece if len(view) == len(piece) else bytes(view)

    def record(self) -> bytes:
        """Return the record's bytes; raises MalformedError when the content ended inside it."""
        if len(self._head) < 4 or len(self._head) != self._want:
            raise MalformedError("blob.record-truncated")
        return bytes(self._head[4:])


def _message(raw_record: bytes, commitment: bytes) -> tuple[Message, bool]:
    """Run stages 6 and 7: return (message, whether it proves its membership); raises MalformedError."""
    values = decode_record(raw_record)
    message = parse_message(values)
    without = {name: value for name, value in values.items() if name != "member"}
    expected = member_of(message.keys["auth-key"], commitment, without)
    return message, hmac.compare_digest(message.member, expected)


def _prefix(read: Read, instance: bytes) -> tuple[Header, bytes]:
    head = read_exactly(read, HEADER_BYTES)
    header = parse_header(head, instance)
    return header, head + read_exactly(read, header.prefix_bytes - HEADER_BYTES)


def check(read: Read, blob_bytes: int, instance: bytes, desk: str, key: EpochSecretKey) -> Opened:
    """Run all seven stages over a whole blob in bounded memory; only the record is kept.

    Args:
        read: `read(n)` from the blob's first byte on.
        blob_bytes: length of the blob in bytes.
        instance: this instance, 16 bytes.
        desk: name of the desk that opens the blob.
        key: the desk's private key of the blob's epoch.

    Raises:
        MalformedError: stage 1.
        NotForThisKeyError: stage 2.
        DamagedError: stages 3 to 6.
    """
    header, prefix = _prefix(read, instance)
    header.bucket_of(blob_bytes)
    file_key = unwrap_file_key(prefix, header, key)
    return _check_content(read, header, prefix, blob_bytes, file_key, desk)


def _check_content(read: Read, header: Header, prefix: bytes, blob_bytes: int, file_key: bytes, desk: str) -> Opened:
    splitter = _RecordSplitter()
    file_hash, file_bytes = hashlib.sha256(), 0
    try:
        for piece in splitter.feed(_content(read, header, blob_bytes, file_key)):
            file_hash.update(piece)
            file_bytes += len(piece)
        raw_record = splitter.record()
        message, is_member = _message(raw_record, prefix[-COMMITMENT_BYTES:])
    except MalformedError as error:  # after the commitment, a broken grammar means damage
        raise DamagedError(error.code, **error.values) from None
    if message.desk != desk:
        raise DamagedError("blob.other-desk")
    if file_bytes and (message.kind != FILE or len(raw_record) > RECORD_MAX_BYTES):
        raise DamagedError("blob.record-length")
    return Opened(message, file_key, is_member, file_bytes, file_hash.digest())


def file_pieces(read: Read, blob_bytes: int, instance: bytes, file_key: bytes) -> Iterator[bytes]:
    """Yield the file bytes of a blob that passed `check`.

    Args:
        read: `read(n)` from the blob's first byte on.
        blob_bytes: length of the blob in bytes.
        instance: this instance, 16 bytes.
        file_key: of the checked blob, 32 bytes.

    Raises:
        DamagedError, MalformedError: the blob has changed since.
    """
    header, prefix = _prefix(read, instance)
    check_commitment(prefix, file_key)
    splitter = _RecordSplitter()
    yield from splitter.feed(_content(read, header, blob_bytes, file_key))
    splitter.record()


def reopen(read: Read, blob_bytes: int, instance: bytes, file_key: bytes) -> Message:
    """Return the message of a blob that passed `check`; arguments and errors as `file_pieces`."""
    header, prefix = _prefix(read, instance)
    check_commitment(prefix, file_key)
    splitter = _RecordSplitter()
    for _ in splitter.feed(_content(read, header, blob_bytes, file_key)):
        pass
    return _message(splitter.record(), prefix[-COMMITMENT_BYTES:])[0]
