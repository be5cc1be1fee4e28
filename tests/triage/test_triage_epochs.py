"""Forward secrecy: when an epoch's private key goes, and that it is gone from both folders."""

from pathlib import Path

import pytest
from triage_world import TODAY, World, all_files, new_thread, take_raw

from dropbox.crypto.desk_keys import EpochSecretKey
from dropbox.errors import DamagedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.triage import copy, epochs
from dropbox.triage.vault import Vault
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


def test_what_comes_after_the_destruction_is_told_as_no_key(world: World, vault: Vault) -> None:
    """A blob of a destroyed epoch cannot be opened any more, and is no fault."""
    late = world.report(new_thread())
    world.take(vault, [], today=LAST + 1, day=LAST + 1)
    done = world.take(vault, [late], today=LAST + 2, day=LAST + 2, number=2)
    assert (done.no_key, done.aside) == (1, [])


@pytest.mark.parametrize(
    ("export_day", "today", "held"),
    [
        (LAST, LAST + 5, {}),  # the export was made within the grace
        (LAST + 5, LAST, {}),  # our clock says that it is still within the grace
        (LAST + 1, LAST + 1, {EPOCH: 1}),  # one remains
        (LAST + 1, LAST + 1, {UPLOADS_EPOCH: 1}),  # an upload may still become one
    ],
)
def test_a_key_that_may_be_needed_stays(
    world: World, vault: Vault, export_day: int, today: int, held: dict[int, int]
) -> None:
    """The four reasons to wait."""
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
    world.take(vault, [], today=LAST + 1, day=LAST + 1)
    away.rename(world.copy_path())
    assert [path.exists() for path in _places(vault)] == [False, True]
    copy.sync(vault)
    assert not any(path.exists() for path in _places(vault))


def test_a_damaged_key_is_not_spread_over_the_standby(vault: Vault) -> None:
    """The good one stays where it is."""
    ours, standby = _places(vault)
    good = standby.read_bytes()
    ours.write_bytes(good[:-10] + b"AAAAAAAA==")
    with pytest.raises(DamagedError):
        copy.sync(vault)
    assert standby.read_bytes() == good
    assert _key(vault) is not None


def test_key_files_are_known_by_their_first_line(vault: Vault) -> None:
    """So that a scan finds them where they must not be."""
    for path in (*_places(vault), vault.folder / "vault.key", vault.folder / "station.key"):
        assert path.read_bytes().startswith(b"dropbox private file v1\n")
        assert path.stat().st_mode & 0o777 == 0o600
