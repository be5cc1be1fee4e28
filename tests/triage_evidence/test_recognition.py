"""Words in pictures, read by machine: apart from the text, remembered, searched, and named officers are kept out."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import samples
from rows import ocr
from triage_world import SETTINGS, TODAY

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_casework"))

from cases_world import acts, add_officer

from dropbox.errors import NotFoundError
from dropbox.triage.access import conflict, safeguarding
from dropbox.triage.cases import casebook
from dropbox.triage.casework import duplicates, search
from dropbox.triage.evidence import findings, jobs, recognition, slow
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Text
from dropbox.triage.tables import exclusions
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]
NAME = "Ahmad Fauzi"


def _work(vault: Vault) -> Work:
    return Work(vault, SETTINGS, TODAY)


def _known(vault: Vault, case: casebook.Case) -> findings.Finding:
    found = findings.finding(vault, casebook.file_of(vault, case, 1))
    assert found is not None
    return found


def _kept_out(vault: Vault, case: casebook.Case) -> list[tuple[str, str]]:
    return [(one.officer, one.reason) for one in exclusions.of_cases(vault.db, [case.number])]


@pytest.fixture
def machine_reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets the machine read this in every picture."""

    def reads(text: str, facts: dict[str, int] | None = None) -> None:
        monkeypatch.setattr(jobs, "words", lambda *_: Text(facts or {recognition.PAGES: 1}, text))

    return reads


def _examined(vault: Vault, case: casebook.Case) -> None:
    findings.examine_file(_work(vault), case, 1)
    recognition.recognize_file(_work(vault), case, 1)


def test_what_a_machine_read_is_kept_apart_and_found_as_such(take_files: Take, vault: Vault) -> None:
    """It is no text of the file, a hit says from where it is, a note says that it may be wrong; once is enough."""
    case = take_files(("a.png", ocr.stored(ocr.drawn(*ocr.RECEIPT), "PNG")))
    assert not search.search(_work(vault), "kuitansi")
    _examined(vault, case)
    found = _known(vault, case)
    assert (found.text, found.recognized.split()[0]) == ("", "Kuitansi")
    assert (recognition.PAGES, 1) in found.notes
    (hit,) = search.search(_work(vault), "kuitansi")
    assert hit.kind == search.RECOGNIZED
    assert recognition.recognize_file(_work(vault), case, 1) == 0


def test_too_many_pages_are_named(take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies beyond the bound is counted."""
    monkeypatch.setattr(jobs, "OCR_PAGES_MAX", 1)
    case = take_files(("a.tif", samples.pages_of_pictures(3)))
    _examined(vault, case)
    assert {(recognition.PAGES, 1), (recognition.CUT, 2)} <= set(_known(vault, case).notes)


def test_what_took_too_long_is_not_tried_again(take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is said."""

    def too_long(*_: object) -> Text:
        raise UnreadableError("time")

    monkeypatch.setattr(jobs, "words", too_long)
    case = take_files(("a.jpg", samples.photo()))
    _examined(vault, case)
    assert not recognition.is_due(_known(vault, case))
    assert (recognition.CUT, 1) in _known(vault, case).notes


def test_what_failed_is_tried_again_when_an_officer_asks(
    take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by itself: a failure may be the load's, and the page offers it."""
    case = take_files(("a.png", samples.photo("PNG")))
    file = casebook.file_of(vault, case, 1)

    def late(*_: object) -> Text:
        raise UnreadableError("time")

    monkeypatch.setattr(jobs, "words", late)
    _examined(vault, case)
    assert recognition.due(vault, file) == []
    assert [one.place for one in recognition.due(vault, file, is_again=True)] == [""]
    monkeypatch.setattr(jobs, "words", lambda *_: Text({recognition.PAGES: 1, recognition.CUT: 0}, "Kuitansi"))
    (one,) = recognition.due(vault, file, is_again=True)
    recognition.recognize_one(_work(vault), case, 1, one)
    assert (_known(vault, case).recognized, recognition.due(vault, file, is_again=True)) == ("Kuitansi", [])


def test_what_a_machine_read_stays_when_a_file_is_examined_anew(
    take_files: Take, vault: Vault, machine_reads: Callable[..., None]
) -> None:
    """Words, their fact and their place in the search are those of the same bytes."""
    case = take_files(("a.png", samples.photo("PNG")))
    file = casebook.file_of(vault, case, 1)
    machine_reads("Kuitansi")
    _examined(vault, case)
    slow.forget(vault, file, replace(_known(vault, case), state="time"))
    assert (findings.finding(vault, file), findings.outlines(vault, file)) == (None, [])
    findings.examine_file(_work(vault), case, 1)
    found = _known(vault, case)
    assert (found.state, found.recognized, found.facts[recognition.PAGES]) == ("read", "Kuitansi", 1)
    assert search.search(_work(vault), "kuitansi")


def test_without_the_program_it_is_said_and_tried_again(
    take_files: Take, vault: Vault, machine_reads: Callable[..., None]
) -> None:
    """When it is there, the note goes."""
    case = take_files(("a.jpg", samples.photo()))
    machine_reads("", {recognition.MISSING: 1})
    _examined(vault, case)
    assert recognition.is_due(_known(vault, case))
    assert (recognition.MISSING, 1) in _known(vault, case).notes
    machine_reads("Nota dinas")
    assert recognition.recognize_file(_work(vault), case, 1) == 1
    assert recognition.MISSING not in dict(_known(vault, case).notes)
    assert _known(vault, case).recognized == "Nota dinas"


def test_who_is_named_in_a_file_is_kept_out(take_files: Take, vault: Vault) -> None:
    """By its text, when it is examined: the one who looks sees nothing of it, others do, and it is logged."""
    fauzi = add_officer(vault, "fauzi", NAME)
    case = take_files(("a.txt", f"Kirim ke {NAME}, auditor.".encode()))
    with pytest.raises(NotFoundError):
        findings.examine_file(_work(fauzi), case, 1)
    assert _kept_out(vault, case) == [("fauzi", conflict.ATTACHED)]
    assert acts(vault, case)[-1] != "conflict.lift"
    assert "conflict.found" in acts(vault, case)
    assert NAME in findings.examine_file(_work(vault), case, 1).text


def test_who_is_named_in_a_picture_is_kept_out_until_another_lifts_it(
    take_files: Take, vault: Vault, machine_reads: Callable[..., None]
) -> None:
    """Also where the file comes again; what was lifted stays lifted."""
    machine_reads(f"Setor kepada {NAME}")
    fauzi = add_officer(vault, "fauzi", NAME)
    case = take_files(("a.jpg", samples.photo()))
    findings.examine_file(_work(fauzi), case, 1)
    with pytest.raises(NotFoundError):
        recognition.recognize_file(_work(fauzi), case, 1)
    assert _kept_out(vault, case) == [("fauzi", conflict.RECOGNIZED)]
    safeguarding.lift(_work(vault), case, "fauzi")
    findings.examine_file(_work(fauzi), case, 1)
    assert _kept_out(vault, case) == []
    again = take_files(("b.jpg", samples.photo()))
    with pytest.raises(NotFoundError):
        findings.examine_file(_work(fauzi), again, 1)


def test_a_new_officer_is_looked_for_in_files(
    take_files: Take, vault: Vault, machine_reads: Callable[..., None]
) -> None:
    """In what was read and in what was recognized before they came."""
    machine_reads(f"Setor kepada {NAME}")
    pictured, written = take_files(("a.jpg", samples.photo())), take_files(("a.txt", NAME.encode()))
    for case in (pictured, written):
        _examined(vault, case)
    add_officer(vault, "fauzi", NAME)
    with transaction(vault.db):
        conflict.check_officer(_work(vault), "fauzi")
    assert _kept_out(vault, pictured) == [("fauzi", conflict.RECOGNIZED)]
    assert _kept_out(vault, written) == [("fauzi", conflict.ATTACHED)]


def test_parts_are_read_in_their_own_places(take_files: Take, vault: Vault, machine_reads: Callable[..., None]) -> None:
    """A picture in a mail, in the order of the mail."""
    machine_reads("Nota dinas")
    (mail,) = [row for row in ocr.ROWS if row.kind == "mail"]
    case = take_files((mail.name, mail.make()))
    _examined(vault, case)
    file = casebook.file_of(vault, case, 1)
    pictures = [one for one in findings.parts(vault, file) if one.kind.code == "png"]
    assert [one.recognized for one in pictures] == ["Nota dinas"]
    assert [one.place for one in findings.parts(vault, file)] == sorted(
        one.place for one in findings.parts(vault, file)
    )
    assert _known(vault, case).recognized == ""


def test_the_same_words_in_pictures_make_a_likely_duplicate(
    take_files: Take, vault: Vault, machine_reads: Callable[..., None]
) -> None:
    """Though the reporters write differently."""
    letter = (
        "Telah terima uang seragam lima ratus ribu rupiah dari wali murid kelas tujuh madrasah Sukamaju Kediri Jaya"
    )
    machine_reads(letter)
    first, second = take_files(("a.jpg", samples.photo())), take_files(("b.png", samples.photo("PNG")))
    for case in (first, second):
        _examined(vault, case)
    assert [one.case.number for one in duplicates.suggest(_work(vault), first)] == [second.number]
