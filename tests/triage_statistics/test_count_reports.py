"""Files that leave the desk: nothing in them reckons, everything in them adds up."""

import csv
import io
import re
import zipfile

import pytest
from count_world import START, YEAR, year
from triage_world import SETTINGS, TODAY
from work_world import as_officer, new_case

from dropbox.errors import DamagedError, RefusedError
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import span_of
from dropbox.triage.statistics import register, reports, spreadsheets
from dropbox.triage.statistics.counters import COUNTERS
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

FORMULAS = ("=1+1", "+62812", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "=cmd|' /C calc'!A0", "'=1")


def read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def parts(raw: bytes) -> dict[str, str]:
    """The XML files of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    """An apostrophe stands before it; what is none stays as it is, and numbers stay numbers."""
    (head, row) = read_csv(spreadsheets.csv_bytes(["a", "b", "c"], [[text, "biasa = tetap", 7]]))
    assert head == ["a", "b", "c"]
    assert row == ["'" + text.replace("\r", "\r") if not text.startswith("'") else text, "biasa = tetap", "7"]


def test_what_a_reporter_wrote_never_reckons(vault: Vault) -> None:
    """In no kind of register: as quoted text in CSV, as a string in XLSX, without a link."""
    new_case(vault, today=START, who='=HYPERLINK("http://jahat.example";"klik")', where="+62 http://jahat.example")
    rows = read_csv(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "csv"))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK" in ";".join(rows[1])
    book = parts(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "xlsx"))
    everything = "".join(book.values())
    assert "=HYPERLINK" in book["xl/sharedStrings.xml"]
    assert "<f>" not in everything
    assert "<hyperlink" not in everything


def test_a_register_is_the_same_in_every_kind(vault: Vault) -> None:
    """As many rows as lines, under the same heads; each export is in the log without a word of a report."""
    year(vault)
    lines = register.lines(Work(vault, SETTINGS, TODAY), YEAR)
    rows = read_csv(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "csv"))
    assert rows[0] == [words["id"] for words in register.COLUMNS.values()]
    assert len(rows) == len(lines) + 1
    sheet = parts(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "xlsx"))["xl/worksheets/sheet1.xml"]
    assert sheet.count("<row ") == len(lines) + 1
    assert reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "pdf").startswith(b"%PDF-")
    exported = [line.details for line in audit_log.lines(vault) if line.action == "register.export"]
    assert exported == [{"did": kind, "lines": 8, "period": "2025"} for kind in ("csv", "xlsx", "pdf")]


def test_a_search_narrows_the_register(vault: Vault) -> None:
    """All words must stand in a line, in any case of letters."""
    made = year(vault)
    rows = read_csv(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "csv", "KORUPSI dilimpahkan"))
    assert [row[0] for row in rows[1:]] == [made["referred"].name]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_report_has_every_counter_with_its_definition(vault: Vault, language: str) -> None:
    """A sheet for each, with numbers as numbers and a chart; no formula anywhere."""
    year(vault)
    book = parts(reports.report(Work(vault, SETTINGS, TODAY), YEAR, "xlsx", language))
    strings = book["xl/sharedStrings.xml"]
    for counter in COUNTERS.values():
        assert counter.title[language].replace("&", "&amp;") in strings
        assert counter.definition[language] in strings
    assert len([name for name in book if name.startswith("xl/charts/chart")]) == len(COUNTERS)
    assert "8 (6 + 1 + 1)" in strings
    assert "Kepala Uji" in strings, "for whom was counted"
    assert "<f>" not in "".join(text for name, text in book.items() if "worksheets" in name)


def test_a_report_on_paper_is_the_same_bytes_each_time(vault: Vault) -> None:
    """Made of numbers and words alone: no clock, no random number; and it has bars."""
    year(vault)
    first = reports.report(Work(vault, SETTINGS, TODAY), YEAR, "pdf")
    assert first.startswith(b"%PDF-")
    assert first == reports.report(Work(vault, SETTINGS, TODAY), YEAR, "pdf")
    assert reports.report(Work(vault, SETTINGS, TODAY), span_of("2024-02"), "pdf").startswith(b"%PDF-")


def test_numbers_that_disagree_are_not_written(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report whose tables and register differ is a fault to be found, not a paper to be signed."""
    year(vault)
    monkeypatch.setattr(reports.cohort, "of_period", lambda *_: [])
    monkeypatch.setattr(reports, "count", lambda *_: Counted())
    with pytest.raises(DamagedError, match="agree"):
        reports.report(Work(vault, SETTINGS, TODAY), YEAR, "pdf")


class Counted:
    """Counts of another vault."""

    def cell(self, _code: str, _row: str) -> int:
        return 3


@pytest.mark.parametrize(
    ("kind", "act"), [("exe", "report"), ("csv", "report"), ("", "register"), ("docx", "register")]
)
def test_other_kinds_are_refused(vault: Vault, kind: str, act: str) -> None:
    """With a sentence that names those there are."""
    with pytest.raises(RefusedError, match="written as"):
        if act == "report":
            reports.report(Work(vault, SETTINGS, TODAY), YEAR, kind)
        else:
            reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, kind)


def test_a_verifier_reads_the_register_and_takes_none_along(vault: Vault) -> None:
    """Exporting is an act of its own."""
    other = as_officer(vault, "lain", "verifikator")
    assert register.lines(Work(other, SETTINGS, TODAY), YEAR) == []
    with pytest.raises(RefusedError, match="Writing the register to a file"):
        reports.register_file(Work(other, SETTINGS, TODAY), YEAR, "csv")


def test_long_and_foreign_texts_are_cut_and_drawn(vault: Vault) -> None:
    """A text of many pages, letters that no font has and control characters break no page and no sheet."""
    new_case(vault, today=START, who="panjang sekali " * 5000, where="名前 \u202e\x1b[31m é")
    (line,) = register.lines(Work(vault, SETTINGS, TODAY), YEAR)
    assert len(line.reported) <= 600
    assert "\\u{202e}" in line.place
    assert reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "pdf").startswith(b"%PDF-")
    assert re.search(
        "名前", parts(reports.register_file(Work(vault, SETTINGS, TODAY), YEAR, "xlsx"))["xl/sharedStrings.xml"]
    )
