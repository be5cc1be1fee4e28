"""Makes a `Message` of a file of Outlook (.msg, MS-OXMSG), through its compound file (olefile).

    __properties_version1.0     numbers and dates (2.4)
    __substg1.0_NNNNTTTT        text or bytes of property NNNN, of type TTTT (2.1.3)
    __recip_version1.0_#…       one recipient;   __attach_version1.0_#…   one attachment
    __substg1.0_3701000D        within an attachment: another message

Rule: a message within becomes mail (.eml) with the same head, texts and attachments, since it has no bytes of its own.
"""

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from dropbox.triage.evidence.inside.mail import compose, mime, rtf
from dropbox.triage.evidence.inside.mail import properties as mapi
from dropbox.triage.evidence.inside.mail.message import Attachment, Message
from dropbox.triage.evidence.inside.mail.properties import Note, Properties
from dropbox.triage.evidence.inside.reply import CannotError

_TABLE: Final = "__properties_version1.0"
_STREAM: Final = "__substg1.0_"
_RECIPIENT, _ATTACHMENT = "__recip_version1.0_", "__attach_version1.0_"
_EMBEDDED: Final = "__substg1.0_3701000d"
_TABLE_HEADS: Final = {"": 32, _EMBEDDED: 24}  # bytes before the first property, of a file and of a message within
_TABLE_HEAD: Final = 8  # of a recipient or an attachment
_ENTRY: Final = struct.Struct("<HHI8s")
_FIXED: Final = (mapi.LONG, mapi.TIME)
_DEPTH_MAX: Final = 8
_LOOP_MAX: Final = 64 << 20  # bytes that a stream may state although the file is smaller: it is cut off
_OLE: Final = "application/x-ole-storage"
_SIGNED: Final = "ipm.note.smime"
_Path = tuple[str, ...]


def message_of(raw: bytes, note: Note) -> Message:
    """Return the message of the bytes of a .msg file; raises CannotError (`damaged`)."""
    try:
        file = olefile.OleFileIO(io.BytesIO(raw))
    except (OSError, ValueError):
        raise CannotError("damaged") from None
    # The library follows a chain of sectors as often as the stated size asks for, also around a loop.
    most = max(len(raw), _LOOP_MAX)
    if max(file.root.size, file.num_mini_fat_sectors * file.sector_size) > most:
        raise CannotError("damaged")
    return _Outlook(file, most, note).message((), 0)


class _Outlook:
    def __init__(self, file: olefile.OleFileIO, most: int, note: Note) -> None:
        self._most = most
        self._note = note
        self._file = file
        self._paths = [tuple(path) for path in file.listdir(streams=True, storages=True)]

    def message(self, at: _Path, depth: int) -> Message:
        found = self._properties(at)
        below = [path for path in self._paths if len(path) == len(at) + 1 and path[: len(at)] == at]
        recipients = [self._properties(path, found) for path in below if path[-1].lower().startswith(_RECIPIENT)]
        attached = [path for path in below if path[-1].lower().startswith(_ATTACHMENT)]
        attachments = [self._attachment(path, found, depth) for path in attached]
        if packed := found.binary(mapi.RTF):
            attachments += rtf.attachments(packed, self._note)
        message = mapi.message_of(found, recipients, attachments, self._note)
        if found.text(mapi.CLASS)[0].lower().startswith(_SIGNED) and len(attachments) == 1:
            # Signed or encrypted mail is kept whole as the one attachment (MS-OXOSMIME, 2.1.3).
            message.content[:0] = mime.wrapped(attachments[0].read(), self._note)
        return message

    def _attachment(self, at: _Path, parent: Properties, depth: int) -> Attachment:
        found = self._properties(at, parent)
        name, kind = mapi.attachment_name(found), found.text(mapi.MIME_TYPE)[0]
        within = next((path for path in self._paths if path[:-1] == at and path[-1].lower() == _EMBEDDED), None)
        if within is None:
            data = found.binary(mapi.DATA)
            return Attachment(name, kind or "application/octet-stream", lambda: data)
        if (*within, _TABLE) not in self._paths or depth >= _DEPTH_MAX:
            self._note("broken-parts")  # an object of another program, in streams of its own
            return Attachment(name, _OLE, lambda: b"")
        inner = self.message(within, depth + 1)
        return Attachment(f"{name or 'message'}.eml", "message/rfc822", lambda: compose.mail(inner), inner)

    def _properties(self, at: _Path, parent: Properties | None = None) -> Properties:
        return Properties(dict(self._values(at)), parent.code_page if parent else 0)

    def _values(self, at: _Path) -> Iterator[tuple[tuple[int, int], bytes]]:
        for path in self._paths:
            if path[:-1] != at:
                continue
            name = path[-1].lower()
            try:
                if name == _TABLE:
                    yield from self._fixed(
                        self._read(path), _TABLE_HEADS.get(at[-1].lower() if at else "", _TABLE_HEAD)
                    )
                elif name.startswith(_STREAM) and len(name) == len(_STREAM) + 8 and name != _EMBEDDED:
                    tag = int(name[len(_STREAM) :], 16)
                    yield (tag >> 16, tag & 0xFFFF), self._read(path)
            except (OSError, ValueError, struct.error):
                self._note("broken-parts")

    def _read(self, path: _Path) -> bytes:
        if self._file.get_size(list(path)) > self._most:
            raise ValueError("a stream is larger than the file")
        data: bytes = self._file.openstream(list(path)).read()
        return data

    @staticmethod
    def _fixed(table: bytes, head: int) -> Iterator[tuple[tuple[int, int], bytes]]:
        for kind, number, _, value in _ENTRY.iter_unpack(table[head : head + (len(table) - head) // 16 * 16]):
            if kind in _FIXED:
                yield (number, kind), value
