"""Reads the text of workbooks (.xlsx and its siblings; ECMA-376 part 1, 18): every cell of every sheet.

    Rp76.397.250 [76397250]    a number as its format shows it, and exactly, where both differ
    04/03/25 [2025-03-04]      a day likewise

Rule: a value comes from its cell, never from a drawing; hidden sheets, rows and columns are read and noted.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents import formats, word, words
from dropbox.triage.evidence.inside.documents.cells import LETTERS, ON, Book, Cells
from dropbox.triage.evidence.inside.documents.package import END, START, Event, Package
from dropbox.triage.evidence.inside.reading import Reading

_SHEET: Final = "Lembar (sheet)"
_COLUMNS: Final = "Kolom tersembunyi (hidden columns)"
_COMMENTS: Final = "Komentar (comments)"
_HEADS: Final = "Kepala dan kaki halaman (headers and footers)"
_NAMES: Final = "Nama di buku kerja (defined names)"
_HIDDEN: Final = frozenset({"hidden", "veryHidden"})
_COLUMNS_MAX: Final = 16_384
_HEAD_CODES: Final = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Z]')


def pieces(reading: Reading, package: Package) -> Iterator[str]:
    """Yield the text of the workbook; raises CannotError, see Package."""
    main = package.main_part("xl/workbook.xml")
    book, sheets, names = _opened(package, main)
    relations = package.relations(main)
    for title, identifier, is_hidden in sheets:
        if is_hidden:
            reading.note("hidden-sheets")
        state = f" [{words.HIDDEN}]" if is_hidden else ""
        yield word.heading(f"{_SHEET}: {title}{state}")
        relation = relations.get(identifier)
        if relation and relation.kind != "chartsheet":
            yield from _sheet(reading, package, book, relation.target)
        if relation:
            yield from _around(reading, package, relation.target)
    if names:
        yield word.heading(_NAMES)
        yield from names
    yield from word.others(reading, package)


def _opened(package: Package, main: str) -> tuple[Book, list[tuple[str, str, bool]], list[str]]:
    """Return (what cells share, (title, relation, whether hidden) of each sheet, defined names)."""
    book, named = Book(), ""
    sheets: list[tuple[str, str, bool]] = []
    names: list[str] = []
    for what, name, given in package.events(main):
        if what == START:
            named = given.get("name", "") if name == "definedName" else ""
            if name == "sheet":
                sheets.append((given.get("name", ""), given.get("r:id", ""), given.get("state") in _HIDDEN))
            book.is_1904 |= name == "workbookPr" and given.get("date1904") in ON
        elif what == END:
            named = ""
        elif named and name.strip():
            names.append(f"{named} = {name}\n")
    for part in package.related(main, "sharedStrings"):
        book.strings = list(_strings(package.events(part)))
    for part in package.related(main, "styles"):
        book.formats = _formats(package.events(part))
    return book, sheets, names


def _strings(events: Iterator[Event]) -> Iterator[str]:
    """Yield the shared strings; the pronunciation of Japanese words (rPh) is not part of them."""
    out: list[str] = []
    taking = is_sound = False
    for what, name, _ in events:
        if what == START:
            taking = name == "t" and not is_sound
            is_sound |= name == "rPh"
        elif what == END:
            taking = False
            if name == "rPh":
                is_sound = False
            elif name == "si":
                yield "".join(out)
                out.clear()
        elif taking:
            out.append(name)


def _formats(events: Iterator[Event]) -> list[str]:
    """Return the number format of each cell style (cellXfs)."""
    own: dict[int, str] = {}
    found: list[str] = []
    is_cells = False
    for what, name, given in events:
        if what == START and name == "numFmt":
            with contextlib.suppress(ValueError):
                own[int(given.get("numFmtId", ""))] = given.get("formatCode", "")
        elif name == "cellXfs":
            is_cells = what == START
        elif what == START and name == "xf" and is_cells:
            number = given.get("numFmtId", "0")
            code = int(number) if number.isdecimal() else 0
            found.append(own.get(code) or formats.BUILT_IN.get(code, "General"))
    return found


def _sheet(reading: Reading, package: Package, book: Book, part: str) -> Iterator[str]:
    cells, heads, taking = Cells(reading, book), [], False
    for what, name, given in package.events(part):
        if row := cells.event(what, name, given):
            yield row
        elif what == START and name == "col" and given.get("hidden") in ON:
            yield _hidden_columns(reading, given)
        elif what == START:
            taking = name.endswith(("Header", "Footer"))
            if given.get("prompt") or given.get("error"):
                yield (
                    f"{given.get('promptTitle', '')} {given.get('prompt', '')} {given.get('error', '')}".strip() + "\n"
                )
        elif what == END:
            taking = False
        elif taking:
            heads.append(_HEAD_CODES.sub(" ", name.replace("&&", "\0")).replace("\0", "&").strip())
    if any(heads):
        yield f"{_HEADS}: {' | '.join(filter(None, heads))}\n"


def _hidden_columns(reading: Reading, given: dict[str, str]) -> str:
    first, last = (int(value) if value.isdecimal() else 0 for value in (given.get("min", ""), given.get("max", "")))
    if not 0 < first <= last or last == _COLUMNS_MAX:  # to the end of the sheet: nothing is there
        return ""
    reading.note("hidden-columns", last - first + 1)
    return f"{_COLUMNS}: {_name(first)}-{_name(last)}\n"


def _name(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _around(reading: Reading, package: Package, part: str) -> Iterator[str]:
    """Yield what is on or beside a sheet: comments, text boxes, charts."""
    relations = package.relations(part).values()
    for relation in relations:
        if relation.is_external:
            continue
        if relation.kind == "comments":
            yield f"{_COMMENTS}:\n"
            yield from _comments(reading, package.events(relation.target))
        elif relation.kind == "drawing":
            yield from drawing(reading, package, relation.target)
        elif relation.kind == "threadedComment":
            yield from words.plain(package.events(relation.target))


def drawing(reading: Reading, package: Package, part: str) -> Iterator[str]:
    """Yield the letters of a drawing and of its charts and diagrams."""
    relations = package.relations(part)
    yield from words.lines(package.events(part), reading, relations)
    for relation in relations.values():
        if relation.kind in ("chart", "diagramData") and not relation.is_external:
            yield from word.section(reading, package, relation.kind, relation.target)


def _comments(reading: Reading, events: Iterator[Event]) -> Iterator[str]:
    authors: list[str] = []
    out: list[str] = []
    taking = ""
    for what, name, given in events:
        if what == START:
            taking = name if name in ("author", "t") else ""
            if name == "author":
                authors.append("")
            elif name == "comment":
                reading.note("comments")
                number = given.get("authorId", "")
                known = number.isdecimal() and int(number) < len(authors)
                out = [f"{given.get('ref', '')} {authors[int(number)] if known else ''}: "]
        elif what == END:
            taking = ""
            if name == "comment":
                yield "".join(out).replace("\n", " ") + "\n"
        elif taking == "author":
            authors[-1] += name
        elif taking == "t":
            out.append(name)
