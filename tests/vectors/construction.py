"""FORMAT written a second time, for the vectors alone: nothing here comes from the package `dropbox`.

Rule: no clock and no randomness; what is random in the format is drawn by name from SHAKE256.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import nacl.bindings as sodium
from cryptography.hazmat.primitives.poly1305 import Poly1305

HERE: Final = Path(__file__).parent
LABEL: Final = b"dropbox/v1/"
ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493


@dataclass(frozen=True)
class Vector:
    """One file: what is expected, why, what a reader needs, and the bytes."""

    family: str
    name: str
    expect: str
    comment: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self) -> bytes:
        """ASCII header lines, an empty line, the body."""
        lines = {"expect": self.expect, "comment": self.comment, **self.inputs}
        header = "".join(f"{key}: {value}\n" for key, value in lines.items())
        return (header + "\n").encode("ascii") + self.body


def fixed(name: str, size: int) -> bytes:
    """What stands for so many random bytes."""
    return hashlib.shake_256(b"dropbox vectors: " + name.encode()).digest(size)


def u8(value: int) -> bytes:
    """One byte."""
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    """Two bytes."""
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    """Four bytes."""
    return value.to_bytes(4, "big")


def u64(value: int) -> bytes:
    """Eight bytes."""
    return value.to_bytes(8, "big")


def lp(value: bytes) -> bytes:
    """u32(len) ‖ value."""
    return u32(len(value)) + value


def prf(key: bytes, label: str, *fields: bytes) -> bytes:
    """BLAKE2b-256 under a key."""
    message = b"".join(map(lp, (LABEL + label.encode(), *fields)))
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


def labelled_hash(label: str, *fields: bytes) -> bytes:
    """BLAKE2b-256 without a key."""
    return prf(b"", label, *fields)


def record(values: Iterable[tuple[str, bytes]]) -> bytes:
    """Named values in the order given, which failures may choose wrongly."""
    pairs = list(values)
    return u16(len(pairs)) + b"".join(u8(len(name)) + name.encode() + lp(value) for name, value in pairs)


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    """The bytes with one bit turned over; `at` may count from the end."""
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


# --- the reporter's secret -------------------------------------------------------------------

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WORD_LIST: Final = (HERE.parents[1] / "dropbox/crypto/words.txt").read_text("ascii").split()


def _gf32_times(one: int, other: int) -> int:
    product = 0
    for bit in range(5):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << bit - 5
    return product


def check_symbol(symbols: str) -> str:
    """a¹·x0 + … + a¹⁵·x14."""
    total, power = 0, 1
    for symbol in symbols:
        power = _gf32_times(power, 2)
        total ^= _gf32_times(power, SYMBOLS.index(symbol))
    return SYMBOLS[total]


@dataclass(frozen=True)
class Secret:
    """A reporter's code and words, and every key of them at an instance and desk."""

    symbols: str
    indices: tuple[int, ...]
    instance: bytes
    desk: str = "itjen"

    @property
    def code(self) -> str:
        """As shown."""
        full = self.symbols + check_symbol(self.symbols)
        return "-".join((full[:4], full[4:8], full[8:12], full[12:]))

    @property
    def words(self) -> str:
        """As shown."""
        return " ".join(WORD_LIST[index] for index in self.indices)

    @property
    def master(self) -> bytes:
        """The mk of FORMAT."""
        words = b"".join(map(u16, self.indices))
        return prf(words, "master", self.instance, self.desk.encode(), self.symbols.encode())

    def key(self, label: str) -> bytes:
        """One key of mk."""
        return prf(self.master, label)

    @property
    def claim(self) -> bytes:
        """Public half of the claim key."""
        return sodium.crypto_sign_seed_keypair(self.key("claim key"))[0]

    def blob_id(self, nonce: bytes) -> bytes:
        """PRF(id key, "blob id", nonce)."""
        return prf(self.key("blob id key"), "blob id", nonce)

    def digest(self, blob_id: bytes, content: bytes) -> bytes:
        """The keyed digest of a content beside its id."""
        poly = Poly1305.generate_tag(prf(self.key("digest key"), "poly"), content)
        return prf(self.key("digest key"), "digest", blob_id, poly)

    def shared(self) -> dict[str, bytes]:
        """The keys that travel in every record."""
        return {
            "thread": self.key("thread id"),
            "claim": self.claim,
            "tag-key": self.key("tag key"),
            "answer-key": self.key("answer key"),
            "auth-key": self.key("auth key"),
        }


def words_checksum(symbols: str, bits: int) -> int:
    """Five bits over the code and 88 bits whose last five are zero."""
    return labelled_hash("words checksum", symbols.encode(), bits.to_bytes(11, "big"))[0] >> 3


def make_secret(name: str, instance: bytes) -> Secret:
    """The secret that stands under that name."""
    symbols = "".join(SYMBOLS[byte & 31] for byte in fixed(f"code {name}", 15))
    bits = int.from_bytes(fixed(f"words {name}", 11), "big") >> 5 << 5
    bits |= words_checksum(symbols, bits)
    return Secret(symbols, tuple(bits >> shift & 2047 for shift in range(77, -1, -11)), instance)


# --- X-Wing: the draft's own vectors are our keys and encapsulations -----------------------------


@dataclass(frozen=True)
class Kem:
    """An epoch key of the draft's vectors and one encapsulation to it."""

    seed: bytes
    eseed: bytes
    public: bytes
    ciphertext: bytes
    secret: bytes


def _draft() -> tuple[Kem, ...]:
    cases: list[dict[str, str]] = json.loads((HERE / "xwing-draft.json").read_text("ascii"))
    return tuple(Kem(*(bytes.fromhex(case[name]) for name in ("seed", "eseed", "pk", "ct", "ss"))) for case in cases)


KEMS: Final = _draft()

# --- signatures -----------------------------------------------------------------------------------


def sign_message(label: str, instance: bytes, body: bytes) -> bytes:
    """What Ed25519 signs."""
    return lp(LABEL + b"sign/" + label.encode()) + lp(instance) + lp(hashlib.sha256(body).digest())


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key from its seed."""

    seed: bytes

    @property
    def public(self) -> bytes:
        """32 bytes."""
        return sodium.crypto_sign_seed_keypair(self.seed)[0]

    def sign(self, label: str, instance: bytes, body: bytes) -> bytes:
        """64 bytes."""
        return sodium.crypto_sign(sign_message(label, instance, body), self.seed + self.public)[:64]

    def odd_signature(self, point: bytes, nonce: int, label: str, instance: bytes, body: bytes) -> bytes:
        """A signature with a chosen R that solves the equation multiplied by the cofactor, and it alone."""
        clamped = bytearray(hashlib.sha512(self.seed).digest()[:32])
        clamped[0] &= 248
        clamped[31] = clamped[31] & 63 | 64
        message = sign_message(label, instance, body)
        challenge = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little")
        scalar = (nonce + challenge * int.from_bytes(clamped, "little")) % ED25519_ORDER
        return point + scalar.to_bytes(32, "little")


def point_of(scalar: int) -> bytes:
    """That multiple of the base point."""
    return sodium.crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little"))


# --- the installation that the vectors are made for ------------------------------------------------

INSTANCE: Final = fixed("instance", 16)
OTHER_INSTANCE: Final = fixed("another instance", 16)
TODAY: Final = 20781  # 2026-11-24, a Tuesday
EPOCH: Final = (TODAY - 4) // 7
ROOT: Final = Signer(fixed("root", 32))
OTHER_ROOT: Final = Signer(fixed("another root", 32))
NINE: Final = tuple(f"desk-{at}" for at in range(1, 10))  # one more than a keyring may have
STATIONS: Final = {name: Signer(fixed(f"station {name}", 32)) for name in ("itjen", "irjen", *NINE)}
SERVER: Final = Signer(fixed("server", 32))
ROOT_LAST: Final = TODAY + 900


def anchor(key: bytes = ROOT.public, use: str = "real", last: int = ROOT_LAST) -> bytes:
    """The bytes of root.pub."""
    lines = ("dropbox root key v1", f"instance: {INSTANCE.hex()}", f"key: {key.hex()}", f"use: {use}")
    return "".join(f"{line}\n" for line in (*lines, f"not after: {last}")).encode("ascii")


def desk_name(desk: str) -> bytes:
    """u8(len) ‖ name."""
    return u8(len(desk)) + desk.encode()


def certificate_body(
    *,
    desk: str = "itjen",
    instance: bytes = INSTANCE,
    station: bytes | None = None,
    first: int = TODAY - 10,
    last: int = TODAY + 60,
    serial: int = 7,
    flags: int = 0,
    version: int = 1,
) -> bytes:
    """What the root signs."""
    key = STATIONS["itjen" if desk not in STATIONS else desk].public if station is None else station
    numbers = u32(first) + u32(last) + u32(serial) + u8(flags)
    return b"DBXC" + u8(version) + instance + desk_name(desk) + key + numbers


def certificate(body: bytes, signer: Signer = ROOT, label: str = "certificate") -> bytes:
    """lp(body) ‖ signature."""
    return lp(body) + signer.sign(label, INSTANCE, body)


def server_body(
    first: int = TODAY - 10,
    last: int = TODAY + 390,
    *,
    instance: bytes = INSTANCE,
    serial: int = 3,
    flags: int = 0,
    version: int = 1,
) -> bytes:
    """What the root signs for a server."""
    days = u32(first) + u32(last) + u32(serial)
    return b"DBXW" + u8(version) + instance + SERVER.public + days + u8(flags)


def server_certificate(body: bytes, signer: Signer = ROOT, label: str = "server certificate") -> bytes:
    """lp(body) ‖ signature."""
    return lp(body) + signer.sign(label, INSTANCE, body)


MAGICS: Final = {
    "keys": b"DBXK",
    "board": b"DBXA",
    "receipts": b"DBXP",
    "return": b"DBXR",
    "statistics": b"DBXS",
    "dossier": b"DBXI",
    "log statement": b"DBXL",
}


SERIAL: Final = 7
NUMBER: Final = (SERIAL - 1) * 65536 + 5  # the fifth under the certificate of that serial


def head(desk: str = "itjen", number: int = NUMBER, made: int = TODAY, instance: bytes = INSTANCE) -> bytes:
    """How every signed body opens."""
    return instance + desk_name(desk) + u32(number) + u32(made)


def signed(label: str, body: bytes, desk: str = "itjen", untrusted_certificate: bytes | None = None) -> bytes:
    """A signed object of that desk's station."""
    shown = certificate(certificate_body(desk=desk)) if untrusted_certificate is None else untrusted_certificate
    return MAGICS[label] + lp(shown) + lp(body) + STATIONS[desk].sign(label, INSTANCE, body)
