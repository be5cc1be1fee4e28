"""Reads the text of OpenDocument files (.odt, .ods, .odp; OpenDocument 1.3, part 3).

    content.xml · styles.xml (headers and footers) · charts and other documents inside

Rule: hidden sheets, rows, columns, slides and words, deleted text and comments are read, marked and noted.
"""

from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.documents import word, words
from dropbox.triage.evidence.inside.documents.package import END, START, TEXT, Event, Package
from dropbox.triage.evidence.inside.reading import Reading

_SHEET, _SLIDE = "Lembar (sheet)", "Salindia (slide)"
_NOTES: Final = "Catatan pembicara (notes): "
_HEADS: Final = "Kepala dan kaki halaman (headers and footers)"
_NO_TEXT: Final = ("meta.xml", "settings.xml", "styles.xml", "manifest.xml", "documentsignatures.xml")
_NOT_SHOWN: Final = frozenset({"collapse", "filter"})
_PARAGRAPHS: Final = frozenset({"p", "h"})
_VALUES: Final = ("value", "date-value", "time-value", "boolean-value", "string-value")
_CONTROLS: Final = ("label", "value", "current-value")
_SPACES_MAX: Final = 100


class _Hidden:
    """Names of the styles that hide what has them: words, sheets, slides."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.sheets: set[str] = set()
        self.slides: set[str] = set()
        self._style = ""

    def event(self, name: str, given: dict[str, str]) -> None:
        """Take the start of an element."""
        if name == "style":
            self._style = given.get("name", "")
        elif name == "text-properties" and given.get("display") in ("none", "condition"):
            self.words.add(self._style)
        elif name == "table-properties" and given.get("display") == "false":
            self.sheets.add(self._style)
        elif name == "drawing-page-properties" and given.get("visibility") == "hidden":
            self.slides.add(self._style)


class _Walk:
    """The state between the first and the last element of a part."""

    def __init__(self, reading: Reading, hidden: _Hidden) -> None:
        self._reading, self._hidden = reading, hidden
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []  # (name, what to write at its end)
        self._paragraphs = self._cells = self._slides = self._quiet = self._notes = 0
        self._inserted: set[str] = set()
        self._region = ""
        self._begin_of_cell = 0
        self._exact: list[str] = []

    def take(self) -> str:
        """Return the finished lines."""
        text = "".join(self._out)
        self._out.clear()
        return text

    def is_at_end_of_line(self) -> bool:
        """Return whether the last line is complete."""
        return bool(self._out) and self._out[-1].endswith("\n") and not self._cells and not self._notes

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the start of an element."""
        after = self._start(name, given)
        self._open.append((name, after))

    def _start(self, name: str, given: dict[str, str]) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915  one for each element
        self._hidden.event(name, given)
        style = given.get("style-name", "")
        if name in _PARAGRAPHS:
            self._paragraphs += 1
            return self._hide(style) + (" " if self._cells else "\n")
        if name == "span":
            return self._hide(style)
        if name in ("hidden-text", "hidden-paragraph"):
            self._reading.note("hidden-text")
            self._out.append(f" {words.mark(words.HIDDEN, given.get('string-value', ''))} ")
        elif name == "section" and given.get("display") in ("none", "condition"):
            self._reading.note("hidden-text")
            self._out.append(f"[{words.HIDDEN}: ")
            return "]\n"
        elif name == "s":
            count = given.get("c", "1")
            self._out.append(" " * (min(int(count), _SPACES_MAX) if count.isdecimal() else 1))
        elif name == "tab":
            self._out.append("\t")
        elif name == "line-break":
            self._out.append("\n")
        elif name == "changed-region":
            self._region = given.get("id", "")
        elif name == "insertion":
            self._inserted.add(self._region)
            self._reading.note("changes")
        elif name == "deletion":
            self._reading.note("changes")
            self._out.append(f"[{words.DELETED}: ")
            return "]\n"
        elif name == "change-info":
            return self._muted()
        elif name == "change-start" and given.get("change-id") in self._inserted:
            self._out.append(f"[{words.INSERTED}: ")
        elif name == "change-end" and given.get("change-id") in self._inserted:
            self._out.append("]")
        elif name == "annotation":
            self._reading.note("comments")
            self._out.append(f" [{words.COMMENT} ")
            return "] "
        elif name in ("creator", "date") and any(one == "annotation" for one, _ in self._open):
            self._paragraphs += 1
            return "\0 "
        elif name in ("title", "desc"):
            self._paragraphs += 1
            self._out.append(f" [{words.PICTURE}: ")
            return "\0] "
        elif name in ("note-citation", "page-number", "page-count"):
            return self._muted()
        elif name == "note-body":
            self._out.append(f" [{words.NOTE}: ")
            return "] "
        elif name == "a" and given.get("href"):
            return f" <{given['href']}>" if not given["href"].startswith("#") else ""
        elif name == "table" and not self._cells:
            return self._sheet(style, given)
        elif name in ("table-row", "table-column") and given.get("visibility") in _NOT_SHOWN:
            kind = "rows" if name == "table-row" else "columns"
            count = given.get(f"number-{kind}-repeated", "1")
            self._reading.note(f"hidden-{kind}", int(count) if count.isdecimal() else 1)
            if name == "table-row":
                self._out.append(f"[{words.HIDDEN}] ")
                return "\n"
        elif name == "table-row":
            return "\n"
        elif name in ("table-cell", "covered-table-cell"):
            self._cells += 1
            self._exact.append(next((given[one] for one in _VALUES if given.get(one)), ""))
            self._begin_of_cell = len(self._out)
            return "\1"
        elif name == "page":
            self._slides += 1
            is_hidden = style in self._hidden.slides
            if is_hidden:
                self._reading.note("hidden-slides")
            self._out.append(word.heading(f"{_SLIDE} {self._slides}" + (f" [{words.HIDDEN}]" if is_hidden else "")))
        elif name == "notes":
            self._notes += 1
            self._out.append("\2")
            return "\2"
        elif any(given.get(one) for one in _CONTROLS) and not name.startswith(("table", "list", "property")):
            self._out.append(" ".join(given[one] for one in _CONTROLS if given.get(one)) + "\n")
        return ""

    def _hide(self, style: str) -> str:
        if style not in self._hidden.words:
            return ""
        self._reading.note("hidden-text")
        self._out.append(f"[{words.HIDDEN}: ")
        return "]"

    def _muted(self) -> str:
        self._quiet += 1
        return "\3"

    def _sheet(self, style: str, given: dict[str, str]) -> str:
        if not given.get("name"):
            return ""
        is_hidden = style in self._hidden.sheets
        if is_hidden:
            self._reading.note("hidden-sheets")
        if self._reading.code == "ods":
            self._out.append(word.heading(f"{_SHEET}: {given['name']}" + (f" [{words.HIDDEN}]" if is_hidden else "")))
        return ""

    def end(self) -> None:
        """Take the end of an element."""
        name, after = self._open.pop()
        if name in _PARAGRAPHS:
            self._paragraphs -= 1
        if after == "\1":
            self._end_cell()
        elif after == "\2":
            self._end_notes()
        elif after == "\3":
            self._quiet -= 1
        elif after.startswith("\0"):
            self._paragraphs -= 1
            self._out.append(after[1:])
        else:
            self._out.append(after)

    def _end_cell(self) -> None:
        self._cells -= 1
        exact = self._exact.pop()
        text = "".join(self._out[self._begin_of_cell :]).strip() if not self._cells else ""
        if exact and exact != text and not self._cells:
            self._out.append(f"[{exact}]" if text else exact)
        self._out.append("\t")

    def _end_notes(self) -> None:
        self._notes -= 1
        place = len(self._out) - 1 - self._out[::-1].index("\2") if "\2" in self._out else 0
        text = "".join(self._out[place + 1 :]).strip()
        del self._out[place:]
        if text:
            self._reading.note("slide-notes")
            self._out.append(f"{_NOTES}{text}\n")

    def letters(self, letters: str) -> None:
        """Take letters: only those of paragraphs are text."""
        if self._paragraphs and not self._quiet:
            self._out.append(letters)


def pieces(reading: Reading, package: Package) -> Iterator[str]:
    """Yield the text of the document; raises CannotError, see Package."""
    hidden = _Hidden()
    heads = "".join(_lines(reading, package.events("styles.xml"), hidden, only="master-styles"))
    yield from _lines(reading, package.events("content.xml"), hidden)
    if heads.strip():
        yield word.heading(_HEADS) + heads
    for name in package.unread:
        if name.endswith("/content.xml"):
            text = "".join(_lines(reading, package.events(name), hidden))
            if text.strip():
                yield word.heading(word.INSIDE) + text
        elif name.endswith(_NO_TEXT) or name.startswith(("Basic/", "META-INF/", "Configurations")):
            package.skip(name)
    yield from word.others(reading, package)


def _lines(reading: Reading, events: Iterator[Event], hidden: _Hidden, only: str = "") -> Iterator[str]:
    """Yield the lines of a part; `only`: of this element alone."""
    walk = _Walk(reading, hidden)
    inside = not only
    for what, name, given in events:
        if what == START and name == only:
            inside = True
        if not inside:
            if what == START:
                hidden.event(name, given)
            continue
        if what == START:
            walk.start(name, given)
        elif what == END:
            walk.end()
            if walk.is_at_end_of_line():
                yield walk.take()
            if name == only:
                inside = False
        elif what == TEXT:
            walk.letters(name)
    yield walk.take()
