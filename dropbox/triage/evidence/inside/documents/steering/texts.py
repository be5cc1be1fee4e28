"""Makes all of a text or presentation visible: comments, tracked changes, hidden words, hidden slides and shapes.

Rule: words are added only with a mark (comments); none is changed.
"""

import re
import zipfile
from typing import Final

from dropbox.triage.evidence.inside.documents.steering.office import SHAPES_MAX, Office, Remote, put, values

_PARTS: Final = ("content.xml", "styles.xml")
_HIDING: Final = re.compile(rb'text:display="(?:none|condition)"')
_MARKING: Final = b'fo:background-color="#fff3c4"'
_COMMENT: Final = re.compile(rb"<office:annotation(?=[ >])[^>]*>(.*?)</office:annotation>", re.DOTALL)
_COMMENT_END: Final = re.compile(rb"<office:annotation-end[^>]*/>")
_AUTHOR: Final = re.compile(rb"<dc:creator>.*?</dc:creator>", re.DOTALL)
_DATE: Final = re.compile(rb"<(dc:date|meta:date-string|meta:creator-initials)>.*?</\1>", re.DOTALL)
# Of a notes page: the picture of the slide, its number, the day.
_FURNITURE: Final = frozenset({"PageShape", "SlideNumberShape", "DateTimeShape", "HeaderShape", "FooterShape"})
_TAG: Final = re.compile(rb"<[^>]*>")
_WORDS: Final = b"Komentar (comment) "
_STYLES_END: Final = b"</office:automatic-styles>"
_STYLE: Final = (
    b'<style:style style:name="seen-comment" style:family="text"><style:text-properties '
    + _MARKING
    + b"/></style:style>"
)


def show_slides(document: Remote) -> None:
    """Show hidden slides and shapes."""
    for number in range(document.DrawPages.Count):
        page = document.DrawPages.getByIndex(number)
        put(page, Visible=True)
        for place in range(min(page.Count, SHAPES_MAX)):
            put(page.getByIndex(place), Visible=True, Printable=True)


def has_notes(document: Remote) -> bool:
    """Return whether a slide has speaker's notes."""
    for number in range(document.DrawPages.Count):
        notes = document.DrawPages.getByIndex(number).NotesPage
        for place in range(min(notes.Count, SHAPES_MAX)):
            shape = notes.getByIndex(place)
            is_own = shape.ShapeType.rpartition(".")[2] not in _FURNITURE
            if is_own and shape.supportsService("com.sun.star.drawing.Text") and shape.String.strip():
                return True
    return False


def shown(office: Office, document: Remote, source: str) -> Remote:
    """Return the document in a window, with tracked changes, hidden words and comments visible."""
    copy = f"{source}.odt"
    document.storeToURL(f"file://{copy}", values(FilterName="writer8"))
    document.close(False)  # noqa: FBT003
    opened = office.open_window(copy if _show_hidden(copy) else source)
    put(opened, ShowChanges=True)
    return opened


def _show_hidden(path: str) -> bool:
    """Unhide the words of an OpenDocument text, and put its comments between them; return whether there were any."""
    changed = {}
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in _PARTS:
        raw = members.get(name, b"")
        visible = _COMMENT.sub(_written, _HIDING.sub(_MARKING, raw))
        if visible != raw:
            changed[name] = _COMMENT_END.sub(b"", visible).replace(_STYLES_END, _STYLE + _STYLES_END, 1)
    if changed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in (members | changed).items():
                archive.writestr(name, raw)
    return bool(changed)


def _written(comment: re.Match[bytes]) -> bytes:
    """Return a comment as words of the text. A window of Writer draws none: see Office.open."""
    author = _AUTHOR.search(comment[1])
    words = _TAG.sub(b" ", _AUTHOR.sub(b"", _DATE.sub(b"", comment[1]))).strip()
    name = _TAG.sub(b"", author[0]) if author else b""
    return b'<text:span text:style-name="seen-comment"> [' + _WORDS + name + b": " + words + b"] </text:span>"
