"""Compute with other libraries than the program does, so that a fault of one library is seen.

The program takes BLAKE2b from hashlib; Ed25519, X25519, streams from libsodium; ML-KEM, Poly1305 from OpenSSL.
Here BLAKE2b and SHA-256 are libsodium's; Ed25519, X25519 and ChaCha20 are OpenSSL's; ML-KEM is kyber-py's; HChaCha20,
Poly1305 and the secretstream are written below. SHA-3 alone is hashlib's in both. Nothing here takes constant time: it
reads test data.
"""

import struct

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_generichash_blake2b_salt_personal, crypto_hash_sha256

from .grammar import lp

CHUNK = 65536
OVERHEAD = 17
_P25519 = 2**255 - 19
_P1305 = 2**130 - 5
_PREFIX = b"dropbox/v1/"
# The y coordinates of the eight points of small order on edwards25519 (RFC 8032): 0, 1, -1, and those of order 8.
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER = {0, 1, _P25519 - 1, _Y8, _P25519 - _Y8}


def prf(key: bytes, label: str, *fields: bytes) -> bytes:
    """PRF of FORMAT.md, "Conventions"; without a key it is HASH."""
    message = lp(_PREFIX + label.encode("ascii")) + b"".join(lp(field) for field in fields)
    return bytes(crypto_generichash_blake2b_salt_personal(message, digest_size=32, key=key))


def hash_(label: str, *fields: bytes) -> bytes:
    """HASH of FORMAT.md, "Conventions"."""
    return prf(b"", label, *fields)


def sha256(data: bytes) -> bytes:
    return bytes(crypto_hash_sha256(data))


def _usable(point: bytes) -> bool:
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y < _P25519 and y not in _SMALL_ORDER


def signed_message(label: str, instance: bytes, body: bytes) -> bytes:
    """What Ed25519 signs, by FORMAT.md, "Signatures"."""
    return lp(_PREFIX + b"sign/" + label.encode("ascii")) + lp(instance) + lp(sha256(body))


def signature_holds(key: bytes, label: str, instance: bytes, body: bytes, signature: bytes) -> bool:
    """Verify strictly: OpenSSL compares R bytewise and wants S < L; small orders, non-canonical points stop here."""
    if len(signature) != 64 or len(key) != 32 or not _usable(key) or not _usable(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed_message(label, instance, body))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_half(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(seed: bytes, label: str, instance: bytes, body: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(signed_message(label, instance, body))


def open_sealed(key: bytes, nonce: bytes, ciphertext: bytes, data: bytes = b"") -> bytes | None:
    """ChaCha20-Poly1305-IETF (RFC 8439). None when it does not open."""
    if len(ciphertext) < 16:
        return None
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, data)
    except InvalidTag:
        return None


def seal(key: bytes, nonce: bytes, plaintext: bytes, data: bytes = b"") -> bytes:
    return ChaCha20Poly1305(key).encrypt(nonce, plaintext, data)


def open_sealed_x(key: bytes, nonce: bytes, ciphertext: bytes, data: bytes) -> bytes | None:
    """XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03). None when it does not open."""
    return open_sealed(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], ciphertext, data)


def _rotate(value: int, by: int) -> int:
    return (value << by | value >> 32 - by) & 0xFFFFFFFF


def _quarter(x: list[int], a: int, b: int, c: int, d: int) -> None:
    for one, two, three, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[one] = (x[one] + x[two]) & 0xFFFFFFFF
        x[three] = _rotate(x[three] ^ x[one], by)


def hchacha20(key: bytes, nonce: bytes) -> bytes:
    """HChaCha20 of draft-irtf-cfrg-xchacha-03, section 2.2."""
    x = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))
    for _ in range(10):
        for column in range(4):
            _quarter(x, column, 4 + column, 8 + column, 12 + column)
        for turn in range(4):
            _quarter(x, turn, 4 + (turn + 1) % 4, 8 + (turn + 2) % 4, 12 + (turn + 3) % 4)
    return struct.pack("<8I", *x[:4], *x[12:])


def poly1305(key: bytes, message: bytes) -> bytes:
    """Poly1305 of RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at : at + 16] + b"\1", "little")) * r % _P1305
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


class SecretStream:
    """secretstream_xchacha20poly1305 as libsodium's source has it, without additional data."""

    MESSAGE, FINAL = 0, 3

    def __init__(self, key: bytes, header: bytes) -> None:
        self._key = hchacha20(key, header[:16])
        self._counter = 1
        self._inner = header[16:]

    def _xor(self, block: int, data: bytes) -> bytes:
        nonce = struct.pack("<II", block, self._counter) + self._inner
        return Cipher(ChaCha20(self._key, nonce), mode=None).encryptor().update(data)

    def _mac(self, tag_block: bytes, body: bytes) -> bytes:
        # The number of zeros is libsodium's own: it pads by the body's remainder, not up to the next 16.
        message = tag_block + body + bytes(len(body) % 16) + struct.pack("<QQ", 0, 64 + len(body))
        return poly1305(self._xor(0, bytes(32)), message)

    def _next(self, mac: bytes) -> None:
        # A tag with libsodium's REKEY bit changes the key: this format refuses REKEY, and nothing follows FINAL.
        self._inner = bytes(a ^ b for a, b in zip(self._inner, mac[:8], strict=True))
        self._counter += 1

    def pull(self, chunk: bytes) -> tuple[bytes, int] | None:
        """Open a chunk: its plaintext and its tag. None when it is not authentic."""
        if len(chunk) < OVERHEAD:
            return None
        body, mac = chunk[1:-16], chunk[-16:]
        opened = self._xor(1, chunk[:1] + bytes(63))
        if self._mac(chunk[:1] + opened[1:], body) != mac:
            return None
        plaintext = self._xor(2, body)
        self._next(mac)
        return plaintext, opened[0]

    def push(self, plaintext: bytes, tag: int) -> bytes:
        """Seal a chunk under a tag."""
        block = self._xor(1, bytes([tag]) + bytes(63))
        body = self._xor(2, plaintext)
        mac = self._mac(block, body)
        self._next(mac)
        return block[:1] + body + mac


def open_stream(key: bytes, stream: bytes) -> bytes | None:
    """Open a whole stream of 64 KiB chunks, FINAL where and only where the bytes end. None when it does not open."""
    if len(stream) < 24:
        return None
    opener = SecretStream(key, stream[:24])
    parts = []
    tag = SecretStream.MESSAGE
    for at in range(24, len(stream), CHUNK + OVERHEAD):
        if tag != SecretStream.MESSAGE:
            return None
        opened = opener.pull(stream[at : at + CHUNK + OVERHEAD])
        if opened is None or not opened[0]:
            return None
        parts.append(opened[0])
        tag = opened[1]
    return b"".join(parts) if tag == SecretStream.FINAL else None


def seal_stream(key: bytes, header: bytes, plaintext: bytes) -> bytes:
    """Seal a whole content of at least one byte."""
    sealer = SecretStream(key, header)
    chunks = [plaintext[at : at + CHUNK] for at in range(0, len(plaintext), CHUNK)]
    last = len(chunks) - 1
    return header + b"".join(
        sealer.push(chunk, SecretStream.FINAL if at == last else SecretStream.MESSAGE)
        for at, chunk in enumerate(chunks)
    )
