"""Open the courier's daily notice (FORMAT.md, "Courier's notice")."""

import base64
import binascii

from .grammar import Cursor, Stop, need
from .primitives import open_sealed, prf, sha256
from .xwing import CIPHERTEXT, PUBLIC, decapsulate, public_key

_FIRST, _LAST = b"-----BEGIN NOTICE-----", b"-----END NOTICE-----"


def notice_of_mail(mail: bytes) -> bytes:
    """The notice of a mail's text. Raises Stop(malformed)."""
    first, _, behind = mail.partition(_FIRST)
    inside, last, _ = behind.partition(_LAST)
    need(len(first) < len(mail) and bool(last), "malformed")
    return _decode(bytes(sign for sign in inside if sign not in b"\t\n\v\f\r >"))


def _decode(encoded: bytes) -> bytes:
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise Stop("malformed") from None
    need(base64.b64encode(decoded) == encoded, "malformed")
    return decoded


def read_courier_key(data: bytes) -> bytes:
    """The public key of a courier's key file. Raises Stop(malformed)."""
    first, _, behind = data.partition(b"\n")
    need(first == b"dropbox courier key v1" and behind.endswith(b"\n"), "malformed")
    key = _decode(behind[:-1])
    need(len(key) == PUBLIC, "malformed")
    return key


def open_notice(data: bytes, seed: bytes) -> tuple[int, int]:
    """Day and value of a notice. Raises Stop: malformed, not-for-this-key."""
    need(len(data) == 1146, "malformed")
    ciphertext = data[:CIPHERTEXT]
    shared = decapsulate(seed, ciphertext)
    key = prf(shared or b"", "courier notice", sha256(public_key(seed)), ciphertext)
    opened = open_sealed(key, bytes(12), data[CIPHERTEXT:])
    if shared is None or opened is None:
        raise Stop("not-for-this-key")
    cursor = Cursor(opened)
    cursor.expect(b"DBXT\1")
    day, value = cursor.u32(), cursor.u8()
    cursor.end()
    need(1 <= value <= 3, "malformed")
    return day, value
