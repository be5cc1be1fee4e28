"""SIGKILL at any step of entering and deleting: no committed work is lost, no plaintext left, the rest is done next."""

from dataclasses import replace
from pathlib import Path

import pytest
from kills import killed_at
from triage_world import SETTINGS, TODAY, World, all_files, dump, new_thread
from work_world import as_officer, move

from dropbox.errors import NotFoundError
from dropbox.triage.access import approvals
from dropbox.triage.cases import casebook
from dropbox.triage.casework import retention
from dropbox.triage.casework.extract import extract
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.csv_entry import import_csv
from dropbox.triage.intake.manual_entry import Scan, Typed
from dropbox.triage.vault import schema, second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

CANARY = "kenarimerah"
FEW = replace(SETTINGS, workstation=replace(SETTINGS.workstation, retention_days={"SELESAI_TIDAK": 1}))


@pytest.fixture(params=[10, pytest.param(1000, marks=pytest.mark.soak)])
def kills(request: pytest.FixtureRequest) -> int:
    """How many steps of an act are tried at most: a few, or every one."""
    return int(request.param)


def _no_plaintext(world: World) -> None:
    """Neither in the vault nor in its copy, whatever a kill left there."""
    for path in all_files(world.path(), world.copy_path()):
        assert CANARY.encode() not in path.read_bytes(), path


def _named_alone(vault: Vault) -> None:
    """Both places hold the blobs that a row names, and no others."""
    named = {name for (name,) in vault.db.execute("select file from seen where file is not null")}
    for folder in (vault.folder, vault.copy_folder):
        assert {path.name for path in (folder / "blobs").iterdir()} == named


def test_entering_a_letter(world: World, tmp_path: Path, kills: int) -> None:
    """A letter with its scan is there whole or not at all; typed again it comes in, and no half of it is left."""
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(CANARY.encode() * 5000)
    fields = {"what": CANARY, "who": CANARY, "where": "Kota"}
    typed = Typed("surat", TODAY, "dumas", "pungli", fields, scans=(Scan(scan, "surat.pdf"),))
    whole = 0
    for step in killed_at(kills, world, lambda vault: manual_entry.enter(Work(vault, SETTINGS, TODAY), typed)):
        _no_plaintext(world)
        with world.open() as vault:
            before = casebook.all_cases(vault)
            whole += len(before)
            manual_entry.enter(Work(vault, SETTINGS, TODAY), typed)
            assert second_copy.sync(vault) == []
            _named_alone(vault)
            cases = casebook.all_cases(vault)
            assert len(cases) == len(before) + 1
            for case in cases:
                assert casebook.texts(vault, case)[0].fields["what"] == CANARY
                out = tmp_path / f"out-{step}-{case.number}"
                assert extract(vault, case, out).failed == []
                assert (out / "01-surat.pdf").read_bytes() == scan.read_bytes()
    assert whole


def test_importing_a_register(world: World, kills: int) -> None:
    """A batch of rows is there whole or not at all; the same file again brings the rest, each row once."""
    rows = "".join(f"2026-03-02;{CANARY} {number};Kota\n" for number in range(3))
    raw = f"tanggal;uraian;tempat\n{rows}".encode()
    for _ in killed_at(kills, world, lambda vault: import_csv(Work(vault, SETTINGS, TODAY), raw, "surat")):
        _no_plaintext(world)
        with world.open() as vault:
            came = len(casebook.all_cases(vault))
            assert came in (0, 3)
            done = import_csv(Work(vault, SETTINGS, TODAY), raw, "surat")
            assert (done.entered, done.known) == (3 - came, came)
            texts = [casebook.texts(vault, case)[0].fields["what"] for case in casebook.all_cases(vault)]
            assert texts == [f"{CANARY} {number}" for number in range(3)]


def _proposed(world: World) -> int:
    """A world with one case that stays and one whose deletion waits for its second officer: the proposal's number."""
    with world.open() as vault:
        threads = (new_thread(), new_thread())
        blobs = [world.report(thread, text) for thread, text in zip(threads, (CANARY, "tetap"), strict=True)]
        files = [world.file(thread, 1, text.encode()) for thread, text in zip(threads, (CANARY, "tetap"), strict=True)]
        world.take(vault, [blobs[0], files[0], blobs[1], files[1]])
        case = move(vault, casebook.all_cases(vault)[0], "SELESAI_TIDAK")
        assert second_copy.sync(vault) == []
        return retention.propose(Work(vault, FEW, TODAY + 1), case)


def _is_gone(vault: Vault) -> None:
    """Nothing of the deleted case in the vault or in its copy; the other one is whole."""
    _named_alone(vault)
    second = schema.connect(vault.copy_folder / "vault.db", vault.key)
    try:
        for db in (vault.db, second):
            assert CANARY not in repr(dump(replace(vault, db=db)))
            assert db.execute("select count(*) from seen where file is not null").fetchone() == (2,)
    finally:
        second.close()
    (kept,) = casebook.all_cases(vault)
    assert casebook.texts(vault, kept)[0].fields["what"] == "tetap"
    assert all(file.path.exists() for file in casebook.files(vault, kept))


def test_deleting_a_case(world: World, kills: int) -> None:
    """Before its commit the proposal stands; after it a sync of the second copy, whoever asks for it, does the rest."""
    number = _proposed(world)
    deleted = 0
    for _ in killed_at(kills, world, lambda vault: retention.approve(Work(as_officer(vault), FEW, TODAY + 1), number)):
        _no_plaintext(world)
        with world.open() as vault:
            try:
                case = casebook.find_case(vault, "1")
            except NotFoundError:
                deleted += 1
                assert approvals.pending(vault) == []
                assert second_copy.sync(vault) == []
            else:
                assert casebook.texts(vault, case)[0].fields["what"] == CANARY
                assert all(file.path.exists() for file in casebook.files(vault, case))
                assert retention.approve(Work(as_officer(vault), FEW, TODAY + 1), number) == []
            _is_gone(vault)
    assert deleted > 1


def test_the_next_deletion_finishes_the_one_before(world: World, kills: int) -> None:
    """While the copy was away a case was deleted; when it is back, the vault's next deletion or sync clears both."""
    number = _proposed(world)
    away = world.copy_path().rename(world.folder / "away")
    with world.open() as vault:
        (said,) = retention.approve(Work(as_officer(vault), FEW, TODAY + 1), number)
        assert "WARNING" in said
        away.rename(world.copy_path())
    for _ in killed_at(kills, world, second_copy.sync):
        with world.open() as vault:
            assert second_copy.sync(vault) == []
            _is_gone(vault)
