"""Lists the kinds of files; the name and type that a sender gave are only compared with them.

Rule: a file's kind is determined in the sandbox (inside.identify); nothing of it is parsed here.
"""

from dataclasses import dataclass
from typing import Final

PICTURE, PDF, OFFICE, OLD_OFFICE, TEXT, MAIL, ARCHIVE, MEDIA, LOCKED, EMPTY, OTHER = (
    *("picture", "pdf", "office", "old-office", "text", "mail", "zip", "media", "locked", "empty", "other"),
)
UNREAD: Final = {LOCKED: "locked", EMPTY: "empty", OTHER: "unsupported"}  # why files of a family are not read


_OPEN, _ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
_OLD_TYPES: Final = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
_ZIPPED: Final = frozenset(  # their files are ZIP archives, and browsers name them so
    {"docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "xlsb", "vsdx", "xps", "epub", "iwork"}
)
_DOCUMENTS: Final = frozenset({OFFICE, OLD_OFFICE})
_TEXTS: Final = frozenset({TEXT, MAIL})


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        code: short name, the same in every language.
        family: how it is read: PICTURE … OTHER.
        endings: file name endings of this kind.
        types: media types of this kind.
        alike: family whose names it may have as well: programs name one for the other, and nothing is hidden by it.
    """

    code: str
    family: str
    endings: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    alike: str = ""


_ALL: Final = (
    Kind("jpeg", PICTURE, ("jpg", "jpeg", "jpe", "jfif"), ("image/jpeg", "image/jpg", "image/pjpeg")),
    Kind("png", PICTURE, ("png", "apng"), ("image/png", "image/apng")),
    Kind("webp", PICTURE, ("webp",), ("image/webp",)),
    Kind("gif", PICTURE, ("gif",), ("image/gif",)),
    Kind("tiff", PICTURE, ("tif", "tiff", "dng"), ("image/tiff", "image/x-adobe-dng")),
    Kind("bmp", PICTURE, ("bmp", "dib"), ("image/bmp", "image/x-ms-bmp")),
    Kind("heic", PICTURE, ("heic", "heif", "hif"), ("image/heic", "image/heif")),
    Kind("avif", PICTURE, ("avif",), ("image/avif",)),
    Kind("jp2", OTHER, ("jp2", "j2k", "jpf", "jpx"), ("image/jp2", "image/jpx"), PICTURE),
    Kind("jxl", OTHER, ("jxl",), ("image/jxl",), PICTURE),
    Kind("psd", OTHER, ("psd",), ("image/vnd.adobe.photoshop",), PICTURE),
    Kind("raw-picture", OTHER, ("cr3",), ("image/x-canon-cr3",), PICTURE),
    Kind("pdf", PDF, ("pdf", "ai"), ("application/pdf", "application/x-pdf")),
    Kind(
        *("docx", OFFICE, ("docx", "docm", "dotx", "dotm")),
        (f"{_OPEN}.wordprocessingml.document", f"{_OPEN}.wordprocessingml.template"),
    ),
    Kind(
        *("xlsx", OFFICE, ("xlsx", "xlsm", "xltx", "xltm", "xlam")),
        (f"{_OPEN}.spreadsheetml.sheet", f"{_OPEN}.spreadsheetml.template"),
    ),
    Kind(
        *("pptx", OFFICE, ("pptx", "pptm", "ppsx", "ppsm", "potx", "potm")),
        (f"{_OPEN}.presentationml.presentation", f"{_OPEN}.presentationml.slideshow"),
    ),
    Kind("odt", OFFICE, ("odt", "ott", "odm", "sxw"), (f"{_ODF}.text",)),
    Kind("ods", OFFICE, ("ods", "ots", "sxc"), (f"{_ODF}.spreadsheet",)),
    Kind("odp", OFFICE, ("odp", "otp", "sxi"), (f"{_ODF}.presentation",)),
    Kind("odg", OFFICE, ("odg", "otg", "sxd"), (f"{_ODF}.graphics",)),
    Kind("doc", OLD_OFFICE, ("doc", "dot"), ("application/msword",)),
    Kind("xls", OLD_OFFICE, ("xls", "xlt", "xla"), ("application/vnd.ms-excel",)),
    Kind("ppt", OLD_OFFICE, ("ppt", "pps", "pot"), ("application/vnd.ms-powerpoint",)),
    Kind("rtf", OLD_OFFICE, ("rtf",), ("application/rtf", "text/rtf")),
    Kind("xlsb", OLD_OFFICE, ("xlsb",)),
    Kind("vsdx", OLD_OFFICE, ("vsdx", "vsdm")),
    Kind("vsd", OLD_OFFICE, ("vsd", "vst"), ("application/vnd.visio",)),
    Kind("pub", OLD_OFFICE, ("pub",), ("application/x-mspublisher",)),
    Kind("wpd", OLD_OFFICE, ("wpd",), ("application/vnd.wordperfect",)),
    Kind("dbf", OLD_OFFICE, ("dbf",), ("application/x-dbf",)),
    Kind("ole", OLD_OFFICE, ("msg", "vsd", "pub"), _OLD_TYPES),
    Kind("locked", LOCKED, ("one",), (), OFFICE),
    Kind("compound", OTHER, (), (), OFFICE),
    Kind("xps", OTHER, ("xps", "oxps"), ("application/vnd.ms-xpsdocument",)),
    Kind("djvu", OTHER, ("djvu", "djv"), ("image/vnd.djvu",)),
    Kind("postscript", OTHER, ("ps", "eps", "ai"), ("application/postscript",)),
    Kind("html", TEXT, ("html", "htm", "xhtml", "shtml"), ("text/html", "application/xhtml+xml")),
    Kind("svg", TEXT, ("svg",), ("image/svg+xml",)),
    Kind("xml", TEXT, ("xml", "kml", "gpx", "fodt", "fods", "fodp"), ("text/xml", "application/xml")),
    Kind("vcf", TEXT, ("vcf",), ("text/vcard", "text/x-vcard", "text/directory")),
    Kind("ics", TEXT, ("ics", "vcs"), ("text/calendar", "text/x-vcalendar")),
    Kind("vmg", TEXT, ("vmg", "vnt"), ("text/x-vmsg", "text/x-vnote")),
    Kind(
        *("text", TEXT, ("txt", "csv", "tsv", "log", "md", "json")),
        ("text/plain", "text/csv", "text/tab-separated-values", "application/json"),
    ),
    Kind("mail", MAIL, ("eml", "emlx", "mim"), ("message/rfc822",)),
    Kind("mbox", MAIL, ("mbox", "mbx"), ("application/mbox",)),
    Kind("mht", MAIL, ("mht", "mhtml"), ("multipart/related", "application/x-mimearchive")),
    Kind("msg", MAIL, ("msg", "oft"), ("application/vnd.ms-outlook",)),
    Kind("tnef", MAIL, ("tnef",), ("application/ms-tnef", "application/vnd.ms-tnef")),
    Kind("zip", ARCHIVE, ("zip", "kmz", "cbz"), ("application/zip", "application/x-zip-compressed")),
    Kind("epub", ARCHIVE, ("epub",), ("application/epub+zip",)),
    Kind("iwork", ARCHIVE, ("pages", "numbers", "key")),
    Kind("rar", ARCHIVE, ("rar",), ("application/vnd.rar", "application/x-rar-compressed")),
    Kind("7z", ARCHIVE, ("7z",), ("application/x-7z-compressed",)),
    Kind("gzip", ARCHIVE, ("gz", "tgz", "svgz"), ("application/gzip", "application/x-gzip")),
    Kind("bzip2", ARCHIVE, ("bz2", "tbz", "tbz2"), ("application/x-bzip2",)),
    Kind("xz", ARCHIVE, ("xz", "txz"), ("application/x-xz",)),
    Kind("zstd", ARCHIVE, ("zst", "tzst"), ("application/zstd",)),
    Kind("tar", ARCHIVE, ("tar",), ("application/x-tar",)),
    Kind("cab", ARCHIVE, ("cab",), ("application/vnd.ms-cab-compressed",)),
    Kind("iso", ARCHIVE, ("iso",), ("application/x-iso9660-image",)),
    Kind("lzh", ARCHIVE, ("lzh", "lha"), ("application/x-lzh-compressed",)),
    Kind("mp4", MEDIA, ("mp4", "m4v", "f4v"), ("video/mp4", "video/x-m4v")),
    Kind("3gp", MEDIA, ("3gp", "3g2", "3ga"), ("video/3gpp", "audio/3gpp", "video/3gpp2")),
    Kind("mov", MEDIA, ("mov", "qt"), ("video/quicktime",)),
    Kind("m4a", MEDIA, ("m4a", "m4b", "m4p"), ("audio/mp4", "audio/x-m4a")),
    Kind("webm", MEDIA, ("webm",), ("video/webm", "audio/webm")),
    Kind("mkv", MEDIA, ("mkv", "mka"), ("video/x-matroska", "audio/x-matroska")),
    Kind("avi", MEDIA, ("avi", "divx"), ("video/x-msvideo", "video/avi")),
    Kind("asf", MEDIA, ("wma", "wmv", "asf"), ("audio/x-ms-wma", "video/x-ms-wmv", "video/x-ms-asf")),
    Kind("flv", MEDIA, ("flv",), ("video/x-flv",)),
    Kind("mpg", MEDIA, ("mpg", "mpeg", "mpe", "vob", "m2p", "m1v", "m2v"), ("video/mpeg", "video/dvd")),
    Kind("ts", MEDIA, ("ts", "m2ts", "mts", "tp", "trp"), ("video/mp2t", "video/vnd.dlna.mpeg-tts")),
    Kind("h264", MEDIA, ("h264", "264", "h265", "265", "hevc"), ("video/h264", "video/h265")),
    Kind("dav", MEDIA, ("dav",)),
    Kind("rm", MEDIA, ("rm", "rmvb", "ra"), ("application/vnd.rn-realmedia", "audio/x-realaudio")),
    Kind("mxf", MEDIA, ("mxf",), ("application/mxf",)),
    Kind("mp3", MEDIA, ("mp3", "mp2", "mpga"), ("audio/mpeg", "audio/mp3")),
    Kind("aac", MEDIA, ("aac", "adts"), ("audio/aac", "audio/aacp", "audio/x-aac")),
    Kind(
        "ogg", MEDIA, ("ogg", "opus", "oga", "ogv", "spx"), ("audio/ogg", "audio/opus", "video/ogg", "application/ogg")
    ),
    Kind("amr", MEDIA, ("amr", "awb"), ("audio/amr", "audio/amr-wb")),
    Kind("wav", MEDIA, ("wav", "wave", "w64"), ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave")),
    Kind("flac", MEDIA, ("flac",), ("audio/flac", "audio/x-flac")),
    Kind("caf", MEDIA, ("caf",), ("audio/x-caf",)),
    Kind("aiff", MEDIA, ("aif", "aiff", "aifc"), ("audio/aiff", "audio/x-aiff")),
    Kind("au", MEDIA, ("au", "snd"), ("audio/basic",)),
    Kind("ac3", MEDIA, ("ac3", "ec3"), ("audio/ac3",)),
    Kind("wv", MEDIA, ("wv",), ("audio/x-wavpack",)),
    Kind("ape", MEDIA, ("ape",), ("audio/x-ape",)),
    Kind("dss", MEDIA, ("dss", "ds2"), ("audio/x-dss",)),
    Kind("voc", MEDIA, ("voc",), ("audio/x-voc",)),
    Kind("qcp", MEDIA, ("qcp",), ("audio/qcelp",)),
    Kind("sqlite", OTHER, ("sqlite", "sqlite3", "db"), ("application/vnd.sqlite3",)),
    Kind("access", OTHER, ("mdb", "accdb"), ("application/msaccess", "application/x-msaccess")),
    Kind("program", OTHER, ("exe", "dll", "apk", "com", "scr", "jar", "msi", "lnk", "deb", "sys", "ocx", "elf", "so")),
    Kind("empty", EMPTY),
    Kind("unknown", OTHER),
)
KINDS: Final = {kind.code: kind for kind in _ALL}
_BY_ENDING: Final = {
    ending: [kind for kind in _ALL if ending in kind.endings] for one in _ALL for ending in one.endings
}
_BY_TYPE: Final = {said: [kind for kind in _ALL if said in kind.types] for one in _ALL for said in one.types}
_UNNAMED: Final = ("empty", "unknown")  # nothing is known that could contradict a name


def is_misnamed(kind: Kind, name: str, media_type: str) -> bool:
    """Return whether the name or media type that its sender gave belongs to something of another nature.

    A picture named as another picture, a recording as another recording, a document as another document, and a text or
    table named as a document are what programs and phones do: that is no deceit.
    """
    ending = name.strip().rpartition(".")[2].lower() if "." in name else ""
    said = media_type.partition(";")[0].strip().lower()
    claimed = (_BY_ENDING.get(ending, []), _BY_TYPE.get(said, []))
    return kind.code not in _UNNAMED and any(
        kinds and not any(_is_alike(kind, other) for other in kinds) for kinds in claimed
    )


def _is_alike(kind: Kind, claimed: Kind) -> bool:
    if kind is claimed or (claimed.code == "zip" and kind.code in _ZIPPED):
        return True
    one, other = (_nature(each) for each in (kind, claimed))
    return one == other != OTHER or (one == TEXT and other == OFFICE)


def _nature(kind: Kind) -> str:
    family = kind.alike or kind.family
    return OFFICE if family in _DOCUMENTS else TEXT if family in _TEXTS else family
