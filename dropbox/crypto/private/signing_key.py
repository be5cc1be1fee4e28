"""PRIVATE. Signs under a label with an Ed25519 seed (RFC 8032): the base of every signing key of the drop-box.

Rule: only the role-typed keys of desk_keys and server_key use it; repr, str and format show no key bytes.
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
    """An Ed25519 private key from its 32-byte seed; raises MalformedError on creation for another length."""

    seed: bytes = field(repr=False)
    public: bytes = field(init=False)

    def __post_init__(self) -> None:
        if len(self.seed) != nacl.bindings.crypto_sign_SEEDBYTES:
            raise MalformedError("key.signing-seed-size")
        object.__setattr__(self, "public", nacl.bindings.crypto_sign_seed_keypair(self.seed)[0])

    @classmethod
    def generate(cls) -> Self:
        """Return a new random key."""
        return cls(os.urandom(nacl.bindings.crypto_sign_SEEDBYTES))

    def _sign(self, label: str, instance: bytes, sha256: bytes) -> bytes:
        """Return the signature (64 bytes, FORMAT "Signatures") of a body given by its SHA-256."""
        _, expanded = nacl.bindings.crypto_sign_seed_keypair(self.seed)
        signed = nacl.bindings.crypto_sign(hashed_message(label, instance, sha256), expanded)
        return signed[: nacl.bindings.crypto_sign_BYTES]


class LabelledKey(SigningKey):
    """A key that signs whole bodies under several labels."""

    def sign(self, label: str, instance: bytes, body: bytes) -> bytes:
        """Return the signature (64 bytes, FORMAT "Signatures") of a body under a label, for an instance (16 bytes)."""
        return self._sign(label, instance, hashlib.sha256(body).digest())
