"""Finds the last days of what the store publishes: root, list of revocations, and each desk's certificate and keys.

Rule: only what verifies from the pinned root counts, and a gap in the weekly keys ends them.
"""

from dataclasses import dataclass

from dropbox.crypto.keyring import DeskKeys
from dropbox.published.keyring import LiveKeyring
from dropbox.published.trust import revocations_days_left
from dropbox.store.database import Store
from dropbox.wire.calendar import Day, epoch_last_day, epoch_of
from dropbox.wire.keyring import RootAnchor


@dataclass(frozen=True)
class DeskEnds:
    """The last days of one desk.

    Attributes:
        desk: its name.
        certificate: last day of its certificate.
        epochs: last day of its unbroken weekly keys, None if there is no key for this week.
    """

    desk: str
    certificate: Day
    epochs: Day | None


@dataclass(frozen=True)
class KeyEnds:
    """The last days of all keys; `revocations` is None without a list."""

    root: Day
    revocations: Day | None
    desks: tuple[DeskEnds, ...]

    def last_day(self, desk: DeskEnds) -> Day | None:
        """Return the last day on which reports can be sealed to a desk, None if they cannot be today."""
        if desk.epochs is None or self.revocations is None:
            return None
        return min(self.root, self.revocations, desk.certificate, desk.epochs)

    def until(self) -> Day | None:
        """Return the last day on which reports can be sealed to all desks, None if one is closed or none is here."""
        days = [self.last_day(desk) for desk in self.desks]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None


def key_ends(store: Store, anchor: RootAnchor, today: Day) -> KeyEnds:
    """Return the last days of the published keys.

    Args:
        store: holds the keys of each desk.
        anchor: the pinned root.
        today: day number, UTC.

    Raises:
        MalformedError, UntrustedError: the stored list of revocations does not verify.
    """
    left = revocations_days_left(store, anchor, today)
    desks = LiveKeyring(store, anchor).keyring_file_desks(today)
    return KeyEnds(
        anchor.last,
        None if left is None else Day(today + left),
        tuple(DeskEnds(desk.name, desk.certificate.last, _last_of_epochs(desk, today)) for desk in desks),
    )


def _last_of_epochs(desk: DeskKeys, today: Day) -> Day | None:
    epoch = this_week = epoch_of(today)
    while epoch in desk.keys:
        epoch += 1  # type: ignore[assignment]
    return epoch_last_day(epoch - 1) if epoch > this_week else None
