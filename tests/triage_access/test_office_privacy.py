"""UU PDP: the register of processing, the note of a breach within 3 x 24 hours, both filled from facts."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY
from work_world import as_officer, move, new_case

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.oversight import breach, processing
from dropbox.triage.oversight.breach import Facts
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

FOUND = breach.local_time(SETTINGS, "2025-12-31T23:30")
FACTS = Facts("Nama dan satker", "Stik hilang", "Kunci diganti", "Pengawas kerahasiaan", FOUND, people=12)
SOON = FOUND + datetime.timedelta(hours=1)


def _own(folder: Path, text: str) -> Settings:
    (folder / "processing.toml").write_text(text, "utf-8")
    return replace(SETTINGS, workstation=replace(SETTINGS.workstation, policy_folder=folder))


def test_the_register_is_filled_from_the_vault(vault: Vault) -> None:
    """Activities with what is not confirmed, what is held, how long it is kept; no word of a report."""
    new_case(vault, what="kenari")
    move(vault, new_case(vault, today=TODAY - 4000), "SELESAI_TERBUKTI", TODAY - 3900)
    with transaction(vault.db):
        vault.db.execute("update cases set closed = ? where number = 2", (TODAY - 3900,))
    text = processing.register(Work(vault, SETTINGS, TODAY), "txt").decode()
    assert "Kasus dengan isi: 2" in text
    assert "Kasus yang masa simpannya habis: 1" in text
    assert "Selesai, terbukti: 3650 hari" in text
    assert text.count("Belum dipastikan") == 1
    assert "kenari" not in text
    assert "Not confirmed" in processing.register(Work(vault, SETTINGS, TODAY), "txt", "en").decode()
    assert processing.register(Work(vault, SETTINGS, TODAY), "pdf").startswith(b"%PDF")
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (1, 'awas', 'unit', '')")
    overseer = as_officer(vault, "awas", "pengawas")
    assert "Kasus dengan isi: 1\n" in processing.register(Work(overseer, SETTINGS, TODAY), "txt").decode()


def test_an_own_file_takes_the_packaged_ones_place(vault: Vault, tmp_path: Path) -> None:
    """What is not understood is refused with its name."""
    fields = "\n".join(
        f'{name}_id = "a"\n{name}_en = "b"'
        for name in ("title", "purpose", "people", "data", "recipients", "basis", "safeguards")
    )
    whole = f"[[activities]]\n{fields}\nconfirmed = true\n"
    own = Work(vault, _own(tmp_path, whole), TODAY)
    assert "Belum dipastikan" not in processing.register(own, "txt").decode().split(
        "Masa simpan"
    )[0]  # fmt: skip
    for bad in (
        "",
        "[[activities]]\n",
        "x = ",
        whole.replace("true", "1"),
        whole.replace('"b"', "3"),
        "activities = 3",
    ):
        with pytest.raises(ConfigurationError, match=r"processing\.toml"):
            processing.register(Work(vault, _own(tmp_path, bad), TODAY), "txt")


def test_the_deadline_is_72_hours_after_the_discovery(vault: Vault) -> None:
    """Over New Year, told on the clock of the zone; a note that is late says so."""
    text = breach.note(Work(vault, SETTINGS, TODAY), FACTS, SOON, "txt").decode()
    assert "Batas pemberitahuan (3 x 24 jam): 3 Januari 2026 pukul 23.30 WIB" in text
    assert "Diketahui: 31 Desember 2025 pukul 23.30 WIB" in text
    assert "Terjadi sejak: belum diketahui" in text
    assert "Banyaknya orang: 12" in text
    assert "sudah lewat" not in text
    end = FOUND + datetime.timedelta(hours=72)
    assert "sudah lewat" not in breach.note(Work(vault, SETTINGS, TODAY), FACTS, end, "txt").decode()
    late = breach.note(Work(vault, SETTINGS, TODAY), FACTS, end + datetime.timedelta(seconds=1), "txt", "en").decode()
    assert "That time is over" in late
    assert breach.note(Work(vault, SETTINGS, TODAY), FACTS, SOON, "pdf").startswith(b"%PDF")


def test_a_note_without_its_facts_is_refused(vault: Vault) -> None:
    """An empty answer, times in the wrong order, a time that is none, another role."""
    hour = datetime.timedelta(hours=1)
    for changed in (
        {"data": " "}, {"contact": ""}, {"how": "x" * 5001}, {"people": -1}, {"since": FOUND + hour},
        {"found": SOON + hour},
    ):  # fmt: skip
        with pytest.raises(RefusedError):
            breach.note(Work(vault, SETTINGS, TODAY), replace(FACTS, **changed), SOON, "txt")  # type: ignore[arg-type]
    for typed in ("", "kemarin", "2026-03-12", "2026-03-12T08:30+09:00", "2026-02-30T08:30", "0001-01-01T00:00"):
        with pytest.raises(RefusedError):
            breach.local_time(SETTINGS, typed)
    for kind in ("", "docx"):
        with pytest.raises(RefusedError):
            breach.note(Work(vault, SETTINGS, TODAY), FACTS, SOON, kind)
    with pytest.raises(RefusedError):
        breach.note(Work(as_officer(vault, "budi", "inspektur"), SETTINGS, TODAY), FACTS, SOON, "txt")


def test_the_papers_of_privacy_become_files(vault: Vault) -> None:
    """The register as PDF; the note as text, with what was typed."""
    work = Work(vault, SETTINGS, TODAY)
    assert processing.register(work, "pdf").startswith(b"%PDF-")
    facts = replace(FACTS, data="Isi", found=breach.local_time(SETTINGS, "2025-12-31T23:30"), since=None)
    assert "Isi" in breach.note(work, facts, datetime.datetime.now(datetime.UTC), "txt").decode()
