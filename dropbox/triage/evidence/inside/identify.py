"""Identifies the kind of a file by its structure.

    all bytes are letters      the form of the text (identity.words), or a PDF
    else                       a header with two fields that agree (identity.pictures, .recordings, .archives),
                               a directory (identity.packages, .compounds), or the letters of a text with odd bytes
    none of these              the same, up to 1024 bytes further on: what is before is named and cut off

Rule: a file that is all text is text, whatever its first letters; any bytes get an answer. "Also another kind" needs
two complete structures.
"""

import re
from typing import Final, NamedTuple

from dropbox.triage.evidence.inside import letters
from dropbox.triage.evidence.inside.identity import archives, compounds, packages, pictures, recordings, words
from dropbox.triage.evidence.inside.identity.peek import Peek
from dropbox.triage.evidence.inside.letters import Encoding
from dropbox.triage.evidence.inside.reply import DONE, write

_WITHIN: Final = words.PDF_WITHIN
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n\0"
# Signs that may follow junk; each is checked by its structure before it counts.
_LATER: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF|II\*\0|MM\0\*|PK\x03\x04|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|\x1f\x8b\x08|ID3[\2-\4]"
    rb"|OggS|fLaC|FLV\x01|#!AMR|caff|FORM|\0\0\x01[\xba\xb3]|\x1a\x45\xdf\xa3|\x30\x26\xb2\x75|....ftyp",
    re.DOTALL,
)
_HOLDERS: Final = frozenset(  # kinds that hold other files whole, as they are
    (
        *("zip", "docx", "xlsx", "xlsb", "pptx", "vsdx", "xps", "odt", "ods", "odp", "odg", "epub", "iwork"),
        *(
            "program",
            "ole",
            "compound",
            "locked",
            "msg",
            "doc",
            "xls",
            "ppt",
            "vsd",
            "pub",
            "tnef",
            "mail",
            "mht",
            "mbox",
        ),
        *("tar", "iso", "rar", "7z", "cab", "lzh", "sqlite", "access", "text", "unknown"),
    )
)


class Identity(NamedTuple):
    """The code of a kind (evidence.kinds), the bytes before its header, and whether it is also another kind."""

    code: str
    start: int = 0
    is_polyglot: bool = False


def kind() -> None:
    """Write the identity of the file on standard input as the reply."""
    found = identify(0)
    write(DONE + f"{found.code} {found.start} {found.is_polyglot:d}".encode("ascii"))


def identify(descriptor: int) -> Identity:
    """Return the identity of an open file."""
    file = Peek(descriptor)
    if not file.size:
        return Identity("empty")
    encoding = letters.encoding_of(descriptor)
    code, start = _identified(file, encoding)
    return Identity(code, start, _is_polyglot(file, code, start))


def _identified(file: Peek, encoding: Encoding | None) -> tuple[str, int]:
    is_all_text = (
        encoding is not None and not encoding.is_guess and (encoding.name != "utf-8" or not _has_control(file.head))
    )
    if not is_all_text and (code := _binary(file)):
        return code, 0
    form, start = _text(file, encoding) if encoding else ("", 0)
    if form in ("", "text", "html", "xml") and (pdf := words.pdf_start(file.head, file.tail)) is not None:
        return "pdf", pdf
    if not is_all_text:
        code, later = _later(file)
        if code:
            return code, later
    if form:
        return form, start
    return "unknown", 0


def _binary(file: Peek) -> str:
    """Return the code of what the file is from its first byte on; empty if that is not known."""
    head = file.head
    if head.startswith(packages.SIGNS) and (head[:4] != b"PK\x05\x06" or len(head) >= 22):
        return packages.package(file)
    if head.startswith(compounds.SIGN):
        return compounds.compound(file)
    if words.pdf_start(head, file.tail) == 0:
        return "pdf"
    if words.is_rich(head):
        return "rtf"
    return pictures.picture(file) or recordings.recording(file) or archives.archive(file)


def _text(file: Peek, encoding: Encoding) -> tuple[str, int]:
    head = letters.decode(file.head, encoding)
    tail_encoding = encoding._replace(mark=0)
    form = words.form(head, letters.decode(file.tail, tail_encoding).rstrip("\0\x1a \t\r\n\ufffd"))
    start = 0
    if form in ("mail", "mht", "mbox"):
        before = len(head[: words.mail_start(head)].encode("utf-8", "replace"))
        start = encoding.mark + before if encoding.name == "utf-8" and form != "mbox" else encoding.mark
    elif form == "rtf":
        start = max(0, file.head.find(b"{\\rtf"))
    return form, start


def _later(file: Peek) -> tuple[str, int]:
    """Return (code, offset) of what begins after junk; an empty code if nothing does."""
    blanks = len(file.head) - len(file.head.lstrip(_BLANKS))
    places = [blanks] if 0 < blanks <= _WITHIN else []
    places += [match.start() for match in _LATER.finditer(file.head, 1, _WITHIN + 12)]
    for place in places:
        if code := _binary(file.moved(place)):
            return code, place
    before = packages.prefix(file)
    if before:
        return packages.package(file.moved(before)), before
    loose = recordings.loose_frames(file)
    return ("mp3" if loose else "", loose)


def _has_control(head: bytes) -> bool:
    return any(sign < 32 and sign not in b"\t\n\r\f\v\b\x1b\x1a" for sign in set(head))


def _is_polyglot(file: Peek, code: str, start: int) -> bool:
    """Return whether the file is complete as a second kind too: an archive at its end, or a PDF inside."""
    if code in _HOLDERS:
        return False
    if (packages.prefix(file) or 0) > start:
        return True
    has_pdf = code != "pdf" and words.pdf_start(file.head, file.tail) is not None
    return has_pdf and b"startxref" in file.tail and b"%%EOF" in file.tail
