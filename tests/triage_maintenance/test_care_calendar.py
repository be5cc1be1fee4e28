"""Two years of weeks with a real store: vaults are lost, stolen and killed, a server is restored, and nothing is lost.

Each week the reporters of both desks send, the courier carries an export there and two returns back.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kills import run
from server_world import Server
from triage_world import (
    CHEAP,
    DESKS,
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    World,
    epoch_of,
    new_thread,
    publish,
    take_raw,
)

from dropbox.errors import UntrustedError
from dropbox.limits import EPOCH_GRACE_DAYS
from dropbox.store.database import Store
from dropbox.triage import decisions
from dropbox.triage.access import officers
from dropbox.triage.casework import giving_up
from dropbox.triage.intake.trial_decryption import OPENED
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.vault import anew
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_last_day

WEEKS = 104
RENEWED = 12  # weeks
DECIDED = 14  # weeks after a loss: then two officers give up what does not open
LOSSES = {10: 0, 30: 1, 50: 5, 74: 13}  # in which week itjen's vault is lost: weeks since its backup
THEFT = 74  # this loss is a theft: its key is revoked
KILLED = (20, 21, 60, 61)  # in these weeks itjen's publication is killed, and done again
SERVER_SAVED, SERVER_LOST = 86, 90
SECOND = "kedua"


class Ceremony(World):
    """A world whose lists of revocations keep what was revoked."""

    gone: dict[bytes, int]

    def revocations(self, made: int = TODAY, number: int = 1, keys: dict[bytes, int] | None = None) -> bytes:
        """As of the root, which never takes a key off its list."""
        return super().revocations(made, number, {**self.gone, **(keys or {})})


@dataclass
class Calendar:
    """The world, its server, and what was seen in it."""

    world: Ceremony
    server: Server
    day: int = TODAY
    serial: int = 2
    sent: dict[bytes, str] = field(default_factory=dict)
    opened: set[bytes] = field(default_factory=set)
    given_up: set[bytes] = field(default_factory=set)

    def certify(self, vault: Vault, **changes: bool) -> None:
        self.serial += 1
        vault.install_certificate(self.world.certificate(vault, self.day, self.serial, **changes), self.day)

    def reporters(self) -> None:
        """One report to each desk, by the keys that the site shows this week: the form is open."""
        epoch = epoch_of(self.day)
        for desk in DESKS:
            key = self.server.keys_shown(desk)[epoch]
            blob = self.world.report(new_thread(), desk=desk, epoch=epoch, key=key)
            self.server.put(blob, epoch)
            self.sent[blob.sha256] = desk

    def round(self, week: int) -> None:
        """The courier's, with each desk at work."""
        export = self.server.export(self.day)
        for desk in DESKS:
            with self.world.open(desk) as vault:
                if week % RENEWED == 0:
                    self.certify(vault)
                take_raw(vault, export, self.day)
                rows = vault.db.execute("select sha256 from seen where outcome = ?", (OPENED,))
                self.opened |= {bytes(sha256) for (sha256,) in rows}
            if desk == "itjen" and week in KILLED:
                assert run(self.world, lambda opened: publish(Work(opened, SETTINGS, self.day)), 40) is None
            with self.world.open(desk) as vault:
                self.server.take(publish(Work(vault, SETTINGS, self.day)), self.day)

    def lose(self, week: int) -> None:
        """Itjen's vault and copy are gone; the backup becomes a new station."""
        world = self.world
        with world.open() as vault:
            lost = vault.station_public
        for path in (world.path(), world.copy_path()):
            path.rename(path.with_name(f"{path.name}-{week}"))
        restoring.restore(world.folder / f"backup-{week}", world.path(), world.copy_path(), LOGIN, PASSPHRASE, self.day)
        if week == THEFT:
            self.serial += 1
            world.gone[lost] = self.day
            self.server.take(world.revocations(self.day, self.serial), self.day)
        with world.open() as vault:
            with pytest.raises(UntrustedError):
                publish(Work(vault, SETTINGS, self.day))
            self.certify(vault, successor=True)
            self.server.take(publish(Work(vault, SETTINGS, self.day)), self.day)

    def decide(self) -> None:
        """Two officers of itjen give up what does not open."""
        with self.world.open() as vault:
            rows = vault.db.execute("select sha256 from seen where withheld and outcome = ?", (anew.UNOPENED,))
            self.given_up |= {bytes(sha256) for (sha256,) in rows}
            number = giving_up.propose(Work(vault, SETTINGS, self.day))
        with Vault.open(self.world.path(), SECOND, PASSPHRASE) as vault:
            decisions.approve(Work(vault, SETTINGS, self.day), number)

    def check_keys(self, week: int) -> None:
        """Every private key past its grace is gone at the next export, in both places."""
        for desk in DESKS:
            for folder in (self.world.path(desk), self.world.copy_path(desk)):
                oldest = min(int(path.stem) for path in (folder / "epochs").glob("*.key"))
                assert epoch_last_day(oldest) + EPOCH_GRACE_DAYS + 7 >= self.day, (week, desk)


@pytest.fixture
def calendar(tmp_path: Path) -> Iterator[Calendar]:
    """Both desks have published; itjen has two officers."""
    world = Ceremony(tmp_path)
    world.gone = {}
    server = None
    for desk in DESKS:
        world.create(desk)
    server = Server(tmp_path / "server", world)
    for desk in DESKS:
        with world.open(desk) as vault:
            officers.add(
                Work(vault, SETTINGS, TODAY), NewOfficer(SECOND, "Petugas Kedua", ("irjen",), PASSPHRASE), CHEAP
            )
            server.take(publish(Work(vault, SETTINGS, TODAY)), TODAY)
    yield Calendar(world, server)


def _save(server: Server, name: str) -> Path:
    with sqlite3.connect(server.folder / "server.db") as db:
        db.execute("vacuum into ?", (str(server.folder / name),))
    return server.folder / name


@pytest.mark.soak
def test_two_years_lose_no_report(calendar: Calendar) -> None:
    """Each acknowledged report is opened or named; the form is open every week; each key goes on time."""
    server, saved = calendar.server, None
    for week in range(1, WEEKS + 1):
        calendar.day += 7
        if week == SERVER_LOST and saved is not None:
            server.store.close()
            for path in server.folder.glob("server.db*"):
                path.unlink()
            saved.rename(server.folder / "server.db")
            server.store = Store.open(f"sqlite:///{server.folder / 'server.db'}")
        calendar.reporters()
        if week in LOSSES:
            calendar.lose(week)
        calendar.round(week)
        if week == SERVER_SAVED:
            saved = _save(server, "saved.db")
        for loss, age in LOSSES.items():
            if week == loss - max(age, 1):
                with calendar.world.open() as vault:
                    backup.back_up(Work(vault, SETTINGS, TODAY), calendar.world.folder / f"backup-{loss}")
            if week == loss + DECIDED:
                calendar.decide()
        calendar.check_keys(week)
    with calendar.world.open() as vault:
        assert anew.withheld(vault) == (0, 0)
    unread = calendar.sent.keys() - calendar.opened
    assert unread <= calendar.given_up
    assert {calendar.sent[sha256] for sha256 in unread} <= {"itjen"}
    assert len(unread) == len(LOSSES)  # of each week of a loss, the one that was sent to the lost key
    assert server.count() <= 2 * len(DESKS)
