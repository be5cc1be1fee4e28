"""Papers as files: archival, tagged, with fonts inside, in any language of this ministry, and nothing but text."""

import re
import subprocess
import sys
import tomllib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.settings import installation
from dropbox.settings.letterhead import letterhead_of
from dropbox.triage.papers import characters, office, printing
from dropbox.triage.papers.paper import (
    Bar,
    Bars,
    Entry,
    Fields,
    Figures,
    Heading,
    Items,
    NewPage,
    Paper,
    Small,
    Table,
    Text,
)
from dropbox.triage.papers.printing import printed
from dropbox.wire.calendar import Day

ROOT = Path(__file__).parents[2]
SETTINGS = installation.load()
TODAY = Day(20786)  # 29 November 2026
MARKUP = '#eval("1+1") *b* _i_ $x^2$ @y <z> \\ `r` // c'
GREETING = "السلام عليكم ورحمة الله"
EACH = [
    Heading("Bagian"),
    Text(MARKUP),
    Text(GREETING),
    Text("Kepala مدرسة نور di Bogor"),
    Small("kecil"),
    Items(["satu", "dua"]),
    Fields([("Nama", ["Sutrisno", "W" * 300])]),
    Table(["Kolom", "Lain"], [["W" * 200, "b"], ["c\nd", "e"]], [1, 9]),
    Bars(
        ["Rincian", "Jumlah"], [Bar(["a", "2"], 1.0), Bar(["b", "1"], 0.5), Bar(["Jumlah", "3"], is_sum=True)], "Batang"
    ),
    Figures([("25", "laporan")]),
    Entry("Pelapor, 2 November 2026", ["Ada setoran 😀", "名"]),
    NewPage(),
    Text("akhir"),
]


def _paper(**changes: Any) -> Paper:
    return replace(office.letter(SETTINGS, TODAY, "Surat uji", ["Drs. Sutrisno"], EACH), **changes)


@pytest.fixture(scope="module")
def made() -> bytes:
    """A letter with every kind of part."""
    return printed(_paper())


def _inside(pdf: bytes) -> str:
    """All of a PDF, with its compressed streams open."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found).decode("latin-1")


def _text(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_it_says_that_it_is_archival_and_accessible(made: bytes) -> None:
    """It names PDF/A-2a and PDF/UA-1, and has a title, a language, a tree of tags and a profile of colours."""
    text = _inside(made)
    assert re.search(r"pdfaid:part\W+2\b", text)
    assert re.search(r"pdfaid:conformance\W+A\b", text)
    assert re.search(r"pdfuaid:part\W+1\b", text)
    for part in (
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang(id)",
        "/OutputIntents",
        "/DisplayDocTitle true",
        "/S/H1",
        "/S/TH",
    ):
        assert part in text.replace("/Lang (", "/Lang(").replace("/S /", "/S/"), part
    assert pypdfium2.PdfDocument(made).get_metadata_dict()["Title"] == "Surat uji"


def test_every_font_is_inside(made: bytes) -> None:
    """Each font has a file in the paper, and a table that gives its letters back."""
    text = _inside(made)
    assert text.count("/FontFile2") == text.count("/Type/FontDescriptor") >= 3
    assert text.count("/ToUnicode") >= 3
    names = set(re.findall(r"/BaseFont/[A-Z]{6}\+([\w-]+)", text))
    assert {"NotoSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Regular"} <= names
    assert not re.findall(r"/BaseFont/(?![A-Z]{6}\+)", text)


def test_text_is_printed_as_it_is(made: bytes) -> None:
    """No markup is carried out; what no font has is printed as its number; pages are counted; the class is on each."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]
    assert MARKUP in pages[0]
    assert "[U+1F600]" in _text(made)
    assert "[U+540D]" in _text(made)
    for number, page in enumerate(pages, 1):
        assert f"{number} dari {len(pages)}" in page
        assert page.count("RAHASIA") == 2
    assert "29 November 2026" in pages[0]


def test_arabic_is_copied_out_in_its_order(made: bytes) -> None:
    """A line in Arabic; and each Arabic word within an Indonesian line, whole."""
    text = _text(made)
    assert GREETING in text
    assert {"Kepala", "مدرسة", "نور", "Bogor"} <= set(text.split())


def test_nothing_is_drawn_beyond_the_margin(made: bytes) -> None:
    """A word of 300 letters is broken, in a column as well."""
    document = pypdfium2.PdfDocument(made)
    for page in document:
        text = page.get_textpage()
        assert max(text.get_charbox(at)[2] for at in range(text.count_chars())) < page.get_width() - 40
    assert _text(made).replace("\r\n", "").count("W" * 300) == 1


def test_the_same_paper_is_the_same_bytes(made: bytes) -> None:
    """No clock and no random number is in it."""
    assert printed(_paper()) == made


def test_a_paper_in_english_wide_and_without_class() -> None:
    """Words around the text follow its language; without a class none is printed."""
    paper = office.report(SETTINGS, TODAY, "Trial", [Text("text")], language="en", is_landscape=True)
    document = pypdfium2.PdfDocument(printed(replace(paper, classification="")))
    text = document[0].get_textpage().get_text_range()
    assert "1 of 1" in text
    assert "RAHASIA" not in text
    assert document[0].get_width() > document[0].get_height()


def test_a_paper_that_is_shown_to_others_is_not_classified() -> None:
    """It has the number and the class that the settings give to open papers."""
    paper = office.letter(SETTINGS, TODAY, "Hal", ["x"], [], is_open=True)
    assert paper.classification == ""
    assert paper.letter is not None
    assert dict(paper.letter.lines) == {"Nomor": "B-......../IJ/PS.01.3/11/2026", "Sifat": "Biasa", "Hal": "Hal"}
    assert office.report(SETTINGS, TODAY, "Judul", [], is_open=True).classification == ""


def test_a_paper_that_is_shown_to_others_names_nobody_who_gets_a_copy() -> None:
    """The settings' copies are on a classified letter, and not on an open one."""
    head = replace(SETTINGS.workstation.letterhead, copies={"id": ["Arsip"], "en": ["Archive"]})
    settings = replace(SETTINGS, workstation=replace(SETTINGS.workstation, letterhead=head))
    assert office.letter(settings, TODAY, "Hal", ["x"], []).copies == ["Tembusan:", "Arsip"]
    assert office.letter(settings, TODAY, "Hal", ["x"], [], is_open=True).copies == []


def test_a_long_number_ends_its_line_after_a_sign() -> None:
    """An official number breaks after a slash, a piece that is itself too long anywhere."""
    assert characters.shown("0011/ITJEN/2026", 12) == "0011/\u200bITJEN/\u200b2026"
    assert characters.shown("ab/" + "W" * 13, 12) == "ab/\u200b" + "\u200b".join("W" * 13)


def test_every_known_character_has_a_glyph() -> None:
    """The compiler, which refuses a paper with a missing glyph, prints all that `known` names."""
    signs = [chr(code) for code in sorted(characters.known())]
    printed(_paper(blocks=[Text(" ".join(signs))], copies=(), notes=()))


@given(st.text())
def test_what_is_shown_can_be_printed(text: str) -> None:
    """Whatever a reporter wrote becomes known characters, line ends and places to break a word."""
    assert {ord(sign) for sign in characters.shown(text)} <= characters.known() | {0x0A, 0x200B}


@pytest.mark.parametrize("typed", ["名前", "a\u202eb", "", "x" * 201])
def test_an_officer_types_no_other_letters(typed: str) -> None:
    """A letter's field is refused; Latin letters with marks and Arabic letters are not."""
    with pytest.raises(RefusedError):
        characters.printable(typed)
    assert characters.printable(" Nurul  Hudā مَدْرَسَة ") == "Nurul Hudā مَدْرَسَة"


def test_without_fonts_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence says what is missing."""
    monkeypatch.setattr(characters, "_FONTS", ("a.ttf", "b.ttf", "c.ttf", "d.ttf"))
    characters.known.cache_clear()
    with pytest.raises(ConfigurationError, match="fonts"):
        printed(_paper())
    monkeypatch.undo()
    characters.known.cache_clear()


def test_without_the_compiler_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence says what is missing; nothing of the paper is in it."""
    monkeypatch.setattr(printing, "_PRESS", "dropbox.triage.papers.none")
    with pytest.raises(ConfigurationError, match="typst"):
        printed(_paper())


def test_the_compiler_reaches_neither_file_nor_network() -> None:
    """While it draws, opening a file or a socket fails."""
    code = """
import os, socket, sys, types
class Compiler:
    def __init__(self, *_, **names): self.draws = "sys_inputs" in names
    def compile(self, **_):
        if not self.draws: return b""
        for act in (lambda: os.open("/etc/hostname", os.O_RDONLY), socket.socket):
            try: act()
            except OSError: continue
            return b"reached"
        return b"held"
typst = types.ModuleType("typst")
typst.Compiler, typst.Fonts, typst.TypstError = Compiler, lambda **_: None, RuntimeError
sys.modules["typst"] = typst
from dropbox.triage.papers import press
press.main()
"""
    done = subprocess.run([sys.executable, "-c", code], input=b"{}", cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == b"held"


def test_the_template_reads_and_downloads_nothing() -> None:
    """It evaluates no text, imports no package, and reads no file."""
    template = (ROOT / "dropbox/triage/papers/template/paper.typ").read_text("utf-8")
    code = "\n".join(line for line in template.splitlines() if not line.startswith("//"))
    assert not re.search(r"\b(eval|import|include|read|plugin|image|csv|toml|yaml|xml|cbor)\b", code)
    assert "@" not in code


BROKEN: list[dict[str, Any]] = [
    {"number": "R-{serial}"},
    {"number": "R-{"},
    {"number_open": "B-{serial}"},
    {"classification_open": ""},
    {"place": ""},
    {"classification": ""},
    {"lines_id": []},
    {"signer_title_en": ""},
    {"address": ["a" * 121]},
    {"address": ["a\nb"]},
    {"copies_id": [1]},
]


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_letterhead_that_cannot_be_printed_is_refused(wrong: dict[str, Any]) -> None:
    """When the settings are read, not when a letter is due."""
    table = tomllib.loads((ROOT / "dropbox/settings/settings.toml").read_text("utf-8"))["letterhead"]
    assert not letterhead_of(table).is_confirmed
    with pytest.raises(ConfigurationError):
        letterhead_of({**table, **wrong})


def test_values_that_nobody_confirmed_say_so() -> None:
    """Until the settings say `confirmed`, each paper has the sentence."""
    here = SETTINGS.workstation
    confirmed = replace(SETTINGS, workstation=replace(here, letterhead=replace(here.letterhead, is_confirmed=True)))
    assert _paper().notes == ["Kop, bentuk nomor, dan penanda tangan belum dipastikan oleh inspektorat."]
    assert office.letter(confirmed, TODAY, "Hal", ["x"], []).notes == []
