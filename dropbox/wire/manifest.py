"""Parses and builds the manifest of a site (FORMAT "Site manifest"). Verifies nothing.

Rule: one manifest has one encoding: the addresses ascend, and none is there twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import (
    MANIFEST_ANSWERS_MAX,
    MANIFEST_NUMBER_MAX,
    MANIFEST_POLICY_MAX_BYTES,
    MANIFEST_SETTINGS_MAX_BYTES,
)
from dropbox.wire.calendar import Day
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, lp, text, u8, u16, u32
from dropbox.wire.signed import SIGNATURE_BYTES

MANIFEST_MAGIC: Final = b"DBXH"
PATH_MAX_BYTES: Final = 200
VERSION_MAX_BYTES: Final = 32
_PATH: Final = re.compile(rb"/[A-Za-z0-9._/-]*\Z")
_VERSION: Final = re.compile(rb"[0-9][0-9A-Za-z.+-]*\Z")
_POLICY: Final = re.compile(rb"[ -~]+\Z")


@dataclass(frozen=True)
class Answer:
    """What the site gives at an address: SHA-256 of the body; `fixed` if it is that on every day, else a page's."""

    sha256: bytes
    fixed: bool


@dataclass(frozen=True)
class SiteManifest:
    """What the root says about a site.

    Attributes:
        instance: 16 bytes.
        number: of the manifest; a later one has a higher number.
        made: day number of the proposal, for which pages are rendered.
        version: of the program, such as 0.2.0.
        program: hash of the program's files, 32 bytes.
        policy: the value of Content-Security-Policy of every answer.
        settings: what visitors see of the settings (settings.public).
        answers: by address.
    """

    instance: bytes
    number: int
    made: Day
    version: str
    program: bytes
    policy: str
    settings: bytes
    answers: Mapping[str, Answer]

    def encode(self) -> bytes:
        """Return the body that the root signs; raises MalformedError for a manifest that no reader would accept."""
        body = b"".join(
            (
                MANIFEST_MAGIC + u8(1) + self.instance + u32(self.number) + u32(self.made),
                lp(self.version.encode("utf-8")) + self.program + lp(self.policy.encode("utf-8")) + lp(self.settings),
                u16(len(self.answers)),
                *(
                    lp(path.encode("utf-8")) + u8(answer.fixed) + answer.sha256
                    for path, answer in sorted(self.answers.items())
                ),
            )
        )
        parse_manifest_body(body)
        return body


def parse_manifest_body(untrusted: bytes) -> SiteManifest:
    """Parse the body of a manifest, which is also what is proposed to the root; raises MalformedError."""
    reader = Reader(untrusted, "site manifest")
    reader.expect(MANIFEST_MAGIC + u8(1))
    instance, number, made = reader.take(INSTANCE_BYTES), reader.uint(4), reader.uint(4)
    version, program = reader.lp(VERSION_MAX_BYTES), reader.take(HASH_BYTES)
    policy, settings = reader.lp(MANIFEST_POLICY_MAX_BYTES), reader.lp(MANIFEST_SETTINGS_MAX_BYTES)
    answers: dict[str, Answer] = {}
    last = b""
    count = reader.uint(2)
    if not 1 <= count <= MANIFEST_ANSWERS_MAX:
        reader.fail("format.answer-count")
    for _ in range(count):
        path, kind, sha256 = reader.lp(PATH_MAX_BYTES), reader.uint(1), reader.take(HASH_BYTES)
        if path <= last or not _PATH.match(path):
            reader.fail("format.address")
        if kind > 1:
            reader.fail("format.flags")
        answers[path.decode("ascii")] = Answer(sha256, bool(kind))
        last = path
    reader.end()
    if not 1 <= number <= MANIFEST_NUMBER_MAX:
        reader.fail("format.number")
    if not _VERSION.match(version) or not _POLICY.match(policy):
        raise MalformedError("format.text")
    text(settings)
    return SiteManifest(
        instance, number, Day(made), version.decode("ascii"), program, policy.decode("ascii"), settings, answers
    )


def split_manifest(untrusted: bytes) -> tuple[bytes, bytes]:
    """Return (body, signature) of a signed manifest; raises MalformedError. Verifies nothing."""
    reader = Reader(untrusted, "site manifest")
    reader.expect(MANIFEST_MAGIC)
    body = reader.lp()
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    return body, signature


def encode_manifest(body: bytes, signature: bytes) -> bytes:
    """Return the bytes of a signed manifest."""
    return MANIFEST_MAGIC + lp(body) + signature
