"""Open the courier's daily notice (FORMAT.md, "Courier's notice")."""

import base64
import binascii

from .grammar import Cursor, Stop, need
from .primitives import open_sealed, prf, sha256
from .xwing import CIPHERTEXT, decapsulate, public_key

_FIRST, _LAST = "-----BEGIN NOTICE-----", "-----END NOTICE-----"


def notice_of_mail(mail: str) -> bytes:
    """The notice of a mail's text. Raises Stop(malformed)."""
    need(_FIRST in mail and _LAST in mail, "malformed")
    inside = mail.partition(_FIRST)[2].partition(_LAST)[0]
    try:
        return base64.b64decode("".join(inside.split()), validate=True)
    except binascii.Error:
        raise Stop("malformed") from None


def open_notice(data: bytes, seed: bytes) -> tuple[int, int]:
    """Day and value of a notice. Raises Stop: malformed, sealed."""
    need(len(data) == 1146, "malformed")
    ciphertext = data[:CIPHERTEXT]
    shared = decapsulate(seed, ciphertext)
    key = prf(shared or b"", "courier notice", sha256(public_key(seed)), ciphertext)
    opened = open_sealed(key, bytes(12), data[CIPHERTEXT:])
    if shared is None or opened is None:
        raise Stop("sealed")
    cursor = Cursor(opened)
    cursor.expect(b"DBXT\1")
    day, value = cursor.u32(), cursor.u8()
    cursor.end()
    need(1 <= value <= 3, "malformed")
    return day, value
