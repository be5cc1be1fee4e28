"""Verify a claim of authorship (FORMAT.md, "Claim")."""

from .grammar import DESK, Cursor, blank, need, text
from .primitives import signature_holds


def read_claim(data: bytes, instance: bytes, desk: str, challenge: bytes, key: bytes) -> str:
    """Verify a claim against what the desk expects: its statement. Raises Stop."""
    cursor = Cursor(data)
    cursor.expect(b"DBXM\1")
    claimed_instance, claimed_desk = cursor.take(16), cursor.ascii(DESK)
    claimed_challenge, claimed_key, untrusted_statement = cursor.take(32), cursor.take(32), cursor.lp()
    body = data[: cursor.at]
    signature = cursor.take(64)
    cursor.end()
    need(1 <= len(untrusted_statement) <= 100_000, "malformed")
    statement = text(untrusted_statement)
    need(not blank(statement), "malformed")
    need(claimed_instance == instance, "instance")
    need(claimed_desk == desk, "desk")
    need(claimed_challenge == challenge, "challenge")
    need(claimed_key == key, "key")
    need(signature_holds(key, "claim", instance, body, signature), "signature")
    return statement
