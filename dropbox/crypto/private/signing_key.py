"""PRIVATE. What every Ed25519 private key of the drop-box is made of (RFC 8032): a seed that signs under a label.

Rule: reached through the role-typed keys of desk_keys and server_key alone, and never shown by repr, str or format.
"""

import hashlib
import os
from dataclasses import dataclass, field
from typing import Self

import nacl.bindings

from dropbox.crypto.signing import hashed_message
from dropbox.errors import MalformedError


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 private key from its 32-byte seed."""

    seed: bytes = field(repr=False)
    public: bytes = field(init=False)

    def __post_init__(self) -> None:
        if len(self.seed) != nacl.bindings.crypto_sign_SEEDBYTES:
            raise MalformedError("a signing seed has 32 bytes")
        object.__setattr__(self, "public", nacl.bindings.crypto_sign_seed_keypair(self.seed)[0])

    @classmethod
    def generate(cls) -> Self:
        """A fresh key."""
        return cls(os.urandom(nacl.bindings.crypto_sign_SEEDBYTES))

    def _sign(self, label: str, instance: bytes, sha256: bytes) -> bytes:
        """signature(key, label, instance, body) of FORMAT "Signatures", 64 bytes, from the body's SHA-256."""
        _, expanded = nacl.bindings.crypto_sign_seed_keypair(self.seed)
        signed = nacl.bindings.crypto_sign(hashed_message(label, instance, sha256), expanded)
        return signed[: nacl.bindings.crypto_sign_BYTES]


class LabelledKey(SigningKey):
    """A key that signs whole bodies under several labels."""

    def sign(self, label: str, instance: bytes, body: bytes) -> bytes:
        """signature(key, label, instance, body) of FORMAT "Signatures", 64 bytes."""
        return self._sign(label, instance, hashlib.sha256(body).digest())
