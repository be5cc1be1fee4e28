"""Two officers may forget which export was the newest, and nobody alone."""

import pytest
from triage_world import SETTINGS, TODAY, World, take_raw
from work_world import as_officer

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage import decisions
from dropbox.triage.access import approvals
from dropbox.triage.access.roles import Decision
from dropbox.triage.casework import resetting
from dropbox.triage.vault import known_exports
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def wedged(world: World, vault: Vault) -> None:
    """A clock that was 90 days fast, on both machines, on one day."""
    take_raw(vault, world.export([], number=5, day=TODAY + 90), TODAY + 90)
    assert take_raw(vault, world.export([], number=6)).doubt == known_exports.OLD


def test_two_officers_open_the_road_again(world: World, vault: Vault) -> None:
    """After the second one's approval the next signed export counts; both acts are in the log."""
    wedged(world, vault)
    number = resetting.propose(Work(vault, SETTINGS, TODAY))
    with pytest.raises(RefusedError, match="second officer must decide"):
        decisions.approve(Work(vault, SETTINGS, TODAY), number)
    assert take_raw(vault, world.export([], number=7)).doubt == known_exports.OLD
    decisions.approve(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), number)
    assert take_raw(vault, world.export([], number=8)).doubt == ""
    acts = [act for (act,) in vault.db.execute("select action from log order by number")]
    assert {"export-reset.propose", "export-reset.approve"} <= set(acts)


def test_declining_changes_nothing(world: World, vault: Vault) -> None:
    """The counter stays, and the same may be proposed again."""
    wedged(world, vault)
    number = resetting.propose(Work(vault, SETTINGS, TODAY))
    with pytest.raises(RefusedError, match="already"):
        resetting.propose(Work(vault, SETTINGS, TODAY))
    before = known_exports.remembered(vault)
    decisions.decline(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), number)
    assert known_exports.remembered(vault) == before
    assert resetting.propose(Work(vault, SETTINGS, TODAY)) > number


def test_a_reset_without_ground_is_refused(world: World, vault: Vault) -> None:
    """With no export remembered, by a role without the act, or when a newer export was taken in meanwhile."""
    with pytest.raises(RefusedError, match="nothing to forget"):
        resetting.propose(Work(vault, SETTINGS, TODAY))
    take_raw(vault, world.export([], number=5))
    with pytest.raises(RefusedError):
        resetting.propose(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY))
    number = resetting.propose(Work(vault, SETTINGS, TODAY))
    take_raw(vault, world.export([], number=6))
    with pytest.raises(RefusedError, match="meanwhile"):
        decisions.approve(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), number)
    assert known_exports.remembered(vault).number == 6


def test_other_proposals_are_not_taken_for_a_reset(world: World, vault: Vault) -> None:
    """And a reset forgets nothing under another's number."""
    take_raw(vault, world.export([], number=5))
    from dropbox.triage.vault.schema import transaction

    with transaction(vault.db):
        number = approvals.propose(Work(vault, SETTINGS, TODAY), Decision.EPOCH, 0, {"epoch": 1})
    with pytest.raises(NotFoundError):
        resetting.approve(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), number)
    assert known_exports.remembered(vault).number == 5
