"""FORMAT "Root anchor" and "Key bundle": the public keys of the inspectorate. Verifies nothing.

Rule: one byte sequence per anchor and per key bundle; a private key where a public one belongs is refused.
"""

import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.fields import HASH_BYTES, Reader, u8, u32
from dropbox.wire.signed import Head, read_head

EPOCH_KEY_BYTES: Final = 1216
EPOCHS_MAX: Final = 64
PRIVATE_FILE_LINE: Final = b"dropbox private file v1"

_ANCHOR = re.compile(
    rb"dropbox root key v1\ninstance: ([0-9a-f]{32})\nkey: ([0-9a-f]{64})\nuse: (real|demo)\n"
    rb"not after: (0|[1-9][0-9]{0,6})\n\Z"
)


@dataclass(frozen=True)
class RootAnchor:
    """The pinned root: instance, public key, whether it is a demo, and its last day."""

    instance: bytes
    key: bytes
    demo: bool
    last: int

    def encode(self) -> bytes:
        """The bytes of `root.pub`."""
        use = "demo" if self.demo else "real"
        return (
            f"dropbox root key v1\ninstance: {self.instance.hex()}\nkey: {self.key.hex()}\n"
            f"use: {use}\nnot after: {self.last}\n"
        ).encode("ascii")


def parse_anchor(untrusted: bytes) -> RootAnchor:
    """The anchor of a `root.pub`; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("this is a private file where root.pub belongs; move it off this machine")
    match = _ANCHOR.match(untrusted)
    if not match:
        raise MalformedError("root.pub is not a root key of version 1")
    instance, key, use, last = match.groups()
    return RootAnchor(bytes.fromhex(instance.decode()), bytes.fromhex(key.decode()), use == b"demo", int(last))


@dataclass(frozen=True)
class KeyBundle:
    """The numbered list of a desk's epoch keys."""

    head: Head
    previous: bytes
    epochs: dict[int, bytes]  # X-Wing public key by epoch

    def encode(self) -> bytes:
        """The body that the station signs."""
        entries = b"".join(u32(epoch) + key for epoch, key in sorted(self.epochs.items()))
        return self.head.encode() + self.previous + u8(len(self.epochs)) + entries


def parse_key_bundle(untrusted_body: bytes) -> KeyBundle:
    """The key bundle of a body; raises MalformedError."""
    reader = Reader(untrusted_body, "key bundle")
    head = read_head(reader)
    previous = reader.take(HASH_BYTES)
    epochs: dict[int, bytes] = {}
    last = -1
    for _ in range(reader.uint(1)):
        epoch = reader.uint(4)
        if epoch <= last:
            reader.fail("epochs are not ascending")
        epochs[epoch] = reader.take(EPOCH_KEY_BYTES)
        last = epoch
    reader.end()
    if not 1 <= len(epochs) <= EPOCHS_MAX:
        reader.fail("number of epochs")
    return KeyBundle(head, previous, epochs)
