"""Parses and builds the courier's daily notice and the file of its key (FORMAT "Courier's notice").

Rule: every notice has the same number of bytes, and so has every mail that holds one. Opens nothing.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.blob import KEM_CIPHERTEXT_BYTES
from dropbox.wire.calendar import Day
from dropbox.wire.fields import Reader, u8, u32
from dropbox.wire.keyring import EPOCH_KEY_BYTES

SOMETHING: Final = 1
NOTHING: Final = 2
UNKNOWN: Final = 3  # the store could not be asked
NOTICE_FILE_MAX_BYTES: Final = 1 << 20  # of a mail as a program of mail saves it
_BODY_BYTES: Final = 10  # magic, version, day, value
_TAG_BYTES: Final = 16
SEALED_BYTES: Final = KEM_CIPHERTEXT_BYTES + _BODY_BYTES + _TAG_BYTES
_KEY_LINE: Final = b"dropbox courier key v1\n"
_BEGIN: Final = "-----BEGIN NOTICE-----"
_END: Final = "-----END NOTICE-----"
_COLUMNS: Final = 64


@dataclass(frozen=True)
class Notice:
    """Whether something is to be done (SOMETHING, NOTHING or UNKNOWN), and the day of that."""

    day: Day
    value: int

    def encode(self) -> bytes:
        """Return the body that is sealed."""
        return b"DBXT" + u8(1) + u32(self.day) + u8(self.value)


def parse_notice(untrusted_body: bytes) -> Notice:
    """Parse an opened body; raises MalformedError."""
    reader = Reader(untrusted_body, "notice")
    reader.expect(b"DBXT" + u8(1))
    day, value = Day(reader.uint(4)), reader.uint(1)
    reader.end()
    if value not in {SOMETHING, NOTHING, UNKNOWN}:
        reader.fail("format.notice")
    return Notice(day, value)


def notice_text(sealed: bytes) -> str:
    """Return the lines of a mail that hold a sealed notice."""
    encoded = base64.b64encode(sealed).decode("ascii")
    lines = [encoded[at : at + _COLUMNS] for at in range(0, len(encoded), _COLUMNS)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def find_notice(untrusted: bytes) -> bytes:
    """Return the sealed notice (SEALED_BYTES bytes) in a saved mail or in a copy of its text; raises MalformedError."""
    _, _, behind = untrusted.partition(_BEGIN.encode("ascii"))
    inside, end, _ = behind.partition(_END.encode("ascii"))
    sealed = _from_base64(re.sub(rb"[\t-\r >]", b"", inside)) if end else b""  # a reply quotes with >
    if len(sealed) != SEALED_BYTES:
        raise MalformedError("daily.not-here")
    return sealed


def encode_key(raw: bytes) -> bytes:
    """Return the file of a public key (X-Wing, 1216 bytes)."""
    return _KEY_LINE + base64.b64encode(raw) + b"\n"


def parse_key(untrusted: bytes) -> bytes:
    """Return the public key (X-Wing, 1216 bytes) of a file; raises MalformedError."""
    raw = _from_base64(untrusted.removeprefix(_KEY_LINE).removesuffix(b"\n"))
    if len(raw) != EPOCH_KEY_BYTES or encode_key(raw) != untrusted:
        raise MalformedError("daily.not-key")
    return raw


def _from_base64(untrusted: bytes) -> bytes:
    """Decode base64; nothing for what is not the one encoding of its bytes."""
    try:
        raw = base64.b64decode(untrusted, validate=True)
    except binascii.Error:
        return b""
    return raw if base64.b64encode(raw) == untrusted else b""
