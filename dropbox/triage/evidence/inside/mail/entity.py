"""Splits a MIME entity into head, body and parts, whatever is broken in it (RFC 5322, RFC 2045, RFC 2046).

Rule: each part is a slice of the file's own bytes, so that a part that is a message has the hash that it had alone.
"""

import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message as Fields
from email.utils import collapse_rfc2231_value
from functools import cached_property
from typing import Final

from dropbox.triage.evidence.inside.mail import charsets

_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r(?!\n)|\n|\Z)")
_SEPARATOR: Final = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?$", re.MULTILINE)
_UU_BEGIN: Final = re.compile(rb"begin [0-7]{3,4} ")
_HEAD_MAX: Final = 1 << 20  # bytes; of a longer head the rest is text


@dataclass
class Entity:
    """A head and a body.

    Attributes:
        fields: (name, raw value) of the head, in order.
        body: the bytes after the head, still in their transfer encoding.
    """

    fields: list[tuple[str, bytes]]
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Entity":
        """Return the head and the body; a line that is no field continues the former one, or begins the body."""
        fields: list[tuple[str, bytes]] = []
        at, end = 0, min(len(raw), _HEAD_MAX)
        while at < end and (line := _LINE.match(raw, at)) is not None:
            text = line[0].rstrip(b"\r\n")
            if not text and not fields:  # blank lines before the head
                at = line.end()
            elif not text:
                return cls(fields, raw[line.end() :])
            elif text[:1] in (b" ", b"\t") and fields:
                fields[-1] = (fields[-1][0], fields[-1][1] + b" " + text.strip())
                at = line.end()
            elif found := _FIELD.fullmatch(text):
                fields.append((found[1].decode("ascii").lower(), found[2].strip()))
                at = line.end()
            elif text.startswith((b"From ", b">From ")) and not fields:  # the separator of a mailbox
                at = line.end()
            elif fields and _has_fields(raw[line.end() : end]):  # a folded line without its blank
                fields[-1] = (fields[-1][0], fields[-1][1] + b" " + text.strip())
                at = line.end()
            else:
                break
        return cls(fields, raw[at:])

    def all(self, name: str) -> list[bytes]:
        """Return the raw values of the fields of that name, in order."""
        return [value for known, value in self.fields if known == name.lower()]

    @cached_property
    def _fields(self) -> Fields:
        """Return the two fields that describe the content, for the parsers of the standard library."""
        made = Fields()
        for name in ("content-type", "content-disposition"):
            for value in self.all(name)[:1]:
                made[name] = charsets.decode(value)[0]
        return made

    @property
    def type(self) -> str:
        """Return the media type, in lower case; text/plain if none is stated."""
        return self._fields.get_content_type()

    @property
    def is_attached(self) -> bool:
        """Return whether it is to be kept apart from the text of the message."""
        return self._fields.get_content_disposition() == "attachment" or bool(self.name)

    @property
    def name(self) -> str:
        """Return the name of the file that it is (RFC 2183, RFC 2231); may be empty."""
        return self.parameter("filename", "content-disposition") or self.parameter("name")

    def parameter(self, name: str, of: str = "content-type") -> str:
        """Return a parameter of a field; empty if it is missing or cannot be read."""
        try:
            value = self._fields.get_param(name, "", of)
            text = collapse_rfc2231_value(value)
        except Exception:  # noqa: BLE001  the parser of the standard library raises many errors for odd fields
            return ""
        return charsets.field(text.encode("utf-8", "replace"))[0]

    def decoded(self) -> tuple[bytes, bool]:
        """Return (the body without its transfer encoding, whether it is damaged)."""
        encoding = b"".join(self.all("content-transfer-encoding")[:1]).split(b";")[0].strip().lower()
        if encoding == b"base64":
            return charsets.base64(self.body)
        if encoding == b"quoted-printable":
            return quopri.decodestring(self.body), False
        if encoding in (b"x-uuencode", b"uuencode", b"x-uue"):
            return uudecoded(self.body)
        return self.body, encoding not in (b"", b"7bit", b"8bit", b"binary")

    def parts(self) -> tuple[list[bytes], bytes]:
        """Return (the raw parts of a multipart body, what is after its end). A missing end is no loss."""
        boundary = self.parameter("boundary").encode("utf-8", "replace")
        parts, after = _split(self.body, boundary) if boundary else ([], b"")
        if not parts and (found := _SEPARATOR.search(self.body)):  # the stated boundary is not the one that was used
            parts, after = _split(self.body, found[1].removesuffix(b"--"))
        return parts, after


def _has_fields(raw: bytes) -> bool:
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return bool(re.search(rb"^(?:From|To|Subject|Date|MIME-Version|Content-Type):", head, re.MULTILINE | re.IGNORECASE))


def _split(body: bytes, boundary: bytes) -> tuple[list[bytes], bytes]:
    separator = re.compile(rb"(?:\A|\r\n|\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)(?:\r\n|\n|\r)?")
    parts: list[bytes] = []
    begin = -1
    at = 0
    while found := separator.search(body, at):
        if begin >= 0:
            parts.append(body[begin : found.start()])
        begin, at = found.end(), max(found.end() - 1, found.start() + 1)  # a line end may belong to the next one too
        if found[1]:
            return parts, body[begin:]
    if begin >= 0:
        parts.append(body[begin:])
    return parts, b""


def uudecoded(raw: bytes) -> tuple[bytes, bool]:
    """Return (bytes, whether something is damaged) of uuencoded lines, between `begin` and `end` if they are there."""
    decoded, is_damaged = bytearray(), False
    for line in raw.splitlines():
        if _UU_BEGIN.match(line) or not line.strip():
            continue
        if line.strip() == b"end":
            break
        try:
            decoded += binascii.a2b_uu(line)
        except binascii.Error:
            try:  # some programs write more letters than the length of the line says
                decoded += binascii.a2b_uu(line[: ((line[0] - 32 & 63) * 4 + 5) // 3 + 1])
            except binascii.Error:
                is_damaged = True
    return bytes(decoded), is_damaged
