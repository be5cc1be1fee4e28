"""X-Wing of draft-connolly-cfrg-xwing-kem, over kyber-py's ML-KEM-768 and OpenSSL's X25519.

Any exception of the KEM means: not for this key (FORMAT.md, "Opening").
"""

from functools import lru_cache
from hashlib import sha3_256, shake_256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from kyber_py.ml_kem import ML_KEM_768

PUBLIC, CIPHERTEXT, SECRET = 1216, 1120, 32
_LABEL = rb"\.//^" + b"\\"


def _public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@lru_cache(maxsize=64)
def _expand(seed: bytes) -> tuple[bytes, bytes, X25519PrivateKey]:
    expanded = shake_256(seed).digest(96)
    encapsulate, decapsulate = ML_KEM_768.key_derive(expanded[:64])
    return encapsulate, decapsulate, X25519PrivateKey.from_private_bytes(expanded[64:])


@lru_cache(maxsize=4096)
def _decapsulate_mlkem(decapsulate: bytes, ciphertext: bytes) -> bytes:
    """ML-KEM in pure Python takes tens of milliseconds: a ciphertext that comes again is not opened again."""
    return bytes(ML_KEM_768.decaps(decapsulate, ciphertext))


def _combine(mlkem: bytes, x25519: bytes, ciphertext: bytes, public: bytes) -> bytes:
    return sha3_256(mlkem + x25519 + ciphertext + public + _LABEL).digest()


def public_key(seed: bytes) -> bytes:
    """The public key (1216 bytes) of a seed of 32 bytes."""
    encapsulate, _, x25519 = _expand(seed)
    return encapsulate + _public(x25519)


def decapsulate(seed: bytes, ciphertext: bytes) -> bytes | None:
    """The shared secret, or None for any exception of the KEM."""
    _, mlkem, x25519 = _expand(seed)
    try:
        shared = x25519.exchange(X25519PublicKey.from_public_bytes(ciphertext[1088:]))
        return _combine(_decapsulate_mlkem(mlkem, ciphertext[:1088]), shared, ciphertext[1088:], _public(x25519))
    except ValueError:
        return None


def encapsulate(public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """Ciphertext and shared secret for 64 bytes of randomness. Raises ValueError for a key that is no key."""
    ephemeral = X25519PrivateKey.from_private_bytes(randomness[32:])
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    # The function with a given message, which test vectors need; it too makes the key check of FIPS 203.
    mlkem, ciphertext = ML_KEM_768._encaps_internal(public[:1184], randomness[:32])
    return ciphertext + _public(ephemeral), _combine(bytes(mlkem), shared, _public(ephemeral), public[1184:])
