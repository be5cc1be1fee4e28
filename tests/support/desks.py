"""Desks with real keys, made in memory: root, certificates, key bundles, boards; and a site that serves them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.crypto.private.desk_keys import EpochSecretKey, RootKey, StationKey
from dropbox.published.trust import ALL_DESKS
from dropbox.settings.installation import Settings, load
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.web.base.site import Site
from dropbox.wire.board import Board, padded_count
from dropbox.wire.bundle import pack_objects
from dropbox.wire.calendar import day_of, epoch_of
from dropbox.wire.fields import lp
from dropbox.wire.keyring import KeyBundle, KeyedBundle, RootAnchor, key_hashes
from dropbox.wire.signed import Certificate, Head, Revocations, encode_object, encode_revocations

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
TODAY = day_of(NOW.date())
INSTANCE = bytes(range(16))


@dataclass
class FakeDesk:
    """One desk: its station key, certificate and epoch keys."""

    name: str
    root: RootKey
    anchor: RootAnchor
    first: int = TODAY - 1
    last: int = TODAY + 90
    serial: int = 1
    station: StationKey = field(default_factory=StationKey.generate)
    epochs: dict[int, EpochSecretKey] = field(default_factory=dict)
    today: int = TODAY

    def __post_init__(self) -> None:
        for epoch in range(epoch_of(self.today), epoch_of(self.today) + 3):
            self.epochs.setdefault(epoch, EpochSecretKey.generate())

    @property
    def certificate(self) -> bytes:
        """lp(body) ‖ signature."""
        demo = self.anchor.demo
        body = Certificate(
            self.anchor.instance, self.name, self.station.public, self.first, self.last, self.serial, demo
        ).encode()
        return lp(body) + self.root.sign("certificate", self.anchor.instance, body)

    def signed(self, label: str, body: bytes) -> bytes:
        """A signed object."""
        return encode_object(label, self.certificate, body, self.station.sign(label, self.anchor.instance, body))

    def head(self, number: int, made: int | None = None) -> Head:
        """The head of a body of this desk, made today."""
        return Head(self.anchor.instance, self.name, number, self.today if made is None else made)

    @property
    def public_keys(self) -> dict[int, bytes]:
        """X-Wing public keys by epoch."""
        return {epoch: key.public.raw for epoch, key in self.epochs.items()}

    def key_bundle(self, number: int = 1) -> bytes:
        """A signed key bundle with all its keys, as the store keeps it."""
        body = KeyBundle(self.head(number), bytes(32), key_hashes(self.public_keys)).encode()
        return KeyedBundle(self.signed("keys", body), self.public_keys).encode()

    def packed_board(self, number: int, cells: list[bytes], made: int | None = None) -> bytes:
        """A one-shard board as the store keeps it."""
        from dropbox.crypto.answers import dummy_cell

        filled = sorted([*cells, *(dummy_cell() for _ in range(padded_count(len(cells)) - len(cells)))])
        return pack_objects([self.signed("board", Board(self.head(number, made), 0, 1, tuple(filled)).encode())])


@dataclass
class FakeInspectorate:
    """A root and its two desks, on a day."""

    demo: bool = True
    root: RootKey = field(default_factory=RootKey.generate)
    today: int = TODAY
    anchor: RootAnchor = field(init=False)
    desks: dict[str, FakeDesk] = field(init=False)

    def __post_init__(self) -> None:
        self.anchor = RootAnchor(INSTANCE, self.root.public, self.demo, self.today + 1000)
        first, last = self.today - 1, self.today + 90
        self.desks = {
            name: FakeDesk(name, self.root, self.anchor, first, last, today=self.today) for name in ("irjen", "itjen")
        }

    def publish_keys(self, store: Store) -> None:
        """Put the keyring where the courier would."""
        with store.transaction() as tx:
            store.published.put(tx, "revocations", ALL_DESKS, 1, self.revocations())
            for desk in self.desks.values():
                store.published.put(tx, "keys", desk.name, 1, desk.key_bundle())

    def keyring(self, bundles: Iterable[bytes] | None = None, revocations: bytes | None = None) -> bytes:
        """The keyring file: these keyed bundles (default: of all desks), and a list (default: of no key)."""
        objects = [desk.key_bundle() for desk in self.desks.values()] if bundles is None else bundles
        return pack_objects(objects) + lp(self.revocations() if revocations is None else revocations)

    def revocations(self, number: int = 1, *stations: bytes, made: int | None = None) -> bytes:
        """A signed list of revoked keys, made today."""
        day = self.today if made is None else made
        body = Revocations(self.anchor.instance, number, day, dict.fromkeys(stations, day)).encode()
        return encode_revocations(body, self.root.sign("revocations", self.anchor.instance, body))


def make_store(folder: Path) -> Store:
    """A fresh SQLite store."""
    url = f"sqlite:///{folder / 'store.db'}"
    upgrade(url)
    return Store.open(url)


def make_site(
    folder: Path, inspectorate: FakeInspectorate | None = None, settings: Settings | None = None
) -> tuple[Site, FakeInspectorate]:
    """A site on a fresh store with published keys, at NOW."""
    inspectorate = inspectorate or FakeInspectorate()
    store = make_store(folder)
    inspectorate.publish_keys(store)
    return Site(settings or load(), inspectorate.anchor, store, clock=lambda: NOW), inspectorate
