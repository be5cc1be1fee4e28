"""Makes all of a text or presentation visible: comments, tracked changes, hidden words, hidden slides and shapes.

Rule: words are added only with a mark (comments); none is changed.
"""

import re
import zipfile
from typing import Final

from dropbox.triage.evidence.inside.documents.steering.office import MARKED, SHAPES_MAX, Office, Remote, put, values

_HIDING: Final = re.compile(rb'text:display="(?:none|condition)"')
_MARKING: Final = b'fo:background-color="#fff3c4"'
_COMMENT: Final = "Komentar (comment)"


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
            if shape.ShapeType == "com.sun.star.presentation.NotesShape" and not shape.IsEmptyPresentationObject:
                return True
    return False


def shown(office: Office, document: Remote, source: str) -> Remote:
    """Return the document in a window, with tracked changes, hidden text and comments visible."""
    copy = f"{source}.odt"
    comments = _show_comments(document)
    document.storeToURL(f"file://{copy}", values(FilterName="writer8"))
    document.close(False)  # noqa: FBT003
    shown = office.open_window(copy if _show_hidden(copy) or comments else source)
    put(shown, ShowChanges=True)
    return shown


def _show_hidden(path: str) -> bool:
    """Unhide the words of an OpenDocument file; return whether some were hidden."""
    changed = {}
    with zipfile.ZipFile(path) as archive:
        for name in ("content.xml", "styles.xml"):
            raw = archive.read(name)
            shown = _HIDING.sub(_MARKING, raw)
            if shown != raw:
                changed[name] = shown
        if changed:
            members = {name: changed.get(name) or archive.read(name) for name in archive.namelist()}
    if changed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in members.items():
                archive.writestr(name, raw)
    return bool(changed)


def _show_comments(document: Remote) -> int:
    """Put the words of each comment into the text, where the comment is."""
    fields = document.TextFields.createEnumeration()
    comments: list[Remote] = []
    while fields.hasMoreElements() and len(comments) < SHAPES_MAX:
        one = fields.nextElement()
        if one.supportsService("com.sun.star.text.textfield.Annotation"):
            comments.append(one)
    for comment in comments:
        anchor = comment.Anchor
        cursor = anchor.Text.createTextCursorByRange(anchor.End)
        words = f" [{_COMMENT} {comment.Author}: {comment.Content}]"
        anchor.Text.insertString(cursor, words, True)  # noqa: FBT003
        put(cursor, CharBackColor=MARKED, CharHidden=False)
        comment.dispose()
    return len(comments)
