"""Papers in Indonesian print labels: a code of the vocabulary, of the form or of the settings is in none of them."""

import io
import itertools
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from cases_world import add_officer
from count_world import START, YEAR, classify, year
from referral_world import DRAFT
from triage_world import SETTINGS, TODAY
from work_world import as_officer, move, new_case

from dropbox import cli
from dropbox.crypto.secret import new_secret
from dropbox.form import form_file
from dropbox.triage.casefile import printing
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, letters
from dropbox.triage.casework.letters import Clearing
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.oversight import breach, processing
from dropbox.triage.oversight.breach import Facts
from dropbox.triage.redaction.recipe import COVERED
from dropbox.triage.referral import build, facts, menpan, papers
from dropbox.triage.referral.consent import Consent
from dropbox.triage.referral.facts import Evidence
from dropbox.triage.statistics import reports
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary

LETTER = Clearing("Sutrisno", "Guru", "Sekolah Contoh", "B-1/IJ/2026", "Inspektur Uji", "Inspektur", "Jakarta")
FOUND = breach.local_time(SETTINGS, "2025-12-31T23:30")
BREACH = Facts("Nama dan satker", "Stik hilang", "Kunci diganti", "Pengawas kerahasiaan", FOUND, people=12)
WORD = re.compile(r"[\w-]+")
# Codes that are words of the language as well, or names of files that a paper lists.
ORDINARY = set("surat kegiatan lain informasi tahun bulan tanggal ya tidak audit modus pdf".split())  # noqa: SIM905


DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LOGIN = "budi_login"


def _codes(language: str) -> set[str]:
    """All codes that no label of a language has as a word."""
    here = SETTINGS.workstation
    every = {code for group in vocabulary.groups() for code in vocabulary.codes(group)}
    every |= {*here.referral_targets, *here.offices, *here.roles}
    every |= {option.code for group in form_file.load().units for option in group.options}
    labels = [words[language] for group in vocabulary.groups() for words in vocabulary.table(group).values()]
    labels += [names[language] for names in (*here.referral_targets.values(), *here.offices.values())]
    return {code for code in every if not code.isdigit()} - set(WORD.findall(" ".join(labels))) - ORDINARY - {""}


CODES = {"id": _codes("id"), "en": {code for code in _codes("en") if not code.isalpha() or code.isupper()}}


def _found(text: str, language: str = "id") -> set[str]:
    """Return the codes, in English those that are no common word, and the login that a text has."""
    return (CODES[language] | {LOGIN}) & set(WORD.findall(text))


def _pdf(raw: bytes) -> str:
    """Return the text of a paper: each of its fonts is in it, and no date of it is in numbers."""
    document = pypdfium2.PdfDocument(raw)
    for page in document:
        for one in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_TEXT,)):
            assert pypdfium2.raw.FPDFFont_GetIsEmbedded(pypdfium2.raw.FPDFTextObj_GetFont(one)) == 1
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert DATE.findall(text) == []
    return text


def _book(raw: bytes) -> str:
    """The texts of a workbook's cells, and the names on its tabs."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        cells = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        return "\n".join((*cells, *re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())))


@pytest.fixture
def work(vault: Vault) -> Work:
    """A year of cases: one referred to a body, one labelled with everything."""
    made = year(vault)
    vault.db.execute("update cases set reference = 'kpk' where number = ?", (made["referred"].number,))
    classify(vault, made["referred"], unit_type="ptkin", unit="Kampus", subject="Dugaan")
    add_officer(vault, LOGIN, "Budi Raharjo", "penelaah")
    work = Work(vault, SETTINGS, TODAY)
    handling.assign(work, made["referred"], office="inspektorat-2", officer=LOGIN, text="Telaah.")
    return work


def test_the_codes_that_a_paper_printed_before_are_looked_for() -> None:
    """Those that a reviewer found in papers are among them."""
    assert {"SELESAI_TERBUKTI", "kpk", "menpan", "tidak-tahu", "wbs", "kankemenag", "gambar-halaman"} <= CODES["id"]


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_statistics_have_none(work: Work, kind: str) -> None:
    """A period's report, on paper and as a workbook; the body of a referral has its name."""
    raw = reports.report(work, YEAR, kind)
    text = _pdf(raw) if kind == "pdf" else _book(raw)
    assert _found(text) == set()
    assert "KPK" in text


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_the_register_has_none(work: Work, kind: str) -> None:
    """A line for every case, in each kind of file."""
    raw = reports.register_file(work, YEAR, kind)
    text = raw.decode("utf-8-sig") if kind == "csv" else _pdf(raw) if kind == "pdf" else _book(raw)
    assert _found(text) == set()
    assert "KPK" in text


def test_the_papers_in_english_have_none(work: Work) -> None:
    """Statistics, register, notice of a breach, and a whole case, whose file names its officers."""
    overseer = Work(as_officer(work.vault, "awas", "pengawas"), SETTINGS, TODAY)
    english = Work(replace(work.vault, officer=replace(work.vault.officer, lang="en")), SETTINGS, TODAY)
    whole = _pdf(printing.print_case(english, _case(work)))
    for raw in (
        reports.report(work, YEAR, "pdf", "en"),
        reports.register_file(work, YEAR, "pdf", "", "en"),
        breach.note(overseer, BREACH, FOUND, "pdf", "en"),
    ):
        assert _found(_pdf(raw), "en") == set()
    assert _found(whole, "en") == set()
    assert "Budi Raharjo" in whole
    assert _found(_pdf(printing.print_case(work, _case(work)))) == set()


def test_the_yearly_sheet_has_none(work: Work) -> None:
    """The table for the ministry, made of published statistics."""
    statistics_extract.decide(work, YEAR)
    assert _found(menpan.sheet(work, 2025).decode("utf-8-sig")) == set()


def test_a_dossier_has_none(work: Work) -> None:
    """The facts of a case with every code that the schema allows to stand in them, and the letter beside them."""
    case = _case(work)
    said = Consent(case.number, "kpk", 0, "", 0)
    covered = dict.fromkeys(COVERED, 2)
    notes = tuple(build.notes([(code, 3) for code in vocabulary.codes("file_note")]))
    files = [
        Evidence(f"bukti/00{at}.pdf", "docx", "0" * 64, "1" * 64, how, notes, covered)
        for at, how in enumerate(vocabulary.codes("redaction"))
    ]
    for request, court in zip(itertools.cycle(vocabulary.codes("request")), vocabulary.codes("court"), strict=False):
        draft = _draft(request, court)
        value = facts.document(case, draft, said, files, "itjen", TODAY)
        text = _pdf(papers.dossier(SETTINGS, value, "Penerima Contoh", TODAY))
        assert _found(text) == set()
        assert "Perguruan tinggi" in text or "UIN" in text
        assert "2 kotak" in text
        assert "Hanya 3 halaman pertama" in text
        assert _found(_pdf(papers.letter(SETTINGS, value, "Penerima Contoh", TODAY, to_ombudsman=True))) == set()


def test_letters_and_slips_have_none(vault: Vault) -> None:
    """The letter that clears somebody, and the receipt of a walk-in."""
    case = move(vault, new_case(vault, today=START), "SELESAI_TIDAK")
    assert _found(_pdf(letters.clear(Work(vault, SETTINGS, TODAY), case, LETTER))) == set()
    page = letters.receipt_page(SETTINGS, new_secret(), TODAY)
    assert _found("\n".join((page.title, page.code_label, page.words_label, *page.lines))) == set()


def test_the_overseers_papers_have_none(work: Work) -> None:
    """The register of processing and the note about a breach, as text and as paper."""
    overseer = Work(as_officer(work.vault, "awas", "pengawas"), SETTINGS, TODAY)
    for made in (processing.register(overseer, "txt"), breach.note(overseer, BREACH, FOUND, "txt")):
        assert _found(made.decode()) == set()
    assert _found(_pdf(processing.register(overseer, "pdf"))) == set()


def test_the_request_to_lpsk_has_none(tmp_path: Path) -> None:
    """What a reporter prints on their own machine."""
    for name in ("siapa", "apa"):
        (tmp_path / name).write_text("Contoh", "utf-8")
    files = ["--identity-file", str(tmp_path / "siapa"), "--summary-file", str(tmp_path / "apa")]
    kinds = [word for kind in vocabulary.codes("protection") for word in ("--kind", kind)]
    assert cli.main(["lpsk", "--agenda", "1/2026", *files, *kinds, "--out", str(tmp_path / "surat.html")]) == 0
    shown = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", " ", (tmp_path / "surat.html").read_text("utf-8"))
    assert _found(shown) == set()


def _case(work: Work) -> Case:
    return next(case for case in casebook.visible_cases(work.vault) if case.unit_type == "ptkin")


def _draft(request: str, court: str) -> facts.Draft:
    return replace(DRAFT, request=request, court=court, with_channel=True)
