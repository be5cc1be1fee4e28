"""Desks with real keys, and the bundles that their workstations would sign."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dropbox.courier.importing import Imported, import_bundle
from dropbox.crypto.private.desk_keys import RootKey, StationKey
from dropbox.published.trust import today
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.wire.board import CELL_TOTAL_BYTES, Board
from dropbox.wire.bundle import ReturnBundle
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import lp
from dropbox.wire.keyring import EPOCH_KEY_BYTES, KeyBundle, KeyedBundle, RootAnchor, key_hashes, parse_key_bundle
from dropbox.wire.receipt import Receipts
from dropbox.wire.signed import (
    Certificate,
    Head,
    Revocations,
    encode_object,
    encode_revocations,
    numbers_of,
    parse_object,
)
from dropbox.wire.statistics import Period, Row, Statistics, Table

TODAY = today()
EPOCH = epoch_of(TODAY)
ZEROS = bytes(32)
DESKS = ("irjen", "itjen")
KEYS: dict[bytes, bytes] = {}  # every key that a bundle here names, by its SHA-256


def carried_keys(objects: Sequence[bytes]) -> dict[int, bytes]:
    """The keys of the newest key bundle among the objects."""
    signed = [parse_object(item) for item in objects]
    bundles = [parse_key_bundle(one.body) for one in signed if one.label == "keys"]
    newest = max(bundles, key=lambda bundle: bundle.head.number, default=None)
    return {epoch: KEYS[sha256] for epoch, sha256 in newest.epochs.items()} if newest else {}


def keyed(signed: bytes) -> bytes:
    """A signed key bundle with all its keys, as the store keeps it."""
    return KeyedBundle(signed, carried_keys([signed])).encode()


def new_root(*, demo: bool = True) -> tuple[RootKey, RootAnchor]:
    """A root and its anchor."""
    key = RootKey.generate()
    return key, RootAnchor(os.urandom(16), key.public, demo, TODAY + 1000)


def revocations(root: RootKey, anchor: RootAnchor, number: int, *stations: bytes, made: int = TODAY) -> bytes:
    """A signed list; its keys were revoked on the day on which it was made."""
    body = Revocations(anchor.instance, number, made, dict.fromkeys(stations, made)).encode()
    return encode_revocations(body, root.sign("revocations", anchor.instance, body))


@dataclass(frozen=True)
class Desk:
    """A station with a certificate; `replace` gives it another certificate."""

    name: str
    root: RootKey
    anchor: RootAnchor
    station: StationKey = field(default_factory=StationKey.generate)
    first: int = TODAY - 1
    last: int = TODAY + 90
    serial: int = 1
    made: int = TODAY
    successor: bool = False
    listed: bytes | None = None  # the list of revocations that its returns carry; None: the first, without a key

    @property
    def certificate(self) -> bytes:
        days = (self.first, self.last, self.serial)
        body = Certificate(
            self.anchor.instance, self.name, self.station.public, *days, self.anchor.demo, self.successor
        ).encode()
        return lp(body) + self.root.sign("certificate", self.anchor.instance, body)

    def expired(self) -> "Desk":
        return replace(self, first=TODAY - 90, last=TODAY - 1, made=TODAY - 1)

    def renewed(self, serial: int) -> "Desk":
        return replace(self, serial=serial)

    def number(self, count: int = 1) -> int:
        """The number of that place under its certificate."""
        return numbers_of(self.serial)[count - 1]

    def sign(self, label: str, body: bytes) -> bytes:
        return encode_object(label, self.certificate, body, self.station.sign(label, self.anchor.instance, body))

    def head(self, number: int) -> Head:
        return Head(self.anchor.instance, self.name, number, self.made)

    def keys_body(self, number: int = 1, previous: bytes = ZEROS, epochs: int = 2) -> bytes:
        keys = {EPOCH + i: os.urandom(EPOCH_KEY_BYTES) for i in range(epochs)}
        hashes = key_hashes(keys)
        KEYS.update(zip(hashes.values(), keys.values(), strict=True))
        return KeyBundle(self.head(number), previous, hashes).encode()

    def keys(self, number: int = 1, previous: bytes = ZEROS) -> bytes:
        return self.sign("keys", self.keys_body(number, previous))

    def chain(self, length: int) -> list[bytes]:
        """Bodies of the key bundles 1 … length, each naming the one before."""
        bodies = [self.keys_body()]
        while len(bodies) < length:
            bodies.append(self.keys_body(len(bodies) + 1, hashlib.sha256(bodies[-1]).digest()))
        return bodies

    def board(self, number: int = 1, shards: int = 1) -> list[bytes]:
        """The signed shards of a board of 64 dummies."""
        cells, size = sorted(os.urandom(CELL_TOTAL_BYTES) for _ in range(64)), 64 // shards
        runs = [tuple(cells[at : at + size]) for at in range(0, 64, size)]
        return [
            self.sign("board", Board(self.head(number), shard, shards, run).encode()) for shard, run in enumerate(runs)
        ]

    def receipts(self, blobs: Sequence[BlobInfo], number: int = 1) -> bytes:
        return self.sign("receipts", Receipts(self.head(number), tuple(sorted(blob.sha256 for blob in blobs))).encode())

    def statistics(self, number: int = 1, cases: int = 12) -> bytes:
        """Of one period with one table."""
        table = Table("channel", ("cases",), (Row("wbs", (cases,)), Row("total", (cases,))))
        return self.sign("statistics", Statistics(self.head(number), (Period(1, 90, self.made, (table,)),)).encode())

    def returns(self, *objects: bytes, number: int = 1, keys: dict[int, bytes] | None = None) -> bytes:
        """A return with the keys of its newest key bundle, unless told otherwise."""
        carried = carried_keys(objects) if keys is None else keys
        listed = self.listed or revocations(self.root, self.anchor, 1, made=TODAY - 1)
        return self.sign("return", ReturnBundle(self.head(number), objects, carried, listed).encode())

    def full_return(self, blobs: Sequence[BlobInfo] = (), number: int = 1) -> bytes:
        """Keys, board and receipts, as a first return has them."""
        return self.returns(self.keys(), *self.board(number), self.receipts(blobs, number), number=number)


@dataclass
class Office:
    """A courier's office: the store, the pinned root, the settings that name both, and the desks."""

    root: RootKey
    anchor: RootAnchor
    store: Store
    config: Path
    itjen: Desk
    irjen: Desk

    def take(self, bundle: bytes) -> Imported:
        """Import."""
        return import_bundle(self.store, self.anchor, bundle, DESKS, TODAY)


def put_blob(store: Store, length: int = 3000, epoch: int = EPOCH) -> BlobInfo:
    """Store random bytes."""
    data = os.urandom(length)
    info = BlobInfo(os.urandom(32), os.urandom(32), epoch, length, hashlib.sha256(data).digest())
    store.blobs.put(info, data)
    return info


def everything(store: Store) -> object:
    """All that an import could change."""
    return (
        [(kind, store.published.all(kind)) for kind in ("keys", "board", "statistics", "return", "revocations")],
        sorted(blob.id for blob in store.blobs.snapshot()),
    )
