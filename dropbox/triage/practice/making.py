"""Makes a practice vault: weeks of made-up reports, taken in and worked on by the functions that production uses.

    FOLDER/vault  FOLDER/vault.copy      the vault and its second copy
    FOLDER/stick                         in place of the courier's USB drive: an export that waits, then the returns
    FOLDER/dropbox.toml                  settings: the stick
    FOLDER/BACA-AKU.txt                  how to open it; officers and their passphrase

Rule: nothing is made in a folder that is not empty, nor in or around a vault; a step that fails leaves no half vault.
"""

import datetime
import io
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.private.private_files import Cost
from dropbox.disk.private import private_folder, write_whole
from dropbox.errors import ConfigurationError, RefusedError
from dropbox.settings import installation
from dropbox.settings.installation import Settings
from dropbox.triage.access import officers
from dropbox.triage.intake import importing, manual_entry
from dropbox.triage.intake.manual_entry import Scan, Typed
from dropbox.triage.practice import acts, content, files, tour
from dropbox.triage.practice.authority import Authority
from dropbox.triage.practice.content import Content, Letter
from dropbox.triage.practice.people import DESK, PASSPHRASE, PEOPLE
from dropbox.triage.practice.reporter import Reporter, Sent
from dropbox.triage.tables import cases
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault import epochs, second_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import is_vault
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of, day_of

VAULT: Final = "vault"
STICK: Final = "stick"
CONFIG: Final = "dropbox.toml"
README: Final = "BACA-AKU.txt"
_COURIER_DAYS: Final = 7  # between two exports
_COST: Final = Cost(1, 8, 1)  # Argon2's minimum: the passphrase is written next to the vault
_SETTINGS: Final = "# Latihan / practice: bukan untuk laporan sungguhan.\n[workstation]\nstick = {stick}\n"


@dataclass
class _Made:
    """A vault while it is made: who reports, and which case each report became."""

    vault: Vault
    settings: Settings
    today: Day
    authority: Authority
    cases: dict[str, CaseNumber] = field(default_factory=dict)

    def work(self, login: str, days: int) -> Work:
        """Return the work of an officer so many days before today."""
        return Work(officers.in_hands_of(self.vault, login), self.settings, Day(self.today - days))


def make(folder: Path, now: datetime.date | None = None) -> Path:
    """Make a practice vault; return the path of its README.

    Args:
        folder: empty or not there yet, and outside of every vault.
        now: the last day of the made-up weeks; None for today in the installation's zone.

    Raises:
        RefusedError: the folder is not empty, or in a vault or a second copy.
        ConfigurationError: the folder cannot be written, or others may read it.
        StorageFullError: the disk is full.
    """
    folder = folder.resolve()
    if any(is_vault(one) for one in (folder, *folder.parents)):
        raise RefusedError("practice.in-vault")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("practice.folder-used")
    try:
        private_folder(folder)
    except OSError as error:
        raise ConfigurationError("vault.folder-unwritable", system=error.errno) from None
    try:
        return _fill(folder, now)
    except BaseException:
        for path in folder.iterdir():  # all of it was made here
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _fill(folder: Path, now: datetime.date | None) -> Path:
    stick = private_folder(folder / STICK)
    write_whole(folder / CONFIG, _SETTINGS.format(stick=json.dumps(str(stick))).encode())
    settings = installation.load(folder / CONFIG)
    today, planned = day_of(now or settings.today()), content.read()
    authority = Authority(Day(today - planned.oldest - 1))
    with create_vault(
        folder / VAULT,
        copy=folder / f"{VAULT}.copy",
        desk=DESK,
        anchor=authority.anchor,
        first=PEOPLE[0],
        cost=_COST,
    ) as vault:
        made = _Made(vault, settings, today, authority)
        first = Work(vault, settings, authority.first)
        authority.certify(vault, authority.first)
        epochs.extend(vault, authority.first)
        for one in PEOPLE[1:]:
            officers.add(first, one, _COST)
        waiting = _live(made, planned)
        authority.certify(vault, today)
        with transaction(vault.db):
            tour.begin(vault, made.cases)
        second_copy.sync(vault)
        write_whole(stick / f"export-{date_of(today).isoformat()}", authority.export(waiting, today), mode=0o644)
    return _readme(folder)


def _live(made: _Made, planned: Content) -> list[Sent]:
    """Let the weeks pass, day by day; return what waits on the USB drive."""
    reporters = [Reporter(made.vault, one) for one in planned.reports]
    everything = [sent for reporter in reporters for sent in reporter.sent(made.today)]
    on_server = [one for one in everything if not one.is_waiting]
    for days in range(planned.oldest, -1, -1):
        now = Day(made.today - days)
        if days % _COURIER_DAYS == 0:
            brought = [one for one in on_server if one.day <= now]
            on_server = [one for one in on_server if one.day > now]
            importing.import_export(made.work("ratna", days), io.BytesIO(made.authority.export(brought, now)).read)
            for reporter in reporters:
                if number := cases.of_thread(made.vault.db, reporter.thread):
                    made.cases[reporter.report.key] = number
        for letter in planned.letters:
            if letter.days == days:
                made.cases[letter.key] = _enter(made.work("ratna", days), letter)
        for act in planned.acts:
            if act.days == days:
                acts.do(made.work(act.who, days), made.cases.get(act.case), act)
    return [one for one in everything if one.is_waiting]


def _enter(work: Work, letter: Letter) -> CaseNumber:
    """Enter a letter as an officer does; its scan is a file only for that moment."""
    fields = {"what": content.flowing(letter.what), "who": letter.who, "where": letter.where}
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan"
        scan.write_bytes(files.made(letter.file) if letter.file else b"")
        scans = (Scan(scan, letter.file, files.media_type(letter.file)),) if letter.file else ()
        typed = Typed(letter.origin, work.today, letter.channel, letter.category, fields, scans=scans)
        return manual_entry.enter(work, typed).case.number


def _readme(folder: Path) -> Path:
    """Write how to open the vault, in both languages."""
    names = "\n".join(f"  {one.login:8} {one.name} ({', '.join(one.roles)})" for one in PEOPLE)
    text = (
        "LATIHAN. Semua laporan dan petugas di folder ini buatan. / PRACTICE. All reports and officers are made up.\n\n"
        f"  dropbox triage serve --vault {folder / VAULT} --config {folder / CONFIG}\n\n"
        f"Petugas / officers:\n{names}\n\nFrasa sandi semua / passphrase of all: {PASSPHRASE}\n\n"
        "Stik kurir / the courier's drive: folder stick.\n"
        "Hapus folder ini setelah selesai. / Delete this folder at the end.\n"
    )
    write_whole(folder / README, text.encode())
    return folder / README
