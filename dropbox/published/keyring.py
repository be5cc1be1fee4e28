"""Keeps the live keyring: the newest key bundle of every desk, verified from the pinned root at each change.

Rule: a bundle that does not verify is left out, so its desk is closed.
"""

from collections.abc import Iterable
from typing import Final

from dropbox.crypto.key_bundle import open_keyed_bundle
from dropbox.crypto.keyring import DeskKeys, Keyring
from dropbox.crypto.signing import Trust
from dropbox.errors import MalformedError, UntrustedError
from dropbox.published.trust import revocations_days_left, trust_of
from dropbox.store.database import Store
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor

_KINDS: Final = ("keys", "revocations")


class LiveKeyring:
    """Reads the keyring from the store and verifies it again whenever a number or the day has changed.

    The store never accepts two bodies with one number; a body that an attacker swaps under an old number is not read.
    """

    def __init__(self, store: Store, anchor: RootAnchor) -> None:
        self._store = store
        self._anchor = anchor
        self._seen: object = None
        self._keyring = Keyring(anchor.instance, ())
        self._given_out: tuple[DeskKeys, ...] = ()
        self._published = 0

    def get(self, today: Day) -> Keyring:
        """Return the keyring of a day number (UTC); a desk whose objects do not verify is left out."""
        self._look(today)
        return self._keyring

    def keyring_file_desks(self, today: Day) -> tuple[DeskKeys, ...]:
        """Return the desks of the keyring file, also when the list of revocations or the root has expired.

        Browsers check that themselves and say so. A file without desks would be malformed, which means a forgery.
        """
        self._look(today)
        return self._given_out

    def _look(self, today: Day) -> None:
        numbers = self._store.published.numbers()
        seen = (today, {place: number for place, number in numbers.items() if place[0] in _KINDS})
        if seen != self._seen:
            published = [(desk, item.body) for desk, item in self._store.published.all("keys")]
            # After the root has expired nothing verifies; bundles that were valid until then are still recognised.
            trust = trust_of(self._store, self._anchor, min(today, self._anchor.last))
            self._given_out = tuple(self._verified(trust, published))
            left = revocations_days_left(self._store, self._anchor, today)
            # If no browser would seal, neither does the server.
            is_over = left is None or left < 0 or today > self._anchor.last
            self._keyring = Keyring(self._anchor.instance, () if is_over else self._given_out)
            self._published = len(published)
            self._seen = seen

    def slots(self, today: Day) -> range:
        """Return the allowed numbers of slots: from the number of desks now, to that before some were revoked.

        A blob that was sealed under an earlier keyring may still arrive, and only its reporter could seal it again.
        """
        desks = len(self.keyring_file_desks(today))
        return range(desks, max(desks, self._published) + 1)

    @staticmethod
    def _verified(trust: Trust, published: Iterable[tuple[str, bytes]]) -> Iterable[DeskKeys]:
        for desk, untrusted in published:
            try:
                keys = DeskKeys.from_verified(open_keyed_bundle(trust, untrusted))
                if keys.name == desk:
                    yield keys
            except (MalformedError, UntrustedError):
                continue
