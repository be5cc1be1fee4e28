"""Reads the text of documents of Word (.docx and its siblings; ECMA-376 part 1, 17).

    body · footnotes · headers and footers · comments with their authors · charts, drawings, own data

Rule: every part with letters is read; metadata of the file (docProps) and styles are not text.
"""

from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents import words
from dropbox.triage.evidence.inside.documents.package import END, START, Event, Package
from dropbox.triage.evidence.inside.reading import Reading

_HEADS: Final = {
    "footnotes": "Catatan kaki (footnotes)",
    "endnotes": "Catatan akhir (endnotes)",
    "header": "Kepala halaman (header)",
    "footer": "Kaki halaman (footer)",
    "chart": "Bagan (chart)",
    "diagramData": "Diagram (SmartArt)",
    "glossaryDocument": "Teks siap pakai (building blocks)",
}
_COMMENTS: Final = "Komentar (comments)"
INSIDE: Final = "Dokumen atau bagan di dalamnya (document or chart inside)"
_OWN_DATA: Final = "Data lain di dalam berkas (other data inside)"
# Parts that say how the document looks or who made it.
_NO_TEXT: Final = ("docProps/", "_rels/", "[Content_Types]", "customXml/itemProps")
_NO_TEXT_ENDS: Final = (
    *("styles.xml", "settings.xml", "fontTable.xml", "numbering.xml", "people.xml", "stylesWithEffects.xml"),
    *("commentsExtended.xml", "commentsIds.xml", "commentsExtensible.xml", "commentAuthors.xml", "authors.xml"),
    *("presProps.xml", "viewProps.xml", "tableStyles.xml", "calcChain.xml", "metadata.xml", "workbook.xml"),
)


def heading(text: str) -> str:
    """Return a line that begins a section of the text."""
    return f"\n== {text} ==\n"


def pieces(reading: Reading, package: Package) -> Iterator[str]:
    """Yield the text of the document; raises CannotError, see Package."""
    main = package.main_part("word/document.xml")
    hidden = _hidden_styles(package, main)
    relations = package.relations(main)
    yield from words.lines(package.events(main), reading, relations, hidden)
    for relation in relations.values():
        if relation.kind in _HEADS and not relation.is_external:
            yield from section(reading, package, relation.kind, relation.target)
    for part in package.related(main, "comments"):
        yield heading(_COMMENTS)
        yield from words.lines(_named(package.events(part), reading), reading)
    yield from others(reading, package)


def section(reading: Reading, package: Package, kind: str, part: str) -> Iterator[str]:
    """Yield the text of a further part with its heading; nothing if it has no letters."""
    read = words.plain if kind == "chart" else None
    relations = package.relations(part)
    if read:
        text = "".join(read(package.events(part)))
    else:
        text = "".join(words.lines(package.events(part), reading, relations))
    if text.strip():
        yield heading(_HEADS[kind]) + text
    for relation in relations.values():
        if relation.kind in ("chart", "diagramData") and not relation.is_external and relation.target not in (part,):
            yield from section(reading, package, relation.kind, relation.target)


def others(reading: Reading, package: Package) -> Iterator[str]:
    """Yield the letters of the parts that no reader knows: charts of charts, caches, data of other programs."""
    found = False
    for name in package.unread:
        if name.startswith(_NO_TEXT) or name.endswith(_NO_TEXT_ENDS) or "/theme/" in f"/{name}":
            continue
        for text in words.plain(package.events(name)):
            if not found:
                yield heading(_OWN_DATA)
                found = True
                reading.note("own-data")
            yield text


def _hidden_styles(package: Package, main: str) -> frozenset[str]:
    """Return the identifiers of the styles that hide their text."""
    found, current = set(), ""
    for part in package.related(main, "styles"):
        for what, name, given in package.events(part):
            if what == START and name == "style":
                current = given.get("styleId", "")
            elif what == START and name == "vanish" and given.get("val") not in ("0", "false", "off"):
                found.add(current)
    return frozenset(found - {""})


def _named(events: Iterator[Event], reading: Reading) -> Iterator[Event]:
    """Add the number, author and day of each comment to its letters."""
    for event in events:
        yield event
        if event.what == START and event.name == "comment":
            reading.note("comments")
            given = event.attributes
            said = f"[{words.COMMENT} {given.get('id', '')}] {given.get('author', '')} {given.get('date', '')[:10]}: "
            yield Event(START, "t", {})
            yield Event(2, said, {})
            yield Event(END, "t", {})
