"""Which desks must have given a receipt before a blob goes.

Rule: a desk that could still open a blob is waited for, also while its certificate is over. One whose key was revoked
is waited for as long as a restored vault of it may hold the keys, with what may be sealed to it alone: blobs of the
weeks until then, and those with more slots than there are desks now, whose sealer did not know of the revocation yet.
"""

from dropbox.courier.checking import CheckedReturn
from dropbox.crypto.signing import open_revocations
from dropbox.limits import DESKS_MAX, EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS, Former
from dropbox.trust import ALL_DESKS
from dropbox.wire.blob import blob_length
from dropbox.wire.calendar import date_of, epoch_last_day, epoch_of
from dropbox.wire.keyring import RootAnchor, station_of
from dropbox.wire.padding import BUCKETS


def waited_for(store: Store, anchor: RootAnchor, checked: CheckedReturn, today: int) -> tuple[dict[str, int], Former]:
    """The last epoch for whose blobs each desk is waited for (the return's own desk always), and the revoked ones."""
    # What the running transaction has put is not visible yet: the return's own keys, and its list of revocations.
    revoked = {**_revoked(store, anchor), **open_revocations(anchor, checked.revocations).keys}
    desks = {checked.desk: ALWAYS}
    former = set()
    for desk, station in _stations(store).items():
        day = revoked.get(station)
        if day is None:
            desks[desk] = ALWAYS
        elif desk not in desks and today <= _until(day):
            former.add(desk)
            desks[desk] = epoch_of(day)
    return desks, Former(frozenset(former), _lengths_beyond(len(desks) - len(former)) if former else frozenset())


def _lengths_beyond(desks: int) -> frozenset[int]:
    """The lengths of blobs that have more slots than so many: a blob's length tells how many it has."""
    return frozenset(blob_length(slots, bucket) for slots in range(desks + 1, DESKS_MAX + 1) for bucket in BUCKETS)


def sentences(store: Store, anchor: RootAnchor, desk: str, today: int) -> list[str]:
    """Which revoked desks are still waited for, and until when."""
    revoked, said = _revoked(store, anchor), []
    for other, station in _stations(store).items():
        if station in revoked and other != desk:
            until = _until(revoked[station])
            if today <= until:
                said.append(
                    f"the key of the desk {other} is revoked: reports that may be for it stay here until"
                    f" {date_of(until)}, so that its restored vault can still collect them"
                )
    return said


def _until(day: int) -> int:
    return epoch_last_day(epoch_of(day)) + EPOCH_GRACE_DAYS + EPOCH_EXPIRY_DAYS


def _revoked(store: Store, anchor: RootAnchor) -> dict[bytes, int]:
    held = store.published.get("revocations", ALL_DESKS)
    return dict(open_revocations(anchor, held.body).keys) if held else {}


def _stations(store: Store) -> dict[str, bytes]:
    """The station key under which each desk published its newest keys."""
    return {desk: station_of(item.body) for desk, item in store.published.all("keys")}
