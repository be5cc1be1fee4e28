"""The whole case on paper: all that happened, for an officer who may see it, and nothing else."""

import pypdfium2
import pytest
from triage_world import SETTINGS, TODAY
from work_world import as_officer, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import casefile, handling, merging
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _pages(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def test_a_case_file_has_everything_of_the_case(vault: Vault) -> None:
    """Report, note, class and number of pages on each page; the log has the print and no word of the report."""
    work = Work(vault, SETTINGS, TODAY)
    case = new_case(vault, what="Kenari biru السلام", who="Sutrisno", where="Contohsari")
    handling.note(work, case, "Periksa kuitansi")
    pages = _pages(casefile.print_case(work, case))
    text = " ".join(pages)
    for part in (case.name, "Kenari biru", "السلام", "Sutrisno", "Periksa kuitansi", "Tidak ada berkas", "Kepala Uji"):
        assert part in text
    for number, page in enumerate(pages, 1):
        assert f"{number} dari {len(pages)}" in page
        assert page.count("RAHASIA") == 2
    (line,) = [line for line in audit_log.lines(vault, case.number) if line.action == "file.export"]
    assert line.details == {"did": casefile.DID}


def test_a_case_file_holds_nothing_that_is_closed_to_its_officer(vault: Vault) -> None:
    """Of a merged group it has the cases that the officer may see; a case that is closed to them is not printed."""
    work = Work(vault, SETTINGS, TODAY)
    leader, other = new_case(vault, what="Kenari biru"), new_case(vault, what="Merpati putih")
    merging.merge(work, other, leader)
    assert "Merpati putih" in " ".join(_pages(casefile.print_case(work, leader)))
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (other.number,))
    second = Work(as_officer(vault), SETTINGS, TODAY)
    text = " ".join(_pages(casefile.print_case(second, leader)))
    assert "Kenari biru" in text
    assert "Merpati" not in text
    assert other.name not in text
    with pytest.raises(NotFoundError):
        casefile.print_case(second, other)


def test_who_takes_no_copies_prints_no_case(vault: Vault) -> None:
    """A receiving officer reads cases and takes none along."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match=r"file\.export"):
        casefile.print_case(Work(as_officer(vault, "budi", "petugas-penerima"), SETTINGS, TODAY), case)
