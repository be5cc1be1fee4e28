"""Lists the kinds of files; the name and type that a sender gave are only compared with them.

Rule: a file's kind is determined in the sandbox (inside.identify); nothing of it is parsed here.
"""

from dataclasses import dataclass
from typing import Final

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


def is_misnamed(kind: Kind, name: str, media_type: str) -> bool:
    """Return whether the name or media type that its sender gave belongs to another kind."""
    _, dot, ending = name.strip().rpartition(".")
    ending, media_type = ending.lower(), media_type.strip().lower()
    return bool(
        (dot and ending in _ENDINGS and ending not in kind.endings)
        or (media_type in _TYPES and media_type not in kind.types)
    )
