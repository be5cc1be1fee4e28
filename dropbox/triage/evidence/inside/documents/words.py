"""Turns the parts of a document into lines of text: Word's paragraphs, and those of drawings and slides.

    [dihapus/deleted: …]  [ditambah/inserted: …]  [tersembunyi/hidden: …]  [gambar/picture: …]  [komentar/comment 3]

Rule: what the author deleted, hid or only described is in the text, with a mark; nothing is taken from a drawing.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents.package import END, START, TEXT, Event, Relation
from dropbox.triage.evidence.inside.reading import Reading

DELETED, INSERTED, HIDDEN = "dihapus/deleted", "ditambah/inserted", "tersembunyi/hidden"
PICTURE, COMMENT, NOTE, FIELD = "gambar/picture", "komentar/comment", "catatan/note", "medan/field"
_LETTERS: Final = frozenset({"t", "delText"})
_CODES: Final = frozenset({"instrText", "delInstrText"})
_PROPERTIES: Final = frozenset({"rPr", "trPr", "tcPr", "tblPr", "numPr", "sectPr", "pPr"})
_CHANGES: Final = {"ins": INSERTED, "moveTo": INSERTED, "del": DELETED, "moveFrom": DELETED}
_REFERENCES: Final = {"commentReference": COMMENT, "footnoteReference": NOTE, "endnoteReference": NOTE}
_OFF: Final = frozenset({"0", "false", "off"})
# Fields whose result is all that a reader wants: page numbers, tables of contents, references.
_QUIET: Final = re.compile(
    r"\s*(?:(?:PAGE|NUMPAGES|SECTIONPAGES|TOC|REF|PAGEREF|SEQ|STYLEREF|XE|NOTEREF|FORM\w+|MERGEFIELD|DATE|TIME)\b|=)",
    re.IGNORECASE,
)
# Letters of Microsoft's sign fonts that people use as boxes and ticks.
_SIGNS: Final = {0x6F: "☐", 0x71: "☐", 0xA8: "☐", 0x78: "☒", 0xFD: "☒", 0xFE: "☑", 0x52: "☑", 0xFC: "✓", 0xFB: "✗"}


def mark(kind: str, text: str) -> str:
    """Return a text with a mark that says what it is."""
    return f"[{kind}: {text}]"


class _Walk:
    """The state between the first and the last element of a part."""

    def __init__(self, reading: Reading, relations: dict[str, Relation], hidden_styles: frozenset[str]) -> None:
        self.reading, self.relations, self.hidden_styles = reading, relations, hidden_styles
        self.out: list[str] = []
        self.choices: list[bool] = []
        self.skipped = self.properties = self.cells = self.runs = 0
        self.taking = self.coding = self.is_hidden = self.hidden_paragraph = False
        self.code: list[str] = []
        self.ends: list[str] = []  # of hyperlinks
        self.box = ""
        self.entries: list[str] = []
        self.chosen = 0

    def start(self, name: str, given: dict[str, str]) -> None:  # noqa: C901, PLR0912, PLR0915  one branch for each element
        if self.skipped or (name == "Fallback" and self.choices and self.choices[-1]):
            self.skipped += 1
        elif name in _PROPERTIES:
            self.properties += 1
        elif name in _LETTERS:
            self.taking = True
        elif name in _CODES:
            self.coding = True
        elif name == "AlternateContent":
            self.choices.append(False)
        elif name == "Choice" and self.choices:
            self.choices[-1] = True
        elif name == "p":
            self.hidden_paragraph = False
        elif name == "r":
            self.is_hidden = self.hidden_paragraph
        elif name in ("vanish", "specVanish"):
            self.is_hidden = given.get("val") not in _OFF
        elif name in ("rStyle", "pStyle") and given.get("val") in self.hidden_styles:
            self.is_hidden = True
            self.hidden_paragraph |= name == "pStyle"
        elif name in _CHANGES and not self.properties:
            self.reading.note("changes")
            self.out.append(f"[{_CHANGES[name]}: ")
        elif name == "fldSimple":
            self._field(given.get("instr", ""))
        elif name == "tab" and not given:
            self.out.append("\t")
        elif name in ("br", "cr"):
            self.out.append("\n")
        elif name == "noBreakHyphen":
            self.out.append("-")
        elif name == "sym":
            self._sign(given.get("char", ""))
        elif name in ("docPr", "cNvPr"):
            self._drawing(given)
        elif name in _REFERENCES:
            self.out.append(f"[{_REFERENCES[name]} {given.get('id', '')}]")
        elif name in ("hyperlink", "hlinkClick"):
            self._link(name, given)
        elif name == "tc":
            self.cells += 1
        elif name in ("textpath", "imagedata") and given.get("string", given.get("title")):
            self.out.append(f" {given.get('string', given.get('title'))} ")
        elif name == "checkBox":
            self.box = "[ ]"
        elif name in ("checked", "default") and self.box:
            self.box = "[ ]" if given.get("val") in _OFF else "[x]"
        elif name == "ddList":
            self.entries, self.chosen = [], 0
        elif name == "result":
            with contextlib.suppress(ValueError):
                self.chosen = int(given.get("val", "0"))
        elif name == "listEntry":
            self.entries.append(given.get("val", ""))

    def end(self, name: str) -> None:  # noqa: C901, PLR0912  one branch for each element
        if self.skipped:
            self.skipped -= 1
        elif name in _PROPERTIES:
            self.properties -= 1
        elif name in _LETTERS:
            self.taking = False
        elif name in _CODES:
            self.coding = False
        elif name == "fldChar" and self.code:
            self._field("".join(self.code))
            self.code.clear()
        elif name == "AlternateContent" and self.choices:
            self.choices.pop()
        elif name in _CHANGES and not self.properties:
            self.out.append("]")
        elif name == "hyperlink" and self.ends:
            self.out.append(self.ends.pop())
        elif name == "checkBox":
            self.out.append(self.box)
            self.box = ""
        elif name == "ddList":
            self.out.append(self.entries[self.chosen] if 0 <= self.chosen < len(self.entries) else "")
        elif name == "p":
            self.out.append(" " if self.cells else "\n")
        elif name == "tc":
            self.cells -= 1
            self.out.append("\t")
        elif name == "tr":
            self.out.append("\n")

    def letters(self, letters: str) -> None:
        if self.skipped:
            return
        if self.taking:
            if self.is_hidden:
                self.reading.note("hidden-text")
                letters = mark(HIDDEN, letters)
            self.out.append(letters)
        elif self.coding:
            self.code.append(letters)

    def _field(self, code: str) -> None:
        words = code.split()
        if words and not _QUIET.match(code):
            self.out.append(f" {mark(FIELD, ' '.join(words))} ")

    def _sign(self, char: str) -> None:
        with contextlib.suppress(ValueError):
            number = int(char, 16)
            is_private = 0xF000 <= number <= 0xF0FF
            self.out.append(_SIGNS.get(number & 0xFF, "▪") if is_private else chr(number))

    def _drawing(self, given: dict[str, str]) -> None:
        described = given.get("descr") or given.get("title")
        if described:
            self.out.append(f" {mark(PICTURE, described)} ")
        if given.get("hidden", "0") not in _OFF:
            self.reading.note("hidden-shapes")
            self.out.append(f" [{HIDDEN}] ")

    def _link(self, name: str, given: dict[str, str]) -> None:
        relation = self.relations.get(given.get("r:id", ""))
        address = relation.target if relation and relation.is_external else ""
        shown = f" <{address}>" if address else ""
        if name == "hyperlink":
            self.ends.append(shown)
        else:
            self.out.append(shown)


def lines(
    events: Iterable[Event],
    reading: Reading,
    relations: dict[str, Relation] | None = None,
    hidden_styles: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Yield the text of a part with paragraphs (ECMA-376 part 1, 17 WordprocessingML and 21.1 DrawingML text).

    Args:
        events: of the part.
        reading: gets the notes `changes`, `hidden-text` and `hidden-shapes`.
        relations: of the part: the addresses of its links.
        hidden_styles: identifiers of styles that hide their text.
    """
    walk = _Walk(reading, relations or {}, hidden_styles)
    for what, name, given in events:
        if what == START:
            walk.start(name, given)
        elif what == END:
            walk.end(name)
            if name in ("p", "tr") and walk.out:
                yield "".join(walk.out)
                walk.out.clear()
        elif what == TEXT:
            walk.letters(name)
    if walk.out:
        yield "".join(walk.out) + "\n"


def plain(
    events: Iterable[Event], skipped: frozenset[str] = frozenset({"f", "formatCode", "idx", "ptCount"})
) -> Iterator[str]:
    """Yield the letters of a part of which the structure is not known (charts, caches, own data), an element a line."""
    names: list[str] = []
    for what, name, given in events:
        if what == START:
            names.append(name)
            if given.get("v"):
                yield f"{given['v']}\n"
        elif what == END:
            if names:
                names.pop()
        elif name.strip() and names and names[-1] not in skipped:
            yield f"{name.strip()}\n"
