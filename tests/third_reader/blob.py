"""Open a blob with the epoch key of a desk, and nothing of it before all of it is authentic (FORMAT.md, "Opening")."""

import re
from dataclasses import dataclass

from .grammar import Cursor, Stop, lp, need, parse_record, text, u8, u32, write_record
from .primitives import CHUNK, OVERHEAD, open_sealed, open_stream, prf, sha256
from .xwing import CIPHERTEXT, decapsulate, public_key

HEADER, STANZA, COMMITMENT, STREAM_HEADER = 26, CIPHERTEXT + 48, 32, 24
BUCKETS = [16384 << at for at in range(15)] + [(512 << 20) + 65536]
MAX_RECORD, MAX_RECORD_OF_FILE = 4194304, 64512
NO_NONCE = bytes(12)
_KEYS = ("claim", "tag-key", "answer-key", "auth-key")
_SIZES = {"thread": 32, "nonce": 16, "sent": 4, "member": 32, **dict.fromkeys(_KEYS, 32)}
_REQUIRED = {
    "report": {"channel", "category", "what", "who", "where"},
    "addition": {"what"},
    "file": {"name", "type"},
}
_OPTIONAL = {
    "report": {"when", "protection", "identity"},
    "addition": {"category", "who", "where", "when", "protection", "identity", "act"},
    "file": set[str](),
}
_UNSAFE = re.compile(rb"[\x00-\x1f\x7f/\\]")
NAME_MAX = TYPE_MAX = 255
LANGUAGES = {"id", "en"}


@dataclass(frozen=True)
class Envelope:
    """The parts of a blob that anybody can tell apart."""

    header: bytes
    slots: int
    epoch: int
    stanzas: list[bytes]
    commitment: bytes
    stream: bytes

    @property
    def sealed_to(self) -> bytes:
        """What the commitment is made of."""
        return self.header + b"".join(self.stanzas)


@dataclass(frozen=True)
class Opened:
    """An opened blob. `member` says whether it is of its thread: if not, it opens a case of its own."""

    envelope: Envelope
    slot: int
    shared: bytes
    file_key: bytes
    record: dict[str, bytes]
    file: bytes
    member: bool

    @property
    def lang(self) -> str:
        """The reporter's language; empty when the record has none that the format knows."""
        said = self.record.get("lang", b"").decode()
        return said if said in LANGUAGES else ""


def blob_length(slots: int, bucket: int) -> int:
    return HEADER + STANZA * slots + COMMITMENT + STREAM_HEADER + bucket + OVERHEAD * -(-bucket // CHUNK)


def read_header(header: bytes, length: int, instance: bytes) -> tuple[int, int]:
    """Slots and epoch of a blob of that length, from its first 26 bytes. Raises Stop(malformed)."""
    cursor = Cursor(header)
    cursor.expect(b"DBXB\1")
    slots, epoch = cursor.u8(), cursor.u32()
    need(1 <= slots <= 8, "malformed")
    cursor.expect(instance)
    need(length in {blob_length(slots, bucket) for bucket in BUCKETS}, "malformed")
    return slots, epoch


def split_blob(data: bytes, instance: bytes) -> Envelope:
    """Step 1. Raises Stop(malformed)."""
    slots, epoch = read_header(data[:HEADER], len(data), instance)
    cursor = Cursor(data, at=HEADER)
    stanzas = [cursor.take(STANZA) for _ in range(slots)]
    return Envelope(data[:HEADER], slots, epoch, stanzas, cursor.take(COMMITMENT), data[cursor.at :])


def wrap_key(shared: bytes, instance: bytes, slot: int, key: bytes, ciphertext: bytes) -> bytes:
    return prf(shared, "stanza", instance, u8(1), u8(slot), sha256(key), ciphertext)


def _unwrap(envelope: Envelope, instance: bytes, seed: bytes) -> tuple[int, bytes, bytes]:
    """Step 2: slot, shared secret and file key. Raises Stop(not-for-this-key)."""
    for slot, stanza in enumerate(envelope.stanzas):
        ciphertext, wrapped = stanza[:CIPHERTEXT], stanza[CIPHERTEXT:]
        shared = decapsulate(seed, ciphertext)
        if shared is None:
            continue
        key = wrap_key(shared, instance, slot, public_key(seed), ciphertext)
        file_key = open_sealed(key, NO_NONCE, wrapped)
        if file_key is not None:
            return slot, shared, file_key
    raise Stop("not-for-this-key")


def _unpad(content: bytes) -> bytes:
    """Step 5. Raises Stop(padding)."""
    used = content.rstrip(b"\0")
    need(used.endswith(b"\x80"), "padding")
    need(len(content) == next(bucket for bucket in BUCKETS if bucket >= len(used)), "padding")
    return used[:-1]


def _read_record(content: bytes, desk: str) -> tuple[dict[str, bytes], bytes, bytes]:
    """Step 6: the record's values, its bytes, and the file behind it. Raises Stop(record)."""
    cursor = Cursor(content, "record")
    untrusted_record = cursor.lp()
    file = content[cursor.at :]
    need(len(untrusted_record) <= (MAX_RECORD_OF_FILE if file else MAX_RECORD), "record")
    record = parse_record(untrusted_record, "record")
    need("kind" in record and "desk" in record and _SIZES.keys() <= record.keys(), "record")
    need(all(len(record[name]) == size for name, size in _SIZES.items()), "record")
    kind = text(record["kind"], "record")
    need(kind in _REQUIRED and _REQUIRED[kind] <= record.keys(), "record")
    for name in ("desk", "lang", *own_fields(record)):
        text(record.get(name, b""), "record")
    if kind == "file":
        text(record["name"], "record")
        text(record["type"], "record")
    need(record["desk"].decode() == desk, "record")
    need(kind == "file" or not file, "record")
    return record, untrusted_record, file


def own_fields(record: dict[str, bytes]) -> list[str]:
    """The names that a record's kind has beyond those of every record; all other names are ignored."""
    kind = record["kind"].decode()
    known = _REQUIRED[kind] | _OPTIONAL[kind]
    optional = kind != "file"
    return sorted(name for name in record if name in known or (optional and name.startswith("x-") and name != "x-"))


def given_name(record: dict[str, bytes]) -> bytes:
    """The name of a file as a reader gives it on."""
    whole = record["name"][-NAME_MAX:].decode(errors="ignore").encode()
    return _UNSAFE.sub(b"_", whole) or b"-"


def given_type(record: dict[str, bytes]) -> bytes:
    """The type of a file as a reader gives it on."""
    return record["type"][:TYPE_MAX].decode(errors="ignore").encode()


def member_proof(record: dict[str, bytes], commitment: bytes) -> bytes:
    without = {name: value for name, value in record.items() if name != "member"}
    return prf(record["auth-key"], "member", commitment, write_record(without))


def open_blob(data: bytes, instance: bytes, desk: str, seed: bytes) -> Opened:
    """Open a blob with the seed (32 bytes) of an epoch key. Raises Stop at steps 1 to 6; `Opened.member` is step 7."""
    envelope = split_blob(data, instance)
    slot, shared, file_key = _unwrap(envelope, instance, seed)
    need(prf(file_key, "commitment", envelope.sealed_to) == envelope.commitment, "commitment")
    content = open_stream(prf(file_key, "stream"), envelope.stream)
    if content is None:
        raise Stop("stream")
    record, _, file = _read_record(_unpad(content), desk)
    member = record["member"] == member_proof(record, envelope.commitment)
    return Opened(envelope, slot, shared, file_key, record, file, member)


def pad(record: bytes, file: bytes) -> bytes:
    """The content of a blob, filled up to the smallest bucket."""
    used = lp(record) + file + b"\x80"
    return used.ljust(next(bucket for bucket in BUCKETS if bucket >= len(used)), b"\0")


def write_header(slots: int, epoch: int, instance: bytes) -> bytes:
    return b"DBXB\1" + u8(slots) + u32(epoch) + instance
