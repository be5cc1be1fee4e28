"""Takes out of HTML, SVG and XML what a reader of it sees, and the signs of what it would do when opened.

    shown       text, in the order of the source; blocks on lines, cells behind tabs; values of fields; data of XML
    left out    comments, scripts, styles, lines about program and author: counted
    not drawn   pictures and shapes: counted

Rule: the source of a page is never its text. Nothing is loaded, no entity of the file's own is resolved.
"""

import html
import re
from html.parser import HTMLParser
from typing import Final

_SKIPPED: Final = frozenset({"script", "style", "template"})
# Elements of SVG, OpenDocument, Word 2003 XML, GPX and Atom that tell about program and author.
_ABOUT: Final = frozenset(
    {"metadata", "meta", "documentproperties", "customdocumentproperties", "officedocumentsettings", "namedview"}
    | {
        "author",
        "creator",
        "lastauthor",
        "settings",
        "worksheetoptions",
        "excelworkbook",
        "generator",
        "initial-creator",
        "rsids",
        "style",
        "script",
        "docpr",
    }
)
_ABOUT_ATTRIBUTES: Final = re.compile(r"(?:^|[:-])(?:author|creator|generator|producer|last-?modified-?by)$")
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "hr",
        "blockquote",
        "title",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "form",
        "fieldset",
        "pre",
        "option",
        "textarea",
        "dt",
        "dd",
        "dl",
        "figcaption",
        "address",
        "caption",
        "text",
        "tspan",
        "desc",
        "row",
        "table-row",
        "h",
        "sectpr",
    ]
)
_CELLS: Final = frozenset({"td", "th", "cell", "table-cell", "tc"})
_UNDRAWN: Final = frozenset(
    [
        "img",
        "video",
        "audio",
        "canvas",
        "object",
        "embed",
        "iframe",
        "svg",
        "image",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "use",
        "frame",
        "applet",
        "bindata",
        "binary-data",
    ]
)
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "base", "embed", "area", "col", "wbr", "source"})
_OFFICE_ROOTS: Final = frozenset({"office:document", "w:worddocument", "workbook", "ss:workbook", "pkg:package"})
_UNSEEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_LOADING: Final = frozenset({"src", "srcset", "background", "poster", "data", "xlink:href", "dynsrc", "lowsrc"})
_ELSEWHERE: Final = re.compile(r"\s*(?:(?:https?|ftp|file|wss?):|//|\\\\)", re.IGNORECASE)
_STYLE_LOADS: Final = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
_EVENT: Final = re.compile(r"on[a-z]{3,}$")
_SCRIPT_LINK: Final = re.compile(r"\s*(?:javascript|vbscript):", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"<!doctype\b[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_DOCTYPE_WITHIN: Final = 1 << 16


class Markup(HTMLParser):
    """One page, drawing or data file that is read.

    Attributes:
        left_out: comments, scripts, styles, and elements about program and author.
        hidden: pieces of text that the page hides.
        undrawn: pictures, films and shapes.
        links: whose address is not in the text.
        scripts: programs in it; likewise `loads`, what it takes from elsewhere when opened.
        loads: see scripts.
        entities: 1 if it declares entities.
    """

    def __init__(self, source: str, code: str) -> None:
        """Read a source of a kind: html, svg or xml, which is data and shown with the values of its attributes."""
        super().__init__(convert_charrefs=True)
        self.left_out = self.hidden = self.undrawn = self.links = self.scripts = self.loads = self.entities = 0
        self._is_data = self._has_values = code == "xml"
        self._about = _SKIPPED if code == "html" else _ABOUT
        self._skipping: list[str] = []
        self._cells = 0  # how deep in cells of a table that is data
        self._kept = 0  # how deep in elements that keep their blanks
        self._pieces: list[str] = []
        self.feed(self._without_declarations(source))
        self.close()

    def text(self) -> str:
        """Return what is shown."""
        lines = (line.strip(" ") for line in "".join(self._pieces).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"

    def _without_declarations(self, source: str) -> str:
        """Return the source without document type and comments, and with CDATA as text; each in one pass."""
        doctype = _DOCTYPE.search(source, 0, _DOCTYPE_WITHIN)
        if doctype:
            self.entities = int("<!entity" in doctype[0].lower())
            self.left_out += self.entities
            source = source[: doctype.start()] + source[doctype.end() :]
        kept: list[str] = []
        at = 0
        while (begin := source.find("<!", at)) >= 0:
            kept.append(source[at:begin])
            is_comment, is_data = source.startswith("<!--", begin), source.startswith("<![CDATA[", begin)
            mark = "-->" if is_comment else "]]>" if is_data else ">"
            end = source.find(mark, begin + (4 if is_comment else 2))
            stop = end if end >= 0 else len(source)
            if is_data:
                kept.append(html.escape(source[begin + 9 : stop]))
            else:
                self.left_out += is_comment
            at = stop + len(mark)
        cleaned = "".join(kept) + source[at:]
        end = (
            cleaned.rfind(">") + 1
        )  # what is opened behind it never closes: that is text, and no parser searches its end
        return cleaned[:end] + cleaned[end:].replace("<", "&lt;")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        name = tag.rpartition(":")[2]
        values = {key: value or "" for key, value in attrs}
        self._judge(name, values)
        if self._is_data and tag in _OFFICE_ROOTS:
            self._has_values = False  # its attributes are those of styles
        if name in self._about:
            self.left_out += not self._skipping
            self._skipping.append(tag)
        if self._skipping:
            return
        self.undrawn += name in _UNDRAWN
        self.left_out += name == "meta" and "content" in values
        self.links += name == "a" and values.get("href", "#")[:1] != "#"
        is_unseen = (
            "hidden" in values or values.get("type") == "hidden" or bool(_UNSEEN.search(values.get("style", "")))
        )
        self.hidden += is_unseen
        self._kept += name in ("pre", "textarea")
        self._cells += self._is_data and name in _CELLS
        self._pieces.append("\t" if name in _CELLS else "" if self._cells else "\n" if name in _BLOCKS else "")
        if self._has_values:
            self._pieces += self._told(values)
        elif not self._is_data:
            self._pieces += [
                f" {value} " for key in ("value", "alt", "placeholder") if (value := values.get(key, "").strip())
            ]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin and end an element."""
        self.handle_starttag(tag, attrs)
        if self._is_data or tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self._skipping:
            if tag in self._skipping:
                del self._skipping[self._skipping.index(tag) :]
            return
        name = tag.rpartition(":")[2]
        self._kept = max(0, self._kept - (name in ("pre", "textarea")))
        self._cells = max(0, self._cells - (self._is_data and name in _CELLS))
        is_block = name in _BLOCKS and not self._cells and self._pieces and self._pieces[-1] != "\n"
        if self._has_values or is_block:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take in text."""
        if not self._skipping:
            self._pieces.append(data if self._kept else _BLANKS.sub(" ", data))
        elif self._skipping[-1].endswith("style"):
            self.loads += bool(_STYLE_LOADS.search(data))

    def _told(self, values: dict[str, str]) -> list[str]:
        told = []
        for key, value in values.items():
            if _ABOUT_ATTRIBUTES.search(key):
                self.left_out += 1
            elif value and not key.startswith(("xmlns", "xsi:", "xml:")):
                told.append(f" {key}: {value} ")
        return told

    def _judge(self, name: str, values: dict[str, str]) -> None:
        """Count what opening the element would run or load."""
        is_page = not self._is_data
        self.scripts += is_page and name == "script"
        for key, value in values.items():
            self.scripts += is_page and bool(_EVENT.match(key) or _SCRIPT_LINK.match(value))
            is_loading = key in _LOADING or (key == "href" and name in ("link", "image", "use", "base"))
            self.loads += is_page and is_loading and bool(_ELSEWHERE.match(value))
            self.loads += is_page and key == "style" and bool(_STYLE_LOADS.search(value))
        refresh = values.get("http-equiv", "").lower() == "refresh"
        self.loads += is_page and refresh and "url" in values.get("content", "").lower()


def text_of(page: str) -> str:
    """Return the text of a page (HTML), its blocks on lines of their own, without empty lines."""
    lines = (" ".join(line.split()) for line in Markup(page, "html").text().split("\n"))
    return "\n".join(line for line in lines if line)
