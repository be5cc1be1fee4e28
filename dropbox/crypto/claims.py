"""FORMAT "Claim": a reporter proves to have written a report, years later, with code and words.

    claim = body ‖ Ed25519(claim key, "claim", instance, body)

Rule: the statement and the desk's challenge are signed together, so that a proof says one thing, once.
"""

from dropbox.crypto.secret import ReporterSecret
from dropbox.crypto.signing import verify
from dropbox.errors import UntrustedError
from dropbox.wire.claim import Claim, parse_claim

_LABEL = "claim"


def make_claim(secret: ReporterSecret, instance: bytes, desk: str, challenge: bytes, statement: str) -> bytes:
    """The bytes of a claim's file.

    Args:
        secret: code and words of the report.
        instance: 16 bytes.
        desk: to which the report went.
        challenge: 32 bytes, from that desk.
        statement: what the claimant declares.
    """
    claim = Claim(instance, desk, challenge, secret.keys(instance, desk).claim, statement)
    return claim.encode() + secret.sign_claim(instance, desk, _LABEL, claim.encode())


def verify_claim(untrusted: bytes, expected_key: bytes, instance: bytes, desk: str, challenge: bytes) -> str:
    """The statement, if the holder of the report's claim key made it for this challenge.

    Raises:
        MalformedError: not a claim.
        UntrustedError: for another instance, desk, challenge or report, or forged.
    """
    claim, signature = parse_claim(untrusted)
    if claim.instance != instance:
        raise UntrustedError("the claim is of another instance")
    if claim.desk != desk:
        raise UntrustedError("the claim is for another desk")
    if claim.challenge != challenge:
        raise UntrustedError("the claim answers another challenge: it may be an old one")
    if claim.key != expected_key:
        raise UntrustedError("the claim is of another report: code and words are not this one's")
    verify(claim.key, _LABEL, instance, claim.encode(), signature)
    return claim.statement
