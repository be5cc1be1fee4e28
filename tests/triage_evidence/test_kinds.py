"""Kinds are identified by structure; any bytes have one, and ordinary files are not accused."""

import io
import tempfile
import zipfile
import zlib

import headers
import pytest
import samples
from compound import compound
from headers import KNOWN
from hypothesis import given
from hypothesis import strategies as st

from dropbox.triage.evidence import kinds
from dropbox.triage.evidence.inside import identify
from dropbox.triage.evidence.kinds import KINDS
from dropbox.vocabulary import vocabulary


def tell(data: bytes) -> identify.Identity:
    """What a file of these bytes is."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return identify.identify(file.fileno())


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_is_identified(code: str) -> None:
    """From its bytes alone, and nothing is cut off from it."""
    assert tell(KNOWN[code]) == (code, 0, False)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("mp3", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + headers.mp3()),
        ("aac", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + headers.aac()),
        ("mp3", (b"\xff\xf3\x40\xc4" + bytes(100)) * 4),
        ("pdf", b"%PDF-2.0\n"),
        ("gif", b"GIF87a\1\0\1\0\x80\0\0" + bytes(6) + b"\x21"),
        ("tiff", b"MM\0*\0\0\0\x08\0\1"),
        ("tiff", b"MM\0\x2b\0\x08\0\0" + bytes(7) + b"\x10"),
        ("heic", headers.boxes(b"mif1", b"heic")),
        ("avif", headers.boxes(b"mif1", b"avif")),
        ("mov", b"\0\0\0\x08wide\0\0\x01\0mdat"),
        ("mp4", headers.boxes(b"mp42", b"isom")),
        ("ts", b"\0\0\0\1" + headers.transport(8, 192)),
        ("ts", bytes(100) + headers.transport()),
        ("mpg", b"\0\0\x01\xba\x21\0\1\0\1\x80"),
        ("mpg", b"\0\0\x01\xb3\x14\0\xf0\x23"),
        ("amr", b"#!AMR-WB\n\x44" + bytes(60)),
        ("wav", b"RF64\xff\xff\xff\xffWAVEds64\0\0\0\0"),
        ("h264", b"\0\0\0\x01\x40\x01\x0c\1"),
        ("zip", b"PK\x05\x06" + bytes(18)),
        ("program", b"\x7fELF\2\1\1"),
        ("program", samples.archive({"AndroidManifest.xml": "x", "classes.dex": "x"})),
        ("program", samples.archive({"META-INF/MANIFEST.MF": "x", "a/B.class": "x"})),
        ("program", compound({"x": b""}, bytes.fromhex("84100c0000000000c000000000000046"))),
        ("docx", headers.package("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("xlsx", samples.archive({"[Content_Types].xml": "x", "xl/workbook.xml": "x"})),
        ("docx", samples.docx()[:500]),
        ("odt", samples.archive({"mimetype": "application/vnd.sun.xml.writer", "content.xml": "x"})),
        ("svg", b'<?xml version="1.0"?><!-- x --><!DOCTYPE svg PUBLIC "a" "b"><svg:svg/>'),
        ("html", b"\xef\xbb\xbf\r\n<table><tr><td>Setoran</td></tr></table>"),
        ("html", b"HTTP/1.1 200 OK\n\n<html><body>isi</body></html>\n"),
        ("html", "<html><body>isi".encode("utf-16")),
        ("xml", b"<smses><sms body='isi'/></smses>"),
        ("mail", b"Date: Mon, 3 Mar 2025 09:00:00 +0700\nSubject: Setoran\nTo: b@example.go.id\n\nIsi.\n"),
        ("mail", b"Received: from a\r\n\tby b\r\nFrom: a@b\r\nX-Odd: 1\r\n\r\n<html>isi</html>"),
    ],
)
def test_other_files_of_the_kinds(code: str, data: bytes) -> None:
    """Other programs write other first bytes."""
    assert tell(data) == (code, 0, False)


@pytest.mark.parametrize("sign", ["BM", "ID3", "{\\rtf", "MZ", "II*", "MM", "GIF89a", "RIFF", "OggS", "fLaC", "FLV"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_printable_signs_alone_make_nothing(sign: str, encoding: str) -> None:
    """A text that begins with the letters of a sign is a text, in every encoding."""
    for text in (
        f"{sign};Nama Barang;Nilai\n1;Proyektor hilang;é – 15.000.000\n" * 20,
        f"{sign}",
        f"{sign}1 isi \\b}} é",
    ):
        assert tell(text.encode(encoding, "replace")).code == "text"


@pytest.mark.parametrize(
    "text",
    [
        "Rar!, PK dan 7z adalah arsip.",
        "%PDF-1.7 adalah tanda sebuah dokumen.",
        "From sini ke sana: 10 menit\nlalu: pulang\n",
        "Catatan: isi\nJumlah: 5\n",
        "#!AMR\nkata orang",
        "<3 untuk semua",
        "caff FORM .snd AIFF WAVE WEBPWEBPWEBP",
        "BEGIN VCARD bukan kartu",
        "Subject: satu baris saja",
        "dalam <html> ada tanda, katanya",
        "MAC dan wvpk dan .RMF",
    ],
)
def test_a_form_that_is_only_mentioned_is_text(text: str) -> None:
    """Words about formats are words."""
    assert tell(text.encode()).code == "text"
    assert tell(f"{text}\n{text}\n".encode("utf-16-le")).code == "text"


@pytest.mark.parametrize(
    "junk", [b"\r\n", b"\xef\xbb\xbf", b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n", bytes(128), b"\x01junk" * 100]
)
@pytest.mark.parametrize(
    "code", ["pdf", "jpeg", "png", "docx", "zip", "xls", "rar", "ogg", "mp3", "mp4", "webp", "mpg", "flac"]
)
def test_what_begins_later_is_found(code: str, junk: bytes) -> None:
    """A header within the first 1024 bytes is found as its readers find it, and what is before is counted."""
    data = KNOWN[code] if code != "mp3" else headers.mp3(8)
    assert tell(junk + data)[:2] == (code, len(junk))


def test_archives_begin_after_a_stub() -> None:
    """A program that unpacks itself stays a program; other bytes before an archive are cut off."""
    whole = samples.archive({"surat.txt": "Pungutan"})
    assert tell(samples.PROGRAM + whole).code == "program"
    assert tell(bytes([1, 2, 3, 255]) * 1000 + whole) == ("zip", 4000, False)


@pytest.mark.parametrize("before", [b"\n", b">From someone\n", b"1234\n", b"\xef\xbb\xbf"])
def test_mail_begins_after_lines_of_relays(before: bytes) -> None:
    """A blank line, a quoted From line, the length that Apple Mail writes, a mark."""
    assert tell(before + samples.MAIL) == ("mail", len(before), False)


@pytest.mark.parametrize("stored", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("inner", ["docx", "xlsx", "odt", "epub", "program", "pdf", "jpeg"])
def test_a_member_does_not_make_an_archive(inner: str, stored: int) -> None:
    """An archive that holds a document is an archive, compressed or not, whatever the member's name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", stored) as made:
        made.writestr("bukti/word/document.xml", KNOWN[inner])
        made.writestr("a.txt", b"[Content_Types].xml word/document.xml AndroidManifest.xml")
    assert tell(out.getvalue()) == ("zip", 0, False)


@pytest.mark.parametrize(
    "data",
    [
        compound({"EncryptionInfo": b"", "EncryptedPackage": b"", "WordDocument": b""}),
        compound({"\x09DRMContent": b"", "WordDocument": b""}),
        compound({"WordDocument": b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x01"}),
        compound({"Workbook": b"\x09\x08\x04\0\0\6\5\0\x2f\0\x02\0\0\0" + b"\x0a\0\0\0"}),
        compound({"PowerPoint Document": b"", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"}),
        samples.archive(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": "x",
                "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>',
            }
        ),
    ],
)
def test_a_lock_is_called_a_lock(data: bytes) -> None:
    """Documents that are locked with a password say so in their own structure."""
    assert tell(data).code == "locked"


def test_what_is_not_locked_is_not_called_so() -> None:
    """The same streams without the flag or record."""
    assert tell(compound({"WordDocument": b"\xec\xa5\xc1\0" + bytes(8)})).code == "doc"
    assert tell(compound({"Workbook": b"\x09\x08\x04\0\0\6\5\0\x0a\0\0\0\x2f\0\0\0"})).code == "xls"
    assert tell(compound({"PowerPoint Document": b"", "Current User": bytes(12) + b"\x5f\xc0\x91\xe3"})).code == "ppt"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    """No bytes break the identification."""
    assert tell(data).code in KINDS


@given(st.sampled_from(sorted(KNOWN)), st.integers(0, 400))
def test_truncated_files_have_a_kind(code: str, length: int) -> None:
    """Neither does half a file."""
    assert tell(KNOWN[code][:length]).code in KINDS


@given(st.text(), st.text())
def test_any_name_can_be_compared(name: str, media_type: str) -> None:
    """A name is compared and does nothing."""
    for kind in KINDS.values():
        assert kinds.is_misnamed(kind, name, media_type) in (True, False)


@pytest.mark.parametrize(
    ("code", "name", "media_type", "is_misnamed"),
    [
        ("jpeg", "foto.JPG", "image/jpeg", False),
        ("jpeg", "foto", "", False),
        ("jpeg", "foto.2024", "application/octet-stream", False),
        ("heic", "IMG_0001.jpg", "image/jpeg", False),
        ("webp", "STK-1.png", "image/png", False),
        ("mp4", "rekaman.m4a", "audio/mp4", False),
        ("3gp", "VID_1.mp4", "video/mp4", False),
        ("webm", "suara.webm", "audio/webm; codecs=opus", False),
        ("asf", "a.wma", "audio/x-ms-wma", False),
        ("aac", "pesan.m4a", "", False),
        ("html", "mutasi.xls", "application/vnd.ms-excel", False),
        ("text", "mutasi.csv", "application/vnd.ms-excel", False),
        ("rtf", "surat.doc", "application/msword", False),
        ("docx", "surat.doc", "", False),
        ("docx", "surat.zip", "application/zip", False),
        ("locked", "surat.docx", "", False),
        ("mail", "pesan.txt", "text/plain", False),
        ("rar", "bukti.zip", "", False),
        ("empty", "foto.jpg", "image/jpeg", False),
        ("unknown", "foto.jpg", "image/jpeg", False),
        ("program", "foto.jpg", "image/jpeg", True),
        ("program", "bukti.zip", "", True),
        ("program", "surat.pdf", "", True),
        ("pdf", "surat.docx", "", True),
        ("html", "surat.pdf", "", True),
        ("html", "foto.jpg", "", True),
        ("pdf", "surat.pdf", "image/png", True),
        ("zip", "surat.docx", "", True),
        ("ole", "data.XLS", "application/vnd.ms-excel", False),
    ],
)
def test_wrong_names_are_noticed(code: str, name: str, media_type: str, *, is_misnamed: bool) -> None:
    """A name or type of another nature is said; what phones and programs mix up, and what nobody knows, is not."""
    assert kinds.is_misnamed(KINDS[code], name, media_type) is is_misnamed


def test_two_complete_structures_are_noticed() -> None:
    """A picture or page with a whole archive behind it, a picture with a whole PDF in it."""
    whole = samples.archive({"a": "x"})
    for code in ("jpeg", "png", "pdf", "mp4"):
        assert tell(KNOWN[code] + whole).is_polyglot, code
    assert tell(KNOWN["gif"][:13] + b"\x21\xfe" + samples.pdf()).is_polyglot

    assert tell(rb"{\rtf1\ansi Pungutan}" + whole).is_polyglot


def test_ordinary_files_are_not_accused() -> None:
    """Words of another format, half a structure, and kinds that hold other files are no deceit."""
    picture = samples.photo()
    whole = samples.archive({"a": "x"})
    for data in (
        picture,
        samples.pdf(),
        samples.docx(),
        samples.MAIL,
        picture + b"%PDF-1.4",
        picture + b"PK\x05\x06" + bytes(18),
        picture + whole[:-4],
        picture + whole + zlib.compress(b"x"),
        b"Tanda %PDF-1.4 dan PK\x05\x06 saja.",
        b"<html>%PDF-1.4</html>",
        headers.tar("a.zip", whole),
        headers.tar("a.pdf", samples.pdf()),
        samples.MAIL + samples.pdf(),
    ):
        assert not tell(data).is_polyglot


def test_every_kind_can_be_said() -> None:
    """Codes and labels are unique, each family is one of those that decide what happens, and each kind has a sample."""
    families = {kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE, kinds.TEXT, kinds.MAIL, kinds.ARCHIVE}
    assert {kind.family for kind in KINDS.values()} == families | {kinds.MEDIA, *kinds.UNREAD}
    assert len({words["en"] for words in vocabulary.table("file_kind").values()}) == len(KINDS) == len(kinds._ALL)
    assert set(KINDS) == set(KNOWN) == set(vocabulary.codes("file_kind"))
