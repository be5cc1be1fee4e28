"""A real store with the courier's two acts, between the vaults of tests/triage."""

import os
from dataclasses import dataclass
from pathlib import Path

from triage_world import DESKS, Blob, World

from dropbox.courier.exchange import export_to
from dropbox.courier.importing import Imported, import_bundle
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import parse_keyed_bundle


@dataclass
class Server:
    """A store in a folder of its own, and what the courier does with it."""

    folder: Path
    world: World
    exports: int = 0

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
        export_to(path, self.store, self.world.anchor.instance, day)
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
