"""Text of documents that are archives of XML (OOXML, ODF), and what else such a document holds.

Rule: no member is unpacked beyond a bound, no document type is declared (entities!), nothing outside is fetched.
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
_UNPACKED_MAX: Final = 64 << 20  # bytes of one document; a thesis has five
_RATIO_MAX: Final = 100  # texts shrink to a tenth, seldom to a thirtieth
_PIECE: Final = 1 << 16
_EXTERNAL: Final = b'TargetMode="External"'
_TEMPLATE: Final = b"attachedTemplate"


def opened() -> zipfile.ZipFile:
    """The archive on standard input."""
    try:
        archive = zipfile.ZipFile(sys.stdin.buffer)
    except zipfile.BadZipFile:
        raise CannotError("damaged") from None
    members = archive.infolist()
    packed, claimed = sum(member.compress_size for member in members), sum(member.file_size for member in members)
    if len(members) > _MEMBERS_MAX or (claimed > _UNPACKED_MAX and claimed > _RATIO_MAX * packed):
        raise CannotError("bomb")
    return archive


def unpacked(archive: zipfile.ZipFile, name: str, budget: list[int]) -> Iterator[bytes]:
    """A member's bytes, as long as the budget lasts."""
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            budget[0] -= len(piece)
            if budget[0] < 0:
                raise CannotError("bomb")
            yield piece


def pieces() -> Iterator[str]:
    """The words of its text members, in the archive's order."""
    archive, budget = opened(), [_UNPACKED_MAX]
    for name in archive.namelist():
        if _TEXT_MEMBERS.fullmatch(name):
            yield from _words(unpacked(archive, name, budget))


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
        parser.Parse(piece, False)  # noqa: FBT003  expat takes it by place
        yield "".join(found)
        found.clear()
    parser.Parse(b"", True)  # noqa: FBT003
    yield "".join(found) + "\n"


def warnings() -> dict[str, int]:
    """`macro`: it brings a program; `external`: it wants something from elsewhere when it is opened."""
    archive, budget = opened(), [_UNPACKED_MAX]
    names = archive.namelist()
    macro = any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)
    relations = [b"".join(unpacked(archive, name, budget)) for name in names if name.endswith(".rels")]
    external = any(_TEMPLATE in raw and _EXTERNAL in raw for raw in relations)
    return {"macro": int(macro), "external": int(external), "members": len(names)}
