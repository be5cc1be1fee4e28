"""What a word is: the same for what is indexed, asked, compared and shown, whatever code points a program wrote."""

import re
import unicodedata

import pytest
from cases_world import take
from hypothesis import given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, World

from dropbox.matching import words
from dropbox.matching.names import NamedIn, person
from dropbox.triage.casework import handling, search
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2061\u2066\u2069\u3164\ufe00\ufe0f"
)
INVISIBLE += "\ufeff\ufff9\ufffe\U000e0061\U000e0100\x02\u0301\u20dd\u0640'’ʼ"
BROKEN = "madrasah mengambil madrasah madrasah madrasah penyeleng"
# (as it is written, words that find it)
VECTORS = (
    ("𝗦𝗲𝘁𝗼𝗿𝗮𝗻 𝒇𝒊𝒌𝒕𝒊𝒇 𝔲𝔞𝔫𝔤 𝚔𝚊𝚜", "setoran fiktif uang kas"),
    ("ﬁktif ﬂuktuasi eﬀektif staﬃng ﬆaf Ĳ", "fiktif fluktuasi effektif staffing staf ij"),
    ("Ｓｅｔｏｒａｎ　ＵＡＮＧ １２３", "setoran uang 123"),
    ("Ⓢⓔⓣⓞⓡ 🅂🄴🅃🄾🅁 🅤🅐🅝🅖 🆄🅰🅽🅶 ⒰⒜⒩⒢", "setor setor uang uang uang"),
    ("🇸🇪🇹🇴🇷", "setor"),
    ("ꜱᴇᴛᴏʀᴀɴ ᵘᵃⁿᵍ ₖₐₛ", "setoran uang kas"),
    ("Sétörán ŪANG İstanbul ısı øø łł đđ", "setoran uang istanbul isi oo ll dd"),
    ("ѕеtоrаn uаng Κepala ΜADRASAH kаѕ", "setoran uang kepala madrasah kas"),
    ("Straße ﬅ Ǆ", "strasse st dz"),
    ("Ma'ruf Ma’ruf Maʼruf Ma‘ruf Jum`at Qurʾan", "maruf maruf maruf maruf jumat quran"),
    ("uang\u00a0kas\u202fsekolah\u2003ini\u3000itu\u1680ada", "uang kas sekolah ini itu ada"),
    ("uang\u2028kas\u2029di\x85sini", "uang kas di sini"),
    ("uang\ufffckas \uf0b7uang", "uang kas uang"),
    ("①② ❸ ٣ ۴ ५", "12 3 3 4 5"),
    ("2️⃣ x² ½", "2 x2 1 2"),
    ("№ ™ ℡ ㎏ Å", "no tm tel kg a"),
    ("ma-\ndrasah meng-\r\n  ambil ma\u00ad\ndrasah ma\u2010\ndrasah ma\ufffe\ndrasah pe-\nnye-\nleng", BROKEN),
    ("مَدْرَسَةٌ مـــدرسة إسلام أحمد آمال ٱلله", "مدرسه مدرسه اسلام احمد امال الله"),
    ("ﻣﺪﺭﺳﺔ ﷲ موسى موسی کتاب", "مدرسه الله موسي موسي كتاب"),
    ("שָׁלוֹם", "שלום"),
    ("क्षेत्र ไทย ꦗꦮ", "क्षेत्र ไทย ꦗꦮ"),
    ("S e t o r a n  f i k t i f", "setoran fiktif"),
    ("S\u00a0e\u00a0t\u00a0o\u00a0r, s.e.t.o.r, S-E-T-O-R, s_e_t_o_r", "setor setor setor setor"),
    ("Rp76.397.250,00 Rp 76.397.250,- IDR76,397,250.00", "rp 76397250 rp 76397250 idr 76397250"),
    (
        "76 397 250 76\u00a0397\u00a0250 ７６．３９７．２５０ ٧٦٬٣٩٧٬٢٥٠ Rp5000",
        "76397250 76397250 76397250 76397250 rp 5000",
    ),
    ("+62 812-3456-7890 0812 3456 7890 0812.3456.7890 +6281234567890", " ".join(["081234567890"] * 4)),
    ("123-00-0456789-1 2025-03-04", "1230004567891 20250304"),
    ("versi 1.2.3 jam 10.30 pasal 5-6 rp", "versi 1 2 3 jam 10 30 pasal 5 6 rp"),
    ("orang-\norang orang-orang", "orang orang orang orang"),
)


@pytest.mark.parametrize(("written", "found"), VECTORS)
def test_a_word_is_the_same_however_it_was_encoded(written: str, found: str) -> None:
    """A word in each of these forms, invisible signs aside, is the plain one."""
    assert words.split(written) == [unicodedata.normalize("NFKD", word) for word in found.split()]


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_cannot_be_seen_separates_no_words(world: World, vault: Vault, sign: str) -> None:
    """Neither in a text nor in a question; what is shown is the text as it came."""
    del world
    text = f"u{sign}ang"
    assert words.split(text) == ["uang"], f"U+{ord(sign):04X}"
    assert search.query_of(text) == search.query_of("uang")


@pytest.mark.parametrize(("written", "found"), VECTORS)
def test_each_form_is_found_and_shown_as_it_was_written(world: World, vault: Vault, written: str, found: str) -> None:
    """By the plain words and by itself; the hit marks the characters that were written."""
    take(world, vault, what=f"Awal {written} akhir")
    for typed in (written, found, *found.split()):
        (hit,) = search.search(Work(vault, SETTINGS, TODAY), typed)
        assert any(is_found for _, is_found in hit.parts), typed


def test_pieces_of_what_was_joined_are_found(world: World, vault: Vault) -> None:
    """A part of a number, of a hyphenated word, of an account; phrases go over what was joined."""
    take(world, vault, what="kepala ma-\ndrasah menyetor Rp76.397.250,00 ke 123-00-0456789-1 orang-\ntua")
    typed = ("397", "drasah", "0456789", '"kepala madrasah menyetor rp 76397250 ke"', "763", "orang", "orangtua", "tua")
    for one in typed:
        assert search.search(Work(vault, SETTINGS, TODAY), one), one
    assert search.search(Work(vault, SETTINGS, TODAY), '"menyetor ke"') == []


def test_a_hit_marks_the_phrase_in_the_original(world: World, vault: Vault) -> None:
    """Once, from its first to its last character, deep in a long text too."""
    filler = "kata lain “biasa” — " * 3000
    take(world, vault, what=f"{filler} bukti 𝗦𝗲𝘁𝗼\u00ad𝗿𝗮𝗻 ﬁktif besar {filler}"[:99_000])
    (hit,) = search.search(Work(vault, SETTINGS, TODAY), '"setoran fiktif"')
    assert [text for text, is_found in hit.parts if is_found] == ["𝗦𝗲𝘁𝗼\\u{ad}𝗿𝗮𝗻 ﬁktif"]
    assert hit.parts[0][0].startswith("…")
    assert hit.parts[-1][0].endswith("…")
    assert len("".join(text for text, _ in hit.parts)) < 300


def test_names_and_units_follow_the_same_rule() -> None:
    """A styled, hyphenated or spaced name is the officer's."""
    for text in (
        "𝗔𝗵𝗺𝗮𝗱 𝗙𝗮𝘂𝘇𝗶",
        "Ahmad Fau-\nzi",
        "A h m a d  F a u z i",
        "Аhmаd Fаuzi",
        "Ahmad-\nFauzi",
        "Ａｈｍａｄ ﬀ Fauzi",
    ):
        assert NamedIn(text).has(person("Ahmad Fauzi")), text


def test_tags_and_units_follow_the_same_rule(world: World, vault: Vault) -> None:
    """A tag with a ligature is the tag without it."""
    case = take(world, vault)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=["modus-ﬁktif", "modus-\u200bfiktif"])
    assert handling.tags(vault, case) == ["modus-fiktif"]


ANY = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("abz AB019.,-\n'\u00ad\u200bﬁ٣аrp+62 ")), max_size=60
)


@settings(max_examples=500, deadline=None)
@given(ANY)
def test_spans_are_the_words_of_the_text(text: str) -> None:
    """In the same order, each where it is in the text."""
    spans = list(words.spans(text))
    assert [span.word for span in spans] == words.split(text)
    places = [(span.start, span.end) for span in spans]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@settings(max_examples=500, deadline=None)
@given(ANY)
def test_a_text_and_its_compatibility_forms_have_the_same_words(text: str) -> None:
    """NFC, NFD, NFKC and NFKD; but ´, typed for an apostrophe, and letters in brackets, which become (a)."""
    text = "".join(sign for sign in text if sign != "´" and not "⒜" <= sign <= "⒵")
    found = words.split(text)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert words.split(unicodedata.normalize(form, text)) == found


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=("Lu", "Ll")), min_size=1, max_size=20))
def test_capital_and_small_letters_are_the_same(text: str) -> None:
    """But Greek letters, whose capitals and small letters look like different Latin ones."""
    if not any("GREEK" in unicodedata.name(sign, "") for sign in unicodedata.normalize("NFKD", text)):
        assert words.split(text.upper().lower()) == words.split(text.lower().upper().lower())


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_what_is_indexed_has_the_words_of_the_text_and_their_pieces(text: str) -> None:
    """Also where the text itself is indexed."""
    tokens = {word for word in re.split(r"[^0-9a-z\x80-\U0010ffff]+", words.fold(words.indexed(text))) if word}
    assert set(words.split(text)) <= tokens
    assert {piece for span in words.spans(text) for piece in span.pieces} <= tokens
