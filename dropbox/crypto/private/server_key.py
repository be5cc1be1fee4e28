"""PRIVATE. The server's key: it signs exports, and there is no way here to sign anything else with it.

Rule: importable from courier alone (tests/test_layers.py).
"""

from dropbox.crypto.exports import EXPORT
from dropbox.crypto.private.signing_key import SigningKey


class ServerKey(SigningKey):
    """Signs the exports of one server."""

    def sign_export(self, instance: bytes, sha256: bytes) -> bytes:
        """signature(server, "export", instance, everything before the hash), 64 bytes, from that hash."""
        return self._sign(EXPORT, instance, sha256)
