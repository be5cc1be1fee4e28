"""The real code as one machine with the events of the model: vaults, a SQLite store, the courier's two acts.

Rule: each event of the model is one act of the code here, and nothing else changes the state; what the model calls
observable is read from the databases, never remembered.
"""

import dataclasses
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from triage_world import (
    CHEAP,
    DESKS,
    FIRST_NONCE,
    FIRST_OFFICER,
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    Blob,
    World,
    new_thread,
)

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.private.desk_keys import StationKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.signing import Trust, open_object, open_revocations
from dropbox.errors import DropboxError, RefusedError
from dropbox.limits import SERVER_CERTIFICATE_DAYS
from dropbox.published.trust import ALL_DESKS
from dropbox.store.blobs import BlobInfo
from dropbox.store.copies.backup import back_up as back_up_store
from dropbox.store.copies.restore import restore as restore_store
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.triage.exchange.publish import publish
from dropbox.triage.intake import importing, old_copy
from dropbox.triage.intake.trial_decryption import NO_KEY, OPENED, OTHER_DESK
from dropbox.triage.maintenance import backup, restoring, second_copies
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables import seen
from dropbox.triage.vault import anew, known_exports, second_copy, whole_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.schema import connect, transaction
from dropbox.triage.vault.vault import CERTIFICATE, DATABASE, REVOCATIONS, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import ReturnBundle, parse_return
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import lp, u32
from dropbox.wire.keyring import KeyBundle, key_hashes, parse_key_bundle, parse_keyed_bundle
from dropbox.wire.signed import (
    Certificate,
    Head,
    encode_certificate_file,
    encode_object,
    parse_certificate,
    parse_object,
    split_certificate,
)

DESK_NAMES: Final = ("itjen", "irjen")  # desk A, desk B
_NUMBERS: Final = 1 << 16  # of a serial
_RANGE: Final = 8  # the model's
_BEYOND: Final = 250
_DECOYS: Final = Decoys()
DONE, REFUSED, AGAIN, DOUBTED = "done", "refused", "again", "doubted"
WEEKS: Final = ((0, 1, 3, 16), (0, 1, 3, 4, 16))  # by epochs: 1, 2


class _KilledError(Exception):
    """The process ends here."""


@dataclasses.dataclass
class _Thief:
    """What was taken from desk A's machine."""

    station: StationKey
    certificate: bytes
    listed: bytes
    serial: int


class Exchange:
    """Both desks have published once; `play` does an event and returns its outcome."""

    def __init__(self, folder: Path, epochs: int = 1) -> None:
        """Make vaults and server."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.world = World.copied(folder)
        self.world.create("irjen")
        self._folder, self._weeks, self._epochs, self._at = folder, WEEKS[epochs - 1], epochs, 0
        self._base = TODAY if epoch_of(TODAY - 1) == epoch_of(TODAY) else TODAY + 1
        self._made = 0  # folders
        self.paths = [self.world.path("itjen"), self.world.path("irjen")]
        self.copies = [self.world.copy_path("itjen"), self.world.copy_path("irjen")]
        self.alive, self.keyfiles = True, True
        self._serials, self._lists, self._revoked = [1, 1], 1, dict[bytes, int]()
        self._image: Path | None = None
        self._backed: Path | None = None
        self._stations = 1
        self.thief: _Thief | None = None
        self._bodies: dict[int, list[bytes]] = {}
        self._keys: dict[bytes, bytes] = {}
        self._blobs: dict[int, tuple[Blob, int]] = {}
        self.newest: list[bytes | None] = [None, None]
        self.older: list[bytes | None] = [None, None]
        self.drive: bytes | None = None
        self.drawer: bytes | None = None
        self.store = self._open_store()
        self._certify_server()
        for desk in (0, 1):
            assert (self.play("publish", desk, 0), self.play("take", desk, 0)) == (DONE, DONE)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @property
    def day(self) -> int:
        """Return the day, of which the model knows the week."""
        return self._base + 7 * self._weeks[self._at]

    @property
    def week(self) -> int:
        """Return the week, counted from the first day."""
        return self._weeks[self._at]

    def play(self, event: str, a: int, b: int) -> str:
        """Do one event of the model; returns its outcome."""
        act: Callable[[int, int], str | None] = getattr(self, f"_{event}")
        return act(a, b) or DONE

    # --- reporters and courier ------------------------------------------------------------------------------------

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

    def is_closed(self) -> bool:
        """Whether the list of revocations names the station of desk A's newest keys."""
        shown = self.store.published.get("keys", "itjen")
        assert shown is not None
        station = parse_certificate(
            split_certificate(parse_object(parse_keyed_bundle(shown.body).signed).certificate)[0]
        )
        return station.station in self._listed()

    def _listed(self) -> dict[bytes, int]:
        held = self.store.published.get("revocations", ALL_DESKS)
        return dict(open_revocations(self.world.anchor, held.body).keys) if held else {}

    def _send(self, report: int, _: int) -> None:
        blob, epoch = self._blobs[report]
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

    # --- desks ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _vault(self, desk: int) -> Iterator[Vault]:
        with Vault.open(self.paths[desk], LOGIN, PASSPHRASE) as vault:
            yield vault

    def _work(self, vault: Vault) -> Work:
        return Work(vault, SETTINGS, self.day)

    def _import(self, desk: int, export: bytes, old: Path | None = None) -> str:
        with self._vault(desk) as vault:
            try:
                keys = old_copy.keys(vault, old, LOGIN, PASSPHRASE) if old else None
                done = importing.import_export(self._work(vault), io.BytesIO(export).read, keys)
            except DropboxError:
                return REFUSED
        return {"": DONE, known_exports.AGAIN: AGAIN}.get(done.doubt, DOUBTED)

    def _take_in(self, desk: int, which: int) -> str:
        file = self.drawer if which == 1 else self.drive
        assert file is not None
        with self._away(desk, is_away=which == 2):
            return self._import(desk, file)

    @contextmanager
    def _away(self, desk: int, *, is_away: bool) -> Iterator[None]:
        """Without the disk of the second copy."""
        aside = self._new_folder()
        if is_away:
            self.copies[desk].rename(aside)
        yield
        if is_away:
            aside.rename(self.copies[desk])

    def _old_keys(self, *_: int) -> str:
        assert self.drive is not None
        assert self._image is not None
        return self._import(0, self.drive, self._image / "vault")

    def _kill_import(self, desk: int, _: int) -> str:
        def kill(*_: object) -> None:
            raise _KilledError

        assert self.drive is not None
        with patch.object(known_exports, "_remember", kill), patch.object(second_copy, "sync", kill):
            try:
                return self._import(desk, self.drive)
            except _KilledError:
                return DONE

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

    def _certificate(self, desk: str, station: bytes, serial: int, *, is_successor: bool = False) -> bytes:
        instance = self.world.anchor.instance
        body = Certificate(
            instance=instance,
            desk=desk,
            station=station,
            first=self.day,
            last=self.day + 100,
            serial=serial,
            demo=False,
            successor=is_successor,
        ).encode()
        return lp(body) + self.world.root.sign("certificate", instance, body)

    def _new_list(self) -> bytes:
        self._lists += 1
        return self.world.revocations(self.day, self._lists, self._revoked)

    def _give_up(self, desk: int, _: int) -> None:
        with self._vault(desk) as vault, transaction(vault.db):
            anew.give_up(vault)

    # --- accidents ------------------------------------------------------------------------------------------------

    def _new_folder(self) -> Path:
        self._made += 1
        return self._folder / f"place-{self._made}"

    def _back_up(self, *_: int) -> None:
        self._image = self._new_folder()
        self._image.mkdir(mode=0o700)
        with self._vault(0) as vault:
            backup.back_up(self._work(vault), self._image / "backup")
        shutil.copytree(self.paths[0], self._image / "vault")

    def _lose(self, *_: int) -> None:
        for path in (self.paths[0], self.copies[0]):
            path.rename(self._new_folder())
        self.alive, self.keyfiles = False, True

    def _restore(self, *_: int) -> None:
        self._stations += 1
        self.paths[0], self.copies[0] = self._new_folder(), self._new_folder()
        if self._image:
            restoring.restore(self._image / "backup", self.paths[0], self.copies[0], LOGIN, PASSPHRASE, self.day)
        else:
            create_vault(
                self.paths[0],
                copy=self.copies[0],
                desk="itjen",
                anchor=self.world.anchor,
                first=FIRST_OFFICER,
                cost=CHEAP,
            ).close()
        self.alive, self.keyfiles = True, True

    def _promote(self, *_: int) -> None:
        self.paths[0].rename(self._new_folder())
        self.paths[0], self.copies[0] = self.copies[0], self._new_folder()
        with self._vault(0) as vault:
            second_copy.begin_anew(vault, self.copies[0])

    def _go_back(self, *_: int) -> None:
        assert self._image is not None
        with self._vault(0) as vault:
            key = vault.key
        shutil.rmtree(self.paths[0])
        shutil.copytree(self._image / "vault", self.paths[0])
        db = connect(self.paths[0] / DATABASE, key)
        db.execute("update meta set value = ? where name = 'copy'", (os.fsencode(self.copies[0].resolve()),))
        db.close()

    def _lose_keys(self, *_: int) -> None:
        for folder in (self.paths[0], self.copies[0]):
            for path in (folder / "epochs").iterdir():
                path.unlink()
        self.keyfiles = False

    def _new_keys(self, *_: int) -> None:
        with self._vault(0) as vault:
            second_copies.new_keys(self._work(vault))
        self.keyfiles = True

    def _rot(self, *_: int) -> None:
        with self._vault(0) as vault:
            names = [one.file for one in seen.held(vault.db) if one.outcome == OPENED and one.copied and one.told]
        for name in names:
            path = self.copies[0] / "blobs" / str(name)
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    def _read_copy(self, *_: int) -> None:
        with self._vault(0) as vault:
            whole_copy.mend(vault, self.day)
            assert whole_copy.damaged(vault) == 0

    def _store_backup(self, *_: int) -> None:
        self._backed = self._new_folder() / "backup"
        self._backed.parent.mkdir(mode=0o700)
        back_up_store(self._url, self._backed)

    def _store_restore(self, *_: int) -> None:
        assert self._backed is not None
        self.store.close()
        self._url = f"sqlite:///{self._new_folder()}"
        restore_store(self._backed, self._url)
        self.store = Store.open(self._url)

    def _open_store(self) -> Store:
        self._url = f"sqlite:///{self._new_folder()}"
        upgrade(self._url)
        return Store.open(self._url)

    def _certify_server(self) -> None:
        trust = Trust(self.world.anchor, self.day)
        wanted = signer.request(self.store, trust)
        made = dataclasses.replace(self.world.server, serial=1000)
        last = self.day + SERVER_CERTIFICATE_DAYS
        signer.install(self.store, trust, made.certificate(self.day, last, server=wanted.server))

    # --- the thief ------------------------------------------------------------------------------------------------

    def _steal(self, *_: int) -> None:
        with self._vault(0) as vault:
            certificate = (vault.folder / CERTIFICATE).read_bytes()
            installed = vault.installed()
            assert installed is not None
            self.thief = _Thief(vault.station, certificate, vault.get(REVOCATIONS) or b"", installed.serial)

    def _recertify(self, *_: int) -> None:
        assert self.thief is not None
        self._serials[0] += 1
        self.thief.serial = self._serials[0]
        self.thief.certificate = self._certificate("itjen", self.thief.station.public, self._serials[0])

    def _revoke(self, *_: int) -> None:
        assert self.thief is not None
        self._revoked = {self.thief.station.public: self.day}

    def _remember_bodies(self, file: bytes) -> None:
        """The key bundles that the server knows now: a thief repeats them."""
        returned = parse_return(open_object(Trust(self.world.anchor, self.day), file, "return").body)
        bodies = [parse_object(one).body for one in returned.objects if parse_object(one).label == "keys"]
        self._bodies[(parse_key_bundle(bodies[0]).head.number - 1) // _NUMBERS + 1] = bodies
        self._keys |= {key_hashes({epoch: key})[epoch]: key for epoch, key in returned.keys.items()}

    def _forge(self, kind: int, _: int) -> None:
        thief, base = self.thief, 0
        assert thief is not None
        base = _NUMBERS * (thief.serial - 1)
        held = self.store.published.get("return", "itjen")
        number = max(held.number if held else 0, base) + 1
        number = {1: base + _NUMBERS, 2: 2**32 - 1}.get(kind, number)
        made = self.day + (700 if kind == 3 else 0)
        instance = self.world.anchor.instance

        def sign(label: str, body: bytes) -> bytes:
            return encode_object(label, thief.certificate, body, thief.station.sign(label, instance, body))

        bodies = self._bodies.get(thief.serial, [])
        if kind == 4 or not bodies:
            keys = {epoch_of(self.day) + ahead: os.urandom(1216) for ahead in range(13)}
            self._keys |= {key_hashes({epoch: key})[epoch]: key for epoch, key in keys.items()}
            bodies = [KeyBundle(Head(instance, "itjen", base + 1, self.day), bytes(32), key_hashes(keys)).encode()]
        carried = {epoch: self._keys[sha256] for epoch, sha256 in parse_key_bundle(bodies[-1]).epochs.items()}
        body = ReturnBundle(
            Head(instance, "itjen", number, made), tuple(sign("keys", one) for one in bodies), carried, thief.listed
        ).encode()
        self.older[0] = sign("return", body)

    def _forged_export(self, desk: int, kind: int) -> str:
        day = self.day + (400 if kind else 0)
        if kind == 2:  # the server's own key, stolen
            return self._import(desk, self.world.export([], {}, day, 60_000))
        return self._import(desk, self.world.export([], {}, day, 60_000, sign=lambda _: bytes(64)))

    # --- what people at the machines see -------------------------------------------------------------------------

    def is_behind(self) -> bool:
        """Return whether desk A's vault is older than its second copy."""
        with self._vault(0) as vault:
            try:
                return not second_copy.refuse_if_behind(vault)
            except RefusedError:
                return True

    def is_new(self) -> bool:
        """Return whether desk A's vault has made no key yet."""
        with self._vault(0) as vault:
            return not epoch_rows.everything(vault.db)

    def is_thiefs_station(self) -> bool:
        """Return whether somebody else has the key of desk A's station."""
        with self._vault(0) as vault:
            return self.thief is not None and vault.station_public == self.thief.station.public

    def certified_until(self, desk: int) -> int | None:
        """Return the last day of a desk's certificate, or None without one."""
        with self._vault(desk) as vault:
            installed = vault.installed()
        return installed.last if installed else None

    # --- what can be observed -------------------------------------------------------------------------------------

    def server(self) -> tuple[int, ...]:
        """Return what the model says of the server: reports, receipts, numbers, serials of keys, the list."""
        by_hash = {blob.sha256: report for report, (blob, _) in self._blobs.items()}
        held = sum(1 << by_hash[one.sha256] for one in self.store.blobs.snapshot())
        receipts = [0, 0]
        with self.store.blobs._connections.read() as connection:
            for sha256, desk in connection.exec_driver_sql("select sha256, desk from receipt"):
                receipts[DESK_NAMES.index(desk)] += 1 << by_hash[sha256]
        numbers = [self._number("return", desk) for desk in DESK_NAMES]
        serials = [-(-self._number("keys", desk) // _RANGE) for desk in DESK_NAMES]
        return (held, *receipts, *numbers, *serials, int(bool(self._listed())))

    def _number(self, kind: str, desk: str) -> int:
        held = self.store.published.get(kind, desk)
        return _small(held.number) if held else 0

    def desk(self, desk: int) -> tuple[int, ...]:
        """Return what the model says of a vault: masks of its reports, its keys, its numbers."""
        by_hash = {blob.sha256: report for report, (blob, _) in self._blobs.items()}
        first = epoch_of(self._base)
        masks = dict.fromkeys(("opened", "other", "unopened", "withheld", "copied"), 0)
        with self._vault(desk) as vault:
            for one in seen.everything(vault.db):
                bit = 1 << by_hash[one.sha256]
                name = {OPENED: "opened", OTHER_DESK: "other", NO_KEY: "other", anew.UNOPENED: "unopened"}[one.outcome]
                masks[name] += bit
                masks["withheld"] += bit * one.withheld
                masks["copied"] += bit * one.copied
            live = sum(
                1 << one.number - first for one in epoch_rows.live(vault.db) if 0 <= one.number - first < self._epochs
            )
            number = _small(vault.count("published"))
            installed = vault.installed()
            known = known_exports.remembered(vault).day
        week = (known - self._base) // 7 + 1 if known else 0
        return (*masks.values(), live, number, installed.serial if installed else 0, week)


def _small(number: int) -> int:
    """The model's number for one of the code: 65536 in each range become 7 of 8."""
    if number == 2**32 - 1:
        return _BEYOND
    serial, place = divmod(number - 1, _NUMBERS)
    return 0 if not number else _RANGE * serial + min(place + 1, _RANGE - 1)
