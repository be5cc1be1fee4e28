"""What is found out about files: kept once, told in words, found by the search."""

from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from triage_world import SETTINGS, TODAY

from dropbox.errors import ConfigurationError, NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import search
from dropbox.triage.evidence import findings
from dropbox.triage.evidence.findings import Finding, examine_files
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]


def found(vault: Vault, case: casebook.Case) -> list[Finding]:
    """What is known of each file of a case."""
    known = [findings.finding(vault, file) for file in casebook.files(vault, case)]
    return [one for one in known if one is not None]


def cases_with(vault: Vault, words: str) -> set[int]:
    """Cases in which the index finds words of a file."""
    rows = vault.db.execute("select rowid, case_number from search where search match ?", (words,))
    return {case for rowid, case in rows if rowid % 4 == search.EXTRACTED}


def test_files_are_examined_once(take_files: Take, vault: Vault) -> None:
    """Kinds, numbers and words of each; a second time does nothing; the log has codes alone."""
    case = take_files(
        ("surat.pdf", samples.pdf(pages=3, text="Setoran bulanan")),
        ("surat.docx", samples.docx("Amplop cokelat")),
        ("foto.jpg", samples.photo()),
        ("catatan.rtf", rb"{\rtf1\ansi Kuitansi palsu}"),
        ("pesan.eml", samples.MAIL),
        ("kosong", b""),
    )
    done = examine_files(Work(vault, SETTINGS, TODAY), case)
    assert (done.new, done.known, done.failed) == (6, 0, [])
    pdf, docx, photo, rtf, _, empty = found(vault, case)
    assert [one.kind.code for one in found(vault, case)] == ["pdf", "docx", "jpeg", "rtf", "mail", "empty"]
    assert [one.state for one in found(vault, case)] == ["read"] * 5 + ["empty"]
    assert (pdf.facts["pages"], photo.facts["width"], photo.facts["place"]) == (3, 60, 1)
    assert (pdf.text.count("Setoran bulanan"), docx.text.strip(), photo.text) == (3, "Amplop cokelat", "")
    assert "Kuitansi palsu" in rtf.text
    assert photo.warnings == ["place"]
    for words in ("setoran", "amplop", "kuitansi", "pungutan", "bukti"):
        assert cases_with(vault, words) == {case.number}
    again = examine_files(Work(vault, SETTINGS, TODAY), case)
    assert (again.new, again.known) == (0, 6)
    lines = [line.details for line in audit_log.lines(vault) if line.action == "file.preview"]
    assert lines[0] == {"file": 1, "kind": "pdf", "state": "read"}
    assert len(lines) == 6
    assert empty.facts == {}  # what is empty has no wrong name


def test_recordings_have_facts(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """Length, size, codecs, and whether the place is told."""
    case = take_files(("v.mp4", samples.recording(tmp_path, "v.mp4")), ("a.amr", samples.speech_note()))
    examine_files(Work(vault, SETTINGS, TODAY), case)
    video, note = found(vault, case)
    assert (video.facts["seconds"], video.facts["width"], video.facts["height"]) == (2, 64, 48)
    assert (video.facts["place"], "place" in video.warnings, video.state) == (1, True, "read")
    assert (note.kind.code, note.facts["seconds"], note.state) == ("amr", 1, "read")


def test_the_same_file_in_two_cases_is_examined_once(take_files: Take, vault: Vault) -> None:
    """And found in both."""
    first, second = (take_files(("a.txt", b"kuitansi ganda")) for _ in range(2))
    assert examine_files(Work(vault, SETTINGS, TODAY), first).new == 1
    assert examine_files(Work(vault, SETTINGS, TODAY), second).known == 1
    assert cases_with(vault, "ganda") == {first.number, second.number}


def test_a_file_that_comes_later_is_indexed_as_well(take_files: Take, vault: Vault) -> None:
    """The same file again, after it was examined: its words lead to the new case too."""
    first = take_files(("a.txt", b"kuitansi ganda"))
    examine_files(Work(vault, SETTINGS, TODAY), first)
    second = take_files(("b.txt", b"kuitansi ganda"))
    examine_files(Work(vault, SETTINGS, TODAY), second)
    assert cases_with(vault, "ganda") == {first.number, second.number}


def test_one_bad_file_keeps_no_other_from_being_read(take_files: Take, vault: Vault) -> None:
    """What rotted in the vault is named, and looked at again once it has been brought back."""
    case = take_files(("a.txt", b"satu"), ("b.txt", b"dua" * 9000), ("c.txt", b"tiga"))
    rotten = casebook.files(vault, case)[1].path
    sealed = rotten.read_bytes()
    rotten.write_bytes(sealed[:-100] + bytes(100))
    done = examine_files(Work(vault, SETTINGS, TODAY), case)
    assert (done.new, len(done.failed)) == (2, 1)
    assert done.failed[0].startswith("file 2 was not examined")
    rotten.write_bytes(sealed)
    assert examine_files(Work(vault, SETTINGS, TODAY), case).new == 1


def test_rules_hold(take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """No sandbox, kept out of the case, no role: nothing is examined."""
    case = take_files(("a.txt", b"satu"))
    with monkeypatch.context() as patched:
        patched.setenv("PATH", "/nowhere")
        with pytest.raises(ConfigurationError):
            examine_files(Work(vault, SETTINGS, TODAY), case)
    with transaction(vault.db):
        vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'kepala', 'named')")
    with pytest.raises(NotFoundError):
        examine_files(Work(vault, SETTINGS, TODAY), case)
    with transaction(vault.db):
        vault.db.execute("delete from exclusions")
    object.__setattr__(vault.officer, "roles", ("pengawas",))
    with pytest.raises(RefusedError):
        examine_files(Work(vault, SETTINGS, TODAY), case)
    assert found(vault, case) == []
