"""Verifies certificates, signed objects, revocations and files from the pinned root (FORMAT "Signatures").

Rule: each function returns a verified value or raises; none returns a boolean that a caller could ignore.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import nacl.bindings
import nacl.exceptions

from dropbox.crypto.kdf import labelled_hash
from dropbox.errors import UntrustedError
from dropbox.limits import CERTIFICATE_DAYS, MADE_AHEAD_DAYS, REVOCATIONS_DAYS
from dropbox.wire.calendar import Day
from dropbox.wire.fields import LABEL_ROOT, Reader, lp
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.signed import (
    COUNTED,
    SIGNATURE_BYTES,
    Certificate,
    Head,
    Revocations,
    UntrustedObject,
    numbers_of,
    parse_certificate,
    parse_file_signature,
    parse_object,
    parse_revocations,
    read_head,
    split_certificate,
)

CERTIFICATE: Final = "certificate"
REVOCATIONS: Final = "revocations"
FILE: Final = "file"


def signed_message(label: str, instance: bytes, body: bytes) -> bytes:
    """Return lp("dropbox/v1/sign/" ‖ label) ‖ lp(instance) ‖ lp(SHA-256(body))."""
    return hashed_message(label, instance, hashlib.sha256(body).digest())


def hashed_message(label: str, instance: bytes, sha256: bytes) -> bytes:
    """Return the signed message of a body given by its SHA-256, because it is too long for memory."""
    return lp(LABEL_ROOT + b"sign/" + label.encode("ascii")) + lp(instance) + lp(sha256)


def verify(public_key: bytes, label: str, instance: bytes, body: bytes, signature: bytes) -> Literal[True]:
    """Verify an Ed25519 signature (RFC 8032, strict: libsodium rejects S >= L, small-order and non-canonical points).

    Args:
        public_key: 32 bytes.
        label: domain of the signature.
        instance: 16 bytes.
        body: the signed bytes.
        signature: 64 bytes.

    Returns:
        True.

    Raises:
        UntrustedError: the signature is wrong.
    """
    return verify_hashed(public_key, label, instance, hashlib.sha256(body).digest(), signature)


def verify_hashed(public_key: bytes, label: str, instance: bytes, sha256: bytes, signature: bytes) -> Literal[True]:
    """Verify as `verify` does, for a body given by its SHA-256; raises UntrustedError."""
    if len(signature) != SIGNATURE_BYTES:
        raise UntrustedError("signature.size")
    try:
        nacl.bindings.crypto_sign_open(signature + hashed_message(label, instance, sha256), public_key)
    except (nacl.exceptions.CryptoError, ValueError):
        raise UntrustedError("signature.wrong", kind=label) from None
    return True


def root_fingerprint(anchor: RootAnchor) -> bytes:
    """Return HASH("root fingerprint", root.pub), 32 bytes."""
    return labelled_hash("root fingerprint", anchor.encode())


def station_fingerprint(station: bytes) -> bytes:
    """Return HASH("station fingerprint", station public key), 32 bytes."""
    return labelled_hash("station fingerprint", station)


def epoch_fingerprint(key_sha256: bytes) -> bytes:
    """Return HASH("epoch fingerprint", SHA-256 of the epoch public key), 32 bytes; a key bundle is enough for it."""
    return labelled_hash("epoch fingerprint", key_sha256)


@dataclass(frozen=True)
class Trust:
    """The starting point of every verification.

    Attributes:
        anchor: the pinned root.
        today: day number, UTC.
        revoked: public keys (32 bytes) that are no longer trusted.
        ahead: number of days after today that a head's date may have: two where people set the clock.
    """

    anchor: RootAnchor
    today: Day
    revoked: frozenset[bytes] = frozenset()
    ahead: int = MADE_AHEAD_DAYS


def verify_certificate(trust: Trust, untrusted: bytes, *, dated: bool = True) -> Certificate:
    """Verify that the pinned root signed a certificate and that it is valid today (FORMAT "Certificate", steps 1 to 8).

    Args:
        trust: anchor, day and revocations.
        untrusted: lp(body) ‖ signature.
        dated: False to accept an expired certificate (for a board that is only old).

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, is revoked, or is not valid today.
    """
    anchor = trust.anchor
    body, signature = split_certificate(untrusted)
    verify(anchor.key, CERTIFICATE, anchor.instance, body, signature)
    certificate = parse_certificate(body)
    if certificate.instance != anchor.instance:
        raise UntrustedError("certificate.other-instance")
    if certificate.demo != anchor.demo:
        raise UntrustedError("certificate.demo")
    if not 0 <= certificate.last - certificate.first <= CERTIFICATE_DAYS:
        raise UntrustedError("certificate.too-many-days")
    if certificate.station in trust.revoked:
        raise UntrustedError("certificate.revoked")
    if trust.today > anchor.last:
        raise UntrustedError("certificate.root-expired")
    if dated and not certificate.first <= trust.today <= certificate.last:
        raise UntrustedError("certificate.day")
    return certificate


@dataclass(frozen=True)
class VerifiedBody:
    """A body whose signature by its desk's station was verified."""

    label: str
    certificate: Certificate
    head: Head
    body: bytes


def open_object(trust: Trust, untrusted: bytes, label: str, *, dated: bool = True) -> VerifiedBody:
    """Verify a signed object and return its body.

    Args:
        trust: anchor, day and revocations.
        untrusted: bytes of a signed object.
        label: the expected kind, one of the values of wire.signed.LABELS.
        dated: False to accept an expired certificate.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: another label, no chain to the root, or a number or date that its certificate does not allow.
    """
    parsed = parse_object(untrusted)
    check_label(parsed, label)
    certificate = verify_certificate(trust, parsed.certificate, dated=dated)
    head = read_head(Reader(parsed.body, label))
    if head.instance != certificate.instance or head.desk != certificate.desk:
        raise UntrustedError("signature.other-desk")
    verify(certificate.station, label, certificate.instance, parsed.body, parsed.signature)
    if label in COUNTED:
        if head.number not in numbers_of(certificate.serial):
            raise UntrustedError("signature.number")
        verify_made(trust, certificate, head.made)
    return VerifiedBody(label, certificate, head, parsed.body)


def check_label(parsed: UntrustedObject, label: str) -> None:
    """Raise UntrustedError if the object is of another kind than `label`."""
    if parsed.label != label:
        raise UntrustedError("signature.kind", kind=label)


def verify_made(trust: Trust, certificate: Certificate, made: int) -> Literal[True]:
    """Return True if day `made` lies in the certificate's days and not in the future, else raise UntrustedError."""
    if not certificate.first <= made <= certificate.last:
        raise UntrustedError("signature.outside-days")
    if made > trust.today + trust.ahead:
        raise UntrustedError("signature.future")
    return True


def open_revocations(anchor: RootAnchor, untrusted: bytes) -> Revocations:
    """Verify that the pinned root signed a revocation list of any day; raises MalformedError or UntrustedError."""
    revocations, body, signature = parse_revocations(untrusted)
    verify(anchor.key, REVOCATIONS, anchor.instance, body, signature)
    if revocations.instance != anchor.instance:
        raise UntrustedError("revocations.other-instance")
    return revocations


def revoked_today(trust: Trust, untrusted: bytes) -> frozenset[bytes]:
    """Return the revoked public keys (32 bytes) of a list that is valid today.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: the root did not sign it, it is older than REVOCATIONS_DAYS, or of a future day.
    """
    revocations = open_revocations(trust.anchor, untrusted)
    if revocations.made > trust.today + trust.ahead:
        raise UntrustedError("revocations.future")
    if trust.today - revocations.made > REVOCATIONS_DAYS:
        raise UntrustedError("revocations.old")
    return frozenset(revocations.keys)


def verify_file(anchor: RootAnchor, file: bytes, untrusted_signature: bytes) -> Literal[True]:
    """Return True if the pinned root signed exactly this file; raises MalformedError or UntrustedError."""
    parsed = parse_file_signature(untrusted_signature)
    if parsed.instance != anchor.instance:
        raise UntrustedError("signature.other-instance")
    if parsed.sha256 != hashlib.sha256(file).digest():
        raise UntrustedError("signature.other-file")
    return verify(anchor.key, FILE, anchor.instance, file, parsed.signature)
