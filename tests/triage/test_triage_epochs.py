"""Forward secrecy: when an epoch's private key goes, and that it is gone from both folders."""

from pathlib import Path

import pytest
from triage_world import TODAY, World, all_files, new_thread, published, take_raw

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.errors import DamagedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.triage.vault import epochs, second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.wire.bundle import UPLOADS_EPOCH
from dropbox.wire.calendar import epoch_last_day, epoch_of

EPOCH = epoch_of(TODAY)
LAST = epoch_last_day(EPOCH) + EPOCH_GRACE_DAYS  # the last day on which the key must still be there


def _key(vault: Vault) -> EpochSecretKey | None:
    return epochs.secret_key(vault, EPOCH)


def _places(vault: Vault) -> list[Path]:
    return [folder / "epochs" / f"{EPOCH}.key" for folder in (vault.folder, vault.copy_folder)]


def test_a_spent_key_is_destroyed_in_both_places(world: World, vault: Vault) -> None:
    """After its grace and an export that says none remain, neither the seed nor its sealed file is anywhere."""
    key = _key(vault)
    assert key is not None
    sealed = [path.read_bytes() for path in _places(vault)]
    assert len(set(sealed)) == 1
    payload = sealed[0].splitlines()[-1]
    done = world.take(vault, [], today=LAST + 1, day=LAST + 1)
    assert any(str(EPOCH) in note and "destroyed" in note for note in done.notes)
    assert _key(vault) is None
    for path in all_files(vault.folder, vault.copy_folder):
        data = path.read_bytes()
        assert key.seed not in data
        assert key.seed.hex().encode() not in data
        assert payload not in data
    assert not any(path.exists() for path in _places(vault))


def test_unfinished_uploads_keep_no_key_alive(world: World, vault: Vault) -> None:
    """They can no longer become a blob of an epoch whose grace is over, and there are always some."""
    world.take(vault, [], today=LAST + 1, day=LAST + 1, held={UPLOADS_EPOCH: 1})
    assert _key(vault) is None


def test_only_a_newer_export_destroys(world: World, vault: Vault) -> None:
    """Of an earlier day, or of the same day and no higher number, an export says what was true once."""
    world.take(vault, [], today=LAST + 2, day=LAST + 2, number=5, held={EPOCH: 1})
    for day, number, doubt in ((LAST + 1, 6, "old"), (LAST + 2, 4, "old"), (LAST + 2, 5, "again")):
        assert world.take(vault, [], today=LAST + 2, day=day, number=number, held={}).doubt == doubt
        assert _key(vault) is not None
    assert world.take(vault, [], today=LAST + 2, day=LAST + 2, number=6, held={}).doubt == ""
    assert _key(vault) is None


def test_what_comes_after_the_destruction_waits(world: World, vault: Vault) -> None:
    """A blob of an epoch whose key this desk had is named, gets no receipt, and comes again."""
    late = world.report(new_thread())
    world.take(vault, [], today=LAST + 1, day=LAST + 1)
    for number in (2, 3):
        done = world.take(vault, [late], today=LAST + 2, day=LAST + 2, number=number)
        assert (done.no_key, done.known) == (0, 0)
        assert late.short in done.aside[0]
        assert f"no key of epoch {EPOCH}" in done.aside[0]
    assert late.sha256 not in published(world, vault, LAST + 2).receipts


@pytest.mark.parametrize(
    ("export_day", "today", "held"),
    [
        (LAST, LAST + 5, {}),  # the export was made within the grace
        (LAST + 5, LAST, {}),  # our clock says that it is still within the grace
        (LAST + 1, LAST + 1, {EPOCH: 1}),  # one remains
    ],
)
def test_a_key_that_may_be_needed_stays(
    world: World, vault: Vault, export_day: int, today: int, held: dict[int, int]
) -> None:
    """The three reasons to wait."""
    world.take(vault, [], today=today, day=export_day, held=held)
    assert _key(vault) is not None
    assert all(path.exists() for path in _places(vault))


def test_an_export_that_is_not_whole_destroys_nothing(world: World, vault: Vault) -> None:
    """Its counts cannot be believed."""
    export = world.export([], day=LAST + 1)
    take_raw(vault, export[:-1], LAST + 1)
    assert _key(vault) is not None


def test_an_export_that_brings_one_destroys_nothing(world: World, vault: Vault) -> None:
    """Whatever its trailer says."""
    world.take(vault, [world.report(new_thread())], today=LAST + 1, day=LAST + 1, held={})
    assert _key(vault) is not None


def test_two_officers_are_asked_when_the_time_is_over(world: World, vault: Vault) -> None:
    """Sixty days after the grace the key is still there, and the import says who must decide."""
    today = LAST + EPOCH_EXPIRY_DAYS + 1
    done = world.take(vault, [], today=today, day=today, held={EPOCH: 2})
    assert any("two officers" in note for note in done.notes)
    assert _key(vault) is not None


def test_a_destruction_is_made_good_when_the_copy_is_back(world: World, vault: Vault) -> None:
    """While the copy's disk is away only the vault's key goes; the next copy finishes it."""
    away = world.copy_path().rename(world.folder / "away")
    done = world.take(vault, [], today=LAST + 1, day=LAST + 1)
    assert any("in the second copy it goes at its next sync" in note for note in done.notes)
    away.rename(world.copy_path())
    assert [path.exists() for path in _places(vault)] == [False, True]
    second_copy.sync(vault)
    assert not any(path.exists() for path in _places(vault))


def test_a_key_file_without_its_row_is_adopted(vault: Vault) -> None:
    """A kill between file and table, or an older table: the key stays the one that is there."""
    before = epochs.public_keys(vault, 0, 1 << 32)
    vault.db.execute("delete from epochs where number > ?", (EPOCH,))
    epochs.extend(vault, TODAY)
    assert epochs.public_keys(vault, 0, 1 << 32) == before


def test_a_damaged_key_file_without_its_row_is_not_overwritten(vault: Vault) -> None:
    """It may be the only one; an officer decides."""
    path = _places(vault)[0]
    path.write_bytes(b"rot")
    vault.db.execute("delete from epochs where number = ?", (EPOCH,))
    with pytest.raises(DamagedError, match=str(EPOCH)):
        epochs.extend(vault, TODAY)
    assert path.read_bytes() == b"rot"


def test_a_copy_that_is_given_up_loses_its_keys(world: World, vault: Vault) -> None:
    """Begun anew while the old copy is there, the keys move; while it is away, a warning says where they still are."""
    old = _places(vault)[1]
    told: list[str] = []
    assert second_copy.begin_anew(vault, world.folder / "second", told.append) == []
    assert not old.exists()
    assert all(path.exists() for path in _places(vault))
    assert told == []
    (world.folder / "second").rename(world.folder / "away")
    second_copy.begin_anew(vault, world.folder / "third", told.append)
    assert "still holds epoch keys" in told[0]
    assert str(world.folder / "second") in told[0]


def test_a_damaged_key_is_not_spread_over_the_standby(vault: Vault) -> None:
    """The good one stays where it is."""
    ours, standby = _places(vault)
    good = standby.read_bytes()
    ours.write_bytes(good[:-10] + b"AAAAAAAA==")
    with pytest.raises(DamagedError):
        second_copy.sync(vault)
    assert standby.read_bytes() == good
    assert _key(vault) is not None


def test_key_files_are_known_by_their_first_line(vault: Vault) -> None:
    """So that a scan finds them where they must not be."""
    for path in (*_places(vault), vault.folder / "officers/kepala.key", vault.folder / "station.key"):
        assert path.read_bytes().startswith(b"dropbox private file v1\n")
        assert path.stat().st_mode & 0o777 == 0o600
