"""FORMAT "Return": an untrusted bundle becomes a checked one, or nothing.

Rule: every signature of every object leads to the pinned root before any of it counts. Changes nothing, opens nothing.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dropbox.crypto.key_bundle import verify_keys
from dropbox.crypto.signing import Trust, VerifiedBody, open_object, verify_certificate
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.wire.board import check_whole, parse_board
from dropbox.wire.bundle import pack_objects, parse_return
from dropbox.wire.fields import HASH_BYTES
from dropbox.wire.keyring import KeyBundle, KeyedBundle, parse_key_bundle
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.signed import parse_object
from dropbox.wire.statistics import parse_statistics

FIRST_PREVIOUS: Final = bytes(HASH_BYTES)


@dataclass(frozen=True)
class SignedKeys:
    """A verified key bundle, with its keys if it is the newest: as the store keeps it, and its contents."""

    keyed: KeyedBundle
    body_sha256: bytes
    bundle: KeyBundle


@dataclass(frozen=True)
class PackedBoard:
    """All shards of one verified board, as the store keeps them."""

    number: int
    packed: bytes


@dataclass(frozen=True)
class SignedStatistics:
    """Verified statistics, as the store keeps them."""

    number: int
    signed: bytes


@dataclass(frozen=True)
class CheckedReturn:
    """A return bundle of which every signature holds.

    Attributes:
        desk: whose it is.
        number: of the return.
        body_sha256: tells it from another return of the same number.
        keys: its key bundles by number, ascending.
        board: its board, if it has one; likewise statistics.
        statistics: see board.
        receipts: SHA-256 of examined blobs, ascending.
    """

    desk: str
    number: int
    body_sha256: bytes
    keys: tuple[SignedKeys, ...]
    board: PackedBoard | None
    statistics: SignedStatistics | None
    receipts: tuple[bytes, ...]


def check_return(trust: Trust, untrusted: bytes, desks: Collection[str]) -> CheckedReturn:
    """The contents of a return bundle.

    Args:
        trust: pinned root, day, revocations.
        untrusted: the file's bytes.
        desks: names of the desks that this installation has.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: a signature does not lead to the root, is out of date or of another desk.
        RefusedError: the desk is none of this installation's.
    """
    outer = open_object(trust, untrusted, "return")
    desk = outer.head.desk
    if desk not in desks:
        raise RefusedError("the return is of a desk that the settings do not name: add it under [desks] first")
    by_label: dict[str, list[tuple[bytes, VerifiedBody]]] = {
        "keys": [],
        "board": [],
        "receipts": [],
        "statistics": [],
    }
    returned = parse_return(outer.body)
    for item in returned.objects:
        label = parse_object(item).label
        if label not in by_label:
            raise UntrustedError("the return holds an object of a kind that does not belong into one")
        # Older key bundles may come under the certificate of their time; the newest is looked at again below.
        inner = open_object(trust, item, label, dated=label != "keys")
        if inner.head.desk != desk:
            raise UntrustedError("the return holds an object of another desk")
        by_label[label].append((item, inner))
    return CheckedReturn(
        desk=desk,
        number=outer.head.number,
        body_sha256=hashlib.sha256(outer.body).digest(),
        keys=_keys(trust, by_label["keys"], returned.keys),
        board=_board(by_label["board"]),
        statistics=_statistics(by_label["statistics"]),
        receipts=tuple(
            sorted({blob for _, inner in by_label["receipts"] for blob in parse_receipts(inner.body).blobs})
        ),
    )


def _keys(
    trust: Trust, objects: list[tuple[bytes, VerifiedBody]], untrusted_keys: Mapping[int, bytes]
) -> tuple[SignedKeys, ...]:
    bundles = sorted(
        (
            SignedKeys(KeyedBundle(signed, {}), hashlib.sha256(inner.body).digest(), parse_key_bundle(inner.body))
            for signed, inner in objects
        ),
        key=lambda keys: keys.bundle.head.number,
    )
    numbers = [keys.bundle.head.number for keys in bundles]
    if len(set(numbers)) != len(numbers):
        raise MalformedError("the return holds two key bundles of one number")
    for keys in bundles:
        if keys.bundle.head.number == 0:
            raise MalformedError("key bundles are numbered from 1")
        if keys.bundle.head.number == 1 and keys.bundle.previous != FIRST_PREVIOUS:
            raise MalformedError("the first key bundle names a bundle before it")
    if not bundles:
        if untrusted_keys:
            raise MalformedError("the return holds keys and no key bundle that names them")
        return ()
    newest = bundles[-1]
    verify_certificate(trust, parse_object(newest.keyed.signed).certificate)
    verify_keys(newest.bundle, untrusted_keys)
    if untrusted_keys.keys() != newest.bundle.epochs.keys():
        raise MalformedError("the return lacks a key that its newest key bundle names")
    return (*bundles[:-1], replace(newest, keyed=KeyedBundle(newest.keyed.signed, dict(untrusted_keys))))


def _board(objects: list[tuple[bytes, VerifiedBody]]) -> PackedBoard | None:
    if not objects:
        return None
    shards = sorted(((parse_board(inner.body), signed) for signed, inner in objects), key=lambda pair: pair[0].shard)
    check_whole([board for board, _ in shards])
    return PackedBoard(shards[0][0].head.number, pack_objects(signed for _, signed in shards))


def _statistics(objects: list[tuple[bytes, VerifiedBody]]) -> SignedStatistics | None:
    if not objects:
        return None
    if len(objects) > 1:
        raise MalformedError("the return holds statistics twice")
    ((signed, inner),) = objects
    return SignedStatistics(parse_statistics(inner.body).head.number, signed)
