"""Reads the text of presentations (.pptx and its siblings; ECMA-376 part 1, 19): slides, notes, comments, layouts.

Rule: hidden slides and speaker's notes are read and noted; slides come in the order in which they are shown.
"""

from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents import word, words
from dropbox.triage.evidence.inside.documents.package import END, START, Event, Package
from dropbox.triage.evidence.inside.reading import Reading

_SLIDE: Final = "Salindia (slide)"
_NOTES: Final = "Catatan pembicara (notes)"
_COMMENTS: Final = "Komentar (comments)"
_LAYOUT: Final = "Latar salindia (layouts)"
_OFF: Final = frozenset({"0", "false", "off"})


def pieces(reading: Reading, package: Package) -> Iterator[str]:
    """Yield the text of the presentation; raises CannotError, see Package."""
    main = package.main_part("ppt/presentation.xml")
    relations = package.relations(main)
    order = [given.get("r:id", "") for what, name, given in package.events(main) if what == START and name == "sldId"]
    backgrounds: dict[str, None] = {}
    for number, identifier in enumerate(order, 1):
        if identifier in relations:
            yield from _slide(reading, package, relations[identifier].target, number, backgrounds)
    shown = "".join(text for part in backgrounds for text in words.lines(_own_shapes(package.events(part)), reading))
    if shown.strip():
        yield word.heading(_LAYOUT) + shown
    for name in package.unread:  # layouts that no slide uses hold only "Click to edit"
        if "/slideLayouts/" in name or "Masters/" in name:
            package.skip(name)
    yield from word.others(reading, package)


def _slide(reading: Reading, package: Package, part: str, number: int, backgrounds: dict[str, None]) -> Iterator[str]:
    body = list(package.events(part))
    is_hidden = any(one.name == "sld" and one.attributes.get("show") in _OFF for one in body[:1])
    if is_hidden:
        reading.note("hidden-slides")
    yield word.heading(f"{_SLIDE} {number}" + (f" [{words.HIDDEN}]" if is_hidden else ""))
    relations = package.relations(part)
    yield from words.lines(body, reading, relations)
    for relation in relations.values():
        if relation.is_external:
            continue
        if relation.kind in ("chart", "diagramData"):
            yield from word.section(reading, package, relation.kind, relation.target)
        elif relation.kind == "notesSlide":
            text = "".join(words.lines(_without_numbers(package.events(relation.target)), reading))
            if text.strip():
                reading.note("slide-notes")
                yield f"{_NOTES}: {text}"
        elif relation.kind == "comments":
            yield f"{_COMMENTS}:\n"
            yield from _comments(reading, package.events(relation.target))
        elif relation.kind == "slideLayout":
            backgrounds[relation.target] = None
            backgrounds |= dict.fromkeys(package.related(relation.target, "slideMaster"))


def _without_numbers(events: Iterator[Event]) -> Iterator[Event]:
    """Leave out fields (the slide's number, the day): they are no notes."""
    inside = 0
    for event in events:
        if event.name == "fld" and event.what in (START, END):
            inside += 1 if event.what == START else -1
        elif not inside:
            yield event


def _own_shapes(events: Iterator[Event]) -> Iterator[Event]:
    """Leave out placeholders: their words are not drawn."""
    held: list[Event] = []
    is_holding = is_placeholder = False
    for event in events:
        if event.what == START and event.name == "sp":
            held, is_holding, is_placeholder = [], True, False
        is_placeholder |= event.what == START and event.name == "ph"
        if not is_holding:
            yield event
            continue
        held.append(event)
        if event.what == END and event.name == "sp":
            is_holding = False
            if not is_placeholder:
                yield from held


def _comments(reading: Reading, events: Iterator[Event]) -> Iterator[str]:
    out: list[str] = []
    taking = False
    for what, name, _ in events:
        if what == START:
            taking = name in ("text", "t")
            if name in ("cm", "reply"):
                reading.note("comments")
        elif what == END:
            taking = False
            if name in ("text", "p") and out:
                yield "".join(out).replace("\n", " ") + "\n"
                out.clear()
        elif taking:
            out.append(name)
