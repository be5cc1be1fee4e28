"""A root, two desks with real vaults, reporters without words, and the courier's files between them."""

import atexit
import contextlib
import functools
import hashlib
import io
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nacl.bindings

from dropbox.crypto.answers import open_timeline
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.private_files import Cost
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.signing import Trust, open_object
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.settings.installation import load
from dropbox.triage.exchange.publish import publish
from dropbox.triage.intake import importing
from dropbox.triage.tables import identities
from dropbox.triage.tables.safety import notices
from dropbox.triage.vault import epochs, schema, second_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import DATABASE, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import Board, Entry, find_in, parse_board
from dropbox.wire.bundle import ExportedBlob, parse_return
from dropbox.wire.calendar import day_of, epoch_of
from dropbox.wire.fields import lp, u32
from dropbox.wire.keyring import KeyBundle, RootAnchor, key_hashes, parse_key_bundle
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.signed import Certificate, Revocations, encode_certificate_file, encode_revocations, parse_object
from tests.support.exports import Server

SETTINGS = load()
TODAY = day_of(SETTINGS.today())
CHEAP = Cost(1, 8, 1)
LOGIN = "kepala"
PASSPHRASE = "lima kata acak untuk uji"
DESKS = ("irjen", "itjen")
FIRST_OFFICER = NewOfficer(LOGIN, "Kepala Uji", ("irjen",), PASSPHRASE)
FIRST_NONCE = bytes(16)
_DECOYS = Decoys()


def nonce(number: int) -> bytes:
    """A nonce that differs by its number."""
    return number.to_bytes(16, "big")


def new_thread() -> ThreadKeys:
    """Keys of a reporter's secret, without the words."""
    claim, _ = nacl.bindings.crypto_sign_seed_keypair(os.urandom(32))
    return ThreadKeys(os.urandom(32), claim, *(os.urandom(32) for _ in range(5)))


@dataclass(frozen=True)
class Blob:
    """A sealed blob as the server would hold it."""

    id: bytes
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.data).digest()

    @property
    def short(self) -> str:
        """How messages name it."""
        return self.id[:4].hex()


@dataclass
class World:
    """The root and its desks; vaults lie in a folder each."""

    folder: Path
    root: RootKey = field(default_factory=RootKey.generate)
    anchor: RootAnchor = field(init=False)
    public: dict[str, dict[int, bytes]] = field(default_factory=dict)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.anchor = RootAnchor(os.urandom(16), self.root.public, demo=False, last=TODAY + 1000)
        self.server = Server(self.root, self.anchor)

    def path(self, desk: str = "itjen") -> Path:
        return self.folder / f"vault-{desk}"

    def copy_path(self, desk: str = "itjen") -> Path:
        return self.folder / f"vault-{desk}.copy"

    def create(self, desk: str = "itjen", today: int = TODAY) -> None:
        """A vault with certificate, epoch keys and a verified second copy."""
        with create_vault(
            self.path(desk),
            copy=self.copy_path(desk),
            desk=desk,
            anchor=self.anchor,
            first=FIRST_OFFICER,
            cost=CHEAP,
        ) as vault:
            vault.install_certificate(self.certificate(vault, today), today)
            epochs.extend(vault, today)
            second_copy.sync(vault)
            self.public[desk] = epochs.public_keys(vault, 0, 1 << 32)

    @classmethod
    def copied(cls, folder: Path) -> "World":
        """A world whose itjen has its vault: the process's model under another path, with the same keys."""
        model, key = _model()
        world = cls(folder, model.root, {desk: dict(keys) for desk, keys in model.public.items()})
        world.anchor, world.server = model.anchor, model.server
        for source, target in ((model.path(), world.path()), (model.copy_path(), world.copy_path())):
            shutil.copytree(source, target)
            with contextlib.closing(schema.connect(target / DATABASE, key)) as db:
                place = os.fsencode(world.copy_path().resolve())
                db.execute("update meta set value = ? where name = 'copy'", (place,))
        return world

    def open(self, desk: str = "itjen") -> Vault:
        return Vault.open(self.path(desk), LOGIN, PASSPHRASE)

    def certificate(self, vault: Vault, first: int = TODAY, serial: int = 1, **changes: Any) -> bytes:
        """What the ceremony gives for the station: a certificate, and a list of revocations of its first day."""
        values = {
            "instance": self.anchor.instance,
            "desk": vault.desk,
            "station": vault.station_public,
            "first": first,
            "last": first + 100,
            "serial": serial,
            "demo": False,
        }
        body = Certificate(**(values | changes)).encode()
        signed = lp(body) + self.root.sign("certificate", self.anchor.instance, body)
        return encode_certificate_file(signed, self.revocations(first, values["serial"]))

    def revocations(self, made: int = TODAY, number: int = 1, keys: dict[bytes, int] | None = None) -> bytes:
        """A signed list of revoked keys with their days."""
        body = Revocations(self.anchor.instance, number, made, keys or {}).encode()
        return encode_revocations(body, self.root.sign("revocations", self.anchor.instance, body))

    def seal(
        self,
        thread: ThreadKeys,
        record: dict[str, bytes],
        data: bytes = b"",
        *,
        desk: str = "itjen",
        epoch: int = epoch_of(TODAY),
        key: bytes | None = None,
        auth_key: bytes | None = None,
    ) -> Blob:
        """A blob with that record, which the helpers below fill."""
        public = EpochPublicKey(key or self.public[desk][epoch])
        address = Address(self.anchor.instance, epoch, len(DESKS), DESKS.index(desk), public)
        common = thread.shared() | {"desk": desk.encode(), "sent": u32(TODAY), "nonce": FIRST_NONCE}
        sealer = Sealer(address, _DECOYS, auth_key or thread.auth_key, common | record)
        sealed = b"".join((sealer.start(), *(sealer.update(data) if data else ()), *sealer.finish()))
        return Blob(os.urandom(32), sealed)

    def report(self, thread: ThreadKeys, what: str = "Pungutan di madrasah", **changes: Any) -> Blob:
        record = {
            "kind": b"report",
            "channel": b"wbs",
            "category": b"pungli",
            "what": what.encode(),
            "who": b"kepala",
            "where": b"Bandung",
            "lang": b"id",
        }
        return self.seal(thread, record | changes.pop("record", {}), **changes)

    def addition(self, thread: ThreadKeys, number: int, what: str = "Tambahan", **changes: Any) -> Blob:
        record = {"kind": b"addition", "what": what.encode(), "nonce": nonce(number)}
        return self.seal(thread, record | changes.pop("record", {}), **changes)

    def file(self, thread: ThreadKeys, number: int, data: bytes, name: str = "foto.jpg", **changes: Any) -> Blob:
        record = {"kind": b"file", "name": name.encode(), "type": b"image/jpeg", "nonce": nonce(number)}
        return self.seal(thread, record | changes.pop("record", {}), data, **changes)

    def export(
        self,
        blobs: list[Blob],
        held: dict[int, int] | None = None,
        day: int = TODAY,
        number: int = 1,
        server: Server | None = None,
        **changes: Any,
    ) -> bytes:
        """What the courier would bring: signed by the world's server, unless told otherwise."""
        signer = server or self.server
        head = signer.head(number, day, changes.pop("certificate", None))
        carried = [(ExportedBlob(blob.id, len(blob.data), blob.sha256), blob.data) for blob in blobs]
        counts = {epoch_of(day): len(blobs)} if held is None else held
        return b"".join(signer.pieces(head, carried, counts, **changes))

    def take(self, vault: Vault, blobs: list[Blob], today: int = TODAY, **changes: Any) -> importing.Imported:
        """Export and import in one."""
        return take_raw(vault, self.export(blobs, **changes), today)


@functools.cache
def _model() -> tuple[World, bytes]:
    """A world to copy, made once for a test process, and its vault's key."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    world = World(folder)
    world.create()
    with world.open() as vault:
        return world, vault.key


def take_raw(vault: Vault, export: bytes, today: int = TODAY) -> importing.Imported:
    """Import an export's bytes."""
    return importing.import_export(Work(vault, SETTINGS, today), io.BytesIO(export).read)


@dataclass(frozen=True)
class Published:
    """A return bundle, verified as server and reporter would."""

    number: int
    keys: list[KeyBundle]
    public: dict[int, bytes]
    key_bodies: list[bytes]
    boards: list[Board]
    receipts: set[bytes]

    def timeline(self, world: World, thread: ThreadKeys, desk: str = "itjen") -> list[Entry] | None:
        """What the reporter of a thread reads."""

        def find(tag: bytes) -> bytes | None:
            return find_in(self.boards, tag)

        number = self.boards[0].head.number
        return open_timeline(thread.tag_key, thread.answer_key, world.anchor.instance, desk, number, find)


def published(world: World, vault: Vault, today: int = TODAY) -> Published:
    """Publish, and verify all of it."""
    return verified(world, publish(Work(vault, SETTINGS, today)), today)


def verified(world: World, raw: bytes, today: int = TODAY) -> Published:
    """The bundle's contents; raises if a signature does not lead to the root."""
    trust = Trust(world.anchor, today)
    outer = open_object(trust, raw, "return")
    by_label: dict[str, list[bytes]] = {"keys": [], "board": [], "receipts": [], "statistics": []}
    returned = parse_return(outer.body)
    for item in returned.objects:
        label = parse_object(item).label
        by_label[label].append(open_object(trust, item, label).body)
    bundles = [parse_key_bundle(body) for body in by_label["keys"]]
    assert key_hashes(returned.keys) == bundles[-1].epochs
    return Published(
        outer.head.number,
        bundles,
        returned.keys,
        by_label["keys"],
        [parse_board(body) for body in by_label["board"]],
        {sha256 for body in by_label["receipts"] for sha256 in parse_receipts(body).blobs},
    )


def announced(vault: Vault, *reasons: str) -> None:
    """Let every identity of a vault be opened today for these reasons, as if two officers had decided so."""
    with schema.transaction(vault.db):
        for number, case in identities.everything(vault.db):
            for reason in reasons:
                notices.add(vault.db, case, notices.Notice(0, number, reason, "agreed", TODAY, TODAY), 0)


def dump(vault: Vault) -> list[Any]:
    """Everything that vault.db holds."""
    tables = [name for (name,) in vault.db.execute("select name from sqlite_master where type = 'table'")]
    return [(table, vault.db.execute(f"select * from {table}").fetchall()) for table in tables]  # noqa: S608


def all_files(*folders: Path) -> list[Path]:
    """Every file below the folders."""
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]
