"""Parses and builds the inspectorate's public keys (FORMAT "Root anchor", "Key bundle", "Carried keys").

Rule: an anchor, a key bundle and a set of keys have exactly one encoding; a private file in place of one is rejected.
Verifies nothing.
"""

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.calendar import Day
from dropbox.wire.fields import HASH_BYTES, Reader, lp, u8, u32
from dropbox.wire.signed import Certificate, Head, parse_object, read_certificate, read_head

EPOCH_KEY_BYTES: Final = 1216
EPOCHS_MAX: Final = 64
PRIVATE_FILE_LINE: Final = b"dropbox private file v1"

_ANCHOR = re.compile(
    rb"dropbox root key v1\ninstance: ([0-9a-f]{32})\nkey: ([0-9a-f]{64})\nuse: (real|demo)\n"
    rb"not after: (0|[1-9][0-9]{0,6})\n\Z"
)


@dataclass(frozen=True)
class RootAnchor:
    """The pinned root: instance (16 bytes), Ed25519 public key (32 bytes), demo flag, and last day number."""

    instance: bytes
    key: bytes
    demo: bool
    last: Day

    def encode(self) -> bytes:
        """Return the bytes of `root.pub`."""
        use = "demo" if self.demo else "real"
        return (
            f"dropbox root key v1\ninstance: {self.instance.hex()}\nkey: {self.key.hex()}\n"
            f"use: {use}\nnot after: {self.last}\n"
        ).encode("ascii")


def parse_anchor(untrusted: bytes) -> RootAnchor:
    """Parse a `root.pub`; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("private-file.as-root")
    match = _ANCHOR.match(untrusted)
    if not match:
        raise MalformedError("root.not-key")
    instance, key, use, last = match.groups()
    return RootAnchor(bytes.fromhex(instance.decode()), bytes.fromhex(key.decode()), use == b"demo", Day(int(last)))


@dataclass(frozen=True)
class KeyBundle:
    """A desk's numbered list of epoch keys, given by their hashes; `previous` is the hash of the list before."""

    head: Head
    previous: bytes
    epochs: dict[int, bytes]  # SHA-256 of the X-Wing public key by epoch

    def encode(self) -> bytes:
        """Return the body that the station signs."""
        return self.head.encode() + self.previous + _encode_by_epoch(self.epochs)


def parse_key_bundle(untrusted_body: bytes) -> KeyBundle:
    """Parse the body of a key bundle; raises MalformedError."""
    reader = Reader(untrusted_body, "key bundle")
    bundle = KeyBundle(read_head(reader), reader.take(HASH_BYTES), _take_by_epoch(reader, HASH_BYTES))
    reader.end()
    if not bundle.epochs:
        reader.fail("format.no-epoch")
    return bundle


def key_hashes(keys: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the SHA-256 of each key by epoch, as a key bundle lists them."""
    return {epoch: hashlib.sha256(key).digest() for epoch, key in keys.items()}


def encode_keys(keys: Mapping[int, bytes]) -> bytes:
    """Encode carried keys: X-Wing public keys (1216 bytes) by epoch, without a signature of their own."""
    return _encode_by_epoch(keys)


def take_keys(reader: Reader) -> dict[int, bytes]:
    """Read carried keys from the front; raises MalformedError.

    No key may be used until its hash was found in a signed key bundle.
    """
    return _take_by_epoch(reader, EPOCH_KEY_BYTES)


@dataclass(frozen=True)
class KeyedBundle:
    """A signed key bundle together with any number of the keys that it names."""

    signed: bytes
    keys: dict[int, bytes]  # X-Wing public key by epoch

    def encode(self) -> bytes:
        """Return the bytes that the store keeps and browsers download."""
        return lp(self.signed) + encode_keys(self.keys)

    def only(self, epochs: Container[int]) -> "KeyedBundle":
        """Return the same bundle with the keys of these epochs only."""
        return KeyedBundle(self.signed, {epoch: key for epoch, key in self.keys.items() if epoch in epochs})


def parse_keyed_bundle(untrusted: bytes) -> KeyedBundle:
    """Parse a keyed bundle; raises MalformedError."""
    reader = Reader(untrusted, "keyed bundle")
    keyed = KeyedBundle(reader.lp(), take_keys(reader))
    reader.end()
    return keyed


def certificate_of(untrusted: bytes) -> Certificate:
    """Return the unverified certificate of a keyed bundle; raises MalformedError."""
    return read_certificate(parse_object(parse_keyed_bundle(untrusted).signed).certificate)


def _encode_by_epoch(values: Mapping[int, bytes]) -> bytes:
    return u8(len(values)) + b"".join(u32(epoch) + value for epoch, value in sorted(values.items()))


def _take_by_epoch(reader: Reader, size: int) -> dict[int, bytes]:
    """Read u8(n) ‖ n × ( u32(epoch) ‖ size bytes ), epochs strictly ascending, n ≤ 64."""
    count, last = reader.uint(1), -1
    if count > EPOCHS_MAX:
        reader.fail("format.epoch-count")
    values: dict[int, bytes] = {}
    for _ in range(count):
        epoch = reader.uint(4)
        if epoch <= last:
            reader.fail("format.epoch-order")
        values[epoch] = reader.take(size)
        last = epoch
    return values
