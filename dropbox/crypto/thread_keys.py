"""Holds the keys of one thread at one desk, and computes its ids and digests (FORMAT "Ids and digests").

Rule: no key is shown by repr or in an error.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.poly1305 import Poly1305

from dropbox.crypto.kdf import prf


@dataclass(frozen=True)
class ThreadKeys:
    """The keys that derive from a reporter's secret, 32 bytes each (FORMAT "Reporter's secret")."""

    thread: bytes = field(repr=False)
    claim: bytes = field(repr=False)  # public half of the claim key
    tag_key: bytes = field(repr=False)
    answer_key: bytes = field(repr=False)
    auth_key: bytes = field(repr=False)
    id_key: bytes = field(repr=False)
    digest_key: bytes = field(repr=False)

    def shared(self) -> dict[str, bytes]:
        """Return the keys that every blob carries inside, by record name."""
        return {
            "thread": self.thread,
            "claim": self.claim,
            "tag-key": self.tag_key,
            "answer-key": self.answer_key,
            "auth-key": self.auth_key,
        }

    def blob_id(self, nonce: bytes) -> bytes:
        """Return the id (32 bytes) under which the server stores the message with that nonce (16 bytes)."""
        return prf(self.id_key, "blob id", nonce)

    def content_digest(self) -> "ContentDigest":
        """Return a new digest for one content."""
        return ContentDigest(self.digest_key)


class ContentDigest:
    """digest = PRF(digest key, "digest", blob id, Poly1305(PRF(digest key, "poly"), content)).

    A universal hash under a secret key, then a PRF: fast enough for 512 MiB, and random to the server.
    """

    def __init__(self, digest_key: bytes) -> None:
        self._key = digest_key
        self._poly = Poly1305(prf(digest_key, "poly"))
        self._tag = b""

    def update(self, content: bytes | bytearray | memoryview) -> None:
        """Add a piece of the content."""
        self._poly.update(content)

    def value(self, blob_id: bytes) -> bytes:
        """Return the digest (32 bytes) for a blob id; no content may be added after the first call."""
        if not self._tag:
            self._tag = self._poly.finalize()
        return prf(self._key, "digest", blob_id, self._tag)
