"""Verifies a keyring from the pinned root down to the keys of this week (FORMAT "Keyring file").

Rule: a key is used only in its own week and under a certificate that is valid today; otherwise the desk is closed.
"""

import itertools
from dataclasses import dataclass

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.key_bundle import VerifiedKeys, open_keyed_bundle
from dropbox.crypto.sealing import Address
from dropbox.crypto.signing import Trust, revoked_today, verify_certificate
from dropbox.errors import UntrustedError
from dropbox.limits import DESKS_MAX, READER_AHEAD_DAYS
from dropbox.wire.bundle import take_objects
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import Reader
from dropbox.wire.keyring import RootAnchor, parse_keyed_bundle
from dropbox.wire.signed import parse_object


@dataclass(frozen=True)
class DeskKeys(VerifiedKeys):
    """One desk's verified keys."""

    @classmethod
    def from_verified(cls, verified: VerifiedKeys) -> "DeskKeys":
        """Return the keys of a verified bundle."""
        return cls(verified.certificate, verified.bundle, verified.keyed)

    @property
    def name(self) -> str:
        """Name of the desk."""
        return self.bundle.head.desk

    def key(self, today: Day) -> EpochPublicKey | None:
        """Return the key of today's epoch, or None if the desk is closed on that day number."""
        raw = self.keys.get(epoch_of(today))
        if raw is None or not self.certificate.first <= today <= self.certificate.last:
            return None
        return EpochPublicKey(raw)


@dataclass(frozen=True)
class Keyring:
    """All desks, in the order of their slots."""

    instance: bytes
    desks: tuple[DeskKeys, ...]

    def names(self) -> list[str]:
        """Return the desk names in the order of their slots."""
        return [desk.name for desk in self.desks]

    def open_desks(self, today: Day) -> list[str]:
        """Return the names of the desks that are open on that day number."""
        return [desk.name for desk in self.desks if desk.key(today)]

    def address(self, name: str, today: Day) -> Address | None:
        """Return the address of a message to that desk on that day number, or None if the desk is closed or unknown."""
        for slot, desk in enumerate(self.desks):
            key = desk.key(today) if desk.name == name else None
            if key:
                return Address(self.instance, epoch_of(today), len(self.desks), slot, key)
        return None


def verify_keyring(untrusted: bytes, anchor: RootAnchor, today: Day) -> Keyring:
    """Verify a keyring file for a day number (UTC); at least one of its desks is open.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: something in it does not lead to the root, or no desk is open.
    """
    reader = Reader(untrusted, "keyring")
    objects, revocations = take_objects(reader), reader.lp()
    reader.end()
    if not 1 <= len(objects) <= DESKS_MAX:
        reader.fail("format.desk-count")
    trust = Trust(anchor, today, ahead=READER_AHEAD_DAYS)
    revoked = revoked_today(trust, revocations)
    desks: list[DeskKeys] = []
    for packed in objects:
        certificate = verify_certificate(
            trust, parse_object(parse_keyed_bundle(packed).signed).certificate, dated=False
        )
        if certificate.station in revoked:
            continue  # such a desk has no slot; what its key signed is not read
        desks.append(DeskKeys.from_verified(open_keyed_bundle(trust, packed)))
    if not desks:
        raise UntrustedError("key.all-revoked")
    if any(one.name >= other.name for one, other in itertools.pairwise(desks)):
        reader.fail("format.desk-order")
    keyring = Keyring(anchor.instance, tuple(desks))
    if not keyring.open_desks(today):
        raise UntrustedError("key.none-today")
    return keyring
