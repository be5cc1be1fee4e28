"""Chooses one of sixteen sizes for a content and strips its padding (FORMAT "Content and padding").

Rule: the length of a blob reveals one of sixteen buckets and nothing more.
"""

from typing import Final

from dropbox.errors import MalformedError, TooLargeError
from dropbox.limits import BUCKET_COUNT, BUCKET_MIN_BYTES, CHUNK_BYTES

MARK: Final = b"\x80"
BUCKETS: Final = (
    *(BUCKET_MIN_BYTES << i for i in range(BUCKET_COUNT - 1)),
    (BUCKET_MIN_BYTES << BUCKET_COUNT - 1) + CHUNK_BYTES,  # a file of 512 MiB and its record fit
)
_ZEROS: Final = bytes(CHUNK_BYTES)


def bucket_for(content_bytes: int) -> int:
    """Return the smallest bucket (bytes) that holds the content and its mark; raises TooLargeError."""
    for bucket in BUCKETS:
        if content_bytes + len(MARK) <= bucket:
            return bucket
    raise TooLargeError("blob.too-large")


def check_minimal(content_bytes: int, bucket: int) -> None:
    """Raise MalformedError unless the bucket is the smallest that fits (one encoding per content).

    Raises TooLargeError if the content fits no bucket.
    """
    if bucket_for(content_bytes) != bucket:
        raise MalformedError("format.padding")


class Unpadder:
    """Strips mark and zeros from content that arrives in pieces; holds back only what may be padding."""

    def __init__(self) -> None:
        self._held = b""  # a possible mark and the zeros that followed it in the same piece
        self._zeros = 0  # number of zeros after it
        self.length = 0  # content bytes returned so far

    def update(self, piece: bytes) -> list[bytes]:
        """Return the content that is certainly not padding, in order."""
        if piece == _ZEROS[: len(piece)]:  # at the speed of memory; rstrip goes byte by byte
            self._zeros += len(piece)
            return []
        stripped = piece.rstrip(b"\x00")
        if not stripped:
            self._zeros += len(piece)
            return []
        out = self._release()
        if stripped[-1:] == MARK:
            self._held = MARK
            stripped = stripped[:-1]
            self._zeros = len(piece) - len(stripped) - 1
        else:
            self._held = b""
            self._zeros = len(piece) - len(stripped)
        if stripped:
            out.append(stripped)
            self.length += len(stripped)
        return out

    def _release(self) -> list[bytes]:
        """Return the mark and zeros that were held back and proved to be content, in bounded pieces."""
        out = [self._held] if self._held else []
        while self._zeros:
            run = min(self._zeros, len(_ZEROS))
            out.append(_ZEROS[:run])
            self._zeros -= run
        self.length += sum(map(len, out))
        self._held = b""
        return out

    def finish(self) -> None:
        """Raise MalformedError unless the bytes ended with a mark and zeros."""
        if self._held != MARK:
            raise MalformedError("format.padding-mark")
