"""Knows texts by their form: mail, saved pages, markup, cards, calendars.

Rule: the first lines decide, after marks and blank lines; a form that is only mentioned in a text does not count.
"""

import re
from typing import Final

_BLANK: Final = "\ufeff \t\r\n\0"
_FIELD: Final = re.compile(r"([!-9;-~]{1,76}):[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*")
# Fields of RFC 5322 and 2045 that programs write; two of them in a row of fields are the head of a mail.
_MAIL_FIELDS: Final = frozenset(
    (
        *("from", "to", "cc", "bcc", "date", "subject", "sender", "reply-to", "return-path", "received", "message-id"),
        *("mime-version", "content-type", "delivered-to", "in-reply-to", "references", "x-mailer"),
    )
)
_SAVED_PAGE: Final = frozenset({"snapshot-content-location", "content-location"})
_SAVED_BY: Final = re.compile(r"^From:[ \t]*\"?<?Saved by ", re.IGNORECASE | re.MULTILINE)
_RELATED: Final = re.compile(r"^Content-Type:[ \t]*multipart/related", re.IGNORECASE | re.MULTILINE)
_ENVELOPE: Final = re.compile(r"From [^\n]*\d\d:\d\d[^\n]*\n(?=[!-9;-~]{1,76}:)")
_BEFORE_MAIL: Final = re.compile(r"(?:>From [^\n]*\n|\d{1,9}[ \t]*\r?\n)+(?=[!-9;-~]{1,76}:)")  # relays; Apple Mail
_ROOT: Final = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_NO_ROOT: Final = re.compile(r"<(?:!--.*?(?:-->|\Z)|\?.*?(?:\?>|\Z)|![A-Za-z][^<>\[]*(?:\[.*?\]\s*)?>)\s*", re.DOTALL)
_DOCTYPE_HTML: Final = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_PAGE_TAGS: Final = frozenset(
    (
        *(
            "html",
            "head",
            "body",
            "title",
            "meta",
            "link",
            "style",
            "script",
            "table",
            "tr",
            "td",
            "div",
            "p",
            "br",
            "hr",
        ),
        *("h1", "h2", "h3", "h4", "ul", "ol", "li", "a", "b", "i", "u", "span", "font", "center", "img", "form", "pre"),
        *("iframe", "section", "article", "main", "header", "nav", "base", "input", "strong", "em", "blockquote"),
    )
)
_PAGE: Final = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PAGE_END: Final = re.compile(r"</(?:html|body)\s*>\s*\Z", re.IGNORECASE)
_RTF: Final = re.compile(r"\{\\rtf\d+\s*(?=([\\{])|[} ])")  # and a second control word or group
_RTF_BYTES: Final = re.compile(rb"\{\\rtf\d+\s*\\[a-z]")
_PDF: Final = re.compile(rb"%PDF-\d\.\d")
_PDF_LINE: Final = re.compile(rb"%PDF-\d\.\d[ \t]*(?:[\r\n%]|\Z)")
_PDF_BODY: Final = re.compile(rb"\d+\s+\d+\s+obj\b|%%EOF|startxref")
PDF_WITHIN: Final = 1024  # PDF readers search so many bytes for the sign (ISO 32000-2, annex C of older editions)
_CARDS: Final = {"BEGIN:VCARD": "vcf", "BEGIN:VCALENDAR": "ics", "BEGIN:VMSG": "vmg", "BEGIN:VNOTE": "vmg"}
_XML_DECLARED: Final = re.compile(r"<\?xml\s", re.IGNORECASE)
_POSTSCRIPT: Final = re.compile(r"%!PS(?:-Adobe-\d\.\d)?\b")


def form(head: str, tail: str) -> str:
    """Return the code of a text's kind, "text" if it has no form of its own.

    Args:
        head: its first letters, decoded.
        tail: its last letters, decoded.
    """
    start = head.lstrip(_BLANK)
    for sign, code in _CARDS.items():
        if start[: len(sign)].upper() == sign:
            return code
    if (rtf := _RTF.match(start)) and (rtf[1] or tail.endswith("}")):
        return "rtf"
    if _POSTSCRIPT.match(start):
        return "postscript"
    if start.startswith("<"):
        return _markup(start, tail)
    if mail := _mail(start):
        return mail
    return "html" if _PAGE.search(start[:PDF_WITHIN]) and _PAGE_END.search(tail) else "text"


def is_rich(head: bytes) -> bool:
    """Return whether bytes begin as RTF that may hold binary parts."""
    return bool(_RTF_BYTES.match(head))


def mail_start(head: str) -> int:
    """Return how many letters are before the first field of a mail: blanks, lines of relays and programs."""
    blank = len(head) - len(head.lstrip(_BLANK))
    before = _BEFORE_MAIL.match(head, blank)
    return before.end() if before else blank


def pdf_start(head: bytes, tail: bytes) -> int | None:
    """Return where a PDF begins, at most PDF_WITHIN bytes after the first; None if there is none.

    Only its sign together with an object, or the end that only a PDF has, makes a PDF; or its sign as the first line.
    """
    match = _PDF.search(head, 0, PDF_WITHIN + 8)
    if match is None:
        return None
    is_line = not match.start() and _PDF_LINE.match(head)
    has_body = _PDF_BODY.search(head, match.end()) or _PDF_BODY.search(tail)
    return match.start() if is_line or has_body else None


def _markup(start: str, tail: str) -> str:
    rest = start
    while other := _NO_ROOT.match(rest):
        rest = rest[other.end() :]
    root = _ROOT.match(rest)
    name = root[1].lower() if root else ""
    if name == "svg":
        return "svg"
    if _DOCTYPE_HTML.match(start) or name in ("html", "head", "body"):
        return "html"
    if _XML_DECLARED.match(start):
        return "xml"
    if not name or not tail.endswith(">"):
        return "text"  # words that begin with a tag, not a fragment of a page
    return (
        "html" if name in _PAGE_TAGS else "xml" if re.search(rf"</[\w.:-]*{re.escape(name)}\s*>|/>", tail) else "text"
    )


def _mail(start: str) -> str:
    text = start.replace("\r\n", "\n")
    if _ENVELOPE.match(text):
        return "mbox"
    text = text[mail_start(text) :]
    at, names = 0, []
    while field := _FIELD.match(text, at):
        names.append(field[1].lower())
        at = field.end()
    known = [name for name in names if name in _MAIL_FIELDS]
    is_head = len(set(known)) >= 2 and text[at : at + 1] in ("\n", "") and 2 * len(known) >= len(set(names)) - 20
    if not is_head:
        return ""
    is_page = not _SAVED_PAGE.isdisjoint(names) or _SAVED_BY.search(text[:at])
    return "mht" if is_page and _RELATED.search(text[:at]) else "mail"
