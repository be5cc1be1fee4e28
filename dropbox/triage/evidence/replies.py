"""Parses replies of the sandbox (grammar: evidence.inside.reply).

Rule: these are the only parsers outside the sandbox that read bytes derived from a hostile file; each reads fixed
lengths and small numbers, and rejects everything else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dropbox.triage.evidence.reasons import UnreadableError

_DONE: Final = b"+"
_FAILURES: Final = {
    b"d": "damaged",
    b"l": "locked",
    b"b": "bomb",
    b"u": "unsupported",
    b"o": "no-office",
    b"m": "no-media",
    b"p": "no-page",
    b"n": "empty",
    b"x": "too-large",
}
CODECS: Final = (
    *("other", "h264", "hevc", "h263", "mpeg4", "vp8", "vp9", "av1", "mjpeg"),
    *("aac", "mp3", "opus", "vorbis", "amr_nb", "amr_wb", "flac", "pcm_s16le"),
)
# The only names of numbers that the program may report about a file.
FACTS: Final = frozenset(
    {"pages", "width", "height", "tags", "place", "seconds", "video", "audio", "members"}
    | {"script", "launch", "attachments", "external", "entities", "macro"}
)
_FACT: Final = re.compile(r"([a-z]{1,16})=([0-9]{1,12})")
_FACTS_MAX: Final = 4096
_PAGES_MAX: Final = 1 << 24
_RGB: Final = 3


class Reply:
    """A reply that is still arriving; the constructor raises UnreadableError when the job failed."""

    def __init__(self, untrusted_pieces: Iterator[bytes]) -> None:
        self._pieces = untrusted_pieces
        self._held = bytearray()
        verdict = self.take(1)
        if verdict != _DONE:
            for _ in self.rest():  # the reason for which the sandbox ended it outweighs its own letter
                pass
            raise UnreadableError(_FAILURES.get(verdict, "stopped"))

    def take(self, count: int) -> bytes:
        """Return exactly `count` bytes; raises UnreadableError when there are fewer."""
        while len(self._held) < count:
            piece = next(self._pieces, b"")
            if not piece:
                raise UnreadableError("stopped")
            self._held += piece
        taken = bytes(self._held[:count])
        del self._held[:count]  # bytearray moves its start, not the remaining bytes
        return taken

    def rest(self) -> Iterator[bytes]:
        """Yield what is left, piece by piece; raises UnreadableError as the sandbox does."""
        if self._held:
            yield bytes(self._held)
            self._held.clear()
        yield from self._pieces


@dataclass(frozen=True)
class Picture:
    """Plain pixels of one of `pages` pages: `height` rows of 3 · `width` bytes."""

    pages: int
    width: int
    height: int
    rows: Iterator[bytes]


def picture(reply: Reply, side: int) -> Picture:
    """Return a picture of at most `side` pixels a side.

    Raises:
        UnreadableError: a number is out of bounds; while its rows are read, also for too few or too many bytes.
    """
    pages, width, height = (int.from_bytes(reply.take(4), "big") for _ in range(3))
    if not (1 <= pages <= _PAGES_MAX and 1 <= width <= side and 1 <= height <= side):
        raise UnreadableError("stopped")
    return Picture(pages, width, height, _rows(reply, width, height))


def _rows(reply: Reply, width: int, height: int) -> Iterator[bytes]:
    for _ in range(height):
        yield reply.take(_RGB * width)
    if any(reply.rest()):
        raise UnreadableError("stopped")


def text(reply: Reply) -> str:
    """Return the text; raises UnreadableError when it is not UTF-8."""
    try:
        return b"".join(reply.rest()).decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError("stopped") from None


def facts(reply: Reply) -> dict[str, int]:
    """Return numbers by name; raises UnreadableError for anything else."""
    raw = b"".join(reply.rest())
    found: dict[str, int] = {}
    if len(raw) > _FACTS_MAX or not raw.isascii():
        raise UnreadableError("stopped")
    for line in raw.decode("ascii").split("\n")[:-1]:
        match = _FACT.fullmatch(line)
        if match is None or match[1] not in FACTS or match[1] in found:
            raise UnreadableError("stopped")
        found[match[1]] = int(match[2])
    if raw and not raw.endswith(b"\n"):
        raise UnreadableError("stopped")
    return found
