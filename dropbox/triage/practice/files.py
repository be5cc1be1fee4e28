"""Makes the files of the made-up reports by the ending of their names: texts, a table, pictures, a sound, an archive.

Rule: the same name gives the same bytes, and nothing is read from a disk.
"""

import functools
import io
import math
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

_NOTE: Final = "Berkas latihan. Semua isinya buatan."
_ZIP_TIME: Final = (2026, 1, 2, 3, 4, 6)
_WIDTH: Final = 320
_HEIGHT: Final = 240
_RATE: Final = 8000  # samples a second
_SECONDS: Final = 4
_WORD: Final = "http://schemas.openxmlformats.org"
_TYPES: Final = {
    "text/plain": ("txt",),
    "text/csv": ("csv",),
    "image/png": ("png",),
    "audio/wav": ("wav",),
    "application/pdf": ("pdf",),
    "message/rfc822": ("eml",),
    "application/zip": ("zip",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
}


def media_type(name: str) -> str:
    """Return the media type of a file by its ending; raises KeyError for another ending."""
    return {ending: kind for kind, endings in _TYPES.items() for ending in endings}[_ending(name)]


@functools.cache
def made(name: str) -> bytes:
    """Return the bytes of a made-up file; raises KeyError for an ending that has no maker."""
    return _MAKERS[_ending(name)](name)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lstrip(".")


def _title(name: str) -> str:
    return PurePath(name).stem.replace("-", " ").capitalize()


def _text(name: str) -> bytes:
    return f"{_title(name)}\n\n{_NOTE}\nYang belum membayar tidak menerima raport.\n".encode()


def _table(name: str) -> bytes:
    rows = [f"{number},Peserta {number},{'hadir' if number % 3 else 'tidak hadir'},450000" for number in range(1, 21)]
    return "\n".join(["nomor,nama,kehadiran,honor", *rows, f"# {_title(name)}: {_NOTE}"]).encode()


def _picture(name: str) -> bytes:
    """A drawing of a form with lines, a table and a stamp; the name decides where the stamp is (PNG, RFC 2083)."""
    stamp = 80 + zlib.crc32(name.encode()) % 160
    rows = b"".join(b"\0" + bytes(_shade(x, y, stamp) for x in range(_WIDTH)) for y in range(_HEIGHT))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)  # grey
    comment = b"Comment\0" + f"{_title(name)}: {_NOTE}".encode("latin-1")
    chunks = ((b"IHDR", head), (b"tEXt", comment), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _shade(x: int, y: int, stamp: int) -> int:
    if abs((x - stamp) ** 2 + (y - 180) ** 2 - 1600) < 200:
        return 70
    if not 12 <= x < _WIDTH - 12 or not 12 <= y < _HEIGHT - 12:
        return 225
    if y % 24 < 2:
        return 160
    return 40 if 8 < y % 24 < 18 and 30 <= x < _WIDTH - 40 and (x * 7 + y // 24 * 31) % 23 > 12 and y < 150 else 253


def _sound(name: str) -> bytes:
    """Some seconds of two tones that take turns, one channel of 16 bits."""
    base = 220 + zlib.crc32(name.encode()) % 220
    tones = [base if at // (_RATE // 2) % 2 else base * 3 // 2 for at in range(_RATE * _SECONDS)]
    samples = [round(9000 * math.sin(2 * math.pi * tone * at / _RATE)) for at, tone in enumerate(tones)]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, _RATE, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return out.getvalue()


def _paper(name: str) -> bytes:
    """One page of text (PDF 1.4, ISO 32000-1 7.5)."""
    rows = [f"{day:02d}           Setoran ke-{day}                  {day * 25_000:>12,}" for day in range(1, 16)]
    lines = (_title(name), _NOTE, "", "Tanggal      Uraian                         Jumlah (Rp)", *rows)
    shown = "".join(f"({line}) Tj T* " for line in (line.replace("(", "[").replace(")", "]") for line in lines))
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<</Type/Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


def _mail(name: str) -> bytes:
    head = "From: panitia@contoh.invalid\r\nTo: rekanan@contoh.invalid\r\nSubject: " + _title(name)
    more = "\r\nDate: Fri, 02 Jan 2026 03:04:06 +0700\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return f"{head}{more}{_NOTE}\r\nDaftar harga mohon disesuaikan sebelum rapat.\r\n".encode()


def _archive(name: str) -> bytes:
    inside = (f"{PurePath(name).stem}-1.pdf", f"{PurePath(name).stem}-2.png", "catatan.txt")
    return _zipped({one: made(one) for one in inside})


def _document(name: str) -> bytes:
    """A document of three paragraphs (ECMA-376, WordprocessingML)."""
    said = (_title(name), _NOTE, "Cat dinding 40 kaleng, jendela 12 buah, upah tukang 90 hari.")
    shown = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in said)
    office, main = f"{_WORD}/officeDocument/2006", "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return _zipped(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_WORD}/package/2006/content-types"><Default Extension="rels" ContentType="application/'
                'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType='
                f'"{main}.document.main+xml"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{_WORD}/package/2006/relationships"><Relationship Id="r1" Type='
                f'"{office}/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/document.xml": (
                f'<w:document xmlns:w="{_WORD}/wordprocessingml/2006/main"><w:body>{shown}</w:body></w:document>'
            ).encode(),
        }
    )


def _zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data)
    return out.getvalue()


_MAKERS: Final[Mapping[str, Callable[[str], bytes]]] = {
    "txt": _text,
    "csv": _table,
    "png": _picture,
    "wav": _sound,
    "pdf": _paper,
    "eml": _mail,
    "zip": _archive,
    "docx": _document,
}
