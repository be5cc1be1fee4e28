"""Read what goes to another body and back: card, dossier, answer (FORMAT.md, "Dossiers: to another body and back")."""

import re
import unicodedata
from dataclasses import dataclass

from .grammar import Cursor, Stop, ascending, blank, need, printable, text
from .primitives import CHUNK, hash_, open_sealed, open_stream, prf, sha256, signature_holds
from .root import Trust
from .signed import Head, split_object, verify_station
from .xwing import CIPHERTEXT, decapsulate, public_key

_NUMBER = "(0|[1-9][0-9]{0,6})"
_CARD = re.compile(
    "dropbox receiver key v1\nlabel: ([^\n]*)\npurpose: (referral|drill)\n"
    f"not before: {_NUMBER}\nnot after: {_NUMBER}\n"
    "sign: ([0-9a-f]{64})\nseal: ([0-9a-f]{2432})\nsignature: ([0-9a-f]{128})\n"
)
_SIGNATURE_LINE = len("signature: ") + 128 + 1
_PART = re.compile(rb"rujukan\.json|rujukan\.pdf|surat\.pdf|bukti/[0-9]{3}\.(png|pdf|txt|webm|mkv)")
NO_NONCE = bytes(12)
RESULTS = {"", "received", "working", "found", "not-found", "returned"}
PREFIX = 21 + CIPHERTEXT + 48 + 32


@dataclass(frozen=True)
class Card:
    """A receiver's card."""

    label: str
    purpose: str
    first: int
    last: int
    sign: bytes
    seal: bytes
    fingerprint: bytes


def read_card(data: bytes) -> Card:
    """Read receiver.pub. Raises Stop: malformed, signature."""
    need(len(data) <= 4096, "malformed")
    match = _CARD.fullmatch(text(data))
    need(match is not None, "malformed")
    assert match is not None
    label, purpose, first, last, sign, seal, signature = match.groups()
    need(1 <= len(label) <= 80 and printable(label), "malformed")
    need("Zs" not in {unicodedata.category(label[0]), unicodedata.category(label[-1])}, "malformed")
    need(0 <= int(last) - int(first) <= 732, "malformed")
    key = bytes.fromhex(sign)
    need(signature_holds(key, "receiver card", b"", data[:-_SIGNATURE_LINE], bytes.fromhex(signature)), "signature")
    return Card(label, purpose, int(first), int(last), key, bytes.fromhex(seal), hash_("receiver fingerprint", data))


@dataclass(frozen=True)
class Receiver:
    """What a receiver of dossiers knows of itself."""

    seed: bytes
    card_sha256: bytes
    first: int
    last: int


@dataclass(frozen=True)
class Dossier:
    """A dossier, all of it verified."""

    head: Head
    id: bytes
    reply_key: bytes
    parts: dict[str, bytes]
    shared: bytes
    file_key: bytes
    stream_header: bytes


def read_dossier(data: bytes, trust: Trust, receiver: Receiver) -> Dossier:
    """Read all of a dossier before giving out any of it. Raises Stop."""
    cursor = Cursor(data)
    cursor.expect(b"DBXD\1")
    instance = trust.anchor.instance
    cursor.expect(instance)
    ciphertext, wrapped = cursor.take(CIPHERTEXT), cursor.take(48)
    before = data[: cursor.at]
    commitment = cursor.take(32)
    stream = data[cursor.at :]

    shared = decapsulate(receiver.seed, ciphertext)
    key = prf(shared or b"", "dossier wrap", instance, b"\1", sha256(public_key(receiver.seed)), ciphertext)
    file_key = open_sealed(key, NO_NONCE, wrapped)
    if shared is None or file_key is None:
        raise Stop("not-for-this-key")
    need(prf(file_key, "dossier commitment", before) == commitment, "commitment")
    need(len(stream) > 24, "malformed")
    content = open_stream(prf(file_key, "dossier stream"), stream)
    if content is None:
        raise Stop("stream")
    inner = Cursor(content, "parts")
    listed = inner.lp()
    need(len(listed) <= CHUNK, "parts")
    head, dossier_id, reply_key, rows = _read_list(listed, trust, receiver)
    parts = {}
    for name, length, digest in rows:
        parts[name] = Cursor(content[inner.at :], "parts").take(length)
        inner.at += length
        need(sha256(parts[name]) == digest, "parts")
    need(inner.at == len(content), "parts")
    return Dossier(head, dossier_id, reply_key, parts, shared, file_key, stream[:24])


def _read_list(
    data: bytes, trust: Trust, receiver: Receiver
) -> tuple[Head, bytes, bytes, list[tuple[str, int, bytes]]]:
    """Step 5. Raises Stop."""
    parts = split_object(data)
    need(parts.kind == "dossier", "label")
    signed = verify_station(parts, trust, dated=False)
    cursor = Cursor(signed.rest)
    dossier_id, card, reply_key = cursor.take(16), cursor.take(32), cursor.take(1216)
    count = cursor.u16()
    rows = [(cursor.take(cursor.u8()), cursor.u64(), cursor.take(32)) for _ in range(count)]
    cursor.end()
    names = [name for name, _, _ in rows]
    need(count <= 256 and ascending(names) and all(_PART.fullmatch(name) for name in names), "malformed")
    need({b"rujukan.json", b"rujukan.pdf"} <= set(names), "malformed")
    need(sum(length for _, length, _ in rows) <= 2**30, "malformed")
    need(signed.head.number == 0, "number")
    made = signed.head.made
    need(signed.certificate.holds(made) and made <= trust.today + 1, "day")
    need(card == receiver.card_sha256, "receiver")
    need(receiver.first <= made <= receiver.last, "day")
    return signed.head, dossier_id, reply_key, [(name.decode(), length, digest) for name, length, digest in rows]


@dataclass(frozen=True)
class Expected:
    """What the desk knows of the dossier that an answer is about."""

    instance: bytes
    dossier: bytes
    reply_seed: bytes
    sign: bytes
    first: int
    last: int
    today: int


@dataclass(frozen=True)
class Answer:
    """What another body said about a dossier."""

    day: int
    number: str
    result: str
    question: str
    remark: str
    shared: bytes


def read_answer(data: bytes, expected: Expected) -> Answer:
    """Open and verify a dossier's answer. Raises Stop."""
    cursor = Cursor(data)
    cursor.expect(b"DBXN\1")
    cursor.take(16)
    header = data[: cursor.at]
    ciphertext, sealed = cursor.take(CIPHERTEXT), cursor.lp()
    cursor.end()
    need(len(sealed) <= CHUNK, "malformed")
    shared = decapsulate(expected.reply_seed, ciphertext)
    key = prf(shared or b"", "answer", header, sha256(public_key(expected.reply_seed)), ciphertext)
    opened = open_sealed(key, NO_NONCE, sealed)
    if shared is None or opened is None:
        raise Stop("sealed")

    inner = Cursor(opened)
    inner.expect(b"DBXN\1")
    instance, dossier, day = inner.take(16), inner.take(16), inner.u32()
    number, result, question, remark = (inner.text() for _ in range(4))
    body = opened[: inner.at]
    signature = inner.take(64)
    inner.end()
    need(len(number) <= 64 and printable(number), "malformed")
    need(result in RESULTS, "malformed")
    need(all(len(long.encode()) <= 16384 for long in (question, remark)), "malformed")
    need(not all(map(blank, (number, result, question, remark))), "malformed")
    need(instance == expected.instance and dossier == expected.dossier, "dossier")
    need(signature_holds(expected.sign, "referral answer", instance, body, signature), "signature")
    need(expected.first <= day <= expected.last and day <= expected.today + 1, "day")
    return Answer(day, number, result, question, remark, shared)
