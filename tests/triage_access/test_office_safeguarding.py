"""Cases about sexual violence or children are for those alone whose roles say so."""

from dataclasses import replace

import pytest
from cases_world import acts, add_officer, now, take
from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.errors import NotFoundError
from dropbox.triage.access import conflict, officers, safeguarding
from dropbox.triage.cases import casebook
from dropbox.triage.casework import handling, inbox, merging, search
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

TOLD = "Seorang siswi dilecehkan di asrama."


def _sees(vault: Vault, number: int) -> bool:
    return number in [case.number for case in casebook.visible_cases(vault)]


def _without_the_act(*roles: str) -> object:
    """Settings in which these roles do not have it."""
    held = SETTINGS.workstation.roles
    changed = {name: replace(held[name], actions=held[name].actions - {"case.safeguarding"}) for name in roles}
    return replace(SETTINGS, workstation=replace(SETTINGS.workstation, roles={**held, **changed}))


@pytest.mark.parametrize(
    "fields",
    [
        {"x-safeguarding": "yes"},
        {"what": TOLD},
        {"who": "Guru yang memperkosa"},
        {"x-how": "Korban diraba di ruang guru"},
        {"x-p1-name": "Pelaku pencabulan"},
        {"x-of-another-form": "Anak di bawah umur"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_such_a_case_is_tagged_and_closed_to_others(world: World, vault: Vault, fields: dict[str, str]) -> None:
    """By the reporter's tick or by their words: found by its tag, and not there for whoever has no such role."""
    inside = add_officer(vault, "rini", "Rini Astuti", "verifikator")
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    overseer = add_officer(vault, "awas", "Awas Sentosa", "pengawas")
    case, other = take(world, vault, **fields), take(world, vault, number=2)
    assert handling.tags(vault, case) == [safeguarding.TAG]
    assert handling.tags(vault, other) == []
    assert [_sees(one, case.number) for one in (vault, inside, outside)] == [True, True, False]
    assert _sees(outside, other.number)
    with pytest.raises(NotFoundError):
        casebook.find_case(outside, case.name)
    wanted = inbox.Filter(tag=safeguarding.TAG)
    assert [row.number for row in inbox.page(Work(inside, SETTINGS, TODAY), wanted).rows] == [case.number]
    assert inbox.page(Work(outside, SETTINGS, TODAY), wanted).total == 0
    assert [hit.number for hit in search.search(Work(inside, SETTINGS, TODAY), safeguarding.TAG)] == [case.number]
    assert search.search(Work(outside, SETTINGS, TODAY), safeguarding.TAG) == []
    assert conflict.excluded(Work(vault, SETTINGS, TODAY), case) == [
        ("budi", "safeguarding")
    ]  # the overseer reads no case anyway
    assert overseer.officer.login not in dict(conflict.excluded(Work(vault, SETTINGS, TODAY), case))
    assert "conflict.found" in acts(vault, case)


@pytest.mark.parametrize("what", ["Anak buahnya dipaksa setor", "Kepala bidang pelayanan", "Dana BOS dipotong"])
def test_ordinary_reports_are_for_everybody(world: World, vault: Vault, what: str) -> None:
    """Words that only look like it set nothing apart."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    case = take(world, vault, what=what)
    assert handling.tags(vault, case) == []
    assert _sees(outside, case.number)


def test_an_addition_sets_a_case_apart(world: World, vault: Vault) -> None:
    """What the report left out, a later message may tell."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    thread = new_thread()
    case = take(world, vault, thread)
    assert _sees(outside, case.number)
    world.take(vault, [world.addition(thread, 1, TOLD)], number=2)
    assert not _sees(outside, case.number)


def test_the_tag_may_be_put_on_and_taken_off(world: World, vault: Vault) -> None:
    """An officer sees it otherwise than the words: the tag decides, and what is merged follows it."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    case, other = take(world, vault), take(world, vault, number=2)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=[safeguarding.TAG])
    assert not _sees(outside, case.number)
    handling.tag(Work(vault, SETTINGS, TODAY), case, remove=[safeguarding.TAG])
    assert _sees(outside, case.number)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=[safeguarding.TAG])
    merging.merge(Work(vault, SETTINGS, TODAY), now(vault, case), other)
    assert not _sees(outside, other.number)


def test_another_officer_may_let_one_in(world: World, vault: Vault) -> None:
    """Whoever may lift exclusions decides, and it stays decided."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    thread = new_thread()
    case = take(world, vault, thread, what=TOLD)
    safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "budi")
    assert _sees(outside, case.number)
    world.take(vault, [world.addition(thread, 1, TOLD)], number=2)
    assert _sees(outside, case.number)


def test_a_new_role_opens_and_closes(world: World, vault: Vault) -> None:
    """Who gets the role sees the cases, who loses it does not; whom a report names stays out of it all the same."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    case, named = take(world, vault, what=TOLD), take(world, vault, number=2, what=TOLD, who="Budi Raharjo")
    officers.change(Work(vault, SETTINGS, TODAY), "budi", officers.Change(roles=("verifikator",)))
    assert [_sees(outside, one.number) for one in (case, named)] == [True, False]
    officers.change(Work(vault, SETTINGS, TODAY), "budi", officers.Change(roles=("penelaah",)))
    assert [_sees(outside, one.number) for one in (case, named)] == [False, False]


def test_a_new_role_opens_what_was_merged_as_well(world: World, vault: Vault) -> None:
    """Cases that are worked on together are closed and opened together, by the act alone."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    case, other = take(world, vault, what=TOLD), take(world, vault, number=2)
    merging.merge(Work(vault, SETTINGS, TODAY), other, case)
    assert [_sees(outside, one.number) for one in (case, other)] == [False, False]
    officers.change(Work(vault, SETTINGS, TODAY), "budi", officers.Change(roles=("verifikator",)))
    assert [_sees(outside, one.number) for one in (case, other)] == [True, True]
    officers.change(Work(vault, SETTINGS, TODAY), "budi", officers.Change(roles=("penelaah",)))
    handling.tag(Work(vault, SETTINGS, TODAY), now(vault, case), remove=[safeguarding.TAG])
    assert [_sees(outside, one.number) for one in (case, other)] == [True, True]


def test_other_settings_count_from_the_next_opening(world: World, vault: Vault) -> None:
    """Roles that an administrator changed are held against the cases that are there."""
    inside = add_officer(vault, "rini", "Rini Astuti", "verifikator")
    case = take(world, vault, what=TOLD)
    assert _sees(inside, case.number)
    safeguarding.settle(Work(vault, _without_the_act("verifikator"), TODAY))
    assert not _sees(inside, case.number)
    safeguarding.settle(Work(vault, SETTINGS, TODAY))
    assert _sees(inside, case.number)


def test_while_nobody_has_the_act_nobody_is_kept_out(world: World, vault: Vault) -> None:
    """A report that no officer could open would never be read."""
    inside = add_officer(vault, "rini", "Rini Astuti", "verifikator")
    case = take(world, vault, what=TOLD)
    safeguarding.settle(Work(vault, _without_the_act("verifikator", "inspektur", "irjen"), TODAY))
    assert _sees(vault, case.number)
    assert _sees(inside, case.number)


def test_a_name_weighs_more_than_a_role(world: World, vault: Vault) -> None:
    """An officer who was let in although named is kept out again when the case turns out to be such a one."""
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi", "penelaah")
    case = take(world, vault, who="Ahmad Fauzi")
    safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "fauzi")
    assert _sees(fauzi, case.number)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=[safeguarding.TAG])
    assert not _sees(fauzi, case.number)
    with transaction(vault.db):
        conflict.check_officer(Work(vault, SETTINGS, TODAY), "fauzi")
    assert dict(conflict.excluded(Work(vault, SETTINGS, TODAY), case)) == {"fauzi": "named"}


def test_letting_in_whom_a_report_names_does_not_replace_the_act(world: World, vault: Vault) -> None:
    """That the name was a mistake is one decision; that this officer reads such a case is another."""
    outside = add_officer(vault, "fauzi", "Ahmad Fauzi", "penelaah")
    add_officer(vault, "rini", "Rini Astuti", "verifikator")
    case = take(world, vault, what=TOLD, who="Ahmad Fauzi")
    assert dict(conflict.excluded(Work(vault, SETTINGS, TODAY), case)) == {"fauzi": "named"}
    safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "fauzi")
    assert not _sees(outside, case.number)
    assert dict(conflict.excluded(Work(vault, SETTINGS, TODAY), case)) == {"fauzi": "safeguarding"}
    safeguarding.lift(Work(vault, SETTINGS, TODAY), case, "fauzi")
    assert _sees(outside, case.number)


def test_an_act_of_somebody_who_reads_no_case_keeps_nobody_out(world: World, vault: Vault) -> None:
    """Only an officer who may open cases can be the one for whom these are kept."""
    outside = add_officer(vault, "budi", "Budi Raharjo", "penelaah")
    roles = SETTINGS.workstation.roles
    roles = {name: replace(one, actions=one.actions - {"case.safeguarding"}) for name, one in roles.items()}
    roles["pengawas"] = replace(roles["pengawas"], actions=roles["pengawas"].actions | {"case.safeguarding"})
    add_officer(vault, "awas", "Awas Sentosa", "pengawas")
    case = take(world, vault, what=TOLD)
    safeguarding.settle(Work(vault, replace(SETTINGS, workstation=replace(SETTINGS.workstation, roles=roles)), TODAY))
    assert _sees(outside, case.number)
