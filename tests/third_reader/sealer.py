"""Seal messages from the text alone, so that another implementation's server and workstation can be tested with them.

All that is random is given, so that a vector can be made again byte by byte.
"""

import secrets
from dataclasses import dataclass, field

from .blob import NO_NONCE, member_proof, pad, wrap_key, write_header
from .grammar import u8, u16, u32, write_record
from .primitives import prf, seal, seal_stream
from .secret import ThreadKeys, file_content, text_content
from .xwing import encapsulate, public_key


@dataclass(frozen=True)
class Address:
    """For whom a blob is: the desk's key of an epoch, in its slot of so many."""

    instance: bytes
    desk: str
    epoch: int
    slot: int
    slots: int
    key: bytes


@dataclass(frozen=True)
class Randomness:
    """What is random in a blob."""

    file_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    stream_header: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    kem: bytes = field(default_factory=lambda: secrets.token_bytes(64))


@dataclass(frozen=True)
class Sealed:
    """A message on its way: what a server learns of it, and its bytes."""

    blob_id: bytes
    digest: bytes
    blob: bytes


def decoy() -> bytes:
    """A stanza for a key of which nobody has the private half."""
    return encapsulate(public_key(secrets.token_bytes(32)), secrets.token_bytes(64))[0] + secrets.token_bytes(48)


def seal_blob(
    record: dict[str, bytes], file: bytes, address: Address, randomness: Randomness, decoys: list[bytes]
) -> bytes:
    """Seal a record without `member`, and a file's bytes; `decoys` are the other slots' stanzas in order."""
    ciphertext, shared = encapsulate(address.key, randomness.kem)
    key = wrap_key(shared, address.instance, address.slot, address.key, ciphertext)
    own = ciphertext + seal(key, NO_NONCE, randomness.file_key)
    stanzas = [*decoys[: address.slot], own, *decoys[address.slot :]]
    header = write_header(address.slots, address.epoch, address.instance) + b"".join(stanzas)
    commitment = prf(randomness.file_key, "commitment", header)
    content = pad(write_record(record | {"member": member_proof(record, commitment)}), file)
    return header + commitment + seal_stream(prf(randomness.file_key, "stream"), randomness.stream_header, content)


def seal_message(
    kind: str, fields: dict[str, bytes], file: bytes, keys: ThreadKeys, address: Address, nonce: bytes, sent: int
) -> Sealed:
    """Seal a report, an addition or a file of a thread. A file's fields are name and type."""
    record = fields | {
        "kind": kind.encode(),
        "desk": address.desk.encode(),
        "thread": keys.thread,
        "nonce": nonce,
        "sent": u32(sent),
        "claim": keys.claim,
        "tag-key": keys.tag_key,
        "answer-key": keys.answer_key,
        "auth-key": keys.auth_key,
    }
    if kind == "file":
        content = file_content(fields["name"], fields["type"], file)
    else:
        content = text_content(kind, address.desk, fields)
    blob_id = keys.blob_id(nonce)
    blob = seal_blob(record, file, address, Randomness(), [decoy() for _ in range(address.slots - 1)])
    return Sealed(blob_id, keys.digest(blob_id, content), blob)


def write_container(instance: bytes, messages: list[Sealed]) -> bytes:
    """Put sealed messages into one file, the text first."""
    frames = (each.blob_id + each.digest + len(each.blob).to_bytes(8, "big") + each.blob for each in messages)
    return b"DBXQ" + u8(1) + instance + u16(len(messages)) + b"".join(frames)
