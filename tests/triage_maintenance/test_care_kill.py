"""SIGKILL at the steps of acts of care: the next ordinary command finishes, undoes or names what is left."""

from pathlib import Path

import pytest
from kills import killed_at
from triage_world import LOGIN, PASSPHRASE, SETTINGS, TODAY, World, new_thread, take_raw

from dropbox.limits import EPOCH_GRACE_DAYS
from dropbox.triage.cases import casebook
from dropbox.triage.exchange import restored
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.vault import epochs, former, second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_last_day, epoch_of

KILLS = 12


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vault of itjen, with a case."""
    made = World.copied(tmp_path)
    with made.open() as vault:
        made.take(vault, [made.report(new_thread())])
    return made


def test_a_killed_move_of_the_copy_leaves_no_keys_behind(world: World) -> None:
    """The same command again ends it: the new folder is the copy, and the old one holds no key."""
    second = world.folder / "second"
    for _ in killed_at(KILLS, world, lambda vault: second_copy.begin_anew(vault, second), (second,)):
        with world.open() as vault:
            assert second_copy.begin_anew(vault, second) == []
            assert (vault.copy_folder, former.folders(vault)) == (second, [])
            assert epochs.unusable(vault, second) == []
        assert not list((world.copy_path() / "epochs").glob("*.key"))


def test_a_killed_restore_begins_again(world: World) -> None:
    """No folder that looks like a vault is half of one; the same command makes it whole."""
    new, second = world.folder / "new", world.folder / "new.copy"
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")

    def restore(_: Vault | None = None) -> None:
        restoring.restore(world.folder / "backup", new, second, LOGIN, PASSPHRASE, TODAY)

    for _ in killed_at(KILLS, world, restore, (new, second, new.with_name(".new.restoring"))):
        if not new.exists():
            restore()
        with Vault.open(new, LOGIN, PASSPHRASE) as vault:
            assert second_copy.sync(vault) == []
            assert restored.is_marked(vault)
            assert epochs.unusable(vault, new) == epochs.unusable(vault, second) == []
            assert len(casebook.all_cases(vault)) == 1
        assert {path.name for path in world.folder.iterdir()} & {".new.restoring"} == set()


def test_a_killed_first_backup_is_gone_on_with(world: World) -> None:
    """The folder is known as ours, and the next run makes it whole."""
    folder = world.folder / "backup"
    for _ in killed_at(KILLS, world, lambda vault: backup.back_up(Work(vault, SETTINGS, TODAY), folder), (folder,)):
        with world.open() as vault:
            assert backup.back_up(Work(vault, SETTINGS, TODAY), folder).failed == ()
        assert not list(folder.rglob("*.partial"))
        assert (folder / "vault.db").exists()


def test_a_killed_destruction_is_finished_by_the_same_export(world: World) -> None:
    """Taken in once more, it destroys what the kill left, in both places."""
    epoch = epoch_of(TODAY)
    day = epoch_last_day(epoch) + EPOCH_GRACE_DAYS + 1
    export = world.export([], day=day, number=9)
    for _ in killed_at(KILLS, world, lambda vault: take_raw(vault, export, day)):
        with world.open() as vault:
            take_raw(vault, export, day)
            for folder in (vault.folder, vault.copy_folder):
                assert not (folder / "epochs" / f"{epoch}.key").exists()
