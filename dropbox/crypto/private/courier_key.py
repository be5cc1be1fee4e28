"""PRIVATE. Opens the courier's daily notice (FORMAT "Courier's notice").

Rule: a notice is opened whole or not at all.
"""

from typing import Final

import nacl.bindings
import nacl.exceptions

from dropbox.crypto.notices import ONCE, notice_key
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.errors import NotForThisKeyError
from dropbox.wire.blob import KEM_CIPHERTEXT_BYTES
from dropbox.wire.notice import Notice, parse_notice

CourierKey: Final = EpochSecretKey  # X-Wing, from a seed of 32 bytes


def open_notice(key: EpochSecretKey, untrusted: bytes) -> Notice:
    """Open a sealed notice.

    Raises:
        NotForThisKeyError: it was sealed to another key, or altered.
        MalformedError: what was sealed is no notice.
    """
    ciphertext, sealed = untrusted[:KEM_CIPHERTEXT_BYTES], untrusted[KEM_CIPHERTEXT_BYTES:]
    secret = notice_key(key.decapsulate(ciphertext), key.public.raw, ciphertext)
    try:
        body = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, None, ONCE, secret)
    except (nacl.exceptions.CryptoError, ValueError):
        raise NotForThisKeyError("daily.other-key") from None
    return parse_notice(body)
