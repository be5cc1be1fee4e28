"""Conflict of interest: who is named, or of the unit complained of, is kept out; only another lets them in."""

from pathlib import Path

import pytest
from cases_world import acts, add_officer, now, take
from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import conflict, officers, orphans, safeguarding
from dropbox.triage.cases import casebook
from dropbox.triage.casework import handling, merging
from dropbox.triage.maintenance.examination import examine
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _sees(vault: Vault, number: int) -> bool:
    return number in [case.number for case in casebook.visible_cases(vault)]


def test_who_is_named_never_sees_the_report(world: World, vault: Vault) -> None:
    """From its import on; others do, and the import tells the one who is kept out no name of the case."""
    fauzi = add_officer(vault, "fauzi", "Drs. H. Ahmad Fauzi, M.Si.")
    budi = add_officer(vault, "budi", "Budi Raharjo")
    blob = world.report(new_thread(), record={"who": b"Achmad Fauzi, auditor"})
    done = world.take(fauzi, [blob])
    assert done.opened == 1
    assert done.cases == set()
    assert not _sees(fauzi, 1)
    assert _sees(budi, 1)
    assert acts(vault, casebook.case_of(vault, 1)) == ["conflict.found"]


def test_an_addition_keeps_out_as_well(world: World, vault: Vault) -> None:
    """Whom the report did not name, a later message may."""
    thread = new_thread()
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi")
    take(world, vault, thread)
    assert _sees(fauzi, 1)
    world.take(vault, [world.addition(thread, 1, "Yang menerima uangnya Ahmad Fauzi")], number=2)
    assert not _sees(fauzi, 1)


def test_the_unit_complained_of_is_kept_out(world: World, vault: Vault) -> None:
    """As the reporter wrote it, or as it was classified; that the unit was told of it before is no complaint."""
    budi = add_officer(vault, "budi", "Budi Raharjo")
    tini = add_officer(vault, "tini", "Tini Suharti", unit="Inspektorat II")
    take(world, vault, where="Inspektorat Wilayah 2")
    second = take(world, vault, number=2, what="Sudah saya laporkan ke Inspektorat II")
    assert not _sees(tini, 1)
    assert _sees(tini, 2)
    handling.classify(Work(budi, SETTINGS, TODAY), second, handling.Classification(unit="Inspektorat II"))
    assert not _sees(tini, 2)


def test_a_new_name_or_unit_is_checked_against_what_is_there(world: World, vault: Vault) -> None:
    """An officer who joins, is renamed or moved."""
    take(world, vault, who="Ahmad Fauzi")
    classified = take(world, vault, number=2)
    handling.classify(Work(vault, SETTINGS, TODAY), classified, handling.Classification(unit="KUA Sukajadi"))
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi", unit="KUA Sukajadi")
    assert _sees(fauzi, 1)
    with transaction(vault.db):
        conflict.check_officer(Work(vault, SETTINGS, TODAY), "fauzi")
    assert not _sees(fauzi, 1)
    assert not _sees(fauzi, 2)


def test_another_officer_lifts_it_and_never_the_one_concerned(world: World, vault: Vault) -> None:
    """With the act; it is logged, and stays lifted until a new message names them again."""
    thread = new_thread()
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi", "irjen")
    budi = add_officer(vault, "budi", "Budi Raharjo", "verifikator")
    case = take(world, vault, thread, who="Ahmad Fauzi")
    with pytest.raises(RefusedError, match="themselves"):
        safeguarding.lift(Work(fauzi, SETTINGS, TODAY), case, "fauzi")
    with pytest.raises(RefusedError, match="roles"):
        safeguarding.lift(Work(budi, SETTINGS, TODAY), case, "fauzi")
    with pytest.raises(NotFoundError):
        safeguarding.lift(Work(fauzi, SETTINGS, TODAY), case, "budi")
    assert conflict.excluded(Work(vault, SETTINGS, TODAY), case) == [("fauzi", "named")]
    safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "fauzi")
    with pytest.raises(NotFoundError):
        safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "fauzi")
    assert acts(vault, case)[-1] == "conflict.lift"
    with transaction(vault.db):
        conflict.check_officer(Work(vault, SETTINGS, TODAY), "fauzi")
        conflict.check_case(vault, case.number)
    assert _sees(fauzi, 1)
    world.take(vault, [world.addition(thread, 1, "Sekali lagi: Ahmad Fauzi")], number=2)
    assert not _sees(fauzi, 1)


def test_cases_that_are_one_keep_out_together(world: World, vault: Vault) -> None:
    """A message of one of them that names an officer closes all; letting in opens all."""
    thread = new_thread()
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi")
    case, leader = take(world, vault, thread), take(world, vault, number=2)
    merging.merge(Work(vault, SETTINGS, TODAY), case, leader)
    world.take(vault, [world.addition(thread, 1, "Pelakunya Ahmad Fauzi")], number=3)
    assert not _sees(fauzi, 1)
    assert not _sees(fauzi, 2)
    safeguarding.lift(Work(vault, SETTINGS, TODAY), now(vault, leader), "fauzi")
    assert _sees(fauzi, 1)
    assert _sees(fauzi, 2)


def test_a_case_that_nobody_may_open_is_told_as_a_number(world: World, vault: Vault) -> None:
    """To whoever may lift exclusions, with advice; an overseer who could not read it anyway does not count."""
    add_officer(vault, "awas", "Pengawas Satu", "pengawas")
    assert orphans.find(Work(vault, SETTINGS, TODAY)) == orphans.Orphans(0)
    take(world, vault, who="Kepala Uji di Itjen")
    found = orphans.find(Work(vault, SETTINGS, TODAY))
    assert found.count == 1
    assert found.advice
    assert "ITJEN-" not in "".join(found.advice)
    add_officer(vault, "budi", "Budi Raharjo")
    assert orphans.find(Work(vault, SETTINGS, TODAY)).count == 0
    with pytest.raises(RefusedError):
        orphans.find(Work(add_officer(vault, "tini", "Tini Suharti"), SETTINGS, TODAY))


@pytest.mark.parametrize("desk", ["itjen", "irjen"])
def test_advice_is_true_for_the_desk_it_is_given_at(tmp_path: Path, desk: str) -> None:
    """The Inspector General's desk is not sent to itself; the doctor's words differ as well."""
    world = World(tmp_path)
    world.create(desk)
    with world.open(desk) as vault:
        world.take(vault, [world.report(new_thread(), "Kepala Uji dari Itjen", desk=desk)])
        advice = " ".join(orphans.find(Work(vault, SETTINGS, TODAY)).advice)
        codes = [one.code for one in examine(Work(vault, SETTINGS, TODAY)) if one.is_bad]
    assert ("Inspector General's desk" in advice) is (desk == "itjen")
    assert ("Minister" in advice) is (desk == "irjen")
    assert [code for code in codes if "orphans" in code] == ["orphans" if desk == "itjen" else "orphans-highest"]


def test_whatever_keeps_everybody_out_is_counted(world: World, vault: Vault) -> None:
    """Also officers who left, one who alone has the act for it, and one who was renamed to whom a report names."""
    add_officer(vault, "budi", "Budi Raharjo", "verifikator")
    take(world, vault, who="Kepala Uji di Itjen")
    assert orphans.count(Work(vault, SETTINGS, TODAY)) == 0
    officers.remove(Work(vault, SETTINGS, TODAY), "budi")
    assert orphans.count(Work(vault, SETTINGS, TODAY)) == 1
    add_officer(vault, "tini", "Tini Suharti", "verifikator")
    assert orphans.count(Work(vault, SETTINGS, TODAY)) == 0
    take(world, vault, number=2, who="Joko Tingkir")
    officers.change(Work(vault, SETTINGS, TODAY), "tini", officers.Change(name="Kepala Uji Joko Tingkir"))
    assert orphans.count(Work(vault, SETTINGS, TODAY)) == 1
    vault.db.execute("update officers set roles = 'pengawas'")
    assert orphans.count(Work(vault, SETTINGS, TODAY)) == 2
