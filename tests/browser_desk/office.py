"""What an officer finds in the morning: a vault, a colleague, and the courier's stick with reports on it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from triage_world import CHEAP, SETTINGS, TODAY, Published, World, new_thread, verified

from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.triage.access import officers
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.work import Work
from tests.support.desk_process import RunningDesk, serving_desk

FIRST, SECOND = "kepala", "wakil"
PASSPHRASE = "lima kata acak untuk uji"
SCREEN = (1366, 768)  # the ministry's usual notebook
REPORTS = 20
_WHERE = ("Kankemenag Kota Bandung", "MTsN 3 Lebak", "KUA Cibadak", "Kanwil Kemenag Jambi")


@dataclass
class Office:
    """One desk with its stick; `threads` are the reporters'."""

    world: World
    stick: Path
    threads: list[ThreadKeys] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path) -> "Office":
        world = World(folder)
        world.create("itjen")
        with world.open() as vault:
            officers.add(
                Work(vault, SETTINGS, TODAY), NewOfficer(SECOND, "Wakil Uji", ("inspektur",), PASSPHRASE), CHEAP
            )
        stick = folder / "stick"
        stick.mkdir()
        return cls(world, stick)

    def bring_reports(self, count: int = REPORTS) -> None:
        """The courier's export, some reports with a file."""
        blobs = []
        for number in range(count):
            thread = new_thread()
            self.threads.append(thread)
            what = f"Setiap bulan ada setoran ke-{number}. <b>Tolong</b> diperiksa."
            blobs.append(self.world.report(thread, what, record={"where": _WHERE[number % 4].encode()}))
            if number % 5 == 0:
                blobs.append(self.world.file(thread, 1, b"%PDF-1.4 isi", "bukti <i>.pdf"))
        (self.stick / "ekspor-1").write_bytes(self.world.export(blobs))

    @contextlib.contextmanager
    def open(self) -> Iterator[RunningDesk]:
        """The running desk."""
        with serving_desk(self.world.path(), settings=f'[workstation]\nstick = "{self.stick}"\n') as desk:
            yield desk

    def returned(self) -> Published:
        """What the courier carries back, verified as server and reporters would."""
        (bundle,) = self.stick.glob("return-*")
        return verified(self.world, bundle.read_bytes())
