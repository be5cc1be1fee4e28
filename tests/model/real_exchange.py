"""The real code as one machine with the events of the model.

Rule: each event of the model is one act of the code here, and nothing else changes the state.
"""

import os
from pathlib import Path
from typing import Final, cast

from accidents import Accidents
from machines import AGAIN, DESK_NAMES, DONE, REFUSED
from theft import Theft
from triage_world import (
    DESKS,
    FIRST_NONCE,
    Blob,
    new_thread,
)

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import DropboxError
from dropbox.limits import DESKS_MAX
from dropbox.published.keyring import LiveKeyring
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.triage.exchange.publish import publish
from dropbox.triage.vault import anew
from dropbox.triage.vault.schema import transaction
from dropbox.web.base.site import Site
from dropbox.web.intake.acceptance import checked_epoch
from dropbox.wire.blob import HEADER_BYTES
from dropbox.wire.bundle import parse_return
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import u32
from dropbox.wire.keyring import RootAnchor, parse_keyed_bundle
from dropbox.wire.signed import (
    encode_certificate_file,
)

_DECOYS: Final = Decoys()


class _Server:
    """What the site's checks of a blob ask. The model has no refusal for a number of slots, so any is allowed here."""

    def __init__(self, anchor: RootAnchor, store: Store, day: Day) -> None:
        self.anchor, self.instance, self.keyring, self._day = anchor, anchor.instance, self, day
        self.keyring_file_desks = LiveKeyring(store, anchor).keyring_file_desks

    def utc_day(self) -> Day:
        """Return the exchange's day."""
        return self._day

    def slots(self, _today: Day) -> range:
        """Return all numbers."""
        return range(1, DESKS_MAX + 1)


class Exchange(Accidents, Theft):
    """Both desks have published once; `play` does an event and returns its outcome."""

    def __init__(self, folder: Path, epochs: int = 1) -> None:
        """Make vaults and server, and publish."""
        super().__init__(folder, epochs)
        for desk in (0, 1):
            assert (self.play("publish", desk, 0), self.play("take", desk, 0)) == (DONE, DONE)

    def _seal(self, report: int, desk: int) -> None:
        shown = self.store.published.get("keys", DESK_NAMES[desk])
        assert shown is not None
        epoch = epoch_of(self.day)
        key = EpochPublicKey(parse_keyed_bundle(shown.body).keys[epoch])
        slots = 1 if self.is_closed() else 2
        address = Address(self.world.anchor.instance, epoch, slots, DESKS.index(DESK_NAMES[desk]), key)
        thread = new_thread()
        record = thread.shared() | {
            "desk": DESK_NAMES[desk].encode(),
            "sent": u32(self.day),
            "nonce": FIRST_NONCE,
            "kind": b"report",
            "channel": b"wbs",
            "category": b"pungli",
            "what": b"Pungutan",
            "who": b"kepala",
            "where": b"Bandung",
            "lang": b"id",
        }
        sealer = Sealer(address, _DECOYS, thread.auth_key, record)
        data = b"".join((sealer.start(), *sealer.finish()))
        self._blobs[report] = Blob(os.urandom(32), data), epoch

    def _send(self, report: int, _: int) -> None:
        blob, epoch = self._blobs[report]
        site = cast("Site", _Server(self.world.anchor, self.store, Day(self.day)))
        assert checked_epoch(site, blob.data[:HEADER_BYTES], len(blob.data)) == epoch
        self.store.blobs.put(BlobInfo(blob.id, os.urandom(32), epoch, len(blob.data), blob.sha256), blob.data)

    def _export(self, *_: int) -> None:
        path = self._new_folder() / "export"
        path.parent.mkdir()
        export_to(path, self.store, signer.signer(self.store, self.world.anchor), self.day)
        self.drawer, self.drive = self.drive, path.read_bytes()

    def _take(self, desk: int, which: int) -> str:
        file = (self.newest, self.older)[which][desk]
        assert file is not None
        try:
            done = import_bundle(self.store, self.world.anchor, file, DESKS, self.day)
        except DropboxError:
            return REFUSED
        if done.is_new:
            opened = open_object(Trust(self.world.anchor, Day(self.day)), file, "return")
            self._see_list(parse_return(opened.body).revocations)
        if desk == 0 and done.is_new:
            self._remember_bodies(file)
        return DONE if done.is_new else AGAIN

    def _take_list(self, *_: int) -> None:
        self._lists += 1
        listed = self.world.revocations(self.day, self._lists, self._revoked)
        import_bundle(self.store, self.world.anchor, listed, DESKS, self.day)

    def _advance(self, *_: int) -> None:
        self._at += 1

    def _round(self, desk: int, _: int) -> str:
        self._take_in(desk, 0)
        self._publish(desk, 0)
        return self._take(desk, 0)

    def _take_in(self, desk: int, which: int) -> str:
        file = self.drawer if which == 1 else self.drive
        assert file is not None
        with self._away(desk, is_away=which == 2):
            return self._import(desk, file)

    def _publish(self, desk: int, how: int) -> str:
        with self._away(desk, is_away=how == 1), self._vault(desk) as vault:
            try:
                made = publish(self._work(vault))
            except DropboxError:
                return REFUSED
        self.older[desk], self.newest[desk] = self.newest[desk], made
        return DONE

    def _certify(self, desk: int, _: int) -> None:
        self._serials[desk] += 1
        with self._vault(desk) as vault:
            is_later = desk == 0 and self._stations > 1
            signed = self._certificate(
                DESK_NAMES[desk], vault.station_public, self._serials[desk], is_successor=is_later
            )
            vault.install_certificate(encode_certificate_file(signed, self._new_list()), self.day)

    def _new_list(self) -> bytes:
        self._lists += 1
        return self.world.revocations(self.day, self._lists, self._revoked)

    def _give_up(self, desk: int, _: int) -> None:
        with self._vault(desk) as vault, transaction(vault.db):
            anew.give_up(vault)
