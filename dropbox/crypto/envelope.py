"""FORMAT "Record of a blob" and "Ids and digests": what all messages of one form share, and the C of each digest.

Rule: two messages of one form differ in kind, nonce and what was typed; the reporter's keys travel in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dropbox.crypto.thread_keys import ContentDigest, ThreadKeys
from dropbox.limits import FILE_NAME_MAX_BYTES
from dropbox.wire.fields import encode_record, lp, u32


@dataclass(frozen=True)
class Envelope:
    """To whom and from whom, in which language (`id` or `en`), on which day."""

    keys: ThreadKeys
    desk: str
    lang: str
    sent: int

    def record(self, kind: str, nonce: bytes, values: Mapping[str, str]) -> dict[str, bytes]:
        """The record of a message, without `member`."""
        return {
            **self.keys.shared(),
            **{name: value.encode("utf-8") for name, value in values.items()},
            "kind": kind.encode(),
            "nonce": nonce,
            "desk": self.desk.encode(),
            "sent": u32(self.sent),
            "lang": self.lang.encode(),
        }

    def text_digest(self, kind: str, values: Mapping[str, str]) -> ContentDigest:
        """Of C = record(kind, desk and the reporter's fields)."""
        digest = self.keys.content_digest()
        encoded = {name: value.encode("utf-8") for name, value in values.items()}
        digest.update(encode_record({**encoded, "kind": kind.encode(), "desk": self.desk.encode()}))
        return digest

    def file_digest(self, name: str, media_type: str) -> ContentDigest:
        """Of C = lp(name) ‖ lp(type) ‖ bytes; the caller adds the bytes."""
        digest = self.keys.content_digest()
        digest.update(lp(name.encode("utf-8")) + lp(media_type.encode("utf-8")))
        return digest


def sealed_name(filename: str) -> str:
    """The last component of a file's name, shortened to FILE_NAME_MAX_BYTES with its end kept."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    encoded = name.encode("utf-8", "replace")[-FILE_NAME_MAX_BYTES:]
    return encoded.decode("utf-8", "ignore") or "-"
