"""Knows what a ZIP archive is by its own directory and its own description of its parts.

    [Content_Types].xml and _rels/.rels    the type of the main part (ECMA-376-2, 9.1.2 and 9.3)
    mimetype                               the type of the whole (OpenDocument 1.3, part 2, 3.3; OCF 3.3, 4.3)

Rule: names and descriptions at the root of the archive decide, never a word within a member.
"""

import contextlib
import re
import struct
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from dropbox.triage.evidence.inside.identity.peek import Peek

SIGNS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
_END: Final = b"PK\x05\x06"
_DESCRIPTION_MAX: Final = 1 << 20
_TYPES: Final = "[Content_Types].xml"
_MEMBERS_MAX: Final = 100_000
_MAIN: Final = (
    (re.compile(r"wordprocessingml\.(document|template)\.main|ms-word\.(document|template)\.macroEnabled"), "docx"),
    (re.compile(r"ms-excel\.sheet\.binary\.macroEnabled"), "xlsb"),
    (re.compile(r"spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template|addin)\.macroEnabled"), "xlsx"),
    (
        re.compile(
            r"presentationml\.(presentation|slideshow|template)\.main"
            r"|ms-powerpoint\.(presentation|slideshow|template|addin)\.macroEnabled"
        ),
        "pptx",
    ),
    (re.compile(r"ms-visio\.(drawing|template|stencil)"), "vsdx"),
    (re.compile(r"(ms-package\.xps-|openxps)"), "xps"),
)
_BY_NAME: Final = (("word/document.xml", "docx"), ("xl/workbook.bin", "xlsb"), ("xl/workbook.xml", "xlsx"))
_MORE_NAMES: Final = (("ppt/presentation.xml", "pptx"), ("visio/document.xml", "vsdx"))
_ODF: Final = {"text": "odt", "spreadsheet": "ods", "presentation": "odp", "graphics": "odg"}
_ODF_TYPE: Final = re.compile(r"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.([a-z]+)")
_SUN: Final = {"writer": "odt", "calc": "ods", "impress": "odp", "draw": "odg"}
_ODF_LOCK: Final = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0 encryption-data"
_PROGRAMS: Final = frozenset({"AndroidManifest.xml", "classes.dex", "base/manifest/AndroidManifest.xml"})

Elements = list[tuple[str, dict[str, str]]]


def package(file: Peek) -> str:
    """Return the code of an archive: "docx" … "odg", "epub", "iwork", "program", "locked" or "zip"."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = dict.fromkeys(archive.namelist()[:_MEMBERS_MAX])
            return _described(archive, names) or _by_names(names) or "zip"
    except Exception:  # noqa: BLE001  a damaged archive raises anything
        types = (attributes.get("ContentType", "") for _, attributes in _elements(_first(file)))
        return next(filter(None, map(_main, types)), "") or _by_names(dict.fromkeys(_local_names(file))) or "zip"


def prefix(file: Peek) -> int | None:
    """Return how many bytes are before a whole archive that the file ends with; None if there is none (APPNOTE 4.3.16).

    Whole: its end record ends where the file ends, its directory begins where the record says, its first member too.
    """
    at = file.tail.rfind(_END)
    record = file.tail[at : at + 22] if at >= 0 else b""
    if len(record) < 22:
        return None
    entries, length, offset, comment = struct.unpack("<HIIH", record[10:22])
    begin = file.size - len(file.tail) + at
    before = begin - length - offset
    first = file.at(begin - length, 46)
    if (
        at + 22 + comment != len(file.tail)
        or not entries
        or before < 0
        or first[:4] != b"PK\x01\x02"
        or len(first) < 46
    ):
        return None
    return before if file.at(before + int.from_bytes(first[42:46], "little"), 4) == b"PK\x03\x04" else None


def _described(archive: zipfile.ZipFile, names: dict[str, None]) -> str:
    if "mimetype" in names:
        said = _read(archive, "mimetype")[:100].decode("ascii", "replace").strip()
        if said == "application/epub+zip":
            return "epub"
        match = _ODF_TYPE.match(said)
        code = {**_ODF, **_SUN}.get(match[1], "") if match else ""
        if code:
            return "locked" if _is_locked(archive, names) else code
    if "META-INF/manifest.xml" in names and "content.xml" in names:
        for name, attributes in _elements(_read(archive, "META-INF/manifest.xml")):
            match = _ODF_TYPE.match(_of(attributes, "media-type"))
            if name.endswith("file-entry") and _of(attributes, "full-path") == "/" and match and match[1] in _ODF:
                return "locked" if _is_locked(archive, names) else _ODF[match[1]]
    return _open_package(archive, names) if _TYPES in names else ""


def _is_locked(archive: zipfile.ZipFile, names: dict[str, None]) -> bool:
    # LibreOffice 24.8 and later lock the whole: one member holds all.
    if "encrypted-package" in names:
        return True
    return any(name == _ODF_LOCK for name, _ in _elements(_read(archive, "META-INF/manifest.xml")))


def _open_package(archive: zipfile.ZipFile, names: dict[str, None]) -> str:
    types, by_ending = {}, {}
    for name, attributes in _elements(_read(archive, _TYPES)):
        if name.endswith("Override"):
            types[attributes.get("PartName", "").lstrip("/").lower()] = attributes.get("ContentType", "")
        elif name.endswith("Default"):
            by_ending[attributes.get("Extension", "").lower()] = attributes.get("ContentType", "")
    lower = {name.lower() for name in names}
    main = [
        attributes.get("Target", "").lstrip("/").lower()
        for _, attributes in _elements(_read(archive, "_rels/.rels"))
        if attributes.get("Type", "").endswith(("/officeDocument", "/document", "/fixedrepresentation"))
    ]
    told = [types.get(part) or by_ending.get(part.rpartition(".")[2], "") for part in main if part in lower]
    told += [said for part, said in types.items() if part in lower] if not any(map(_main, told)) else []
    return next(filter(None, map(_main, told)), "")


def _main(said: str) -> str:
    return next((code for pattern, code in _MAIN if pattern.search(said)), "")


def _by_names(names: dict[str, None]) -> str:
    if _TYPES in names:
        return next((code for name, code in (*_BY_NAME, *_MORE_NAMES) if name in names), "")
    if not _PROGRAMS.isdisjoint(names):
        return "program"
    if "META-INF/MANIFEST.MF" in names and any(name.endswith(".class") for name in names):
        return "program"
    is_iwork = any(name in names for name in ("Index/Document.iwa", "Index.zip", "index.apxl", "index.xml"))
    return (
        "iwork"
        if is_iwork and any(name.startswith(("preview", "QuickLook/", "Index/", "Metadata/")) for name in names)
        else ""
    )


def _local_names(file: Peek) -> list[str]:
    """Return the names of an archive without a directory, from header to header (APPNOTE 4.3.7)."""
    found: list[str] = []
    at = 0
    while len(found) < _MEMBERS_MAX and len(header := file.at(at, 30)) == 30 and header[:4] == b"PK\x03\x04":
        flags, packed, name, extra = (*struct.unpack("<H", header[6:8]), *struct.unpack("<I4xHH", header[18:30]))
        found.append(file.at(at + 30, name).decode("utf-8", "replace"))
        at += 30 + name + extra + packed
        if flags & 8 and not packed:  # its size follows it: look for the next header in what was read
            following = file.head.find(b"PK\x03\x04", at)
            at = following if following > 0 else file.size
    return found


def _first(file: Peek) -> bytes:
    """Return the description of parts of an archive without a directory, if that is its first member."""
    header = file.at(0, 30)
    if len(header) < 30 or file.at(30, len(_TYPES)) != _TYPES.encode():
        return b""
    name, extra = struct.unpack("<HH", header[26:30])
    packed = file.at(30 + name + extra, _DESCRIPTION_MAX)
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(-15).decompress(packed, _DESCRIPTION_MAX) if header[8] == 8 else packed
    return b""


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with contextlib.suppress(Exception), archive.open(name) as member:
        return member.read(_DESCRIPTION_MAX)
    return b""


def _elements(raw: bytes) -> Elements:
    """Return (name, attributes) of the elements of a description, as far as it can be read; entities end it."""
    found: Elements = []

    def refuse(*_: object) -> None:
        raise ValueError("entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.StartDoctypeDeclHandler = refuse
    with contextlib.suppress(expat.ExpatError, ValueError):
        parser.Parse(raw, True)  # noqa: FBT003  expat has no keyword for it
    return found


def _of(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "")
