"""Checks a sealed blob before it is stored: a header for this site, a legal length, an epoch that is open today.

Rule: nothing more can be checked without keys, and nothing less is acknowledged. Stored blobs change no answer:
sending something twice, or something else in its place, gets the same answer.
"""

import functools
import hashlib
from collections.abc import Iterable, Iterator

from dropbox.errors import DamagedError, MalformedError, NotFoundError
from dropbox.limits import DESKS_MAX, EPOCH_COMPLETE_DAYS, RECORD_MAX_BYTES
from dropbox.store.blobs import BlobInfo
from dropbox.store.uploads import Promise
from dropbox.web.base.site import Site
from dropbox.wire.blob import HEADER_BYTES, blob_length, parse_header
from dropbox.wire.calendar import epoch_first_day, epoch_last_day
from dropbox.wire.padding import BUCKETS, bucket_for

_CLOCK_DAYS = 1  # a phone near midnight, or an hour off, may already live in the next epoch


class Refusal(Exception):  # noqa: N818  # it ends a request; the fault is in its key
    """A request that is answered with a text of base.messages.

    Attributes:
        key: of the text, and for machines.
        status: of the answer.
        body_read: whether the request's body was read to its end.
    """

    def __init__(self, key: str, status: int, *, body_read: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.status = status
        self.body_read = body_read


def legal_lengths(site: Site) -> frozenset[int]:
    """Return the lengths in bytes that a blob may have at this site."""
    return _lengths_up_to(bucket_for(min(site.settings.file_max_bytes + RECORD_MAX_BYTES, BUCKETS[-1] - 1)))


@functools.cache
def _lengths_up_to(most: int) -> frozenset[int]:
    buckets = [bucket for bucket in BUCKETS if bucket <= most]
    return frozenset(blob_length(slots, bucket) for slots in range(1, DESKS_MAX + 1) for bucket in buckets)


def keep_whole(site: Site, promise: Promise, data: bytes) -> None:
    """Store a blob that arrived in one piece, in one durable transaction; raises Refusal."""
    site.store.blobs.put(_describe(site, promise, [data]), data)


def keep_upload(site: Site, address: bytes, promise: Promise, last: bytes) -> None:
    """Make a blob of an upload and its last bytes.

    Args:
        site: the running site.
        address: of the upload.
        promise: what the upload announced at its start.
        last: the bytes that complete it.

    Raises:
        Refusal: with `wrong-offset` and with a status from 500 on the upload stays; else it is gone.
    """
    try:
        info = _describe(site, promise, _whole(site, address, last))
        site.store.blobs.complete(address, info, last)
    except (NotFoundError, MalformedError, DamagedError):  # it was ended, completed or continued meanwhile
        raise Refusal("wrong-offset", 409, body_read=True) from None
    except Refusal as refusal:
        if refusal.status < 500:
            site.store.blobs.abort(address)
        raise


def _whole(site: Site, address: bytes, last: bytes) -> Iterator[bytes]:
    yield from site.store.blobs.read_upload(address)
    yield last


def _describe(site: Site, promise: Promise, pieces: Iterable[bytes]) -> BlobInfo:
    sha256 = hashlib.sha256()
    front = b""
    for piece in pieces:
        sha256.update(piece)
        front += piece[: HEADER_BYTES - len(front)]
    epoch = checked_epoch(site, front, promise.length)
    return BlobInfo(promise.blob_id, promise.digest, epoch, promise.length, sha256.digest())


def checked_epoch(site: Site, untrusted_front: bytes, length: int) -> int:
    """Return the epoch in a blob's header; raises Refusal unless such a blob may be stored today."""
    today = site.utc_day()
    if today > site.anchor.last or not site.keyring.keyring_file_desks(today):
        raise Refusal("keys-expired", 503, body_read=True)
    try:
        header = parse_header(untrusted_front, site.instance)
        header.bucket_of(length)
    except MalformedError:
        raise Refusal("blob-refused", 422, body_read=True) from None
    if header.slots not in site.keyring.slots(today):
        raise Refusal("blob-refused", 422, body_read=True)
    if epoch_first_day(header.epoch) > today + _CLOCK_DAYS:
        raise Refusal("epoch-early", 422, body_read=True)
    if today - epoch_last_day(header.epoch) > EPOCH_COMPLETE_DAYS:
        raise Refusal("epoch-ended", 410, body_read=True)
    return header.epoch
