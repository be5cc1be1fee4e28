"""Likely duplicates: the same matter told by two people is suggested, another matter of the same kind is not."""

import pytest
from cases_world import add_officer, exclude, take
from triage_world import SETTINGS, TODAY, World

from dropbox.errors import NotFoundError
from dropbox.triage.casework import duplicates, handling, merging
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

FIRST = {
    "what": "Kepala madrasah meminta uang seragam lima ratus ribu rupiah dari setiap wali murid tanpa kuitansi resmi",
    "who": "Drs. H. Sutrisno, kepala MTsN 3 Kediri",
    "where": "MTsN 3 Kediri",
}
SECOND = {
    "what": "Wali murid dipungut uang seragam lima ratus ribu rupiah. Tidak ada kuitansi. Yang meminta kepala madrasah",
    "who": "Pak Sutrisno",
    "where": "Madrasah Tsanawiyah Negeri 3 Kediri",
}
OTHER = {
    "what": "Pegawai kantor sering tidak masuk kerja dan tanda tangannya diisi oleh teman sepanjang tahun lalu",
    "who": "Bambang, staf",
    "where": "Kankemenag Kabupaten Blitar",
}


@pytest.fixture
def three(world: World, vault: Vault) -> Vault:
    """Two reports of one matter, in other words, and a third of another."""
    for number, fields in enumerate((FIRST, SECOND, OTHER), 1):
        take(world, vault, number=number, **fields)
    return vault


def _suggested(vault: Vault, number: int) -> list[int]:
    return [
        one.case.number
        for one in duplicates.suggest(Work(vault, SETTINGS, TODAY), duplicates.casebook.case_of(vault, number))
    ]


def test_the_same_matter_is_suggested_with_reasons(three: Vault) -> None:
    """Both ways; the other matter is not."""
    (found,) = duplicates.suggest(Work(three, SETTINGS, TODAY), duplicates.casebook.case_of(three, 1))
    assert found.case.number == 2
    assert found.score >= duplicates.LIKELY
    assert set(found.reasons) >= {"people", "unit", "time"}
    assert _suggested(three, 2) == [1]
    assert _suggested(three, 3) == []


def test_the_same_form_of_words_about_other_people_is_not_one_matter(world: World, vault: Vault) -> None:
    """Many reports begin alike: unit and people must fit as well, or nearly all of the wording."""
    take(world, vault, what="Kepala kantor meminta uang kepada semua guru setiap bulan", who="Rahmat", where="Garut")
    take(world, vault, number=2, what="Kepala kantor meminta uang untuk izin operasional", who="Yusuf", where="Medan")
    assert _suggested(vault, 1) == []


def test_a_classified_unit_finds_what_the_words_do_not(three: Vault) -> None:
    """The officers' own names for a unit count more than the reporters'."""
    for number in (1, 3):
        case = duplicates.casebook.case_of(three, number)
        handling.classify(Work(three, SETTINGS, TODAY), case, handling.Classification(unit="Kankemenag Kota Blitar"))
    with transaction(three.db):
        three.db.execute("update excerpts set fields = json_set(fields, '$.who', 'Sutrisno') where case_number = 3")
    assert 3 in _suggested(three, 1)


def test_nothing_is_suggested_that_may_not_be_seen_or_is_merged(three: Vault) -> None:
    """Neither what is one case already, nor deleted ones, nor those from which the officer is kept out."""
    other = add_officer(three, "budi", "Budi Raharjo")
    assert _suggested(other, 1) == [2]
    second = duplicates.casebook.case_of(three, 2)
    exclude(three, second, "budi")
    assert _suggested(other, 1) == []
    with pytest.raises(NotFoundError):
        _suggested(other, 2)
    merging.merge(Work(three, SETTINGS, TODAY), second, duplicates.casebook.case_of(three, 1))
    assert _suggested(three, 1) == _suggested(three, 2) == []
    merging.unmerge(Work(three, SETTINGS, TODAY), second)
    with transaction(three.db):
        three.db.execute("update cases set deleted = ? where number = 2", (TODAY,))
    assert _suggested(three, 1) == []
