"""A real store with the courier's two acts, between the vaults of tests/triage."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from triage_world import DESKS, Blob, World

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import Imported, import_bundle
from dropbox.crypto.signing import Trust
from dropbox.limits import SERVER_CERTIFICATE_DAYS
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import parse_keyed_bundle

RENEWED_DAYS = 60  # before its end


@dataclass
class Server:
    """A store in a folder of its own, and what the courier does with it."""

    folder: Path
    world: World
    exports: int = 0
    certified: int = -1  # last day of the server's certificate

    def __post_init__(self) -> None:
        self.folder.mkdir()
        upgrade(f"sqlite:///{self.folder / 'server.db'}")
        self.store = Store.open(f"sqlite:///{self.folder / 'server.db'}")

    def put(self, blob: Blob, epoch: int) -> None:
        """Take a reporter's blob."""
        self.store.blobs.put(BlobInfo(blob.id, os.urandom(32), epoch, len(blob.data), blob.sha256), blob.data)

    def send(self, blob: Blob, day: int) -> Blob:
        """The same, of the epoch of a day."""
        self.put(blob, epoch_of(day))
        return blob

    def export(self, day: int) -> bytes:
        """What the courier carries to the workstations."""
        self.exports += 1
        path = self.folder / f"export-{self.exports}"
        trust = Trust(self.world.anchor, day)
        if day > self.certified - RENEWED_DAYS:
            wanted, self.certified = signer.request(self.store, trust), day + SERVER_CERTIFICATE_DAYS
            made = replace(self.world.server, serial=1000 + self.exports)
            signer.install(self.store, trust, made.certificate(day, self.certified, server=wanted.server))
        export_to(path, self.store, signer.signer(self.store, self.world.anchor), day)
        return path.read_bytes()

    def take(self, bundle: bytes, day: int) -> Imported:
        """Import a return."""
        return import_bundle(self.store, self.world.anchor, bundle, DESKS, day)

    def count(self) -> int:
        """How many blobs the server holds."""
        return sum(count for epoch, count in self.store.blobs.remaining().items() if epoch != -1)

    def keys_shown(self, desk: str = "itjen") -> dict[int, bytes]:
        """The public keys that the site seals to, by epoch."""
        held = self.store.published.get("keys", desk)
        assert held is not None
        return parse_keyed_bundle(held.body).keys
