"""The machines of the real exchange: their folders, and what can be observed of them.

Rule: what the model calls observable is read from the databases, never remembered.
"""

import dataclasses
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from triage_world import (
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    Blob,
    World,
)

from dropbox.courier import signer
from dropbox.crypto.private.desk_keys import StationKey
from dropbox.crypto.signing import Trust, open_revocations
from dropbox.errors import DropboxError, RefusedError
from dropbox.limits import NUMBERS_PER_SERIAL, SERVER_CERTIFICATE_DAYS
from dropbox.published.trust import ALL_DESKS
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.triage.intake import importing, old_copy
from dropbox.triage.intake.trial_decryption import NO_KEY, OPENED, OTHER_DESK
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables import seen
from dropbox.triage.vault import anew, known_exports, second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import lp
from dropbox.wire.keyring import parse_keyed_bundle
from dropbox.wire.signed import (
    Certificate,
    parse_certificate,
    parse_object,
    split_certificate,
)

DESK_NAMES: Final = ("itjen", "irjen")  # desk A, desk B

_RANGE: Final = 8  # the model's
_BEYOND: Final = 250

DONE, REFUSED, AGAIN, DOUBTED = "done", "refused", "again", "doubted"
WEEKS: Final = ((0, 1, 3, 16), (0, 1, 3, 4, 16))  # by epochs: 1, 2


@dataclasses.dataclass
class Thief:
    """What was taken from desk A's machine."""

    station: StationKey
    certificate: bytes
    serial: int


class Machines:
    """Vaults, a SQLite store, and the files that the courier has."""

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
        self.thief: Thief | None = None
        self._bodies: dict[int, list[bytes]] = {}
        self._shown = b""  # the newest list of revocations that a thief could use
        self._keys: dict[bytes, bytes] = {}
        self._blobs: dict[int, tuple[Blob, int]] = {}
        self.newest: list[bytes | None] = [None, None]
        self.older: list[bytes | None] = [None, None]
        self.drive: bytes | None = None
        self.drawer: bytes | None = None
        self.store = self._open_store()
        self._certify_server()

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

    def _new_folder(self) -> Path:
        self._made += 1
        return self._folder / f"place-{self._made}"

    @contextmanager
    def _vault(self, desk: int) -> Iterator[Vault]:
        with Vault.open(self.paths[desk], LOGIN, PASSPHRASE) as vault:
            yield vault

    def _work(self, vault: Vault) -> Work:
        return Work(vault, SETTINGS, self.day)

    @contextmanager
    def _away(self, desk: int, *, is_away: bool) -> Iterator[None]:
        """Without the disk of the second copy."""
        aside = self._new_folder()
        if is_away:
            self.copies[desk].rename(aside)
        yield
        if is_away:
            aside.rename(self.copies[desk])

    def _import(self, desk: int, export: bytes, old: Path | None = None) -> str:
        with self._vault(desk) as vault:
            try:
                keys = old_copy.keys(vault, old, LOGIN, PASSPHRASE) if old else None
                done = importing.import_export(self._work(vault), io.BytesIO(export).read, keys)
            except DropboxError:
                return REFUSED
        return {"": DONE, known_exports.AGAIN: AGAIN}.get(done.doubt, DOUBTED)

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
    serial, place = divmod(number - 1, NUMBERS_PER_SERIAL)
    return 0 if not number else _RANGE * serial + min(place + 1, _RANGE - 1)
