"""Backup, restore and drill: what was lost with a disk comes back, and what was destroyed does not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from triage_world import LOGIN, PASSPHRASE, SETTINGS, TODAY, World, new_thread, published

from dropbox.errors import DamagedError, LockedError, RefusedError
from dropbox.triage.cases import casebook
from dropbox.triage.commands.maintenance import lines
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.maintenance.examination import examine
from dropbox.triage.maintenance.outcomes import Progress
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.vault import Vault, take_lock
from dropbox.triage.vault.work import Work


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vault of itjen."""
    return World.copied(tmp_path)


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    """The opened vault, with a case and a file."""
    with world.open() as opened:
        thread = new_thread()
        world.take(opened, [world.report(thread), world.file(thread, 1, b"isi berkas" * 9999)])
        yield opened


def test_a_vault_comes_back_from_its_backup(world: World, vault: Vault) -> None:
    """Cases and files open, keys of this week are new, and answers can be published again."""
    done = backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    assert (done.blobs, done.new, done.failed) == (2, 2, ())
    folder = world.folder
    said = restoring.restore(folder / "backup", folder / "new", folder / "new-copy", LOGIN, PASSPHRASE, TODAY)
    assert any("triage publish" in sentence for sentence in said)
    with Vault.open(folder / "new", LOGIN, PASSPHRASE) as restored:
        restored.install_certificate(world.certificate(restored, serial=2), TODAY)
        (case,) = casebook.all_cases(restored)
        assert casebook.files(restored, case)[0].path.exists()
        keys = published(world, restored).keys[-1].epochs
        assert keys.items().isdisjoint(world.public["itjen"].items())


def test_no_epoch_key_is_in_a_backup(world: World, vault: Vault) -> None:
    """Neither as a file of that name nor by its bytes."""
    backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    names = {path.name for path in (world.folder / "backup").rglob("*")}
    assert "epochs" not in names
    sealed = {path.read_bytes() for path in (vault.folder / "epochs").iterdir()}
    assert sealed
    assert not sealed & {path.read_bytes() for path in (world.folder / "backup").rglob("*") if path.is_file()}


def test_a_drill_leaves_nothing_and_finds_nothing_bad(world: World, vault: Vault) -> None:
    """The restored vault is looked through, and no trace of it stays beside the backup."""
    published(world, vault)
    backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    before = sorted(world.folder.iterdir())
    keys = sorted(path.read_bytes() for path in (vault.copy_folder / "epochs").iterdir())
    findings = restoring.drill(Work(vault, SETTINGS, TODAY), world.folder / "backup", LOGIN, PASSPHRASE)
    bad = {one.code for one in findings if one.is_bad}
    assert bad == set()
    assert sorted(world.folder.iterdir()) == before
    assert sorted(path.read_bytes() for path in (vault.copy_folder / "epochs").iterdir()) == keys


def test_a_backup_on_a_disk_without_access_rights(world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written and tried, beside the vault and not on that disk; what is restored from it is closed to others."""
    disk = world.folder / "disk"
    disk.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "chmod", lambda *_: None)
        backup.back_up(Work(vault, SETTINGS, TODAY), disk / "backup")
    for path in (disk / "backup").rglob("*"):
        path.chmod(0o755)
    before, places = sorted(world.folder.iterdir()), []
    monkeypatch.setattr(restoring, "keeps_modes", lambda _: False)
    monkeypatch.setattr(restoring, "check_room", lambda place, _: places.append(place))
    found = restoring.drill(Work(vault, SETTINGS, TODAY), disk / "backup", LOGIN, PASSPHRASE)
    assert (places, [one.code for one in found if one.is_bad]) == ([vault.folder.parent], [])
    assert (sorted(world.folder.iterdir()), list(disk.iterdir())) == (before, [disk / "backup"])
    restoring.restore(disk / "backup", world.folder / "new", world.folder / "new.copy", LOGIN, PASSPHRASE, TODAY)
    assert not any(path.stat().st_mode & 0o077 for path in (world.folder / "new").rglob("*"))


def test_a_drill_forgets_its_passphrase(world: World, vault: Vault) -> None:
    """Once it ran, also if it was ended at once."""
    work = Work(vault, SETTINGS, TODAY)
    backup.back_up(work, world.folder / "backup")
    drill = restoring.Drill.begin(work, world.folder / "backup", LOGIN, PASSPHRASE)

    def check() -> None:
        raise LockedError("vault.locked-meanwhile")

    assert PASSPHRASE in vars(drill).values()
    with pytest.raises(LockedError):
        drill.run(Progress(check))
    assert PASSPHRASE not in vars(drill).values()


def test_an_examination_that_is_broken_off_finds_nothing(vault: Vault) -> None:
    """Wherever it is ended, within a statement as well: it raises, and calls no database damaged."""
    work = Work(vault, SETTINGS, TODAY)
    for step in range(1, 40):
        looks = iter(range(step))

        def check(looks: Iterator[int] = looks) -> None:
            if next(looks, None) is None:
                raise LockedError("vault.locked-meanwhile")

        vault.db.watch(check)
        vault.db.set_progress_handler(vault.db._must_end, 1)  # as if each statement were long
        with pytest.raises(LockedError):
            examine(work, check=check)
    vault.db.watch(lambda: None)


def test_a_drill_notices_an_old_and_a_damaged_backup(world: World, vault: Vault) -> None:
    """Both are said; neither passes for a good one."""
    folder = world.folder / "backup"
    backup.back_up(Work(vault, SETTINGS, TODAY), folder)
    world.take(vault, [world.report(new_thread())], number=2)
    with pytest.raises(DamagedError, match="older"):
        restoring.drill(Work(vault, SETTINGS, TODAY), folder, LOGIN, PASSPHRASE)
    backup.back_up(Work(vault, SETTINGS, TODAY), folder)
    victim = max((folder / "blobs").iterdir(), key=lambda path: path.stat().st_size)
    raw = bytearray(victim.read_bytes())
    raw[-1] ^= 1
    victim.write_bytes(raw)
    findings = restoring.drill(Work(vault, SETTINGS, TODAY), folder, LOGIN, PASSPHRASE)
    assert "blobs-damaged" in {one.code for one in findings if one.is_bad}
    assert backup.back_up(Work(vault, SETTINGS, TODAY), folder).new == 1  # and the next backup mends it


def test_a_backup_goes_into_no_foreign_folder(world: World, vault: Vault) -> None:
    """Nothing is overwritten, and neither vault nor copy takes one."""
    (world.folder / "photos").mkdir(mode=0o700)
    (world.folder / "photos" / "cat.jpg").write_bytes(b"x")
    for place in (world.folder / "photos", vault.folder / "backup", vault.copy_folder):
        with pytest.raises(RefusedError):
            backup.back_up(Work(vault, SETTINGS, TODAY), place)


@pytest.mark.parametrize("name", ["lock", "blobs", "officers", "backup", "vault.db", "blobs/x", ""])
def test_a_link_on_a_backup_disk_reaches_nothing(world: World, vault: Vault, name: str) -> None:
    """A link in a backup's folder, or in its place, is refused by backup, drill and restore; what it names stays."""
    target = vault.folder / ("epochs" if name in ("blobs", "officers", "") else "vault.db")
    folder = world.folder / "disk" / "backup"
    (folder / "blobs").mkdir(parents=True)
    if name in ("blobs", ""):
        (folder / "blobs").rmdir()
    if name == "":
        folder.rmdir()
    (folder / name).symlink_to(target)
    before = {path: path.read_bytes() for path in vault.folder.rglob("*") if path.is_file() and "db-" not in path.name}
    with pytest.raises(RefusedError, match="link"):
        backup.back_up(Work(vault, SETTINGS, TODAY), folder)
    with pytest.raises(RefusedError, match="link"):
        restoring.drill(Work(vault, SETTINGS, TODAY), folder, LOGIN, PASSPHRASE)
    with pytest.raises(RefusedError, match="link"):
        restoring.restore(folder, world.folder / "new", world.folder / "new-copy", LOGIN, PASSPHRASE, TODAY)
    assert {path: path.read_bytes() for path in before} == before


def test_a_link_that_comes_while_a_backup_runs_removes_nothing(world: World, vault: Vault) -> None:
    """The folder of blobs becomes a link after the start: the run is refused before anything is removed."""
    work, folder = Work(vault, SETTINGS, TODAY), world.folder / "backup"
    backup.back_up(work, folder)
    copying = backup.Copying.begin(work, folder)
    (folder / "blobs").rename(world.folder / "aside")
    (folder / "blobs").symlink_to(vault.folder / "epochs")
    keys = sorted(path.name for path in (vault.folder / "epochs").iterdir())
    with pytest.raises(RefusedError, match="link"):
        copying.run(Progress())
    assert keys == sorted(path.name for path in (vault.folder / "epochs").iterdir() if path.name in keys)


def test_a_link_in_the_second_copy_removes_nothing(world: World, vault: Vault) -> None:
    """The second copy's folder of blobs has become a link: nothing is copied or shredded where it leads."""
    elsewhere = world.folder / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / "letter").write_bytes(b"x")
    (vault.copy_folder / "blobs").rename(world.folder / "aside")
    (vault.copy_folder / "blobs").symlink_to(elsewhere)
    with pytest.raises(RefusedError, match="link"):
        second_copy.sync(vault)
    assert [path.name for path in elsewhere.iterdir()] == ["letter"]


def test_a_lock_file_with_content_is_not_emptied(vault: Vault) -> None:
    """Only the desk's own mark in a lock file goes when the next program takes it."""
    other = vault.folder.with_name("other")
    other.mkdir()
    (other / "lock").write_bytes(b"pages of another book")
    os.close(take_lock(other))
    assert (other / "lock").read_bytes() == b"pages of another book"
    (other / "lock").write_bytes(b"pages")
    os.close(take_lock(other))
    assert (other / "lock").read_bytes() == b""


def test_the_doctor_says_in_words_what_is_wrong(world: World, vault: Vault) -> None:
    """Every finding has a sentence, and damage comes first."""
    published(world, vault)
    good = examine(Work(vault, SETTINGS, TODAY))
    assert {"database-good", "log-whole", "blobs-good", "epoch-keys-good", "published"} <= {one.code for one in good}
    next(vault.blobs.iterdir()).unlink()
    next((vault.folder / "epochs").iterdir()).unlink()
    next((vault.copy_folder / "epochs").iterdir()).unlink()
    (vault.folder / "station.key").chmod(0o644)
    bad = examine(Work(vault, SETTINGS, TODAY + 9))
    assert {"blobs-damaged", "published-long-ago", "others-may-read"} <= {one.code for one in bad if one.is_bad}
    assert all("{" not in line for line in lines([*good, *bad]))
    (vault.folder / "station.key").chmod(0o600)
