"""Texts are decoded by the share of their odd bytes, and what is left out of them is counted."""

import os
import tempfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.triage.evidence.inside import letters, marks, markup, texts
from dropbox.triage.evidence.inside.cards import cards
from dropbox.triage.evidence.inside.letters import Encoding
from dropbox.triage.evidence.inside.reading import Reading


def read(data: bytes) -> tuple[Encoding | None, str, int]:
    """How a file is encoded, its text, and how many places of it are broken."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        encoding = letters.encoding_of(file.fileno())
        broken: Counter[str] = Counter()
        text = "".join(letters.decoded(file.fileno(), encoding, broken)) if encoding else ""
        return encoding, text, broken["broken"]


@given(st.text(min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_is_read_as_it_was_written(text: str, name: str) -> None:
    """Ordinary letters in every Unicode encoding with its mark, and UTF-8 without one."""
    text = f"Setoran kepala seksi {''.join(sign for sign in text if sign.isprintable())} lunas"
    assert read(text.encode(name))[1:] == (text, 0)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_no_text(data: bytes) -> None:
    """No bytes raise, and what is text has no NUL."""
    assert "\0" not in read(data)[1]


def test_a_long_line_is_not_broken_where_blocks_meet() -> None:
    """Letters of several bytes at the border of two blocks stay whole; a mark of UTF-16 is no letter."""
    for shift in range(4):
        text = "x" * ((1 << 20) - shift) + "🙏é" * 10
        assert read(text.encode())[1:] == (text, 0)
        assert read(b"\xff\xfe" + text.encode("utf-16-le"))[1:] == (text, 0)


def test_one_broken_byte_in_a_large_file_changes_nothing_else() -> None:
    """A chat of three megabytes with a broken byte in each place."""
    line = "Pesan – 🙏 setoran\n".encode()
    for place in (0, 1 << 20, 3 << 20):
        raw = bytearray(line * 150_000)
        raw[place] = 0xFF
        encoding, text, broken = read(bytes(raw))
        assert encoding == Encoding("utf-8")
        assert (text.count("🙏") >= 149_999, 1 <= broken <= 4) == (True, True)


@pytest.mark.parametrize("most", [10, 11, 12, 100])
def test_a_cut_is_noted_with_the_letters_that_remain(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number counts letters, not bytes; a letter is never cut in two."""
    written: list[bytes] = []
    monkeypatch.setattr(texts, "write", written.append)
    monkeypatch.setitem(texts.READERS, "text", lambda _: iter(["abcdé", "fghij", "klmno"]))
    reading = Reading("text", "text", most)
    texts.text(reading)
    kept = b"".join(written[1:]).decode()
    assert "abcdéfghijklmno".startswith(kept)
    assert reading.facts == ({} if most == 100 else {"cut": len(kept)})
    assert len(kept.encode()) <= most


def test_marks_go_and_overrides_stay() -> None:
    """Invisible signs and the codes of printers are removed and counted; what could hide words stays."""
    assert marks.readable("\u200eset\u200boran\u2069 \u202epalsu") == ("setoran \u202epalsu", 3)
    assert marks.readable("S\bSe\be _\bX\x1b[1mY\x1b[0m\x1b@Z\x1bE") == ("Se XYZ", 7)
    assert marks.readable("a\rb\r\nc\fd") == ("a\nb\r\nc\nd", 0)
    assert marks.readable("\x1b[2J\x1b]0;x\x07") == ("\x1b[2J\x1b]0;x\x07", 0)


def test_markup_that_never_ends_is_read_in_time() -> None:
    """Twenty thousand of each construct that opens and never closes."""
    for opening in ("<!--", "<![CDATA[", "<!", "<?", "<a ", '<a b="', "&", "<svg><metadata>", "</"):
        page = markup.Markup("Setoran " + opening * 20_000, "xml")
        assert "Setoran" in page.text()


def test_what_a_page_would_do_is_proved_by_its_elements() -> None:
    """Scripts, events, addresses that load; the words alone in a text accuse nobody."""
    page = markup.Markup("<p>onclick=1 javascript: src=//x <a href='http://x'>y</a></p>", "html")
    assert (page.scripts, page.loads, page.entities, page.links) == (0, 0, 0, 1)
    for source in ("<b onclick=x>", "<script>", "<a href=' javascript:x'>"):
        assert markup.Markup(source, "html").scripts == 1
    for source in (
        "<img src=//x/y>",
        "<link href='HTTP://x'>",
        "<style>@import 'http://x'</style>",
        "<p style='a:url(//x)'>",
    ):
        assert markup.Markup(source, "html").loads == 1


@given(st.text())
def test_any_markup_and_any_card_is_read(source: str) -> None:
    """No text raises."""
    for code in ("html", "svg", "xml"):
        markup.Markup(f"<a>{source}", code).text()
    assert list(cards(source, Reading("text", "vcf"))) is not None


def test_the_position_of_the_file_does_not_matter() -> None:
    """Decoding reads by place: whoever read before changes nothing."""
    with tempfile.TemporaryFile() as file:
        file.write(b"Setoran")
        file.flush()
        os.lseek(file.fileno(), 5, os.SEEK_SET)
        assert letters.encoding_of(file.fileno()) == Encoding("utf-8")
