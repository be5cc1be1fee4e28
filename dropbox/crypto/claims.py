"""Proves and verifies authorship of a report, years later, with receipt code and passphrase (FORMAT "Claim").

    claim = body ‖ Ed25519(claim key, "claim", instance, body)

Rule: the claim's text and the desk's challenge are signed together, so that a proof cannot be used for another purpose.
"""

from dropbox.crypto.secret import ReporterSecret
from dropbox.crypto.signing import verify
from dropbox.errors import UntrustedError
from dropbox.wire.claim import Claim, parse_claim

_LABEL = "claim"


def make_claim(secret: ReporterSecret, instance: bytes, desk: str, challenge: bytes, statement: str) -> bytes:
    """Return the bytes of a claim's file.

    Args:
        secret: receipt code and passphrase of the report.
        instance: 16 bytes.
        desk: name of the desk that received the report.
        challenge: 32 bytes, from that desk.
        statement: the claimant's text.

    Raises:
        MalformedError: the desk's name is invalid.
    """
    claim = Claim(instance, desk, challenge, secret.keys(instance, desk).claim, statement)
    return claim.encode() + secret.sign_claim(instance, desk, _LABEL, claim.encode())


def verify_claim(untrusted: bytes, expected_key: bytes, instance: bytes, desk: str, challenge: bytes) -> str:
    """Verify that the holder of the report's claim key answered this challenge; returns the claim's text.

    Args:
        untrusted: bytes of a claim's file.
        expected_key: claim key of the report, 32 bytes.
        instance: 16 bytes.
        desk: name of this desk.
        challenge: the challenge that this desk gave, 32 bytes.

    Raises:
        MalformedError: not a claim.
        UntrustedError: the claim is for another instance, desk, challenge or report, or is forged.
    """
    claim, signature = parse_claim(untrusted)
    if claim.instance != instance:
        raise UntrustedError("claim.other-instance")
    if claim.desk != desk:
        raise UntrustedError("claim.other-desk")
    if claim.challenge != challenge:
        raise UntrustedError("claim.other-challenge")
    if claim.key != expected_key:
        raise UntrustedError("claim.other-report")
    verify(claim.key, _LABEL, instance, claim.encode(), signature)
    return claim.statement
