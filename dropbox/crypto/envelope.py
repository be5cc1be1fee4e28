"""Builds the record and the digest of each message of one form (FORMAT "Record of a blob", "Ids and digests").

Rule: the messages of one form differ only in kind, nonce and typed values; each carries the reporter's keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.thread_keys import ContentDigest, ThreadKeys
from dropbox.limits import FILE_NAME_MAX_BYTES, MEDIA_TYPE_MAX_BYTES
from dropbox.wire.calendar import Day
from dropbox.wire.fields import encode_record, lp, u32

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Envelope:
    """What all messages of one form share: keys, desk name, language (`id` or `en`), and day number of sending."""

    keys: ThreadKeys
    desk: str
    lang: str
    sent: Day

    def record(self, kind: str, nonce: bytes, values: Mapping[str, str]) -> dict[str, bytes]:
        """Return the record of a message, without `member`; `values` are the reporter's texts by field name."""
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
        """Return the digest of a text message: C = record(kind, desk and the reporter's fields)."""
        digest = self.keys.content_digest()
        encoded = {name: value.encode("utf-8") for name, value in values.items()}
        digest.update(encode_record({**encoded, "kind": kind.encode(), "desk": self.desk.encode()}))
        return digest

    def text(self, kind: str, nonce: bytes, values: Mapping[str, str]) -> tuple[bytes, bytes, dict[str, bytes]]:
        """Return id (32 bytes), digest (32 bytes) and record of a text message: all that is needed to seal it."""
        blob_id = self.keys.blob_id(nonce)
        return blob_id, self.text_digest(kind, values).value(blob_id), self.record(kind, nonce, values)

    def file_digest(self, name: str, media_type: str) -> ContentDigest:
        """Return the digest of a file: C = lp(name) ‖ lp(type) ‖ bytes. The caller adds the file's bytes."""
        digest = self.keys.content_digest()
        digest.update(lp(name.encode("utf-8")) + lp(media_type.encode("utf-8")))
        return digest


def sealed_name(filename: str) -> str:
    """Return the last component of a file's path with "_" for control characters, cut to FILE_NAME_MAX_BYTES.

    It is cut at its front, so that its ending stays.
    """
    name = _CONTROL.sub("_", filename.replace("\\", "/").rsplit("/", 1)[-1])
    encoded = name.encode("utf-8", "replace")[-FILE_NAME_MAX_BYTES:]
    return encoded.decode("utf-8", "ignore") or "-"


def sealed_type(media_type: str) -> str:
    """Return a claimed media type, cut to MEDIA_TYPE_MAX_BYTES."""
    return media_type.encode("utf-8", "replace")[:MEDIA_TYPE_MAX_BYTES].decode("utf-8", "ignore")
