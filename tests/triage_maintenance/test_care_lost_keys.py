"""Keys that one place has lost: what still has them is used, and never overwritten by what has not."""

import io
import os
import shutil
from pathlib import Path

import pytest
from triage_world import LOGIN, PASSPHRASE, SETTINGS, TODAY, World, new_thread, published

from dropbox.errors import ConfigurationError, DamagedError, NotFoundError, RefusedError
from dropbox.limits import EPOCH_GRACE_DAYS, EPOCHS_AHEAD
from dropbox.triage.access import approvals
from dropbox.triage.casework import giving_up
from dropbox.triage.intake import old_copy
from dropbox.triage.intake.importing import import_export
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.maintenance.second_copies import new_keys
from dropbox.triage.vault import anew, epochs, former, second_copy, whole_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import EPOCHS, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_last_day, epoch_of

EPOCH = epoch_of(TODAY)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vault of itjen."""
    return World.copied(tmp_path)


def _empty(folder: Path) -> None:
    for path in (folder / EPOCHS).iterdir():
        path.unlink()


def test_no_key_is_made_anew_while_the_copy_is_not_there(world: World) -> None:
    """The copy may hold it: the command says so and changes nothing, and with the copy the key comes back."""
    aside = world.folder / "aside"
    with world.open() as vault:
        before = epochs.public_keys(vault, 0, EPOCH + 99)
        _empty(vault.folder)
        world.copy_path().rename(aside)
        with pytest.raises(ConfigurationError, match="second copy"):
            new_keys(Work(vault, SETTINGS, TODAY))
        aside.rename(world.copy_path())
        assert new_keys(Work(vault, SETTINGS, TODAY)) == []
        assert epochs.public_keys(vault, 0, EPOCH + 99) == before
        assert epochs.unusable(vault, vault.folder) == []


def test_other_keys_in_the_vault_never_replace_the_copys(world: World) -> None:
    """A folder of keys that was put back wrongly is mended from the copy, though its files are whole."""
    with world.open() as vault:
        old = world.folder / "old-epochs"
        shutil.copytree(vault.folder / EPOCHS, old)
        _empty(vault.folder)
        _empty(vault.copy_folder)
        assert new_keys(Work(vault, SETTINGS, TODAY))
        assert second_copy.sync(vault) == []
        shutil.rmtree(vault.folder / EPOCHS)
        shutil.copytree(old, vault.folder / EPOCHS)
        with pytest.raises(DamagedError, match="triage doctor"):
            second_copy.sync(vault)
        assert whole_copy.mend(vault, TODAY) == []
        assert epochs.unusable(vault, vault.folder) == epochs.unusable(vault, vault.copy_folder) == []


def test_a_former_copy_keeps_the_keys_that_reports_wait_for(world: World) -> None:
    """Reached again, it keeps what was lost elsewhere; past their grace, and when nothing waits, its keys go."""
    away, first = world.folder / "away", world.copy_path()
    with world.open() as vault:
        report = world.report(new_thread())
        _empty(vault.folder)
        first.rename(away)
        second_copy.begin_anew(vault, world.folder / "second")
        assert new_keys(Work(vault, SETTINGS, TODAY))
        assert world.take(vault, [report], number=1).unopened == 1
        away.rename(first)
        assert second_copy.sync(vault) == []
        assert former.folders(vault) == [first]
        found = old_copy.keys(vault, first, LOGIN, PASSPHRASE)
        export = io.BytesIO(world.export([report], number=2))
        assert import_export(Work(vault, SETTINGS, TODAY), export.read, found).opened == 1
        assert anew.unopened(vault) == 0
        assert EPOCH in epochs.whole(vault, first)
        day = epoch_last_day(EPOCH + EPOCHS_AHEAD + 1) + EPOCH_GRACE_DAYS + 1
        world.take(vault, [], today=day, day=day, number=3)
        assert former.folders(vault) == []
        assert not list((first / EPOCHS).iterdir())


def test_an_old_copy_opens_what_waits_for_a_missing_key(world: World) -> None:
    """Though the key was not made anew: the old copy's is tried before the report is set aside."""
    with world.open() as vault:
        old = world.folder / "old"
        shutil.copytree(vault.folder, old)
        report = world.report(new_thread())
        for folder in (vault.folder, vault.copy_folder):
            (folder / EPOCHS / f"{EPOCH}.key").unlink()
        assert len(world.take(vault, [report], number=1).aside) == 1
        found = old_copy.keys(vault, old, LOGIN, PASSPHRASE)
        export = io.BytesIO(world.export([report], number=2))
        done = import_export(Work(vault, SETTINGS, TODAY), export.read, found)
        assert (done.opened, done.aside) == (1, [])


def test_a_restore_that_ended_before_its_last_step_begins_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second copy is filled already, and the vault bears its name not yet: the same command makes it whole."""
    new, second = world.folder / "new", world.folder / "new.copy"
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")

    def restore() -> None:
        restoring.restore(world.folder / "backup", new, second, LOGIN, PASSPHRASE, TODAY)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dropbox.triage.exchange.restored.steps", stop)
        with pytest.raises(KeyboardInterrupt):
            restore()
    restore()
    with Vault.open(new, LOGIN, PASSPHRASE) as vault:
        assert second_copy.sync(vault) == []


def test_a_new_disk_in_the_place_of_the_old_one_becomes_the_copy(world: World) -> None:
    """The folder has the same name and is empty: it is filled, and the disk that was there is named."""
    said: list[str] = []
    with world.open() as vault:
        shutil.rmtree(world.copy_path())
        assert second_copy.begin_anew(vault, world.copy_path(), said.append) == []
        assert epochs.unusable(vault, vault.copy_folder) == []
    assert any("another disk" in line for line in said)


def test_a_drill_that_was_killed_leaves_nothing_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it restored holds every case: the next drill, or backup, throws it away."""
    folder = world.folder / "backup"
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), folder)
        before = sorted(world.folder.iterdir())
        child = os.fork()
        if not child:
            monkeypatch.setattr(restoring, "examine", lambda *_, **__: os._exit(9))
            try:
                restoring.drill(Work(vault, SETTINGS, TODAY), folder, LOGIN, PASSPHRASE)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        assert sorted(world.folder.iterdir()) != before
        backup.back_up(Work(vault, SETTINGS, TODAY), folder)
        assert sorted(world.folder.iterdir()) == before


def test_what_comes_after_its_keys_destruction_goes_by_two_officers(world: World) -> None:
    """It gets no receipt, is counted among what does not open, and gets one once it was given up."""
    day = epoch_last_day(EPOCH) + EPOCH_GRACE_DAYS + 1
    with world.open() as vault:
        late = world.report(new_thread())
        world.take(vault, [], today=day, day=day, number=1)
        for number in (2, 3):
            assert len(world.take(vault, [late], today=day, day=day, number=number).aside) == 1
        assert anew.unopened(vault) == 1
        vault.install_certificate(world.certificate(vault, day, 2), day)
        assert late.sha256 not in published(world, vault, day).receipts
        number = giving_up.propose(Work(vault, SETTINGS, day))
        assert [one.number for one in approvals.pending(vault)] == [number]
        with transaction(vault.db):
            anew.give_up(vault)
        assert late.sha256 in published(world, vault, day).receipts


def test_a_former_copy_that_still_has_keys_is_not_forgotten(world: World) -> None:
    """Only one that is remembered and gone is said to be destroyed."""
    first, away = world.copy_path(), world.folder / "away"
    with world.open() as vault:
        first.rename(away)
        second_copy.begin_anew(vault, world.folder / "second")
        away.rename(first)
        for folder, error in ((first, RefusedError), (away, NotFoundError)):
            with pytest.raises(error):
                former.forget_destroyed(vault, folder)
        assert former.folders(vault) == [first]
        shutil.rmtree(first)
        former.forget_destroyed(vault, first)
        assert former.folders(vault) == []
