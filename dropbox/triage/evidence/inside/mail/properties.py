"""Properties of Outlook's messages (MAPI), as .msg files and TNEF have them, and the message made of them.

    property tag = u16 number ‖ u16 type                                              (MS-OXCDATA, 2.11; MS-OXPROPS)

Rule: a property that cannot be read is missing; the others are read.
"""

import datetime
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.triage.evidence.inside import markup
from dropbox.triage.evidence.inside.mail import charsets
from dropbox.triage.evidence.inside.mail.message import Attachment, Message, chosen

TEXT, TEXT8, BINARY, OBJECT, TIME, LONG = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040, 0x0003
SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
CLASS, DATA, LONG_NAME, SHORT_NAME, MIME_TYPE, DISPLAY_NAME = 0x001A, 0x3701, 0x3707, 0x3704, 0x370E, 0x3001
_SENT, _DELIVERED = 0x0039, 0x0E06
_CODE_PAGES: Final = (0x3FFD, 0x3FDE)  # of the message, of the Internet
_FROM: Final = ((0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F))  # on whose behalf; who sent: name, SMTP, address
_RECIPIENT: Final = (0x3001, 0x39FE, 0x3003)
_RECIPIENT_KIND: Final = 0x0C15
_LISTS: Final = {"To": 0x0E04, "Cc": 0x0E03, "Bcc": 0x0E02}
_KINDS: Final = {1: "To", 2: "Cc", 3: "Bcc"}
_UTF8: Final = 65001
_ANSI: Final = 1252
_EPOCH: Final = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
Note = Callable[[str], None]


@dataclass
class Properties:
    """Raw values by (number, type), and the code page of its 8-bit texts."""

    raw: Mapping[tuple[int, int], bytes]
    code_page: int = 0

    def text(self, number: int) -> tuple[str, bool]:
        """Return (text, whether its letters were guessed); an empty text if it is missing."""
        if (raw := self.raw.get((number, TEXT))) is not None:
            return raw.decode("utf-16-le", "replace").rstrip("\0"), False
        if (raw := self.raw.get((number, TEXT8))) is not None:
            text, is_guess = charsets.decode(raw.rstrip(b"\0"), self._charset())
            return text, is_guess
        return "", False

    def number(self, number: int) -> int:
        """Return a number of 32 bits; 0 if it is missing."""
        return int.from_bytes(self.raw.get((number, LONG), b"")[:4], "little")

    def binary(self, number: int) -> bytes:
        """Return bytes; none if it is missing."""
        return self.raw.get((number, BINARY), b"")

    def date(self, number: int) -> str:
        """Return a time as "2025-03-03 02:00 UTC"; empty if it is missing or out of range (MS-DTYP, 2.3.3)."""
        raw = self.raw.get((number, TIME), b"")
        if len(raw) < 8 or not any(raw):
            return ""
        try:
            moment = _EPOCH + datetime.timedelta(microseconds=struct.unpack("<Q", raw[:8])[0] // 10)
        except OverflowError:
            return ""
        return f"{moment:%Y-%m-%d %H:%M} UTC"

    def person(self, numbers: tuple[int, int, int]) -> str:
        """Return "name <address>" of the properties for name, SMTP address and other address."""
        name, smtp, other = (self.text(number)[0].strip() for number in numbers)
        address = smtp or other
        return f"{name} <{address}>" if address and address != name else name

    def _charset(self) -> str:
        page = self.code_page or next(filter(None, map(self.number, _CODE_PAGES)), _ANSI)
        return "utf-8" if page == _UTF8 else f"cp{page}"


def message_of(found: Properties, recipients: list[Properties], attachments: list[Attachment], note: Note) -> Message:
    """Return the message of its properties, those of its recipients, and its attachments."""
    message = Message()

    def head(name: str, value: str) -> None:
        if value.strip():
            message.head.append((name, value))

    behind, sender = (found.person(numbers) for numbers in _FROM)
    head("From", behind or sender)
    if behind and sender != behind:
        head("Sender", sender)
    for name, number in _LISTS.items():
        people = [one.person(_RECIPIENT) for one in recipients if _KINDS.get(one.number(_RECIPIENT_KIND)) == name]
        head(name, "; ".join(filter(None, people)) or found.text(number)[0])
    head("Date", found.date(_SENT) or found.date(_DELIVERED))
    subject, is_guess = found.text(SUBJECT)
    head("Subject", subject)
    body, is_body_guess = found.text(BODY)
    html, is_html_guess = found.text(HTML)
    if not html and (raw := found.binary(HTML)):
        html, is_html_guess = charsets.decode(raw, charsets.html_charset(raw) or f"cp{found.number(0x3FDE)}")
    if is_guess or is_body_guess or is_html_guess:
        note("charset")
    text, differ = chosen(body, markup.text_of(html)) if html else (body, False)
    if differ:
        note("two-texts")
    message.content += [text, *attachments]
    return message


def attachment_name(found: Properties) -> str:
    """Return the name of an attachment; may be empty."""
    return next(filter(None, (found.text(number)[0] for number in (LONG_NAME, SHORT_NAME, DISPLAY_NAME))), "")
