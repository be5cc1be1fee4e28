"""Makes a `Message` of TNEF (MS-OXTNEF), in which Outlook wraps a message for others: winmail.dat.

    u32 0x223E9F78 ‖ u16 key ‖ attributes      attribute = u8 level ‖ u32 tag ‖ u32 length ‖ data ‖ u16 sum

Rule: what comes after a broken attribute is missing, and that is noted; what came before is read.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.triage.evidence.inside.mail import properties as mapi
from dropbox.triage.evidence.inside.mail import rtf
from dropbox.triage.evidence.inside.mail.message import Attachment, Message
from dropbox.triage.evidence.inside.mail.properties import Note, Properties

_SIGN: Final = b"\x78\x9f\x3e\x22"
_HEAD: Final = struct.Struct("<BII")
# Attributes (2.1.3.1), of the message and of an attachment.
_CODE_PAGE, _PROPERTIES, _RECIPIENTS = 0x00069007, 0x00069003, 0x00069004
_TEXTS: Final = {0x00018004: mapi.SUBJECT, 0x0002800C: mapi.BODY}
_NEXT_ATTACHMENT, _ATTACHMENT_PROPERTIES = 0x00069002, 0x00069005
_OF_ATTACHMENTS: Final = {0x00018010: (mapi.SHORT_NAME, mapi.TEXT8), 0x0006800F: (mapi.DATA, mapi.BINARY)}
# Sizes of values (MS-OXCDATA, 2.11.1); the others have a length of their own.
_SIZES: Final = {
    **dict.fromkeys((0x0002, 0x0003, 0x0004, 0x000A, 0x000B), 4),
    **dict.fromkeys((0x0005, 0x0006, 0x0007, 0x0014, 0x0040), 8),
    0x0048: 16,
}
_LISTED: Final = (mapi.TEXT, mapi.TEXT8, mapi.BINARY, mapi.OBJECT)
_MANY: Final = 0x1000  # several values
_NAMED: Final = 0x8000
_INTERFACE: Final = 16  # bytes before the data of an object
_VALUES_MAX: Final = 10_000
_Values = dict[tuple[int, int], bytes]


def message_of(raw: bytes, note: Note) -> Message:
    """Return the message of the bytes of a TNEF stream, with as much as can be read."""
    stream = _Stream()
    try:
        for tag, data in _attributes(raw):
            stream.take(tag, data)
    except (struct.error, ValueError):
        note("broken-parts")
    main = Properties(stream.message, stream.code_page)
    attachments = [_attachment(Properties(one, stream.code_page)) for one in stream.attachments]
    if packed := main.binary(mapi.RTF):
        attachments += rtf.attachments(packed, note)
    recipients = [Properties(one, stream.code_page) for one in stream.recipients]
    return mapi.message_of(main, recipients, attachments, note)


@dataclass
class _Stream:
    """The properties of the message, of its recipients and of its attachments; the code page of its 8-bit texts."""

    message: _Values = field(default_factory=dict)
    recipients: list[_Values] = field(default_factory=list)
    attachments: list[_Values] = field(default_factory=list)
    code_page: int = 0

    def take(self, tag: int, data: bytes) -> None:
        """Keep what an attribute says; raises ValueError if it is damaged."""
        if tag == _CODE_PAGE:
            self.code_page = int.from_bytes(data[:4], "little")
        elif tag in _TEXTS:
            self.message.setdefault((_TEXTS[tag], mapi.TEXT8), data)
        elif tag == _PROPERTIES:
            self.message |= _Reader(data).properties()
        elif tag == _RECIPIENTS:
            reader = _Reader(data)
            self.recipients += [reader.properties() for _ in range(min(reader.number(), _VALUES_MAX))]
        elif tag == _NEXT_ATTACHMENT:
            self.attachments.append({})
        elif self.attachments and tag in _OF_ATTACHMENTS:
            self.attachments[-1][_OF_ATTACHMENTS[tag]] = data
        elif self.attachments and tag == _ATTACHMENT_PROPERTIES:
            self.attachments[-1] |= _Reader(data).properties()


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    if not raw.startswith(_SIGN):
        raise ValueError("not TNEF")
    at = len(_SIGN) + 2
    while at < len(raw):
        _, tag, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        if at + length > len(raw):
            raise ValueError("it ends early")
        yield tag, raw[at : at + length]
        at += length + 2


def _attachment(found: Properties) -> Attachment:
    kind = found.text(mapi.MIME_TYPE)[0] or "application/octet-stream"
    data = found.binary(mapi.DATA) or found.raw.get((mapi.DATA, mapi.OBJECT), b"")[_INTERFACE:]
    return Attachment(mapi.attachment_name(found), kind, lambda: data)


class _Reader:
    """Reads values of MAPI one after the other (MS-OXTNEF, 2.1.3.4); each is padded to 4 bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self) -> int:
        return int.from_bytes(self._take(4), "little")

    def properties(self) -> _Values:
        found: _Values = {}
        for _ in range(min(self.number(), _VALUES_MAX)):
            tag = self.number()
            number, kind = tag >> 16, tag & 0xFFFF
            if number >= _NAMED:
                self._name()
            values = [self._value(kind & ~_MANY) for _ in range(self._count(kind))]
            if values:
                found[number, kind] = values[0]
        return found

    def _count(self, kind: int) -> int:
        if kind & _MANY or kind in _LISTED:
            return min(self.number(), _VALUES_MAX)
        return 1

    def _name(self) -> None:
        """Skip the name of a named property: GUID ‖ u32 kind ‖ u32 number, or a text."""
        self._take(16)
        if self.number() == 0:
            self.number()
        else:
            self._take(self.number())

    def _value(self, kind: int) -> bytes:
        if kind in _LISTED:
            return self._take(self.number())
        size = _SIZES.get(kind)
        if size is None:
            raise ValueError("unknown type")
        return self._take(size)

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise ValueError("it ends early")
        self._at += count + -count % 4
        return taken
