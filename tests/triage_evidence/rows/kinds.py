"""Makes files whose kind is easily mistaken: short signs, junk before a header, containers, locks, recordings."""

import functools
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

import headers
import samples
from compound import compound

from rows.row import Row

_WORDS = "Proyektor hilang; 15.000.000 kepada kepala seksi\n"
_MIXED = "é – “"


def _csv(sign: str, encoding: str = "utf-8", more: str = "") -> bytes:
    return (f"{sign};Nama Barang;Nilai\n1;{_WORDS}{more}" + f"2;{_WORDS}").encode(encoding)


def _archive(stored: int, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", stored) as made:
        made.writestr(f"surat/{name}", data)
        made.writestr("foto.txt", "kosong")
    return out.getvalue()


@functools.cache
def _sound(*options: str, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"made{suffix}"
        source = ("-f", "lavfi", "-i", "sine=duration=1")
        subprocess.run(["ffmpeg", "-v", "error", *source, *options, str(made)], check=True)
        return made.read_bytes()


def _pdf(before: bytes) -> bytes:
    return before + samples.pdf(text="Setoran kepala seksi")


_PDF = {"kind": "pdf", "found": ("seksi",), "notes": ("before",), "pages": 1, "never": (samples.CANARY, "polyglot")}
_TEXT = {"kind": "text", "found": ("proyektor", "15.000.000"), "copy": ("kepala seksi",), "never": ("misnamed",)}
_LOCK = {"kind": "locked", "state": "locked", "never": ("damaged", "misnamed")}

ROWS = [
    # Finding 6: the letters of a sign begin a text.
    Row("01-bmn-daftar.csv", lambda: _csv("BMN"), **_TEXT),
    Row("03-id3-baris.txt", f"ID3 rekening {_WORDS}".encode, **_TEXT),
    Row("61-rtf.txt", lambda: b"{\\rtf bukan rtf}\n", "text", found=("bukan",), copy=("{\\rtf",)),
    Row("mz-daftar-1252.csv", lambda: _csv("MZ", "cp1252", _MIXED), notes=("letters-guessed",), **_TEXT),
    Row("oggs-utf16.txt", lambda: _csv("OggS", "utf-16", _MIXED), **_TEXT),
    Row("gif89a-nul.txt", lambda: _csv("GIF89a").replace(b"Nama", b"Na\0ma"), **(_TEXT | {"notes": ("broken",)})),
    # Finding 4: something is before the header.
    Row("04-pdf-baris-kosong.pdf", lambda: _pdf(b"\r\n"), **_PDF, not_in_copy=(samples.CANARY.encode(),)),
    Row("pdf-biner-baris-kosong.pdf", lambda: _pdf(b"\n\xe2\xe3\xcf\xd3 \x01"), **_PDF),
    Row("pdf-http.pdf", lambda: _pdf(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"), **_PDF),
    Row("pdf-macbinary.pdf", lambda: _pdf(bytes(128)), **_PDF),
    Row(
        *("foto-bom.jpg", lambda: b"\xef\xbb\xbf\r\n" + samples.photo(), "jpeg"),
        warnings=("place",),
        notes=("before",),
        seen=((1, 100, 500, (254, 0, 0)), (1, 900, 500, (0, 0, 254))),
    ),
    Row("pdf-disebut.txt", f"Tanda %PDF-1.4 ada di berkas.\n{_WORDS}".encode, **_TEXT),
    # Finding 7: an archive that holds a document (more in rows.archives).
    Row(
        *("bukti-stored-pdf.zip", lambda: _archive(zipfile.ZIP_STORED, "surat.pdf", samples.pdf()), "zip"),
        parts=(("1", "pdf"), ("2", "text")),
        never=("polyglot",),
    ),
    Row("docx-dari-peramban.zip", samples.docx, "docx", found=("madrasah",), never=("misnamed",)),
    # Finding 10: locks.
    Row("26-surat-bersandi.docx", lambda: headers.ole("EncryptionInfo", "EncryptedPackage"), **_LOCK),
    Row("kas-bersandi.xls", lambda: compound({"Workbook": b"\x09\x08\x02\0\0\6\x2f\0\x02\0\0\0\x0a\0\0\0"}), **_LOCK),
    Row("surat-bersandi.doc", lambda: compound({"WordDocument": b"\xec\xa5" + bytes(9) + b"\x01"}), **_LOCK),
    Row(
        *("paparan-bersandi.ppt",),
        lambda: compound({"PowerPoint Document": b"", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"}),
        **_LOCK,
    ),
    # Finding 13: brands are hints.
    Row(
        *("28-rekaman-samsung.m4a", lambda: _sound("-c:a", "aac", "-brand", "mp42", suffix=".mp4"), "mp4"),
        never=("misnamed",),
    ),
    Row(
        "32-VID_galaksi.mp4", lambda: _sound("-c:a", "aac", "-brand", "3gp4", suffix=".mp4"), "3gp", never=("misnamed",)
    ),
    Row("rekaman-adts.m4a", lambda: _sound("-c:a", "aac", suffix=".aac"), "aac", never=("misnamed",)),
    # Finding 14: nothing at all.
    Row("kosong.jpg", lambda: b"", "empty", state="empty", never=("misnamed",)),
    Row(
        "mutasi-html.xls",
        lambda: b"<table><tr><td>Setoran</td><td>76.397.250</td></tr></table>",
        "html",
        found=("76.397.250",),
    ),
]
