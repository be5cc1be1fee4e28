"""Parses and builds the header and the record of a blob (FORMAT "Blob"). No keys.

Rule: every accepted blob has a legal length, and the length reveals nothing but the bucket.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import CHUNK_BYTES, DESKS_MAX, FILE_NAME_MAX_BYTES, MEDIA_TYPE_MAX_BYTES
from dropbox.wire.calendar import Day, Epoch
from dropbox.wire.fields import INSTANCE_BYTES, Reader, Record, required, text, u8, u32, uint_of, value_of_size
from dropbox.wire.padding import BUCKETS

MAGIC: Final = b"DBXB"
VERSION: Final = 1
HEADER_BYTES: Final = 26
KEM_CIPHERTEXT_BYTES: Final = 1120
WRAPPED_BYTES: Final = 48
STANZA_BYTES: Final = KEM_CIPHERTEXT_BYTES + WRAPPED_BYTES
COMMITMENT_BYTES: Final = 32
STREAM_HEADER_BYTES: Final = 24
CHUNK_OVERHEAD_BYTES: Final = 17
NONCE_BYTES: Final = 16

REPORT: Final = "report"
ADDITION: Final = "addition"
FILE: Final = "file"
KEY_NAMES: Final = ("claim", "tag-key", "answer-key", "auth-key")
REPORTER_FIELDS: Final = ("channel", "category", "what", "who", "where", "when", "protection", "identity", "act")
LANGUAGES: Final = ("id", "en")
DETAIL: Final = "x-"  # prefix of the names of answers to the form's optional questions
READ: Final = "read"
WITHDRAW: Final = "withdraw"
ACTS: Final = (READ, WITHDRAW)  # what a reporter may do besides writing
_REQUIRED: Final = {
    REPORT: ("channel", "category", "what", "who", "where"),
    ADDITION: ("what",),
    FILE: ("name", "type"),
}
_FOREIGN: Final = {REPORT: {"act"}, ADDITION: {"channel"}, FILE: {*REPORTER_FIELDS}}  # ignored like unknown names
_UNSAFE_IN_NAME: Final = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True)
class Header:
    """The clear header of a blob."""

    slots: int
    epoch: Epoch
    instance: bytes

    def encode(self) -> bytes:
        """Return the header's 26 bytes."""
        return MAGIC + u8(VERSION) + u8(self.slots) + u32(self.epoch) + self.instance

    @property
    def prefix_bytes(self) -> int:
        """Number of bytes before the stream: header, stanzas and commitment."""
        return HEADER_BYTES + self.slots * STANZA_BYTES + COMMITMENT_BYTES

    def bucket_of(self, blob_bytes: int) -> int:
        """Return the bucket (bytes) of a blob of that many bytes; raises MalformedError for any other length."""
        for bucket in BUCKETS:
            if blob_bytes == blob_length(self.slots, bucket):
                return bucket
        raise MalformedError("blob.length")


def blob_length(slots: int, bucket: int) -> int:
    """Return the length in bytes of a blob with that number of slots and that bucket (bytes)."""
    chunks = -(-bucket // CHUNK_BYTES)
    return (
        HEADER_BYTES
        + slots * STANZA_BYTES
        + COMMITMENT_BYTES
        + STREAM_HEADER_BYTES
        + bucket
        + chunks * CHUNK_OVERHEAD_BYTES
    )


def parse_header(untrusted: bytes, instance: bytes) -> Header:
    """Parse the header at the front of a blob.

    Raises:
        MalformedError: the grammar is broken, or the blob belongs to another instance (16 bytes).
    """
    reader = Reader(untrusted[:HEADER_BYTES], "blob")
    reader.expect(MAGIC + u8(VERSION))
    slots = reader.uint(1)
    epoch = reader.uint(4)
    if not 1 <= slots <= DESKS_MAX:
        reader.fail("format.slot-count")
    if reader.take(INSTANCE_BYTES) != instance:
        reader.fail("format.other-instance")
    return Header(slots, Epoch(epoch), instance)


@dataclass(frozen=True)
class Message:
    """A checked record of a blob: its kind, the thread that it claims, and the reporter's fields.

    Its repr shows nothing that the reporter sent.
    """

    kind: str
    thread: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    desk: str
    sent: Day  # day
    keys: dict[str, bytes] = field(repr=False)  # by KEY_NAMES, 32 bytes each
    member: bytes = field(repr=False)
    lang: str  # one of LANGUAGES, or empty
    fields: dict[str, str] = field(repr=False)  # the REPORTER_FIELDS of its kind, then DETAIL ones by name
    name: str = field(repr=False)
    type: str = field(repr=False)


def _fields(kind: str, values: Record) -> dict[str, str]:
    details = [] if kind == FILE else sorted(name for name in values if name.startswith(DETAIL))
    names = (*(name for name in REPORTER_FIELDS if name not in _FOREIGN[kind]), *details)
    return {name: text(values[name]) for name in names if name in values}


def _file_name(values: Record) -> str:
    """Return a file's name as a reader gives it on: a strange or long name is no reason to lose an accepted file."""
    text(values["name"])
    name = values["name"][-FILE_NAME_MAX_BYTES:].decode("utf-8", "ignore")
    return _UNSAFE_IN_NAME.sub("_", name) or "-"


def _media_type(values: Record) -> str:
    text(values["type"])
    return values["type"][:MEDIA_TYPE_MAX_BYTES].decode("utf-8", "ignore")


def parse_message(values: Record) -> Message:
    """Check the record of a blob and return it as a Message; raises MalformedError."""
    required(values, "kind", "desk")
    kind = text(values["kind"])
    if kind not in _REQUIRED:
        raise MalformedError("blob.record-kind")
    required(values, *_REQUIRED[kind])
    lang = text(values.get("lang", b""))
    return Message(
        kind=kind,
        thread=value_of_size(values, "thread", 32),
        nonce=value_of_size(values, "nonce", NONCE_BYTES),
        desk=text(values["desk"]),
        sent=Day(uint_of(values, "sent")),
        keys={name: value_of_size(values, name, 32) for name in KEY_NAMES},
        member=value_of_size(values, "member", 32),
        lang=lang if lang in LANGUAGES else "",
        fields=_fields(kind, values),
        name=_file_name(values) if kind == FILE else "",
        type=_media_type(values) if kind == FILE else "",
    )
