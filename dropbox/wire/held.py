"""FORMAT "Held list": the ids of all held blobs among random ones, the same bytes for everybody for a day. No keys."""

import bisect
import itertools
from dataclasses import dataclass
from typing import Final

from dropbox.limits import HELD_IDS_MIN
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, u8, u32

MAGIC: Final = b"DBXH"
VERSION: Final = 1


@dataclass(frozen=True)
class HeldList:
    """What was held when the list of that day was made; ids strictly ascending, padded."""

    instance: bytes
    day: int
    ids: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The bytes that everybody downloads."""
        return MAGIC + u8(VERSION) + self.instance + u32(self.day) + u32(len(self.ids)) + b"".join(self.ids)

    def has(self, blob_id: bytes) -> bool:
        """Whether the list names that blob."""
        at = bisect.bisect_left(self.ids, blob_id)
        return at < len(self.ids) and self.ids[at] == blob_id


def padded_length(ids: int) -> int:
    """64, 128, 256 …: how many ids a list shows that has so many real ones."""
    count = HELD_IDS_MIN
    while count < ids:
        count *= 2
    return count


def parse_held(untrusted: bytes, instance: bytes) -> HeldList:
    """The held list of these bytes; raises MalformedError, also for another instance."""
    reader = Reader(untrusted, "held list")
    reader.expect(MAGIC + u8(VERSION))
    if reader.take(INSTANCE_BYTES) != instance:
        reader.fail("made for another instance")
    day, count = reader.uint(4), reader.uint(4)
    if count != padded_length(count) or count * HASH_BYTES != reader.left:
        reader.fail("number of ids")
    ids = tuple(reader.take(HASH_BYTES) for _ in range(count))
    if any(a >= b for a, b in itertools.pairwise(ids)):
        reader.fail("ids are not ascending")
    return HeldList(instance, day, ids)
