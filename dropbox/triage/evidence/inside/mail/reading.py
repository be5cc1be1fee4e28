"""Reads a file of the family `mail` as text and as parts; its form is told by its own signature.

    compound file -> Outlook      TNEF -> winmail.dat      "From " -> mailbox      all else -> MIME

Rule: a message that cannot be taken apart is shown as the text that it is, with a note.
"""

import sys
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.mail import charsets, mailbox, mime, tnef
from dropbox.triage.evidence.inside.mail.message import Attachment, Message, lines
from dropbox.triage.evidence.inside.reading import Reading

_OUTLOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TNEF: Final = b"\x78\x9f\x3e\x22"
_MAILBOX: Final = b"From "


def text(reading: Reading) -> Iterator[str]:
    """Yield the text of the message, or of all messages of a mailbox; raises CannotError (`damaged`)."""
    return (f"{line}\n" for line in lines(_message(reading)))


def attachments(reading: Reading) -> list[Attachment]:
    """Return what is attached to the message, or the messages of a mailbox; raises CannotError (`damaged`)."""
    return _message(reading).attachments


def _message(reading: Reading) -> Message:
    raw = sys.stdin.buffer.read()
    if raw.startswith(_OUTLOOK):
        from dropbox.triage.evidence.inside.mail import outlook  # only few files need it

        return outlook.message_of(raw, reading.note)
    if raw.startswith(_TNEF):
        return tnef.message_of(raw, reading.note)
    if not raw.startswith(_MAILBOX):
        return _mime(raw, reading)
    found = list(mailbox.messages(raw))
    if len(found) == 1:
        return _mime(found[0], reading)
    return Message(content=[_boxed(one, reading) for one in found])


def _boxed(raw: bytes, reading: Reading) -> Attachment:
    message = _mime(raw, reading)
    return Attachment(f"{message.subject or 'message'}.eml", "message/rfc822", lambda: raw, message)


def _mime(raw: bytes, reading: Reading) -> Message:
    try:
        return mime.message_of(raw, reading.note)
    except Exception:  # noqa: BLE001  hostile bytes may raise anything; the words are still there
        reading.note("broken-parts")
        return Message(content=[charsets.decode(raw)[0]])
