"""Parses replies of the sandbox (grammar: evidence.inside.reply).

Rule: these are the only parsers outside the sandbox that read bytes derived from a hostile file; each reads fixed
lengths and small numbers, and rejects everything else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.vocabulary import vocabulary

_DONE: Final = b"+"
_FAILURES: Final = {
    b"d": "damaged",
    b"l": "locked",
    b"b": "bomb",
    b"u": "unsupported",
    b"o": "no-office",
    b"m": "no-media",
    b"a": "no-archive",
    b"p": "no-page",
    b"n": "empty",
    b"x": "too-large",
}
CODECS: Final = (
    *("other", "h264", "hevc", "h263", "mpeg4", "vp8", "vp9", "av1", "mjpeg"),
    *("aac", "mp3", "opus", "vorbis", "amr_nb", "amr_wb", "flac", "pcm_s16le"),
    *("mpeg2video", "mpeg1video", "flv1", "wmv1", "wmv2", "wmv3", "vc1", "msmpeg4v3", "prores", "theora", "dvvideo"),
    *("mp2", "ac3", "eac3", "dts", "wmav1", "wmav2", "wmapro", "wmavoice", "alac", "adpcm_ms", "adpcm_ima_wav"),
    *("pcm_s16be", "pcm_u8", "pcm_s24le", "pcm_alaw", "pcm_mulaw", "gsm_ms", "g726", "speex", "qcelp", "nellymoser"),
)
# The only names of numbers that the program may report about a file.
FACTS: Final = frozenset(
    code for group in ("file_fact", "file_warning", "file_note") for code in vocabulary.codes(group)
)
_FACT: Final = re.compile(r"([a-z-]{1,24})=([0-9]{1,12})")
_IDENTITY: Final = re.compile(r"([a-z0-9-]{1,24}) ([0-9]{1,12}) ([01])")
_FACTS_MAX: Final = 4096
_PAGES_MAX: Final = 1 << 24
_RGB: Final = 3
_PIECE_MAX: Final = 1 << 20
_PARTS_MAX: Final = 500
_SIZE_MAX: Final = 1 << 48


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

    def is_more(self) -> bool:
        """Return whether bytes are left; raises UnreadableError as the sandbox does."""
        if not self._held:
            self._held += next(self._pieces, b"")
        return bool(self._held)

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


@dataclass(frozen=True)
class Identity:
    """The code of a kind, the bytes before the header, and whether the file is also another kind."""

    code: str
    start: int
    is_polyglot: bool


def identity(reply: Reply) -> Identity:
    """Return what the file is; raises UnreadableError for anything but the three fields."""
    match = _IDENTITY.fullmatch(_ascii(b"".join(reply.rest())))
    if match is None:
        raise UnreadableError("stopped")
    return Identity(match[1], int(match[2]), match[3] == "1")


@dataclass(frozen=True)
class Text:
    """A text, and what was noted while it was read."""

    facts: dict[str, int]
    text: str


def text(reply: Reply) -> Text:
    """Return the text; raises UnreadableError when it is not UTF-8, or for false facts."""
    noted = _facts(_sized(reply, 4, _FACTS_MAX))
    return Text(noted, _utf8(b"".join(reply.rest())))


def recording(reply: Reply) -> tuple[dict[str, int], Iterator[bytes]]:
    """Return (what was noted, the bytes of the copy); raises UnreadableError for false facts."""
    return _facts(_sized(reply, 4, _FACTS_MAX)), reply.rest()


def facts(reply: Reply) -> dict[str, int]:
    """Return numbers by name; raises UnreadableError for anything else."""
    return _facts(b"".join(reply.rest()))


@dataclass(frozen=True)
class Listed:
    """A part of a container as its maker described it: untrusted name and media type, size in bytes; -1: unknown."""

    name: str
    type: str
    size: int


def parts(reply: Reply) -> tuple[dict[str, int], list[Listed]]:
    """Return (what was noted, the parts of a container); raises UnreadableError for anything else."""
    noted = _facts(_sized(reply, 4, _FACTS_MAX))
    raw = Reply(iter((_DONE, b"".join(reply.rest()))))
    listed = []
    while raw.is_more():
        name, media_type = (_utf8(_sized(raw, 2, _FACTS_MAX)) for _ in range(2))
        size = int.from_bytes(raw.take(8), "big")
        listed.append(Listed(name, media_type, -1 if size == _SIZE_MAX else size))
        if len(listed) > _PARTS_MAX or size > _SIZE_MAX:
            raise UnreadableError("stopped")
    return noted, listed


@dataclass
class Pieces:
    """The bytes of a part, piece by piece; `is_whole` is known after the last one."""

    reply: Reply
    is_whole: bool = True

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes.

        Raises:
            UnreadableError: why they end, unless it is damage: what comes before the damage is kept.
        """
        while length := int.from_bytes(self.reply.take(4), "big"):
            yield self.reply.take(length) if length <= _PIECE_MAX else _refused()
        end = self.reply.take(1)
        if self.reply.is_more() or (end != _DONE and end not in _FAILURES):
            _refused()
        if end != _DONE and _FAILURES[end] != "damaged":
            raise UnreadableError(_FAILURES[end])
        self.is_whole = end == _DONE


def _refused() -> NoReturn:
    raise UnreadableError("stopped")


def _sized(reply: Reply, digits: int, most: int) -> bytes:
    """Return the bytes after their length, a number of so many bytes."""
    length = int.from_bytes(reply.take(digits), "big")
    if length > most:
        raise UnreadableError("stopped")
    return reply.take(length)


def _facts(raw: bytes) -> dict[str, int]:
    found: dict[str, int] = {}
    if len(raw) > _FACTS_MAX:
        raise UnreadableError("stopped")
    for line in _ascii(raw).split("\n")[:-1]:
        match = _FACT.fullmatch(line)
        if match is None or match[1] not in FACTS or match[1] in found:
            raise UnreadableError("stopped")
        found[match[1]] = int(match[2])
    if raw and not raw.endswith(b"\n"):
        raise UnreadableError("stopped")
    return found


def _ascii(raw: bytes) -> str:
    if not raw.isascii():
        raise UnreadableError("stopped")
    return raw.decode("ascii")


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError("stopped") from None
