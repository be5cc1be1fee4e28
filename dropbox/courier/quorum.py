"""Which desks must have given a receipt before a blob goes.

Rule: a desk that could still open a blob is waited for, also while its certificate is over. One whose key was revoked
is waited for as long as a restored vault of it may hold the keys, with what may be sealed to it alone: blobs of the
weeks until then, and those with more slots than there are desks now, whose sealer did not know of the revocation yet.
"""

from collections.abc import Mapping

from dropbox.courier.checking import CheckedReturn
from dropbox.crypto.signing import open_revocations
from dropbox.limits import DESKS_MAX, EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.published.trust import ALL_DESKS
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
    """The last epoch for whose blobs each desk is waited for (the return's own desk always), and the revoked ones."""
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
    """The days on which keys were revoked, as the held list and the return's own have it.

    What the running transaction has put is not visible yet.
    """
    return {**_revoked(store, anchor), **open_revocations(anchor, checked.revocations).keys}


def _lengths_beyond(desks: int) -> frozenset[int]:
    """The lengths of blobs that have more slots than so many: a blob's length tells how many it has."""
    return frozenset(blob_length(slots, bucket) for slots in range(desks + 1, DESKS_MAX + 1) for bucket in BUCKETS)


def sentences(store: Store, anchor: RootAnchor, desk: str, today: Day) -> list[str]:
    """Which other desks are waited for although they bring no returns: revoked ones until when, late ones."""
    revoked, said = _revoked(store, anchor), []
    for other, certificate in _certificates(store).items():
        if other == desk:
            continue
        day = revoked.get(certificate.station)
        if day is None and certificate.last < today:
            said.append(
                f"the certificate of the desk {other} is over since {date_of(certificate.last)}: no report is deleted"
                " here before its next return. Renew it, or revoke its key if the desk is no more"
            )
        elif day is not None and today <= _until(Day(day)):
            said.append(
                f"the key of the desk {other} is revoked: reports that may be for it stay here until"
                f" {date_of(_until(Day(day)))}, so that its restored vault can still collect them"
            )
    return said


def _until(day: Day) -> int:
    return epoch_last_day(epoch_of(day)) + EPOCH_GRACE_DAYS + EPOCH_EXPIRY_DAYS


def _revoked(store: Store, anchor: RootAnchor) -> dict[bytes, int]:
    held = store.published.get("revocations", ALL_DESKS)
    return dict(open_revocations(anchor, held.body).keys) if held else {}


def _certificates(store: Store) -> dict[str, Certificate]:
    """The certificate under which each desk published its newest keys."""
    return {desk: certificate_of(item.body) for desk, item in store.published.all("keys")}
