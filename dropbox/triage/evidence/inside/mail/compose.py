"""Writes a `Message` as mail (RFC 5322, MIME), for a message that had no bytes of its own.

Rule: the same message gives the same bytes; nothing is in them that was not in the message.
"""

import base64
import hashlib
from collections.abc import Iterator

from dropbox.triage.evidence.inside.mail.message import Message


def mail(message: Message) -> bytes:
    """Return the bytes of the message, its texts and attachments in base64."""
    parts: list[bytes] = []
    for one in message.content:
        if isinstance(one, str):
            parts.append(_part("text/plain; charset=utf-8", "", one.encode("utf-8", "replace")))
        else:
            parts.append(_part(one.type, one.name, one.read()))
    boundary = hashlib.sha256(b"".join(parts)).hexdigest().encode()
    return b"".join(
        [
            *(_field(name, value) for name, value in message.head),
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="%s"\r\n\r\n' % boundary,
            *(b"--%s\r\n%s" % (boundary, part) for part in parts),
            b"--%s--\r\n" % boundary,
        ]
    )


def _field(name: str, value: str) -> bytes:
    return f"{name}: {_words(value)}\r\n".encode("ascii")


def _words(text: str) -> str:
    """Return text for a field: itself, or encoded words (RFC 2047)."""
    plain = " ".join(text.split())
    if plain.isascii() and plain.isprintable():
        return plain
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in _pieces(plain))


def _pieces(text: str) -> Iterator[bytes]:
    for at in range(0, len(text), 10):
        yield text[at : at + 10].encode("utf-8", "replace")


def _part(kind: str, name: str, data: bytes) -> bytes:
    plain = kind if kind.isascii() and kind.isprintable() else "application/octet-stream"
    plain = "application/octet-stream" if plain.startswith(("message/", "multipart/")) and not name else plain
    head = f"Content-Type: {plain}\r\nContent-Transfer-Encoding: base64\r\n".encode()
    if name:
        head += f'Content-Disposition: attachment; filename="{_words(name.replace(chr(34), chr(39)))}"\r\n'.encode()
    return head + b"\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n") + b"\r\n"
