"""PRIVATE. Seals secrets at rest under a passphrase that a person chose (FORMAT "Private files").

    key    = Argon2id(passphrase, salt, t, m, p), RFC 9106
    sealed = XChaCha20-Poly1305-IETF(key, nonce, secret, ad = the lines above it)

Rule: this module writes nothing; the caller writes the bytes with a private file mode (disk.private).
"""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from typing import Final

import argon2.low_level
import nacl.bindings
import nacl.exceptions

from dropbox.errors import DamagedError, MalformedError, WrongPassphraseError
from dropbox.limits import ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_TIME
from dropbox.wire.keyring import PRIVATE_FILE_LINE

_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_KEY_BYTES: Final = 32
# A hostile file must not cost more than 1 GiB of memory or minutes of work.
_MAX_MEMORY_KIB: Final = 1024 * 1024
_MAX_TIME: Final = 16
_MAX_LANES: Final = 16
_MIN_MEMORY_KIB_PER_LANE: Final = 8  # RFC 9106, section 3.1

_FILE = re.compile(
    rb"(?P<head>dropbox private file v1\nkind: (?P<kind>[a-z-]{1,32})\nname: (?P<name>[a-z0-9.-]{1,64})\n"
    rb"argon2id: t=(?P<t>[1-9][0-9]{0,3}) m=(?P<m>[1-9][0-9]{0,8}) p=(?P<p>[1-9][0-9]{0,2})\n"
    rb"salt: (?P<salt>[0-9a-f]{32})\n)(?P<sealed>[A-Za-z0-9+/=]+)\n\Z"
)


@dataclass(frozen=True)
class Cost:
    """Argon2id's parameters: passes, memory in KiB, lanes."""

    time: int
    memory_kib: int
    lanes: int


DEFAULT_COST: Final = Cost(ARGON2_TIME, ARGON2_MEMORY_KIB, ARGON2_LANES)


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return argon2.low_level.hash_secret_raw(
        passphrase.encode("utf-8"),
        salt,
        time_cost=cost.time,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_KEY_BYTES,
        type=argon2.low_level.Type.ID,
    )


def wrap(kind: str, name: str, secret: bytes, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """Seal a secret; returns the bytes of a private file.

    Args:
        kind: kind of the file, a to z and -.
        name: name of the key in it, a to z, 0 to 9, . and -.
        secret: what is sealed.
        passphrase: chosen by a person.
        cost: of Argon2id.
    """
    salt = os.urandom(_SALT_BYTES)
    argon2id = f"t={cost.time} m={cost.memory_kib} p={cost.lanes}"
    lines = f"\nkind: {kind}\nname: {name}\nargon2id: {argon2id}\nsalt: {salt.hex()}\n"
    head = PRIVATE_FILE_LINE + lines.encode("ascii")
    return seal_below(head, _derive(passphrase, salt, cost), secret)


def unwrap(kind: str, untrusted: bytes, passphrase: str) -> bytes:
    """Return the secret of a private file of that kind.

    Raises:
        MalformedError: not a private file of this kind, or its Argon2 cost is out of range.
        WrongPassphraseError: the passphrase is wrong, or the file was altered (indistinguishable).
    """
    match = _FILE.match(untrusted)
    if not match or match["kind"].decode() != kind:
        raise MalformedError("private-file.kind", kind=kind)
    cost = Cost(int(match["t"]), int(match["m"]), int(match["p"]))
    if cost.time > _MAX_TIME or cost.memory_kib > _MAX_MEMORY_KIB or cost.lanes > _MAX_LANES:
        raise MalformedError("private-file.too-costly")
    if cost.memory_kib < _MIN_MEMORY_KIB_PER_LANE * cost.lanes:
        raise MalformedError("private-file.too-cheap")
    key = _derive(passphrase, bytes.fromhex(match["salt"].decode()), cost)
    try:
        return open_below(match["head"], key, untrusted)
    except DamagedError:
        raise WrongPassphraseError("private-file.passphrase") from None


def seal_below(head: bytes, key: bytes, secret: bytes) -> bytes:
    """Return head ‖ base64(nonce ‖ sealed) ‖ LF, sealed under a key of 32 bytes; the head is additional data."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(secret, head, nonce, key)
    return head + base64.b64encode(sealed) + b"\n"


def open_below(head: bytes, key: bytes, untrusted: bytes) -> bytes:
    """Return the secret that `seal_below` sealed.

    Raises:
        MalformedError: not in the one base64 encoding.
        DamagedError: another key, or altered.
    """
    encoded = untrusted.removeprefix(head).removesuffix(b"\n")
    try:
        sealed = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise MalformedError("private-file.damaged") from None
    if head + base64.b64encode(sealed) + b"\n" != untrusted:  # no second spelling of the same bytes
        raise MalformedError("private-file.damaged")
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[_NONCE_BYTES:], head, sealed[:_NONCE_BYTES], key
        )
    except (nacl.exceptions.CryptoError, ValueError):
        raise DamagedError("private-file.other-key") from None
