"""Verifies an untrusted reply bundle as a whole (FORMAT "Return").

Rule: every signature of every object leads to the pinned root before any object is used, and all objects of a bundle
have the same certificate. Changes nothing, decrypts nothing.
"""

import hashlib
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dropbox.crypto.key_bundle import verify_keys
from dropbox.crypto.signing import Trust, open_object, revoked_today, verify_made
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.limits import ROOT_DAYS
from dropbox.wire.board import Board, check_whole, parse_board
from dropbox.wire.bundle import pack_objects, parse_return
from dropbox.wire.fields import HASH_BYTES
from dropbox.wire.keyring import KeyBundle, KeyedBundle, parse_key_bundle
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.signed import Certificate, numbers_of, parse_object
from dropbox.wire.statistics import Period, parse_statistics

FIRST_PREVIOUS: Final = bytes(HASH_BYTES)
_KINDS: Final = ("keys", "board", "receipts", "statistics")


@dataclass(frozen=True)
class SignedKeys:
    """A verified key bundle: the bytes for the store (with its keys if it is the newest), and its contents."""

    keyed: KeyedBundle
    body_sha256: bytes
    bundle: KeyBundle


@dataclass(frozen=True)
class PackedBoard:
    """All shards of one verified board, packed for the store."""

    number: int
    packed: bytes


@dataclass(frozen=True)
class SignedStatistics:
    """Verified statistics: the signed bytes for the store, and their periods."""

    number: int
    signed: bytes
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class CheckedReturn:
    """A reply bundle with only valid signatures.

    Attributes:
        desk: name of the desk that made it.
        certificate: certificate of the station that signed all of it.
        number: number of the bundle.
        body_sha256: distinguishes it from another bundle with the same number.
        keys: its key bundles by number, ascending.
        board: its board, or None.
        statistics: its statistics, or None.
        receipts: SHA-256 of examined blobs, ascending.
        revocations: the list of revocations, signed by the root, as received.
    """

    desk: str
    certificate: Certificate
    number: int
    body_sha256: bytes
    keys: tuple[SignedKeys, ...]
    board: PackedBoard | None
    statistics: SignedStatistics | None
    receipts: tuple[bytes, ...]
    revocations: bytes


def check_return(trust: Trust, untrusted: bytes, desks: Collection[str]) -> CheckedReturn:
    """Verify a reply bundle and return its contents.

    Args:
        trust: pinned root, day, revocations.
        untrusted: the file's bytes.
        desks: names of the desks of this installation.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: a signature does not lead to the root, is out of date or of another desk.
        RefusedError: the settings do not name the desk.
    """
    outer = open_object(trust, untrusted, "return")
    desk = outer.head.desk
    if desk not in desks:
        raise RefusedError("return.unknown-desk")
    keys: list[SignedKeys] = []
    shards: list[tuple[Board, bytes]] = []
    receipts: set[bytes] = set()
    statistics: list[SignedStatistics] = []
    returned = parse_return(outer.body)
    trust = replace(trust, revoked=trust.revoked | revoked_today(trust, returned.revocations))
    if outer.certificate.station in trust.revoked:
        raise UntrustedError("return.own-key-revoked")
    certificate = parse_object(untrusted).certificate
    for item in returned.objects:
        parsed = parse_object(item)
        if parsed.label not in _KINDS:
            raise UntrustedError("return.foreign-object")
        if parsed.certificate != certificate:
            raise UntrustedError("return.other-certificate")
        # Only the newest key bundle counts today: one that a desk made while its clock was ahead stays in the chain.
        dated = replace(trust, ahead=ROOT_DAYS) if parsed.label == "keys" else trust
        body = open_object(dated, item, parsed.label).body
        if parsed.label == "keys":
            keys.append(SignedKeys(KeyedBundle(item, {}), hashlib.sha256(body).digest(), parse_key_bundle(body)))
        elif parsed.label == "board":
            shards.append((parse_board(body), item))
        elif parsed.label == "receipts":
            receipts.update(parse_receipts(body).blobs)
        else:
            found = parse_statistics(body)
            statistics.append(SignedStatistics(found.head.number, item, found.periods))
    return CheckedReturn(
        desk=desk,
        certificate=outer.certificate,
        number=outer.head.number,
        body_sha256=hashlib.sha256(outer.body).digest(),
        keys=_keys(trust, outer.certificate, keys, returned.keys),
        board=_board(shards),
        statistics=_only(statistics),
        receipts=tuple(sorted(receipts)),
        revocations=returned.revocations,
    )


def _keys(
    trust: Trust, certificate: Certificate, untrusted: list[SignedKeys], untrusted_keys: Mapping[int, bytes]
) -> tuple[SignedKeys, ...]:
    numbers = numbers_of(certificate.serial)
    bundles = sorted(untrusted, key=lambda keys: keys.bundle.head.number)
    if not bundles:
        if untrusted_keys:
            raise MalformedError("return.unnamed-keys")
        return ()
    if [keys.bundle.head.number for keys in bundles] != list(numbers[: len(bundles)]):
        raise MalformedError("return.bundle-count")
    if bundles[0].bundle.head.number == 1 and bundles[0].bundle.previous != FIRST_PREVIOUS:
        raise MalformedError("return.first-bundle")
    for earlier, later in itertools.pairwise(bundles):
        if later.bundle.previous != earlier.body_sha256:
            raise UntrustedError("return.bundle-gap")
    newest = bundles[-1]
    verify_made(trust, certificate, newest.bundle.head.made)
    verify_keys(newest.bundle, untrusted_keys)
    if untrusted_keys.keys() != newest.bundle.epochs.keys():
        raise MalformedError("return.key-missing")
    return (*bundles[:-1], replace(newest, keyed=KeyedBundle(newest.keyed.signed, dict(untrusted_keys))))


def _board(shards: list[tuple[Board, bytes]]) -> PackedBoard | None:
    if not shards:
        return None
    shards.sort(key=lambda pair: pair[0].shard)
    check_whole([board for board, _ in shards])
    return PackedBoard(shards[0][0].head.number, pack_objects(signed for _, signed in shards))


def _only(statistics: list[SignedStatistics]) -> SignedStatistics | None:
    if len(statistics) > 1:
        raise MalformedError("return.statistics-twice")
    return statistics[0] if statistics else None
