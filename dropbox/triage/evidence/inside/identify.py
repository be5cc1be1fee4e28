"""Identifies the kind of a file by its bytes.

    sign       = bytes at a place, or a word within the first or last 64 KiB
    polyglot   = it is also something else: a PDF or an archive after its own first bytes

Rule: nothing is unpacked, and any bytes get an answer.
"""

import os
import re
from typing import Final, NamedTuple

from dropbox.triage.evidence.inside.reply import DONE, write

_HEAD_BYTES: Final = 64 << 10


class Identity(NamedTuple):
    """The code of a kind (evidence.kinds), the bytes before its header, and whether it is also another kind."""

    code: str
    start: int = 0
    is_polyglot: bool = False


def kind() -> None:
    """Write the identity of the file on standard input as the reply."""
    found = identify(0)
    write(DONE + f"{found.code} {found.start} {found.is_polyglot:d}".encode("ascii"))


def identify(descriptor: int) -> Identity:
    """Return the identity of an open file."""
    size = os.fstat(descriptor).st_size
    head = os.pread(descriptor, _HEAD_BYTES, 0)
    tail = os.pread(descriptor, _HEAD_BYTES, max(0, size - _HEAD_BYTES))
    code = _code(head, tail)
    return Identity(code, 0, _is_polyglot(code, head, tail))


# (offset, bytes, code); the first match counts.
_SIGNS: Final = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"BM", "bmp"),
    (0, b"%PDF-", "pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"{\\rtf", "rtf"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b\x08", "gzip"),
    (0, b"\x1a\x45\xdf\xa3", "webm"),
    (8, b"AVI ", "avi"),
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"#!AMR", "amr"),
    (0, b"fLaC", "flac"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
)
_IN_RIFF: Final = ("webp", "avi", "wav")
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "heic"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "m4a"),
    b"qt  ": "mov",
}
_ZIP: Final = b"PK\x03\x04"
_ZIP_END: Final = b"PK\x05\x06"
_IN_ZIP: Final = (
    (b"word/document.xml", "docx"),
    (b"xl/workbook.", "xlsx"),
    (b"ppt/presentation.xml", "pptx"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp"),
    (b"AndroidManifest.xml", "program"),
)
_PDF_WITHIN: Final = 1024  # PDF readers search so many bytes for the sign
_MAIL: Final = re.compile(rb"(?:[\x21-\x39\x3b-\x7e]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}", re.ASCII)
_MAIL_HEADER: Final = re.compile(rb"^(?:From|Received|Message-ID|MIME-Version):", re.IGNORECASE | re.MULTILINE)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_SVG: Final = re.compile(rb"<(?:[a-z]+:)?svg\b", re.IGNORECASE)
_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


_ARCHIVES: Final = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip", "program", "ole", "rtf")


def _is_polyglot(code: str, head: bytes, tail: bytes) -> bool:
    return (code != "pdf" and b"%PDF-" in head[:_PDF_WITHIN]) or (code not in _ARCHIVES and _ZIP_END in tail)


def _code(head: bytes, tail: bytes) -> str:
    if not head:
        return "empty"
    for place, sign, code in _SIGNS:
        if head.startswith(sign, place) and (code not in _IN_RIFF or head.startswith(b"RIFF")):
            return code
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "3gp" if brand.startswith(b"3g") else _BRANDS.get(brand, "mp4")
    if head.startswith((_ZIP, _ZIP_END)):
        return next((code for word, code in _IN_ZIP if word in head or word in tail), "zip")
    if head[0] == 0xFF and len(head) > 1 and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0x06:
        # A frame of MPEG audio: layer 0 is AAC; layer 1 is not in use and looks like UTF-16 text.
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return _text_code(head)


def _text_code(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and len(head) % 2 == 0:
        return "text"
    if not _CONTROL.isdisjoint(head):
        return "unknown"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if start.startswith(b"<"):
        return "svg" if _SVG.search(start) else "html" if _HTML.search(start) else "text"
    if _MAIL.match(start) and _MAIL_HEADER.search(start):
        return "mail"
    return "text"
