"""The whole case on paper: all that happened, for an officer who may see it, and nothing else."""

import re
from dataclasses import replace

import pypdfium2
import pytest
from cases_world import add_officer
from triage_world import SETTINGS, TODAY
from work_world import as_officer, move, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import holds
from dropbox.triage.casefile import papers, printing
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import handling, measures, merging, protection, refusal
from dropbox.triage.casework.hearing import statements
from dropbox.triage.followup import records
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _pages(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def _last(vault: Vault, number: int) -> dict[str, object]:
    return dict(list(audit_log.lines(vault, CaseNumber(number)))[-1].details)


def test_a_case_file_has_everything_of_the_case(vault: Vault) -> None:
    """Report, note, class and number of pages on each page; the log has the print and no word of the report."""
    work = Work(vault, SETTINGS, TODAY)
    case = new_case(vault, what="Kenari biru السلام", who="Sutrisno", where="Contohsari")
    handling.note(work, case, "Periksa kuitansi")
    pages = _pages(printing.print_case(work, case))
    text = " ".join(pages)
    for part in (case.name, "Kenari biru", "السلام", "Sutrisno", "Periksa kuitansi", "Tidak ada berkas", "Kepala Uji"):
        assert part in text
    for number, page in enumerate(pages, 1):
        assert f"{number} dari {len(pages)}" in page
        assert page.count("RAHASIA") == 2
    (line,) = [line for line in audit_log.lines(vault, case.number) if line.action == "file.export"]
    assert line.details == {"did": printing.DID}


def test_a_case_file_holds_nothing_that_is_closed_to_its_officer(vault: Vault) -> None:
    """Of a merged group it has the cases that the officer may see; a case that is closed to them is not printed."""
    work = Work(vault, SETTINGS, TODAY)
    leader, other = new_case(vault, what="Kenari biru"), new_case(vault, what="Merpati putih")
    merging.merge(work, other, leader)
    assert "Merpati putih" in " ".join(_pages(printing.print_case(work, leader)))
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (other.number,))
    second = Work(as_officer(vault), SETTINGS, TODAY)
    text = " ".join(_pages(printing.print_case(second, leader)))
    assert "Kenari biru" in text
    assert "Merpati" not in text
    assert other.name not in text
    with pytest.raises(NotFoundError):
        printing.print_case(second, other)


def test_it_has_what_follows_from_the_case_with_names_and_dates_in_words(vault: Vault) -> None:
    """Disposition, papers, statement, protection, hold and proposal; names and posts, no login, no other date."""
    case = new_case(vault, what="Kenari biru")
    add_officer(vault, "budi_login", "Budi Raharjo", "penelaah")
    work = Work(vault, SETTINGS, TODAY)
    handling.assign(work, case, office="inspektorat-2", officer="budi_login", text="Telaah kuitansi", due=TODAY + 5)
    report = records.add(work, case, "report", {"sign": "R-263/IJ/PS.01.3/04/2020", "dated": TODAY - 3})
    advice = {"code": "hukdis-sedang", "who": "Kanwil Contoh", "until": TODAY + 30, "text": "Jatuhkan hukuman."}
    records.add(work, case, "recommendation", advice, report)
    statements.write(work, case, statements.Typed("witness", "", "Rahmawati", "Bendahara", "KUA", TODAY, "Saya lihat."))
    protection.open_request(work, case, "career")
    holds.place(work, case, "audit", "R-7/BPK")
    refusal.propose(work, case, refusal.Refusal("evidence", grounds="Tidak ada data"))
    text = " ".join(_pages(printing.print_case(work, case)))
    for part in (
        "Disposisi kepada Inspektorat II, Budi Raharjo", "Telaah kuitansi", "LHP R-263/IJ/PS.01.3/04/2020",
        "Hukuman disiplin sedang", "Saksi: Rahmawati, Bendahara, KUA", "Pelindungan karier", "R-7/BPK",
        "Mengusulkan tidak ditindaklanjuti", "Kepala Uji, Inspektur Jenderal", "Linimasa",
    ):  # fmt: skip
        assert part.lower() in text.lower(), part
    assert not re.search(r"budi_login|\bkepala\b|\d{4}-\d{2}-\d{2}|None|inspektorat-2|hukdis", text)


def test_it_is_in_the_language_of_its_officer(vault: Vault) -> None:
    """English words around the texts, for an officer who chose English."""
    case = new_case(vault, what="Kenari biru")
    english = replace(vault, officer=replace(vault.officer, lang="en"))
    text = " ".join(_pages(printing.print_case(Work(english, SETTINGS, TODAY), case)))
    assert "Messages, answers and notes" in text
    assert "INSPECTORATE GENERAL" in text
    assert "Pesan" not in text


def test_roles_decide_which_parts_it_has(vault: Vault) -> None:
    """Who handles no protection, no measures and no refusals reads none of them on paper."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    work = Work(vault, SETTINGS, TODAY)
    protection.open_request(work, case, "career")
    measures.add(work, case, "protect-secrecy", TODAY, "Menteri")
    text = " ".join(_pages(printing.print_case(work, case)))
    assert "Permintaan perlindungan" in text
    assert "Menteri" in text
    roles = SETTINGS.workstation.roles
    lesser = {"penelaah": replace(roles["penelaah"], actions=frozenset({"case.read", "file.export"}))}
    limited = replace(SETTINGS, workstation=replace(SETTINGS.workstation, roles={**roles, **lesser}))
    text = " ".join(_pages(printing.print_case(Work(as_officer(vault, "sari", "penelaah"), limited, TODAY), case)))
    assert "Permintaan perlindungan" not in text
    assert "Menteri" not in text


def test_who_takes_no_copies_prints_no_case(vault: Vault) -> None:
    """A receiving officer reads cases and takes none along."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="Taking clean copies"):
        printing.print_case(Work(as_officer(vault, "budi", "petugas-penerima"), SETTINGS, TODAY), case)


def test_a_disposition_is_a_sheet_that_its_giver_signs(vault: Vault) -> None:
    """It names giver, addressee, task and due day, on classified paper; the log has its number alone."""
    case = new_case(vault, what="Kenari biru")
    add_officer(vault, "budi_login", "Budi Raharjo", "penelaah")
    work = Work(vault, SETTINGS, TODAY)
    handling.assign(work, case, office="inspektorat-2", officer="budi_login", text="Telaah kuitansi", due=TODAY + 5)
    (one,) = dispositions.of_case(vault.db, case.number)
    text = " ".join(_pages(papers.print_disposition(work, case, one.number)))
    for part in ("Lembar disposisi", "RAHASIA", case.name, "Inspektorat II", "Budi Raharjo", "Telaah kuitansi"):
        assert part in text, part
    assert text.count("Kepala Uji") == 2  # who gave it, who signs
    assert not re.search(r"budi_login|\bkepala\b|\d{4}-\d{2}-\d{2}|None|inspektorat-2|Kenari", text)
    assert _last(vault, case.number) == {"did": "sheet", "number": one.number}


def test_a_task_letter_is_open_and_names_no_case(vault: Vault) -> None:
    """It has number, team, task and days, without class, name of the case, or a word of the report."""
    case, work = new_case(vault, what="Kenari biru"), Work(vault, SETTINGS, TODAY)
    task = {"sign": "ST-87/IJ/2026", "dated": TODAY, "who": "Sari, Budi", "begin": TODAY, "until": TODAY + 9}
    root = records.add(work, case, "task-letter", task | {"text": "Periksa pembayaran honor."})
    text = " ".join(_pages(papers.print_record(work, case, root)))
    for part in ("Surat tugas", "ST-87/IJ/2026", "Sari Budi", "Periksa pembayaran honor."):
        assert part in text, part
    assert not re.search(rf"RAHASIA|{case.name}|Kenari|\d{{4}}-\d{{2}}-\d{{2}}", text)
    assert _last(vault, case.number) == {"did": "paper", "kind": "task-letter", "number": root}


def test_a_memo_and_a_report_are_papers_with_their_own_numbers(vault: Vault) -> None:
    """The memo is a letter of its sender; the report has its recommendations and what became of them."""
    case, work = new_case(vault), Work(vault, SETTINGS, TODAY)
    values = {
        "sign": "ND-21/IJ/2026",
        "dated": TODAY,
        "who": "Penelaah",
        "whom": "Inspektur II",
        "text": "Mohon arahan.",
    }
    memo = " ".join(_pages(papers.print_record(work, case, records.add(work, case, "memo", values))))
    for part in ("ND-21/IJ/2026", "Nota dinas", "Yth. Inspektur II", "Mohon arahan.", "Penelaah,", "RAHASIA"):
        assert part in memo, part
    root = records.add(work, case, "report", {"sign": "R-263/IJ/2026", "dated": TODAY, "text": "Terbukti."})
    advice = {"code": "hukdis-sedang", "who": "Kanwil Contoh", "until": TODAY + 30, "text": "Jatuhkan hukuman."}
    number = records.add(work, case, "recommendation", advice, root)
    records.add(work, case, "settlement", {"code": "done", "dated": TODAY, "sign": "B-1/Kw/2026"}, number)
    report = " ".join(_pages(papers.print_record(work, case, root)))
    for part in ("R-263/IJ/2026", "Terbukti.", "Hukuman disiplin sedang", "Kanwil Contoh", "Selesai ditindaklanjuti"):
        assert part in report, part
    with pytest.raises(NotFoundError):
        papers.print_record(work, case, number)


def test_who_is_kept_out_prints_no_paper(vault: Vault) -> None:
    """Neither a disposition nor an object is printed for an officer who is excluded from the case."""
    case, work = new_case(vault), Work(vault, SETTINGS, TODAY)
    handling.assign(work, case, office="inspektorat-2", text="Telaah")
    root = records.add(work, case, "report", {"sign": "R-263/IJ/2026", "dated": TODAY})
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (case.number,))
    second = Work(as_officer(vault), SETTINGS, TODAY)
    (one,) = dispositions.of_case(vault.db, case.number)
    for act in (
        lambda: papers.print_record(second, case, root),
        lambda: papers.print_disposition(second, case, one.number),
    ):
        with pytest.raises(NotFoundError):
            act()
