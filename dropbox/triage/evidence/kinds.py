"""Identifies a file by its bytes; the name and type that its sender gave are only compared.

    sign       = bytes at a place, or a word within the first or last 64 KiB
    polyglot   = it is also something else: a PDF or an archive after its own first bytes

Rule: nothing is unpacked, and only fixed places are parsed; any bytes get an answer.
"""

import re
from dataclasses import dataclass
from typing import Final

from dropbox.limits import KIND_HEAD_BYTES

PICTURE, PDF, OFFICE, OLD_OFFICE, TEXT, MAIL, ARCHIVE, MEDIA, OTHER = (
    *("picture", "pdf", "office", "old-office", "text", "mail", "zip", "media", "other"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        code: short name, the same in every language.
        family: how it is read: PICTURE … OTHER.
        endings: file name endings of this kind.
        types: media types of this kind.
    """

    code: str
    family: str
    endings: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


_ALL: Final = (
    Kind("jpeg", PICTURE, ("jpg", "jpeg", "jpe", "jfif"), ("image/jpeg", "image/jpg")),
    Kind("png", PICTURE, ("png",), ("image/png",)),
    Kind("webp", PICTURE, ("webp",), ("image/webp",)),
    Kind("gif", PICTURE, ("gif",), ("image/gif",)),
    Kind("tiff", PICTURE, ("tif", "tiff"), ("image/tiff",)),
    Kind("bmp", PICTURE, ("bmp",), ("image/bmp", "image/x-ms-bmp")),
    Kind("heic", PICTURE, ("heic", "heif"), ("image/heic", "image/heif")),
    Kind("avif", PICTURE, ("avif",), ("image/avif",)),
    Kind("pdf", PDF, ("pdf",), ("application/pdf",)),
    Kind(
        *("docx", OFFICE, ("docx", "docm", "dotx")),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ),
    Kind(
        *("xlsx", OFFICE, ("xlsx", "xlsm", "xltx")),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ),
    Kind(
        *("pptx", OFFICE, ("pptx", "pptm", "ppsx")),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    ),
    Kind("odt", OFFICE, ("odt",), ("application/vnd.oasis.opendocument.text",)),
    Kind("ods", OFFICE, ("ods",), ("application/vnd.oasis.opendocument.spreadsheet",)),
    Kind("odp", OFFICE, ("odp",), ("application/vnd.oasis.opendocument.presentation",)),
    Kind(
        *("ole", OLD_OFFICE, ("doc", "xls", "ppt", "dot", "xlt", "pps")),
        ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    ),
    Kind("rtf", OLD_OFFICE, ("rtf",), ("application/rtf", "text/rtf")),
    Kind("html", TEXT, ("html", "htm", "xhtml"), ("text/html",)),
    Kind("svg", TEXT, ("svg",), ("image/svg+xml",)),
    Kind("mail", MAIL, ("eml",), ("message/rfc822",)),
    Kind("text", TEXT, ("txt", "csv", "log", "md", "json", "xml"), ("text/plain", "text/csv")),
    Kind("zip", ARCHIVE, ("zip",), ("application/zip", "application/x-zip-compressed")),
    Kind("rar", OTHER, ("rar",), ("application/vnd.rar", "application/x-rar-compressed")),
    Kind("7z", OTHER, ("7z",), ("application/x-7z-compressed",)),
    Kind("gzip", OTHER, ("gz", "tgz"), ("application/gzip",)),
    Kind("mp4", MEDIA, ("mp4", "m4v"), ("video/mp4",)),
    Kind("3gp", MEDIA, ("3gp", "3g2"), ("video/3gpp", "audio/3gpp")),
    Kind("mov", MEDIA, ("mov", "qt"), ("video/quicktime",)),
    Kind("webm", MEDIA, ("webm", "mkv"), ("video/webm", "audio/webm", "video/x-matroska")),
    Kind("avi", MEDIA, ("avi",), ("video/x-msvideo",)),
    Kind("m4a", MEDIA, ("m4a", "m4b", "mp4"), ("audio/mp4", "audio/x-m4a")),
    Kind("mp3", MEDIA, ("mp3",), ("audio/mpeg", "audio/mp3")),
    Kind("aac", MEDIA, ("aac",), ("audio/aac", "audio/aacp")),
    Kind("ogg", MEDIA, ("ogg", "opus", "oga"), ("audio/ogg", "audio/opus", "application/ogg")),
    Kind("amr", MEDIA, ("amr",), ("audio/amr",)),
    Kind("wav", MEDIA, ("wav",), ("audio/wav", "audio/x-wav")),
    Kind("flac", MEDIA, ("flac",), ("audio/flac",)),
    Kind("program", OTHER, ("exe", "dll", "apk", "com", "scr")),
    Kind("empty", OTHER),
    Kind("unknown", OTHER),
)
KINDS: Final = {kind.code: kind for kind in _ALL}
_ENDINGS: Final = frozenset(ending for kind in _ALL for ending in kind.endings)
_TYPES: Final = frozenset(name for kind in _ALL for name in kind.types)

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


def tell(head: bytes, tail: bytes) -> Kind:
    """Return the kind of a file.

    Args:
        head: its first KIND_HEAD_BYTES.
        tail: its last KIND_HEAD_BYTES.
    """
    return KINDS[_code(head[:KIND_HEAD_BYTES], tail[-KIND_HEAD_BYTES:])]


def is_polyglot(kind: Kind, head: bytes, tail: bytes) -> bool:
    """Return whether the file could also pass as a PDF or an archive, as deceptive files do."""
    is_archive = kind.family in (OFFICE, ARCHIVE) or kind.code == "program"
    return (kind.code != "pdf" and b"%PDF-" in head[:_PDF_WITHIN]) or (
        not is_archive and kind.family != OLD_OFFICE and _ZIP_END in tail[-KIND_HEAD_BYTES:]
    )


def is_misnamed(kind: Kind, name: str, media_type: str) -> bool:
    """Return whether the name or media type that its sender gave belongs to another kind."""
    _, dot, ending = name.strip().rpartition(".")
    ending, media_type = ending.lower(), media_type.strip().lower()
    return bool(
        (dot and ending in _ENDINGS and ending not in kind.endings)
        or (media_type in _TYPES and media_type not in kind.types)
    )


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
