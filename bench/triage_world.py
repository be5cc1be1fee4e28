"""Makes a vault of 10 000 synthetic reports, each really sealed, exported and opened, for the workstation's figures."""

import io
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nacl.bindings

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.private_files import Cost
from dropbox.crypto.private.server_key import ServerKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.settings.installation import Settings
from dropbox.triage.intake import importing
from dropbox.triage.vault import epochs
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import ExportedBlob, ExportHead, ExportWriter
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import u32
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, encode_server_certificate
from dropbox.wire.statuses import CATEGORIES, CHANNELS

FIRST = ("bench", "five random bench words")  # login and passphrase of the officer
_DESKS = ("irjen", "itjen")
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fu",
    "ga",
    "hi",
    "jo",
    "ka",
    "lu",
    "ma",
    "no",
    "pe",
    "ra",
    "si",
    "tu",
    "wa",
    "ya",
    "zo",
)
_COMMON = (
    "kepala madrasah meminta uang dari orang tua murid untuk biaya ijazah dan tidak memberi kuitansi bendahara"
    " mengetahui hal ini sejak tahun lalu guru diminta diam pencairan tunjangan dipotong setiap bulan kantor proyek"
)


@dataclass(frozen=True)
class Bench:
    """A vault with the means to fill it."""

    folder: Path
    settings: Settings
    today: int
    vault: Vault
    address: Address
    decoys: Decoys
    server: ServerKey
    certificate: bytes  # the server's


def make(folder: Path, settings: Settings, today: int) -> Bench:
    """Make a vault of itjen with one officer who has every permission."""
    root = RootKey.generate()
    anchor = RootAnchor(os.urandom(16), root.public, demo=True, last=Day(today + 1000))
    login, passphrase = FIRST
    first = NewOfficer(login, "Petugas Ukur", ("irjen",), passphrase, "Inspektorat V")
    vault = create_vault(
        folder / "vault", copy=folder / "copy", desk="itjen", anchor=anchor, first=first, cost=Cost(1, 8, 1)
    )
    epochs.extend(vault, Day(today))
    epoch = epoch_of(today)
    public = EpochPublicKey(epochs.public_keys(vault, epoch, epoch)[epoch])
    address = Address(anchor.instance, epoch, len(_DESKS), _DESKS.index("itjen"), public)
    server = ServerKey.generate()
    body = ServerCertificate(anchor.instance, server.public, Day(today), Day(today + 100), 1, anchor.demo).encode()
    certificate = encode_server_certificate(body, root.sign("server certificate", anchor.instance, body))
    return Bench(folder, settings, today, vault, address, Decoys(), server, certificate)


def words(choice: random.Random, count: int) -> str:
    """Return a text like a real one: mostly common words, and some rare ones."""
    common = _COMMON.split()
    own = ["".join(choice.choices(_SYLLABLES, k=3)) for _ in range(max(2, count // 5))]
    return " ".join(choice.choice(own) if choice.random() < 0.2 else choice.choice(common) for _ in range(count))


def _report(bench: Bench, choice: random.Random) -> bytes:
    claim, _ = nacl.bindings.crypto_sign_seed_keypair(os.urandom(32))
    thread = ThreadKeys(os.urandom(32), claim, *(os.urandom(32) for _ in range(5)))
    record = thread.shared() | {
        "desk": b"itjen",
        "sent": u32(bench.today),
        "nonce": bytes(16),
        "kind": b"report",
        "channel": choice.choice(CHANNELS).encode(),
        "category": choice.choice(CATEGORIES).encode(),
        "what": words(choice, 150).encode(),
        "who": f"{words(choice, 2)} kepala".encode(),
        "where": f"Kankemenag {words(choice, 1)}".encode(),
        "lang": b"id",
    }
    sealer = Sealer(bench.address, bench.decoys, thread.auth_key, record)
    return b"".join((sealer.start(), *sealer.finish()))


def export(bench: Bench, count: int, number: int) -> Callable[[int], bytes]:
    """Return a reader of an export with `count` reports."""
    choice = random.Random(number)  # noqa: S311  the same texts in every run
    writer = ExportWriter()

    def pieces() -> Iterator[bytes]:
        yield writer.head(ExportHead(bench.vault.instance, number, Day(bench.today), bench.certificate))
        for _ in range(count):
            blob = _report(bench, choice)
            digest = nacl.bindings.crypto_hash_sha256(blob)
            yield from writer.blob(ExportedBlob(os.urandom(32), len(blob), digest), [blob])
        yield writer.trailer(
            {bench.address.epoch: count}, lambda sha256: bench.server.sign_export(bench.vault.instance, sha256)
        )

    return io.BytesIO(b"".join(pieces())).read


def take(bench: Bench, read: Callable[[int], bytes]) -> None:
    """Import an export."""
    importing.import_export(Work(bench.vault, bench.settings, Day(bench.today)), read)
