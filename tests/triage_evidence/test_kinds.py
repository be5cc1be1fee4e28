"""Kinds are told from bytes; any bytes have one."""

import tempfile

import pytest
import samples
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


FTYP = b"\0\0\0\x18ftyp%b\0\0\0\0"
KNOWN = {
    "jpeg": samples.photo("JPEG"),
    "png": samples.photo("PNG"),
    "webp": samples.photo("WEBP"),
    "gif": b"GIF89a...",
    "tiff": samples.pages_of_pictures(2),
    "bmp": b"BM\x10\0\0\0",
    "heic": FTYP % b"heic",
    "avif": samples.photo("AVIF"),
    "pdf": samples.pdf(),
    "docx": samples.docx(),
    "xlsx": samples.archive({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}),
    "pptx": samples.archive({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}),
    "odt": b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
    "ods": b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    "odp": b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.presentation",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "rtf": rb"{\rtf1 Pungutan}",
    "html": samples.PAGE,
    "svg": samples.DRAWING,
    "mail": samples.MAIL,
    "text": "nama;jumlah\nA;1\n".encode("utf-8-sig"),
    "zip": samples.archive({"a.txt": "x"}),
    "rar": b"Rar!\x1a\x07\x01\0",
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "gzip": b"\x1f\x8b\x08\0",
    "mp4": FTYP % b"isom",
    "3gp": FTYP % b"3gp4",
    "mov": FTYP % b"qt  ",
    "webm": b"\x1a\x45\xdf\xa3\x01",
    "avi": b"RIFF\0\0\0\0AVI LIST",
    "m4a": FTYP % b"M4A ",
    "mp3": b"\xff\xfb\x90\x44",
    "aac": b"\xff\xf1\x50\x80",
    "ogg": b"OggS\0\2",
    "amr": samples.speech_note(),
    "wav": b"RIFF\0\0\0\0WAVEfmt ",
    "flac": b"fLaC\0",
    "program": b"MZ\x90\0",
    "empty": b"",
    "unknown": bytes(range(256)),
}


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_is_told(code: str) -> None:
    """From its bytes alone, whatever it is called."""
    assert tell(KNOWN[code]).code == code


def test_more_of_the_known() -> None:
    """Other first bytes of the same kinds."""
    others = {
        "mp3": [b"ID3\x04"],
        "pdf": [b"%PDF-2.0"],
        "gif": [b"GIF87a"],
        "tiff": [b"MM\0*\0"],
        "text": [
            "tiga ribu".encode("utf-16"),
            "caf\xe9".encode("latin-1"),
            b"<note>isi</note>",
            b"Judul: isi\n",
            b"WEBPWEBPWEBP",
        ],
        "zip": [b"PK\x05\x06" + bytes(18)],
        "program": [b"\x7fELF\2", samples.archive({"AndroidManifest.xml": "x"})],
        "unknown": [b"teks\0biner"],
    }
    for code, files in others.items():
        assert [tell(data).code for data in files] == [code] * len(files)


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
        ("program", "foto.jpg", "image/jpeg", True),
        ("pdf", "surat.docx", "", True),
        ("html", "surat.pdf", "", True),
        ("pdf", "surat.pdf", "image/png", True),
        ("ole", "data.XLS", "application/vnd.ms-excel", False),
    ],
)
def test_wrong_names_are_noticed(code: str, name: str, media_type: str, *, is_misnamed: bool) -> None:
    """A name or type of another kind is said; one that nobody knows is not."""
    assert kinds.is_misnamed(KINDS[code], name, media_type) is is_misnamed


def test_polyglots_are_noticed() -> None:
    """A picture with an archive behind it, a page with a PDF in front of it."""
    both = samples.photo() + samples.archive({"a": "x"})
    assert tell(both).is_polyglot
    page = b"<!DOCTYPE html>" + samples.pdf()
    assert tell(page).is_polyglot
    for data in (samples.photo(), samples.pdf(), samples.docx(), samples.MAIL):
        assert not tell(data).is_polyglot


def test_every_kind_can_be_said() -> None:
    """Codes and labels are unique, each family is one of those that decide what happens, and each kind has a sample."""
    families = {kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE, kinds.TEXT, kinds.MAIL, kinds.ARCHIVE}
    assert {kind.family for kind in KINDS.values()} == families | {kinds.MEDIA, kinds.OTHER}
    assert len({words["en"] for words in vocabulary.table("file_kind").values()}) == len(KINDS) == len(kinds._ALL)
    assert set(KINDS) == set(KNOWN)
