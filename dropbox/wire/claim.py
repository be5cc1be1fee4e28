"""Parses and builds proofs of authorship (FORMAT "Claim"). No keys.

Rule: a claim has exactly one encoding, and its text is never empty.
"""

import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, desk_name, is_blank, lp, text, u8
from dropbox.wire.signed import SIGNATURE_BYTES

CLAIM_MAGIC: Final = b"DBXM"
CHALLENGE_BYTES: Final = 32
STATEMENT_MAX_CHARACTERS: Final = 25_000  # what a page accepts: at most STATEMENT_MAX_BYTES in any script
STATEMENT_MAX_BYTES: Final = 4 * STATEMENT_MAX_CHARACTERS


@dataclass(frozen=True)
class Claim:
    """A claimant's text for a desk, in answer to its challenge (32 bytes), under a claim key (32 bytes)."""

    instance: bytes
    desk: str
    challenge: bytes
    key: bytes
    statement: str

    def encode(self) -> bytes:
        """Return the bytes that the claim key signs."""
        head = CLAIM_MAGIC + u8(1) + self.instance + desk_name(self.desk)
        return head + self.challenge + self.key + lp(self.statement.encode("utf-8"))


def parse_challenge(typed: str) -> bytes:
    """Parse a typed challenge: 64 hex digits in any case, with blanks, - or : between them; raises MalformedError."""
    digits = re.sub(r"[\s:-]", "", typed)
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * CHALLENGE_BYTES}}}", digits):
        raise MalformedError("claim.challenge")
    return bytes.fromhex(digits)


def parse_claim(untrusted: bytes) -> tuple[Claim, bytes]:
    """Return (claim, signature) of a claim's file; raises MalformedError. The signature is not verified here."""
    reader = Reader(untrusted, "claim")
    reader.expect(CLAIM_MAGIC + u8(1))
    instance, desk = reader.take(INSTANCE_BYTES), reader.desk()
    challenge, key = reader.take(CHALLENGE_BYTES), reader.take(HASH_BYTES)
    claim = Claim(instance, desk, challenge, key, text(reader.lp(STATEMENT_MAX_BYTES)))
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    if is_blank(claim.statement):
        raise MalformedError("claim.empty")
    return claim, signature
