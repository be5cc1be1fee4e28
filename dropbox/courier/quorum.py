"""Which desks must have given a receipt before a blob goes.

Rule: a desk that could still open a blob is waited for, also while its certificate is over. One whose key was revoked
is waited for as long as a restored vault of it may hold the keys, and for reports of the weeks until then alone.
"""

from dropbox.courier.checking import CheckedReturn
from dropbox.crypto.signing import open_revocations
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS
from dropbox.trust import ALL_DESKS
from dropbox.wire.calendar import date_of, epoch_last_day, epoch_of
from dropbox.wire.keyring import RootAnchor, parse_keyed_bundle
from dropbox.wire.signed import parse_certificate, parse_object, split_certificate


def waited_for(store: Store, anchor: RootAnchor, checked: CheckedReturn, today: int) -> dict[str, int]:
    """The last epoch for whose blobs each desk is waited for; the return's own desk always."""
    # What the running transaction has put is not visible yet: the return's own keys, and its list of revocations.
    revoked = {**_revoked(store, anchor), **open_revocations(anchor, checked.revocations).keys}
    desks = {}
    for desk, station in _stations(store).items():
        day = revoked.get(station)
        if day is None:
            desks[desk] = ALWAYS
        elif today <= _until(day):
            desks[desk] = epoch_of(day)
    return {**desks, checked.desk: ALWAYS}


def sentences(store: Store, anchor: RootAnchor, desk: str, today: int) -> list[str]:
    """Which revoked desks are still waited for, and until when."""
    revoked, said = _revoked(store, anchor), []
    for other, station in _stations(store).items():
        if station in revoked and other != desk:
            until = _until(revoked[station])
            if today <= until:
                said.append(
                    f"the key of the desk {other} is revoked: reports of the weeks before stay here until"
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
    found = {}
    for desk, item in store.published.all("keys"):
        certificate = parse_object(parse_keyed_bundle(item.body).signed).certificate
        found[desk] = parse_certificate(split_certificate(certificate)[0]).station
    return found
