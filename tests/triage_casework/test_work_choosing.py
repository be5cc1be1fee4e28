"""Acts on several cases, saved filters and proposed subjects: each case by itself, each officer's filters their own."""

from dataclasses import replace

import pytest
from cases_world import add_officer, exclude, take
from triage_world import SETTINGS, TODAY, World

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import approvals
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import handling, inbox
from dropbox.triage.casework.choosing import batches, saved, subjects
from dropbox.triage.casework.choosing.batches import Wanted
from dropbox.triage.casework.inbox import Filter
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _work(vault: Vault) -> Work:
    return Work(vault, SETTINGS, TODAY)


def _cases(*numbers: int) -> list[CaseNumber]:
    return [CaseNumber(one) for one in numbers]


@pytest.fixture
def three(world: World, vault: Vault) -> Vault:
    """Cases 1, 2 and 3; the verifikator budi is kept out of 2."""
    for number in (1, 2, 3):
        take(world, vault, number=number, category="pungli")
    exclude(vault, casebook.case_of(vault, CaseNumber(2)), "budi")
    return vault


def test_a_batch_touches_no_hidden_case_and_says_which_were_done(three: Vault) -> None:
    """Case 2 stays as it is for who is kept out of it, and is refused in the words for case 99, which is not there."""
    budi = add_officer(three, "budi", "Budi Raharjo")
    outcome = batches.do(_work(budi), _cases(1, 2, 3, 99), Wanted(office="dumas", add=("spam",), is_spam=True))
    assert outcome.done == ["ITJEN-0001", "ITJEN-0003"]
    (hidden, why), (missing, reason) = outcome.refused
    assert (hidden, missing) == ("ITJEN-0002", "ITJEN-0099")
    assert str(why) == str(reason)
    untouched = casebook.case_of(three, CaseNumber(2))
    assert (untouched.office, handling.tags(three, untouched)) == ("", [])
    assert [one.case for one in approvals.pending(three)] == [1, 3]
    acts = [(line.case, line.action) for line in audit_log.lines(three) if line.officer == "budi"]
    assert acts == [(case, act) for case in (1, 3) for act in ("case.tag", "case.assign", "refuse.propose")]


def test_one_refused_case_stops_no_other(three: Vault) -> None:
    """A case that waits for a second officer already is named, and the others are proposed."""
    batches.do(_work(three), _cases(2), Wanted(is_spam=True))
    outcome = batches.do(_work(three), _cases(1, 2, 3), Wanted(is_spam=True))
    assert outcome.done == ["ITJEN-0001", "ITJEN-0003"]
    assert [name for name, _ in outcome.refused] == ["ITJEN-0002"]


def test_refusals_proposed_together_are_decided_together_by_another(three: Vault) -> None:
    """Not by who asked; a second officer who is kept out of one case decides the others, and that one still waits."""
    batches.do(_work(three), _cases(1, 2, 3), Wanted(is_spam=True, grounds="huruf acak"))
    numbers = [one.number for one in approvals.pending(three)]
    assert [len(group) for group in batches.batches(approvals.pending(three)).values()] == [3]
    assert batches.decide(_work(three), numbers, approve=True).done == []
    budi = add_officer(three, "budi", "Budi Raharjo", "inspektur")
    assert [one.case for group in batches.batches(approvals.pending(budi)).values() for one in group] == [1, 3]
    outcome = batches.decide(_work(budi), numbers, approve=True)
    assert outcome.done == ["ITJEN-0001", "ITJEN-0003"]
    assert [name for name, _ in outcome.refused] == [f"#{numbers[1]}"]
    statuses = [casebook.case_of(three, CaseNumber(one)).status for one in (1, 2, 3)]
    assert statuses == ["DITOLAK", "DITERIMA", "DITOLAK"]
    wati = add_officer(three, "wati", "Wati Lestari", "inspektur")
    assert batches.decide(_work(wati), [numbers[1]], approve=False).done == ["ITJEN-0002"]
    assert casebook.case_of(three, CaseNumber(2)).status == "DITERIMA"


def test_a_role_without_an_act_does_it_to_no_case(three: Vault) -> None:
    """A penelaah may not assign: no case is; an overseer may do nothing of it."""
    penelaah = add_officer(three, "tia", "Tia Maharani", "penelaah")
    assert batches.do(_work(penelaah), _cases(1, 3), Wanted(office="dumas")).done == []
    overseer = add_officer(three, "awas", "Pengawas Satu", "pengawas")
    everything = Wanted(office="dumas", add=("a",), is_spam=True)
    assert batches.do(_work(overseer), _cases(1, 3), everything).done == []
    assert casebook.case_of(three, CaseNumber(1)).office == ""


def test_an_empty_or_too_large_batch_is_refused(three: Vault) -> None:
    """Without a case, without anything to do, or with more cases than a page shows."""
    for numbers, wanted in (
        ([], Wanted(office="dumas")),
        (_cases(1), Wanted()),
        (_cases(*range(1, batches.BATCH_MAX + 2)), Wanted(office="dumas")),
    ):
        with pytest.raises(RefusedError):
            batches.do(_work(three), numbers, wanted)
    assert casebook.case_of(three, CaseNumber(1)).office == ""


def test_a_saved_filter_is_its_officers_alone(three: Vault) -> None:
    """It is found, replaced and deleted by who saved it, without the words of a search; to another it is not there."""
    number = saved.save(
        _work(three), " Baru  dari Lebak ", Filter(unit="Lebak", unread=True, sort="unit", text="rahasia")
    )
    (one,) = saved.all_saved(_work(three))
    assert (one.number, one.name, one.wanted) == (
        number,
        "Baru dari Lebak",
        Filter(unit="Lebak", unread=True, sort="unit"),
    )
    budi = add_officer(three, "budi", "Budi Raharjo")
    assert saved.all_saved(_work(budi)) == []
    for act in (saved.wanted_of, saved.delete):
        with pytest.raises(NotFoundError):
            act(_work(budi), number)
    assert saved.save(_work(three), "Baru dari Lebak", Filter(age=9)) == number
    assert saved.wanted_of(_work(three), number) == Filter(age=9)
    saved.delete(_work(three), number)
    assert saved.all_saved(_work(three)) == []
    details = [line.details for line in audit_log.lines(three) if line.action == "inbox.filter"]
    assert details == [{"added": 1}, {"added": 1}, {"removed": 1}]


def test_names_and_numbers_of_saved_filters_are_bounded(three: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, long and invisible names are refused, and one filter more than there may be."""
    for name in ("", " ", "x" * (saved.NAME_MAX + 1), "a\u202eb"):
        with pytest.raises(RefusedError):
            saved.save(_work(three), name, Filter())
    monkeypatch.setattr(saved, "FILTERS_MAX", 1)
    saved.save(_work(three), "satu", Filter())
    with pytest.raises(RefusedError):
        saved.save(_work(three), "dua", Filter())
    with pytest.raises(RefusedError):
        saved.all_saved(replace(_work(three), vault=add_officer(three, "awas", "Pengawas Satu", "pengawas")))


def test_a_proposed_subject_has_no_word_of_the_report(world: World, vault: Vault) -> None:
    """It is category, kind of unit and place as codes say; without any of them a general word."""
    known = take(world, vault, category="pungli", what="Kenari", who="Merpati", where="Gelatik")
    assert subjects.proposed(SETTINGS, known) == "Pungutan liar"
    placed = replace(known, unit_type="kua", province="32")
    assert subjects.proposed(SETTINGS, placed) == "Pungutan liar, KUA kecamatan, Jawa Barat"
    assert subjects.proposed(SETTINGS, replace(known, category="tidak-tahu")) == "Dugaan pelanggaran"


def test_the_list_of_who_is_kept_out_has_no_words_of_the_case(three: Vault) -> None:
    """In every order its first words are in no row."""
    budi = add_officer(three, "budi", "Budi Raharjo")
    for sort in inbox.case_list.ORDERS:
        assert {row.number for row in inbox.page(_work(budi), Filter(sort=sort)).rows} == {1, 3}
