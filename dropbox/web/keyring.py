"""The live keyring: the newest key bundle of every desk, verified from the pinned root at each change.

Rule: a key is given out only for its own week, under a certificate that holds today; else the desk is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address
from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import MalformedError, UntrustedError
from dropbox.store.database import Store
from dropbox.trust import trust_of
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import KeyBundle, RootAnchor, parse_key_bundle
from dropbox.wire.signed import Certificate

_KINDS: Final = ("keys", "revocations")


@dataclass(frozen=True)
class DeskKeys:
    """One desk's verified keys."""

    name: str
    certificate: Certificate
    bundle: KeyBundle

    def key(self, today: int) -> EpochPublicKey | None:
        """The key of today's epoch, or None when the desk cannot be addressed today."""
        raw = self.bundle.epochs.get(epoch_of(today))
        if raw is None or not self.certificate.first <= today <= self.certificate.last:
            return None
        return EpochPublicKey(raw)


@dataclass(frozen=True)
class Keyring:
    """All desks, in the order of their slots."""

    instance: bytes
    desks: tuple[DeskKeys, ...]

    def names(self) -> list[str]:
        """Desk names in the order of their slots."""
        return [desk.name for desk in self.desks]

    def open_desks(self, today: int) -> list[str]:
        """Desks that can be addressed today."""
        return [desk.name for desk in self.desks if desk.key(today)]

    def address(self, name: str, today: int) -> Address | None:
        """Where a message to that desk goes today, or None when it cannot be sealed."""
        for slot, desk in enumerate(self.desks):
            key = desk.key(today) if desk.name == name else None
            if key:
                return Address(self.instance, epoch_of(today), len(self.desks), slot, key)
        return None


class LiveKeyring:
    """Reads the keyring from the store and verifies it anew whenever a number or the day has changed.

    The store never takes two bodies of one number; what somebody slips into it under an old one is not even read.
    """

    def __init__(self, store: Store, anchor: RootAnchor) -> None:
        self._store = store
        self._anchor = anchor
        self._seen: object = None
        self._keyring = Keyring(anchor.instance, ())

    def get(self, today: int) -> Keyring:
        """The keyring of today; a desk whose objects do not verify is left out (and so closed)."""
        numbers = self._store.published.numbers()
        seen = (today, {place: number for place, number in numbers.items() if place[0] in _KINDS})
        if seen != self._seen:
            published = [(desk, item.body) for desk, item in self._store.published.all("keys")]
            trust = trust_of(self._store, self._anchor, today)
            self._keyring = Keyring(self._anchor.instance, tuple(self._verified(trust, published)))
            self._seen = seen
        return self._keyring

    @staticmethod
    def _verified(trust: Trust, published: Iterable[tuple[str, bytes]]) -> Iterable[DeskKeys]:
        for desk, untrusted in published:
            try:
                body = open_object(trust, untrusted, "keys", dated=False)
                if body.head.desk == desk:
                    yield DeskKeys(desk, body.certificate, parse_key_bundle(body.body))
            except (MalformedError, UntrustedError):
                continue
