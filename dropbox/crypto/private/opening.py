"""PRIVATE. FORMAT "Opening": the desk's half of a blob.

    1 parse · 2 stanza · 3 commitment · 4 stream · 5 padding · 6 record · 7 member

Rule: content is given out only to be checked or after the whole blob has been checked once; the caller that wants
plaintext on a disk calls `check` first. Errors say the stage by their class: Malformed, NotForThisKey, Damaged.
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
from dropbox.wire.fields import decode_record
from dropbox.wire.padding import Unpadder, check_minimal

Read = Callable[[int], bytes]
_pull = nacl.bindings.crypto_secretstream_xchacha20poly1305_pull
_FINAL = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


@dataclass(frozen=True)
class Opened:
    """A checked message: its record, the key of its payload, and whether it proves that it is of its thread."""

    message: Message
    file_key: bytes = field(repr=False)
    is_member: bool
    file_bytes: int
    file_sha256: bytes


def read_exactly(read: Read, count: int) -> bytes:
    """Exactly count bytes from a `read(n)`; raises MalformedError when there are fewer."""
    parts = []
    while count:
        piece = read(count)
        if not piece:
            raise MalformedError("blob: truncated")
        parts.append(piece)
        count -= len(piece)
    return b"".join(parts)


def epoch_of_blob(prefix: bytes, instance: bytes) -> int:
    """The epoch that a blob's first 26 bytes name; raises MalformedError."""
    return parse_header(prefix, instance).epoch


def unwrap_file_key(untrusted_prefix: bytes, header: Header, key: EpochSecretKey) -> bytes:
    """Stages 2 and 3: the file key (32 bytes) of a blob's prefix; raises NotForThisKeyError or DamagedError."""
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
    raise NotForThisKeyError("no stanza opens with this key")


def check_commitment(untrusted_prefix: bytes, file_key: bytes) -> None:
    """Stage 3; raises DamagedError."""
    header, rest = untrusted_prefix[:HEADER_BYTES], untrusted_prefix[HEADER_BYTES:]
    stanzas, commitment = rest[:-COMMITMENT_BYTES], rest[-COMMITMENT_BYTES:]
    if not hmac.compare_digest(commitment, commitment_of(file_key, header, stanzas)):
        raise DamagedError("the commitment does not match")


def _plaintext(read: Read, header: Header, blob_bytes: int, file_key: bytes) -> Iterator[bytes]:
    """Stage 4: the padded content, chunk by chunk; raises DamagedError."""
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
            raise DamagedError("a chunk is not authentic") from None
        if tag != (_MESSAGE if left else _FINAL):
            raise DamagedError("the stream ends at the wrong place")
        yield plaintext
    if read(1):
        raise MalformedError("blob: bytes after its end")


def _content(read: Read, header: Header, blob_bytes: int, file_key: bytes) -> Iterator[bytes]:
    """Stages 4 and 5: the content without its padding; raises DamagedError."""
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
        """File bytes, once the record is complete."""
        for piece in pieces:
            view = memoryview(piece)
            while view and len(self._head) < self._want:
                taken = view[: self._want - len(self._head)]
                self._head += taken
                view = view[len(taken) :]
                if len(self._head) == 4 and self._want == 4:
                    self._want += int.from_bytes(self._head, "big")
                    if self._want > 4 + FORM_MAX_BYTES:
                        raise MalformedError("record: longer than any form")
            if view:
                yield piece if len(view) == len(piece) else bytes(view)

    def record(self) -> bytes:
        """The record's bytes; raises MalformedError when the content ended inside it."""
        if len(self._head) < 4 or len(self._head) != self._want:
            raise MalformedError("record: truncated")
        return bytes(self._head[4:])


def _message(raw_record: bytes, commitment: bytes) -> tuple[Message, bool]:
    """Stages 6 and 7."""
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
    """All seven stages over a whole blob in bounded memory; nothing of its content is kept but the record.

    Args:
        read: `read(n)` from the blob's first byte on.
        blob_bytes: its length.
        instance: ours.
        desk: the desk that opens.
        key: its private key of the blob's epoch.

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
    except MalformedError as error:  # behind the commitment whatever breaks the grammar is damage
        raise DamagedError(str(error)) from None
    if message.desk != desk:
        raise DamagedError("record: sealed to this desk and addressed to another")
    if file_bytes and (message.kind != FILE or len(raw_record) > RECORD_MAX_BYTES):
        raise DamagedError("record: too long for a file, or bytes behind a text")
    return Opened(message, file_key, is_member, file_bytes, file_hash.digest())


def file_pieces(read: Read, blob_bytes: int, instance: bytes, file_key: bytes) -> Iterator[bytes]:
    """The file bytes, in pieces, of a blob that passed `check`; raises DamagedError if it has rotted since."""
    header, prefix = _prefix(read, instance)
    check_commitment(prefix, file_key)
    splitter = _RecordSplitter()
    yield from splitter.feed(_content(read, header, blob_bytes, file_key))
    splitter.record()


def reopen(read: Read, blob_bytes: int, instance: bytes, file_key: bytes) -> Message:
    """The message of a blob that passed `check`; raises DamagedError if it has rotted since, or the key is another."""
    header, prefix = _prefix(read, instance)
    check_commitment(prefix, file_key)
    splitter = _RecordSplitter()
    for _ in splitter.feed(_content(read, header, blob_bytes, file_key)):
        pass
    return _message(splitter.record(), prefix[-COMMITMENT_BYTES:])[0]
