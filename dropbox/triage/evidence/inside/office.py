"""Reads documents that are ZIP archives of XML (OOXML, ODF): their text, macros and external references.

Rule: no member is unpacked beyond a bound, a document type declaration (entities) is refused, and nothing outside the
archive is fetched.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from dropbox.triage.evidence.inside.reply import CannotError

_TEXT_MEMBERS: Final = re.compile(
    r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml"
    r"|xl/worksheets/[^/]+\.xml|ppt/(slides|notesSlides)/[^/]+\.xml|content\.xml"
)
_BREAKS: Final = frozenset({"p", "h", "row", "si", "tab", "br", "tr", "c", "table-row", "table-cell"})
_MEMBERS_MAX: Final = 10_000
_UNPACKED_MAX: Final = 64 << 20  # bytes of one document; the text of a thesis takes about 5 MiB
_RATIO_MAX: Final = 100  # text compresses about 10:1, rarely 30:1
_PIECE: Final = 1 << 16
_EXTERNAL: Final = b'TargetMode="External"'
_TEMPLATE: Final = b"attachedTemplate"


def open_archive() -> zipfile.ZipFile:
    """Return the archive on standard input, not unpacked.

    Raises:
        CannotError: `damaged`: not a ZIP archive; `bomb`: too many members, or their sizes are out of proportion.
    """
    try:
        archive = zipfile.ZipFile(sys.stdin.buffer)
    except zipfile.BadZipFile:
        raise CannotError("damaged") from None
    members = archive.infolist()
    packed, claimed = sum(member.compress_size for member in members), sum(member.file_size for member in members)
    if len(members) > _MEMBERS_MAX or (claimed > _UNPACKED_MAX and claimed > _RATIO_MAX * packed):
        raise CannotError("bomb")
    return archive


def unpack(archive: zipfile.ZipFile, name: str, budget: list[int]) -> Iterator[bytes]:
    """Yield a member's bytes in pieces.

    Args:
        archive: see open_archive.
        name: of the member.
        budget: one number: bytes that may still be unpacked from the archive; it is reduced here.

    Raises:
        CannotError: `bomb`: the budget is used up.
    """
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            budget[0] -= len(piece)
            if budget[0] < 0:
                raise CannotError("bomb")
            yield piece


def pieces() -> Iterator[str]:
    """Yield the text of the document on standard input, member by member in the archive's order.

    Raises:
        CannotError: see open_archive and unpack; `bomb` also for a document type declaration.
    """
    archive, budget = open_archive(), [_UNPACKED_MAX]
    for name in archive.namelist():
        if _TEXT_MEMBERS.fullmatch(name):
            yield from _words(unpack(archive, name, budget))


def _words(raw: Iterator[bytes]) -> Iterator[str]:
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.CharacterDataHandler = found.append

    def end(name: str) -> None:
        if name.rpartition(" ")[2] in _BREAKS:
            found.append("\n")

    def refuse(*_: object) -> None:
        raise CannotError("bomb")

    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    for piece in raw:
        parser.Parse(piece, False)  # noqa: FBT003  expat has no keyword for it
        yield "".join(found)
        found.clear()
    parser.Parse(b"", True)  # noqa: FBT003
    yield "".join(found) + "\n"


def warnings() -> dict[str, int]:
    """Return `macro` (1: it has a program), `external` (1: opening it loads something from elsewhere) and `members`.

    Raises:
        CannotError: see open_archive and unpack.
    """
    archive, budget = open_archive(), [_UNPACKED_MAX]
    names = archive.namelist()
    macro = any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)
    relations = [b"".join(unpack(archive, name, budget)) for name in names if name.endswith(".rels")]
    external = any(_TEMPLATE in raw and _EXTERNAL in raw for raw in relations)
    return {"macro": int(macro), "external": int(external), "members": len(names)}
