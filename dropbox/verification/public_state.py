"""Takes over what a site has published: keys, revocations, boards, statistics, and the signature of the sealer.

Rule: only what verifies from the pinned root is taken, and only as a whole: all keys that a bundle names, all shards of
a board. A number never decreases and never has two texts.
"""

from collections.abc import Callable, Iterator
from typing import Final

from dropbox.crypto.key_bundle import open_keyed_bundle
from dropbox.crypto.signing import Trust, open_object, open_revocations
from dropbox.errors import RefusedError
from dropbox.limits import DESKS_MAX, MIB
from dropbox.published.trust import ALL_DESKS
from dropbox.store.database import Store
from dropbox.wire.board import check_whole, parse_board
from dropbox.wire.bundle import take_objects, unpack_objects
from dropbox.wire.fields import Reader
from dropbox.wire.signed import read_head

KEYRING: Final = "/data/kunci-lengkap"
BOARDS: Final = "/data/papan"
STATISTICS: Final = "/data/statistik"
PUBLISHED: Final = (KEYRING, BOARDS, STATISTICS)
MOST_BYTES: Final = 256 * MIB  # of one of them: boards of 16 384 cells and eight desks

_Item = tuple[str, str, int, bytes]  # kind, desk, number, body


def take(store: Store, trust: Trust, address: str, untrusted: bytes) -> None:
    """Put what stands at one of the addresses into a store.

    Args:
        store: of the replica.
        trust: the pinned root and the day; what was revoked meanwhile is still published, so no key counts as revoked.
        address: one of PUBLISHED.
        untrusted: the bytes.

    Raises:
        MalformedError: they break the grammar.
        UntrustedError: something in them does not lead to the root.
        RefusedError: something is older than what was taken before, or another text under the same number; or a key is
            missing.
    """
    items = list(_READERS[address](trust, untrusted))
    with store.transaction() as tx:
        for kind, desk, number, body in items:
            store.published.put(tx, kind, desk, number, body)


def _keyring(trust: Trust, untrusted: bytes) -> Iterator[_Item]:
    reader = Reader(untrusted, "keyring")
    bundles, revocations = take_objects(reader), reader.lp()
    reader.end()
    if len(bundles) > DESKS_MAX:
        reader.fail("format.desk-count")
    if revocations:
        yield "revocations", ALL_DESKS, open_revocations(trust.anchor, revocations).number, revocations
    for packed in bundles:
        opened = open_keyed_bundle(trust, packed)
        head = opened.bundle.head
        if opened.keys.keys() != opened.bundle.epochs.keys():  # "carries all": no import takes less
            raise RefusedError("verify.keys-left-out", place=head.desk)
        yield "keys", head.desk, head.number, packed


def _boards(trust: Trust, untrusted: bytes) -> Iterator[_Item]:
    for packed in unpack_objects(untrusted):
        opened = (open_object(trust, shard, "board", dated=False) for shard in unpack_objects(packed))
        shards = [parse_board(one.body) for one in opened]
        check_whole(shards)
        head = shards[0].head
        yield "board", head.desk, head.number, packed


def _statistics(trust: Trust, untrusted: bytes) -> Iterator[_Item]:
    for signed in unpack_objects(untrusted):
        body = open_object(trust, signed, "statistics", dated=False).body
        head = read_head(Reader(body, "statistics"))
        yield "statistics", head.desk, head.number, signed


_READERS: Final[dict[str, Callable[[Trust, bytes], Iterator[_Item]]]] = {
    KEYRING: _keyring,
    BOARDS: _boards,
    STATISTICS: _statistics,
}
