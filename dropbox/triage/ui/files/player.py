"""Holds the one recording that is played at the desk: opened once, with the stream that the page takes piece by piece.

    begin → first piece; more → next piece … → the end

Rule: nothing waits for a page that has paused: between two pieces no thread is held, only the sandbox's full pipe. A
new stream ends the one before; leaving the page, locking and a limit of time end it as well. It is all in memory.
"""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import NotFoundError
from dropbox.triage.evidence import jobs, leash, pixels
from dropbox.triage.evidence.cover import NOTHING, Cover
from dropbox.triage.evidence.leash import Leash
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.replies import Picture

_PIECE_BYTES: Final = 64 << 10  # half a second of film, eight of sound; fewer if they take longer than _PIECE_SECONDS
_PIECE_SECONDS: Final = 0.3
_NAME_BYTES: Final = 12
Key = tuple[int, int, str, bytes]  # number of the case, of the file in it, place of a part, hash of a recipe


@dataclass
class Stream:
    """A stream of a recording; `taken` pieces were given out."""

    pieces: Iterator[bytes] = field(repr=False)
    held: Leash = field(repr=False)
    name: str = field(default_factory=lambda: secrets.token_urlsafe(_NAME_BYTES))
    taken: int = 0
    use: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, most: int) -> bytes:
        """Return the next bytes: about `most`, or what comes in a moment; none at the end. Raises UnreadableError."""
        collected = bytearray()
        with self.use:
            until = time.monotonic() + _PIECE_SECONDS
            for piece in self.pieces:
                collected += piece
                if len(collected) >= most or time.monotonic() > until:
                    break
            self.taken += 1
        return bytes(collected)

    def close(self) -> None:
        """End the sandbox; a thread that waits for a piece sees the end."""
        self.held.cut()
        if self.use.acquire(blocking=False):
            try:
                if hasattr(self.pieces, "close"):
                    self.pieces.close()
            finally:
                self.use.release()


class Player:
    """A recording of a case, opened for its page; `facts` are its own (evidence.findings), `cover` covers it."""

    def __init__(self, key: Key, viewer: Viewer, facts: dict[str, int], cover: Cover = NOTHING) -> None:
        self.key, self.facts = key, facts
        self._cover = cover
        self._viewer = viewer
        self._stream: Stream | None = None
        self._opening = threading.Lock()
        self._is_over = False

    @property
    def seconds(self) -> int:
        """Return its length."""
        return self.facts.get("seconds", 0)

    def begin(self, start: float, film: int, sound: int) -> tuple[str, bytes]:
        """Return (name of a new stream from `start` seconds on, its first piece).

        Args:
            start: seconds from the recording's beginning.
            film: 0-based; likewise `sound`.
            sound: see film.

        Raises:
            ConfigurationError, UnreadableError: see jobs.play.
            NotFoundError: the recording was closed meanwhile.
        """
        held = Leash(leash.held())
        stream = Stream(self._under(held, start, film, sound), held)
        before, self._stream = self._stream, stream
        if before is not None:
            before.close()
        return stream.name, stream.take(1)

    def _under(self, held: Leash, start: float, film: int, sound: int) -> Iterator[bytes]:
        with self._opened() as descriptor:
            outer = leash.held()
            leash.take(held)
            try:
                pieces = self._play(descriptor, start, self.seconds, film, sound)
            finally:
                leash.take(outer)
            yield from pieces

    def more(self, name: str, number: int) -> bytes:
        """Return a piece of a stream, empty at its end.

        Args:
            name: of the stream.
            number: how many pieces were taken before.

        Raises:
            NotFoundError: another stream was begun, or this one has ended.
            UnreadableError: see jobs.play.
        """
        stream = self._stream
        if stream is None or stream.name != name or stream.taken != number:
            raise NotFoundError("evidence.closed")
        return stream.take(_PIECE_BYTES)

    def whole(self, start: float, end: float) -> bytes:
        """Return a stretch of the recording as one file; raises as `begin`."""
        with self._opened() as descriptor:
            return b"".join(self._play(descriptor, start, min(end, self.seconds), 0, 0))

    def _play(self, descriptor: int, start: float, end: float, film: int, sound: int) -> Iterator[bytes]:
        return jobs.play(descriptor, start, end, film, sound, self._cover.silenced, is_black=self._cover.is_black)

    def picture(self, draw: Callable[[int], Picture]) -> bytes:
        """Return the PNG of what a job draws from the opened file (its descriptor); raises as `begin`."""
        with self._opened() as descriptor:
            return b"".join(pixels.png(draw(descriptor)))

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        """Hold a descriptor of the opened file during the block; the file may be closed meanwhile."""
        with self._opening:
            if self._is_over:
                raise NotFoundError("evidence.closed")
            try:
                descriptor = os.dup(self._viewer.source.descriptor)
            finally:
                if self._is_over:
                    self._viewer.close()
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """End the stream, and free the memory now or as soon as no job reads it."""
        self._is_over = True
        if self._stream is not None:
            self._stream.close()
        if self._opening.acquire(blocking=False):
            try:
                self._viewer.close()
            finally:
                self._opening.release()
