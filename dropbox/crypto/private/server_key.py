"""PRIVATE. Signs exports with the server's key.

Rule: the key can sign nothing else, and only the courier imports this module (tests/test_layers.py).
"""

from dropbox.crypto.exports import EXPORT
from dropbox.crypto.private.signing_key import SigningKey


class ServerKey(SigningKey):
    """Signs the exports of one server."""

    def sign_export(self, instance: bytes, sha256: bytes) -> bytes:
        """Return the signature (64 bytes) of an export, given by the SHA-256 of everything before its hash."""
        return self._sign(EXPORT, instance, sha256)
