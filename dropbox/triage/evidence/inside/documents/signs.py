"""Finds what a document would fetch or run when an office program opens it, and the files inside it.

    external   it would use a network          links     it names other files, of a disk or a network folder
    launch     it would start a program        macro     it holds a program            objects   files inside

Rule: a link that only a click opens is no warning; a path of the author's own disk is a note.
"""

import re
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents.package import END, START, TEXT, Package, is_elsewhere
from dropbox.triage.evidence.inside.reading import Reading

_CLICKED: Final = frozenset({"hyperlink"})
_FETCHING: Final = re.compile(
    r"\s*\"?(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|RD|LINK|DATABASE|DDE|DDEAUTO)\b(.*)", re.I | re.S
)
_DDE: Final = frozenset({"DDE", "DDEAUTO"})
_WEB_FORMULA: Final = re.compile(r"\b(?:_xlfn\.)?(?:WEBSERVICE|IMAGE|STOCKHISTORY)\s*\(", re.IGNORECASE)
_LAUNCH_FORMULA: Final = re.compile(r"\b(?:RTD|CALL|REGISTER|EXEC)\s*\(", re.IGNORECASE)
_ODF_CLICKED: Final = frozenset({"a"})
_ODF_DDE: Final = frozenset({"dde-source", "dde-connection-decl", "dde-link"})
_SCRIPT: Final = re.compile(r"vnd\.sun\.star\.script:|macro:", re.IGNORECASE)
_BASIC: Final = re.compile(r"Basic/[^/]+/(?!script-l[bc]\.xml|dialog-l[bc]\.xml)[^/]+\.xml|Scripts/.+")
OBJECTS: Final = re.compile(
    r"(?:word|xl|ppt)/(?:media|embeddings|activeX)/[^/]+|Pictures/[^/]+|Object \d+|Media/[^/]+|Videos/[^/]+",
)


def collect(reading: Reading, package: Package) -> None:
    """Add the warnings and notes of an OOXML or OpenDocument file; raises CannotError, see Package."""
    names = list(package.names)
    macros = ("vbaProject.bin", "vbaProjectSignature.bin")
    if any(name.endswith(macros) or "/macrosheets/" in name or _BASIC.fullmatch(name) for name in names):
        reading.facts["macro"] = 1
    if count := sum(
        1 for name in names if OBJECTS.fullmatch(name) and "/media/" not in name and "Pictures/" not in name
    ):
        reading.note("objects", count)
    for name in names:
        if name.endswith(".rels"):
            _relations(reading, package, name)
        elif name.endswith(".xml") and not name.startswith("docProps/"):
            _part(reading, package, name)


def address(reading: Reading, target: str) -> None:
    """Note where a document takes something from when it is opened."""
    if is_elsewhere(target.strip().strip('"')):
        reading.facts["external"] = 1
    elif target.strip():
        reading.note("links")


def field(reading: Reading, code: str) -> None:
    """Note what a field of Word fetches (ECMA-376 part 1, 17.16.5)."""
    match = _FETCHING.match(code)
    if match is None:
        return
    if match[1].upper() in _DDE:
        reading.facts["launch"] = 1
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', match[2]) if not word.startswith("\\")]
    address(reading, next((word for word in words if is_elsewhere(word.replace("\\\\", "\\"))), " ".join(words[:1])))


def _relations(reading: Reading, package: Package, name: str) -> None:
    for what, element, given in package.events(name):
        if what != START or element != "Relationship" or given.get("TargetMode", "").lower() != "external":
            continue
        if given.get("Type", "").rpartition("/")[2] not in _CLICKED:
            address(reading, given.get("Target", ""))


def _part(reading: Reading, package: Package, name: str) -> None:
    """Note what the elements of one part fetch or run."""
    codes: list[str] = []
    taking = False
    for what, element, given in package.events(name):
        if what == START:
            taking = element in ("instrText", "f", "definedName")
            _element(reading, element, given)
        elif what == END:
            if element in ("f", "definedName"):
                _formula(reading, "".join(codes))
                codes.clear()
            elif element in ("p", "fldChar") and codes:
                field(reading, "".join(codes))
                codes.clear()
            taking = False
        elif what == TEXT and taking:
            codes.append(element)


def _element(reading: Reading, element: str, given: dict[str, str]) -> None:
    href = given.get("href", "")
    if href and element not in _ODF_CLICKED:
        if _SCRIPT.match(href):
            reading.facts["macro"] = 1
        elif is_elsewhere(href):
            reading.facts["external"] = 1
        elif href.startswith(("/", "file:", "../")) and element not in ("template", "database"):
            reading.note("links")
    if element == "fldSimple":
        field(reading, given.get("instr", ""))
    elif element in ("ddeLink", "ddeItem") or element in _ODF_DDE:
        reading.facts["launch"] = 1
    elif element in ("dbPr", "webPr"):
        address(reading, given.get("url") or given.get("connection") or "-")
    elif given.get("formula"):
        _formula(reading, given["formula"])
    if given.get("action", "").startswith("ppaction://program"):
        reading.facts["launch"] = 1


def _formula(reading: Reading, formula: str) -> None:
    if _WEB_FORMULA.search(formula):
        reading.facts["external"] = 1
    if _LAUNCH_FORMULA.search(formula) or re.search(r"\bDDE\s*\(", formula):
        reading.facts["launch"] = 1


def objects(package: Package) -> Iterator[str]:
    """Yield the names of the parts that are files of their own: pictures, recordings, embedded documents."""
    for name in package.names:
        if OBJECTS.fullmatch(name) and not name.endswith(".xml"):
            yield name
