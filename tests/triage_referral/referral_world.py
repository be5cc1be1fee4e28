"""An office that refers a case, and bodies that receive it on machines of their own."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY, World, new_thread
from work_world import as_officer

from dropbox.crypto.signing import Trust
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.receiver import files as files_module
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.handling import Classification, classify
from dropbox.triage.referral import build, propose, receivers
from dropbox.triage.referral.build import Made
from dropbox.triage.referral.facts import Draft, Person
from dropbox.triage.referral.propose import Referral
from dropbox.triage.referral.receivers import Receiver
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.receiver import REFERRAL

STORY = "Kepala seksi meminta setoran dari setiap guru pada awal bulan Maret di ruang tata usaha."
SUMMARY = "Ada dugaan permintaan uang secara rutin kepada pengajar oleh seorang pejabat."
DRAFT = Draft(
    receiver=0,
    request="ambil-alih",
    summary=SUMMARY,
    chronology=("Maret 2026: permintaan pertama", "April 2026: permintaan kedua"),
    people=(Person("Ahmad Contoh", "Kepala Seksi", "Kankemenag Kota Contoh", "peminta"),),
    since="2026-03",
    precision="bulan",
    rupiah=1_500_000_000,
    court="tidak",
    conclusion="Cukup alasan",
)


@dataclass
class Body:
    """A receiver on its own machine: a folder with key and card."""

    folder: Path
    label: str = "KPK, Direktorat PLPM"

    def make(self, first: int = TODAY, last: int = TODAY + 365, purpose: str = REFERRAL) -> bytes:
        """Its card."""
        return files_module.make_key(self.folder / "kunci", self.label, purpose, first, last, PASSPHRASE, CHEAP)

    @property
    def opener(self) -> files_module.Opener:
        return files_module.open_key(self.folder / "kunci", PASSPHRASE)

    def open(self, dossier: Path, world: World, name: str = "berkas") -> Path:
        """Verify a dossier and write it into a new folder."""
        found = files_module.check_dossier(dossier, self.opener, Trust(world.anchor, TODAY))
        files_module.write_dossier(dossier, found, self.folder / name)
        return self.folder / name

    def answer(self, dossier: Path, world: World, today: int = TODAY, **said: str) -> bytes:
        """An answer's file."""
        found = files_module.check_dossier(dossier, self.opener, Trust(world.anchor, TODAY))
        return files_module.make_answer(self.opener, found, today, said)


@dataclass
class Office:
    """The inspectorate: two officers, one case."""

    world: World
    vault: Vault
    folder: Path
    number: int
    thread: ThreadKeys
    second: Vault = field(init=False)

    def __post_init__(self) -> None:
        self.second = as_officer(self.vault)

    @property
    def case(self) -> Case:
        return casebook.case_of(self.vault, self.number)

    @property
    def out(self) -> Path:
        return self.folder / "keluar"

    def body(self, name: str = "kpk", target: str = "kpk") -> tuple[Body, Receiver]:
        """A receiver that was added after its words were compared."""
        (self.folder / name).mkdir(mode=0o700)
        made = Body(self.folder / name)
        card = made.make()
        words = receivers.look_at(self.vault, card, TODAY).words
        return made, receivers.add(Work(self.vault, SETTINGS, TODAY), card, target, words)

    def approved(self, receiver: int, today: int = TODAY, **changes: Any) -> Referral:
        """A dossier that the second officer let go."""
        draft = replace(DRAFT, receiver=receiver, **changes)
        number = propose.propose(Work(self.vault, SETTINGS, today), self.case, draft)
        return propose.approve(Work(self.second, SETTINGS, today), number)

    def sealed(self, receiver: int, **changes: Any) -> tuple[Path, Made]:
        """Its file."""
        made = build.make(Work(self.vault, SETTINGS, TODAY), self.approved(receiver, **changes).number, self.out)
        return self.out / made.names[0], made

    def board(self) -> list[str]:
        """What the reporter reads."""
        return [one.text for one in casebook.timeline(self.vault, self.case) if one.text]


def make_office(
    world: World, vault: Vault, folder: Path, files: tuple[tuple[str, bytes], ...], record: dict[str, str]
) -> Office:
    """An office whose case 1 has these files."""
    thread = new_thread()
    fields = {"what": STORY, "who": "Ahmad Contoh", "where": "Kankemenag Kota Contoh"} | record
    report = world.report(thread, record={name: value.encode() for name, value in fields.items()})
    blobs = [world.file(thread, number, data, name) for number, (name, data) in enumerate(files, 1)]
    world.take(vault, [report, *blobs])
    case = casebook.case_of(vault, 1)
    chosen = Classification("Kankemenag Kota Contoh", "kankemenag", "32", "Kota Contoh", None, "Dugaan setoran")
    classify(Work(vault, SETTINGS, TODAY), case, chosen)
    return Office(world, vault, folder, 1, thread)
