"""Decides which desks must give a receipt before a blob is deleted.

Rule: a desk that could still open a blob is required, also after its certificate expired. A desk whose key was revoked
is required while a restored vault may hold its keys, and only for blobs that may be sealed to it: those of the weeks
until the revocation, and those with more slots than there are desks now (their sealer did not yet know of it).
"""

from collections.abc import Mapping

from dropbox.courier.checking import CheckedReturn
from dropbox.crypto.signing import open_revocations
from dropbox.limits import DESKS_MAX, EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.published.trust import ALL_DESKS
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS, FormerDesks
from dropbox.wire.blob import blob_length
from dropbox.wire.calendar import Day, date_of, epoch_last_day, epoch_of
from dropbox.wire.keyring import RootAnchor, certificate_of
from dropbox.wire.padding import BUCKETS
from dropbox.wire.signed import Certificate


def required_desks(
    store: Store, checked: CheckedReturn, revoked: Mapping[bytes, int], today: Day
) -> tuple[dict[str, int], FormerDesks]:
    """Return the last epoch for whose blobs each desk is required, and the former (revoked) desks.

    Args:
        store: holds the newest key bundle of each desk.
        checked: the reply bundle that is being imported; its own desk is always required.
        revoked: day number of revocation by public key.
        today: day number, UTC.
    """
    desks = {checked.desk: ALWAYS}
    former = set()
    for desk, certificate in _certificates(store).items():
        day = revoked.get(certificate.station)
        if day is None:
            desks[desk] = ALWAYS
        elif desk not in desks and today <= _until(Day(day)):
            former.add(desk)
            desks[desk] = epoch_of(day)
    return desks, FormerDesks(frozenset(former), _lengths_beyond(len(desks) - len(former)) if former else frozenset())


def revoked_since(store: Store, anchor: RootAnchor, checked: CheckedReturn) -> dict[bytes, int]:
    """Return the day number of revocation by public key, from the stored list and the reply bundle's own.

    Values that the running transaction has written are not visible yet.
    """
    return {**_revoked(store, anchor), **open_revocations(anchor, checked.revocations).keys}


def _lengths_beyond(desks: int) -> frozenset[int]:
    """Return the lengths of blobs with more than `desks` slots: a blob's length determines its number of slots."""
    return frozenset(blob_length(slots, bucket) for slots in range(desks + 1, DESKS_MAX + 1) for bucket in BUCKETS)


def sentences(store: Store, anchor: RootAnchor, desk: str, today: Day) -> list[Sentence]:
    """Return sentences about other required desks that bring no reply bundles: revoked ones, and late ones.

    Args:
        store: holds the newest key bundle of each desk.
        anchor: the pinned root.
        desk: the desk whose bundle was imported, or empty; no sentence is about it.
        today: day number, UTC.
    """
    revoked = _revoked(store, anchor)
    said: list[Sentence] = []
    for other, certificate in _certificates(store).items():
        if other == desk:
            continue
        day = revoked.get(certificate.station)
        if day is None and certificate.last < today:
            said.append(Sentence("courier.desk-over", desk=other, day=date_of(certificate.last)))
        elif day is not None and today <= _until(Day(day)):
            said.append(Sentence("courier.desk-revoked", desk=other, day=date_of(_until(Day(day)))))
    return said


def _until(day: Day) -> int:
    return epoch_last_day(epoch_of(day)) + EPOCH_GRACE_DAYS + EPOCH_EXPIRY_DAYS


def _revoked(store: Store, anchor: RootAnchor) -> dict[bytes, int]:
    held = store.published.get("revocations", ALL_DESKS)
    return dict(open_revocations(anchor, held.body).keys) if held else {}


def _certificates(store: Store) -> dict[str, Certificate]:
    """Return the certificate under which each desk published its newest keys, by desk name."""
    return {desk: certificate_of(item.body) for desk, item in store.published.all("keys")}
