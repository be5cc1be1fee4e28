"""A vault that was lost and restored, or succeeded: what goes out, what waits, and what two officers decide."""

import io
from pathlib import Path

import pytest
from server_world import Server
from triage_world import (
    CHEAP,
    FIRST_OFFICER,
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    World,
    epoch_of,
    new_thread,
    published,
    take_raw,
    verified,
)

from dropbox.errors import RefusedError, UntrustedError
from dropbox.triage import decisions
from dropbox.triage.access import approvals, officers, permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import giving_up, transitions
from dropbox.triage.exchange import restored, statistics_extract
from dropbox.triage.exchange.publish import publish
from dropbox.triage.intake import old_copy
from dropbox.triage.intake.importing import import_export
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.maintenance.examination import examine
from dropbox.triage.vault import anew, epochs, second_copy, whole_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

SECOND = "kedua"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A root and the vaults of both desks."""
    made = World.copied(tmp_path)
    made.create("irjen")
    return made


@pytest.fixture
def server(world: World) -> Server:
    """A server that both desks have published to."""
    made = Server(world.folder / "server", world)
    for desk in ("itjen", "irjen"):
        with world.open(desk) as vault:
            made.take(publish(Work(vault, SETTINGS, TODAY)), TODAY)
    return made


def _restore(world: World, day: int) -> list[str]:
    folder = world.folder
    return restoring.restore(folder / "backup", folder / "new", folder / "new.copy", LOGIN, PASSPHRASE, day)


def _restored(world: World) -> Vault:
    return Vault.open(world.folder / "new", LOGIN, PASSPHRASE)


def _certify(world: World, vault: Vault, day: int, serial: int = 7) -> None:
    vault.install_certificate(world.certificate(vault, day, serial, successor=True), day)


def _codes(vault: Vault, day: int) -> set[str]:
    return {one.code for one in examine(Work(vault, SETTINGS, day), every_blob=False)}


@pytest.mark.parametrize("after", [0, 1, 5])
def test_the_first_publication_after_a_restore_is_taken_and_sealed_to(world: World, server: Server, after: int) -> None:
    """However many publications the backup is old: before a new certificate none goes out, then the first is shown."""
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
        day = TODAY
        for _ in range(after):
            day += 7
            server.take(publish(Work(vault, SETTINGS, day)), day)
    lost = server.keys_shown()
    said = _restore(world, day)
    assert [line[0] for line in said if line[0].isdecimal()] == ["1", "2", "3", "4"]
    with _restored(world) as vault:
        assert "restored" in _codes(vault, day)
        _certify(world, vault, day)
        assert server.take(publish(Work(vault, SETTINGS, day)), day) is not None
        shown = server.keys_shown()
        assert shown == epochs.public_keys(vault, epoch_of(day - 1), epoch_of(day) + 12)
        assert shown.items().isdisjoint(lost.items())
        assert restored.steps(vault) == []
        server.send(world.report(new_thread(), epoch=epoch_of(day), key=shown[epoch_of(day)]), day)
        assert take_raw(vault, server.export(day), day).opened == 1


def test_a_restored_vault_publishes_under_no_number_of_the_lost_one(world: World) -> None:
    """A certificate whose serial the lost station had, though it is for the new key, is refused with the step."""
    with world.open() as vault:
        vault.install_certificate(world.certificate(vault, TODAY, 5), TODAY)
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    _restore(world, TODAY)
    with _restored(world) as vault:
        _certify(world, vault, TODAY, serial=5)
        with pytest.raises(RefusedError, match="higher serial"):
            publish(Work(vault, SETTINGS, TODAY))


def test_reports_to_lost_keys_wait_until_two_officers_give_them_up(world: World, server: Server) -> None:
    """No report of these weeks gets a receipt, opened or not, and the server keeps all until the decision."""
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    for _ in range(3):
        server.send(world.report(new_thread()), TODAY)
    server.put(world.report(new_thread(), epoch=epoch_of(TODAY) + 1), epoch_of(TODAY) + 1)
    day = TODAY + 1
    _restore(world, day)
    with _restored(world) as vault, world.open("irjen") as irjen:
        _certify(world, vault, day)
        server.take(publish(Work(vault, SETTINGS, day)), day)
        key = server.keys_shown()[epoch_of(day)]
        server.send(world.report(new_thread(), epoch=epoch_of(day), key=key), day)
        export = server.export(day)
        done = take_raw(vault, export, day)
        assert (done.opened, done.unopened, done.other_desks) == (1, 4, 0)
        assert any("4 reports cannot be opened with the new keys" in note for note in done.notes)
        assert "unopened" in _codes(vault, day)
        take_raw(irjen, export, day)
        for one in (vault, irjen):
            server.take(publish(Work(one, SETTINGS, day)), day)
        assert server.count() == 5
        number = giving_up.propose(Work(vault, SETTINGS, day))
        with pytest.raises(RefusedError, match="second officer"):
            decisions.approve(Work(vault, SETTINGS, day), number)
        officers.add(Work(vault, SETTINGS, TODAY), NewOfficer(SECOND, "Petugas Kedua", ("irjen",), PASSPHRASE), CHEAP)
    with Vault.open(world.folder / "new", SECOND, PASSPHRASE) as vault:
        assert [one.action for one in approvals.pending(vault)] == [giving_up.ACTION]
        decisions.approve(Work(vault, SETTINGS, day), number)
        server.take(publish(Work(vault, SETTINGS, day)), day)
        assert server.count() == 0
        assert anew.withheld(vault) == (0, 0)


def test_an_old_copy_that_is_found_opens_what_the_new_keys_do_not(world: World, server: Server) -> None:
    """Its keys are tried for one import, and none of them stays in the restored vault."""
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    server.send(world.report(new_thread()), TODAY)
    _restore(world, TODAY)
    with _restored(world) as vault:
        before = sorted(path.read_bytes() for path in (vault.folder / "epochs").iterdir())
        assert take_raw(vault, server.export(TODAY), TODAY).unopened == 1
        keys = old_copy.keys(vault, world.copy_path(), LOGIN, PASSPHRASE)
        done = import_export(Work(vault, SETTINGS, TODAY), io.BytesIO(server.export(TODAY)).read, keys)
        assert (done.opened, anew.unopened(vault)) == (1, 0)
        assert sorted(path.read_bytes() for path in (vault.folder / "epochs").iterdir()) == before


def test_an_old_copy_that_is_found_late_opens_what_was_given_up(world: World, server: Server) -> None:
    """As long as an export has them, the old keys open reports that two officers gave up, and nobody decides again."""
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    server.send(world.report(new_thread()), TODAY)
    _restore(world, TODAY)
    export = server.export(TODAY)
    with _restored(world) as vault:
        assert take_raw(vault, export, TODAY).unopened == 1
        with transaction(vault.db):
            anew.give_up(vault)
        assert (take_raw(vault, export, TODAY).opened, anew.withheld(vault)) == (0, (0, 0))
        keys = old_copy.keys(vault, world.copy_path(), LOGIN, PASSPHRASE)
        done = import_export(Work(vault, SETTINGS, TODAY), io.BytesIO(export).read, keys)
        assert (done.opened, anew.withheld(vault)) == (1, (0, 0))
        assert len(casebook.all_cases(vault)) == 1


def test_a_successor_takes_no_report_for_another_desks(world: World, server: Server) -> None:
    """A new vault of a desk that had another station before: what was sealed to the lost keys waits and is counted."""
    for _ in range(3):
        server.send(world.report(new_thread()), TODAY)
    world.path().rename(world.folder / "lost")
    world.copy_path().rename(world.folder / "lost.copy")
    with (
        create_vault(
            world.path(), copy=world.copy_path(), desk="itjen", anchor=world.anchor, first=FIRST_OFFICER, cost=CHEAP
        ) as vault,
        world.open("irjen") as irjen,
    ):
        second_copy.sync(vault)
        export = server.export(TODAY + 1)
        with pytest.raises(RefusedError, match="never certified"):  # it cannot know yet that it is a successor
            take_raw(vault, export, TODAY + 1)
        _certify(world, vault, TODAY)
        assert take_raw(vault, export, TODAY + 1).unopened == 3  # before it had any key
        take_raw(irjen, export, TODAY + 1)
        for one in (vault, irjen):
            server.take(publish(Work(one, SETTINGS, TODAY + 1)), TODAY + 1)
        assert server.count() == 3


def test_nothing_is_published_for_a_key_that_does_not_open(world: World) -> None:
    """Keys lost in the vault come back from the copy; lost in both, one command makes new ones, whose weeks wait."""
    with world.open() as vault:
        for path in (vault.folder / "epochs").iterdir():
            path.unlink()
        assert published(world, vault).public == world.public["itjen"]
        for folder in (vault.folder, vault.copy_folder):
            for path in (folder / "epochs").iterdir():
                path.unlink()
        with pytest.raises(RefusedError, match="new-keys"):
            publish(Work(vault, SETTINGS, TODAY))
        assert epochs.replace_lost(vault, TODAY)
        assert published(world, vault).public.items().isdisjoint(world.public["itjen"].items())
        assert anew.is_anew(vault, epoch_of(TODAY))


def test_rot_in_either_place_is_found_and_mended_from_the_other(world: World) -> None:
    """A turned bit in the copy, in the vault, and in both: found when the copy is read, mended, or named."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
        published(world, vault)
        assert "copy-never-read" in _codes(vault, TODAY)
        assert whole_copy.mend(vault, TODAY) == []
        assert whole_copy.last_read(vault) == TODAY
        (ours,) = vault.blobs.iterdir()
        theirs = vault.copy_folder / "blobs" / ours.name
        good = ours.read_bytes()
        for bad in (theirs, ours):
            bad.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
            assert {"copy-damaged", "blobs-damaged"} & {one.code for one in examine(Work(vault, SETTINGS, TODAY))}
            whole_copy.mend(vault, TODAY + 1)
            assert ours.read_bytes() == theirs.read_bytes() == good
        for path in (ours, theirs):
            path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        said = whole_copy.mend(vault, TODAY + 9)
        assert any("could not be copied" in line for line in said)
        assert whole_copy.last_read(vault) == TODAY + 1


def test_after_a_theft_the_cases_go_on(world: World, server: Server) -> None:
    """The stolen key is revoked; the vault from the backup is a new station whose answer the reporter reads."""
    thread = new_thread()
    server.send(world.report(thread), TODAY)
    with world.open() as vault:
        take_raw(vault, server.export(TODAY), TODAY)
        server.take(publish(Work(vault, SETTINGS, TODAY)), TODAY)
        stolen = vault.station_public
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
    revoked = world.revocations(TODAY, 9, {stolen: TODAY})
    server.take(revoked, TODAY)
    with world.open() as vault, pytest.raises(UntrustedError):
        server.take(publish(Work(vault, SETTINGS, TODAY)), TODAY)
    _restore(world, TODAY)
    with _restored(world) as vault:
        assert vault.station_public != stolen
        _certify(world, vault, TODAY)
        (case,) = casebook.all_cases(vault)
        transitions.answer(Work(vault, SETTINGS, TODAY), case, permission.Draft("VERIFIKASI", "Sudah kami terima."))
        bundle = publish(Work(vault, SETTINGS, TODAY))
        server.take(bundle, TODAY)
        shown = verified(world, bundle).timeline(world, thread)
    assert shown is not None
    assert shown[-1].text == "Sudah kami terima."


def test_a_restored_vault_rolls_no_statistics_back(world: World) -> None:
    """Nothing is decided or sent before an officer has said which periods were published since the backup."""
    span = span_of("2020-01")
    with world.open() as vault:
        backup.back_up(Work(vault, SETTINGS, TODAY), world.folder / "backup")
        decided = statistics_extract.decide(Work(vault, SETTINGS, TODAY), span)
        last = publish(Work(vault, SETTINGS, TODAY))
    _restore(world, TODAY)
    with _restored(world) as vault:
        with pytest.raises(RefusedError, match="was restored"):
            statistics_extract.decide(Work(vault, SETTINGS, TODAY), span)
        assert statistics_extract.adopt(Work(vault, SETTINGS, TODAY), last) == 1
        assert statistics_extract.published(vault) == (decided,)
        with pytest.raises(RefusedError, match="published once"):
            statistics_extract.decide(Work(vault, SETTINGS, TODAY), span)
