"""PRIVATE. Represents the inspectorate's private keys as role-typed values: epoch (X-Wing), station and root (Ed25519).

Rule: repr, str and format show no key bytes, and only the key holders in tests/test_layers.py import this module.
"""

import hashlib
import os
from dataclasses import dataclass, field
from typing import Final

import nacl.bindings
import nacl.exceptions
from cryptography.hazmat.primitives.asymmetric import mlkem

from dropbox.crypto.kem import ML_KEM_CIPHERTEXT_BYTES, X25519_BYTES, EpochPublicKey, combine
from dropbox.crypto.private.signing_key import LabelledKey
from dropbox.errors import MalformedError, NotForThisKeyError
from dropbox.wire.blob import KEM_CIPHERTEXT_BYTES

SEED_BYTES: Final = 32


@dataclass(frozen=True)
class EpochSecretKey:
    """A desk's private key of one epoch, from its 32-byte seed (X-Wing draft, section 5.2: expandDecapsulationKey).

    Raises MalformedError on creation if the seed has another length.
    """

    seed: bytes = field(repr=False)
    public: EpochPublicKey = field(init=False, repr=False)
    _ml_kem: mlkem.MLKEM768PrivateKey = field(init=False, repr=False, compare=False)
    _x25519: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise MalformedError("key.seed-size")
        expanded = hashlib.shake_256(self.seed).digest(96)
        ml_kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = expanded[64:]
        public = ml_kem.public_key().public_bytes_raw() + nacl.bindings.crypto_scalarmult_base(x25519)
        object.__setattr__(self, "_ml_kem", ml_kem)
        object.__setattr__(self, "_x25519", x25519)
        object.__setattr__(self, "public", EpochPublicKey(public))

    @classmethod
    def generate(cls) -> "EpochSecretKey":
        """Return a new random key."""
        return cls(os.urandom(SEED_BYTES))

    def decapsulate(self, ciphertext: bytes) -> bytes:
        """Return the shared secret (32 bytes) of a ciphertext (1120 bytes).

        Raises:
            NotForThisKeyError: for every exception of the KEM, as FORMAT "Opening" says. A ciphertext that was
                made for another key raises no error: it gives another secret (implicit rejection).
        """
        if len(ciphertext) != KEM_CIPHERTEXT_BYTES:
            raise NotForThisKeyError("key.not-ciphertext")
        ct_m, ct_x = ciphertext[:ML_KEM_CIPHERTEXT_BYTES], ciphertext[ML_KEM_CIPHERTEXT_BYTES:]
        try:
            ss_m = self._ml_kem.decapsulate(ct_m)
            ss_x = nacl.bindings.crypto_scalarmult(self._x25519, ct_x)
        except (ValueError, nacl.exceptions.CryptoError):
            raise NotForThisKeyError("key.not-ciphertext") from None
        return combine(ss_m, ss_x, ct_x, self.public.raw[-X25519_BYTES:])


class StationKey(LabelledKey):
    """Signs the key bundles, boards, receipts and reply bundles of one desk."""


class RootKey(LabelledKey):
    """Signs certificates and revocations."""
