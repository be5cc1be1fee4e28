"""Parses and builds dossiers for other bodies and their answers (FORMAT "Dossier", "Dossier's answer"). No keys.

Rule: the name of a part has one of a few fixed forms, so that no part can be written outside its folder.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import DOSSIER_MAX_BYTES, DOSSIER_PARTS_MAX, KIB
from dropbox.wire.blob import (
    COMMITMENT_BYTES,
    KEM_CIPHERTEXT_BYTES,
    STANZA_BYTES,
)
from dropbox.wire.calendar import Day
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, is_blank, is_printable, lp, text, u8, u16, u32, u64
from dropbox.wire.keyring import EPOCH_KEY_BYTES
from dropbox.wire.signed import SIGNATURE_BYTES, Head, read_head

DOSSIER_MAGIC: Final = b"DBXD"
ANSWER_MAGIC: Final = b"DBXN"
VERSION: Final = 1
HEADER_BYTES: Final = 4 + 1 + INSTANCE_BYTES
PREFIX_BYTES: Final = HEADER_BYTES + STANZA_BYTES + COMMITMENT_BYTES
ID_BYTES: Final = 16
OBJECT_MAX_BYTES: Final = 64 * KIB
FACTS: Final = "rujukan.json"
PAPER: Final = "rujukan.pdf"
EVIDENCE: Final = "bukti/"
_NAME: Final = re.compile(r"rujukan\.json|(?:rujukan|surat)\.pdf|bukti/[0-9]{3}\.(?:png|pdf|txt|webm|mkv)")

RECEIVED, WORKING, FOUND, NOT_FOUND, RETURNED = "received", "working", "found", "not-found", "returned"
RESULTS: Final = (RECEIVED, WORKING, FOUND, NOT_FOUND, RETURNED)
NUMBER_MAX: Final = 64  # characters of the receiver's own number
ANSWER_TEXT_MAX_BYTES: Final = 16 * KIB  # of a question, and of a remark
ANSWER_MAX_BYTES: Final = 64 * KIB


def dossier_header(instance: bytes) -> bytes:
    """Return the clear header, 21 bytes, for an instance (16 bytes)."""
    return DOSSIER_MAGIC + u8(VERSION) + instance


def check_header(untrusted: bytes, instance: bytes) -> None:
    """Check that bytes are the header of a dossier of that instance; raises MalformedError."""
    reader = Reader(untrusted, "dossier")
    reader.expect(DOSSIER_MAGIC + u8(VERSION))
    if reader.take(INSTANCE_BYTES) != instance:
        reader.fail("format.other-inspectorate")
    reader.end()


@dataclass(frozen=True)
class Part:
    """One file of a dossier: its name, length in bytes, SHA-256."""

    name: str
    length: int
    sha256: bytes


@dataclass(frozen=True)
class Contents:
    """What the station signs: dossier id, receiver, key for answers (X-Wing, 1216 bytes), and the parts in order."""

    head: Head
    id: bytes
    receiver: bytes  # SHA-256 of the receiver's card
    reply_key: bytes
    parts: tuple[Part, ...]

    def encode(self) -> bytes:
        """Return the body of the signed object; raises MalformedError as `check_parts` does."""
        check_parts(self.parts)
        parts = b"".join(
            u8(len(part.name)) + part.name.encode() + u64(part.length) + part.sha256 for part in self.parts
        )
        return self.head.encode() + self.id + self.receiver + self.reply_key + u16(len(self.parts)) + parts


def parse_contents(untrusted_body: bytes) -> Contents:
    """Parse the body of a signed dossier list; raises MalformedError."""
    reader = Reader(untrusted_body, "dossier")
    head = read_head(reader)
    identity, receiver = reader.take(ID_BYTES), reader.take(HASH_BYTES)
    reply_key = reader.take(EPOCH_KEY_BYTES)
    parts = tuple(
        Part(text(reader.take(reader.uint(1))), reader.uint(8), reader.take(HASH_BYTES)) for _ in range(reader.uint(2))
    )
    reader.end()
    return Contents(head, identity, receiver, reply_key, check_parts(parts))


def check_parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts; raises MalformedError unless names are known, ascending and complete, and sizes in bounds."""
    names = [part.name for part in parts]
    if not all(_NAME.fullmatch(name) for name in names):
        raise MalformedError("dossier.part-name")
    if any(a >= b for a, b in itertools.pairwise(names)):
        raise MalformedError("dossier.order")
    if not {FACTS, PAPER} <= set(names):
        raise MalformedError("dossier.incomplete")
    if len(parts) > DOSSIER_PARTS_MAX or sum(part.length for part in parts) > DOSSIER_MAX_BYTES:
        raise MalformedError("dossier.too-much")
    return parts


@dataclass(frozen=True)
class Answer:
    """A receiver's answer about a dossier.

    Attributes:
        instance: 16 bytes, of the inspectorate that made the dossier.
        dossier: id of the dossier, 16 bytes.
        day: day number on which the answer was signed.
        number: the receiver's own case number, or empty.
        result: one of RESULTS, or empty.
        question: a question to the inspectorate, or empty.
        remark: any other text, or empty.
    """

    instance: bytes
    dossier: bytes
    day: Day
    number: str
    result: str
    question: str
    remark: str

    def encode(self) -> bytes:
        """Return the body that the receiver signs."""
        texts = (self.number, self.result, self.question, self.remark)
        fields = b"".join(lp(text.encode("utf-8")) for text in texts)
        return ANSWER_MAGIC + u8(VERSION) + self.instance + self.dossier + u32(self.day) + fields


def parse_answer(untrusted: bytes) -> tuple[Answer, bytes]:
    """Return (answer, signature) of an opened answer; raises MalformedError. The signature is not verified here."""
    reader = Reader(untrusted, "answer")
    reader.expect(ANSWER_MAGIC + u8(VERSION))
    instance, dossier, day = reader.take(INSTANCE_BYTES), reader.take(ID_BYTES), reader.uint(4)
    number, result, question, remark = (text(reader.lp()) for _ in range(4))
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    answer = Answer(instance, dossier, Day(day), number, result, question, remark)
    check_answer(answer)
    return answer, signature


def check_answer(answer: Answer) -> None:
    """Check that an answer is not empty and that no field is too long or unknown; raises MalformedError."""
    if answer.result and answer.result not in RESULTS:
        raise MalformedError("dossier.answer-result")
    if len(answer.number) > NUMBER_MAX or not is_printable(answer.number):
        raise MalformedError("dossier.answer-number")
    if all(map(is_blank, (answer.number, answer.result, answer.question, answer.remark))):
        raise MalformedError("dossier.answer-empty")
    if any(len(field.encode("utf-8")) > ANSWER_TEXT_MAX_BYTES for field in (answer.question, answer.remark)):
        raise MalformedError("dossier.answer-long")


@dataclass(frozen=True)
class SealedAnswer:
    """A sealed answer: the dossier's id (16 bytes) in clear, the KEM ciphertext (1120 bytes), and the sealed rest."""

    dossier: bytes
    ciphertext: bytes
    sealed: bytes

    @property
    def header(self) -> bytes:
        """The bytes that are not encrypted."""
        return ANSWER_MAGIC + u8(VERSION) + self.dossier

    def encode(self) -> bytes:
        """Return the bytes of an answer's file."""
        return self.header + self.ciphertext + lp(self.sealed)


def parse_sealed_answer(untrusted: bytes) -> SealedAnswer:
    """Parse an answer's file; raises MalformedError."""
    reader = Reader(untrusted, "answer")
    reader.expect(ANSWER_MAGIC + u8(VERSION))
    dossier, ciphertext = reader.take(ID_BYTES), reader.take(KEM_CIPHERTEXT_BYTES)
    sealed = reader.lp(ANSWER_MAX_BYTES)
    reader.end()
    return SealedAnswer(dossier, ciphertext, sealed)
