"""Runs the jobs of the sandbox, each with its limits.

    kind · picture · text · words (in pictures) · facts · parts · part · document (to PDF)
    recording (encoded anew) · play · still · strip · wave (of a recording)

Rule: only evidence.kinds chooses the job; a file's name chooses nothing.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dropbox.limits import (
    CLEAN_PICTURE_SIDE,
    COPY_FILM_SECONDS,
    COPY_FILM_SIDES,
    COPY_LONG_FILM_SIDES,
    DOCUMENT_MAX_BYTES,
    EXAMINE_SECONDS,
    FILE_MAX_BYTES,
    KIB,
    MIB,
    OCR_PAGES_MAX,
    OCR_SECONDS,
    OCR_TEXT_MAX_BYTES,
    PICTURE_MEMORY_BYTES,
    PLAY_BYTES,
    PLAY_SECONDS,
    PLAY_SIDES,
    RECORDING_SECONDS_MAX,
    SANDBOX_MEMORY_BYTES,
    SANDBOX_PROCESSES,
    SANDBOX_SCRATCH_BYTES,
    SANDBOX_SECONDS,
    STRIP_HEIGHT,
    STRIP_PICTURES,
    TEXT_MAX_BYTES,
    WAVE_WIDTH,
)
from dropbox.triage.evidence import kinds, replies, sandbox
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Identity, Listed, Picture, Pieces, Reply, Text
from dropbox.triage.evidence.sandbox import Limits

_NO_DIRECTORY: Final = "doc"  # an Office document whose directory is damaged: LibreOffice looks at its bytes
Stretch = tuple[float, float]  # from, to: seconds of a recording
_HEAD: Final = 64  # bytes around a reply's body


def picture(source: int, kind: Kind, page: int, side: int) -> Picture:
    """Return a page of a picture or PDF.

    Args:
        source: descriptor of sealed memory.
        kind: of the file.
        page: 1-based.
        side: longest side of the result, in pixels.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons; also while the picture's rows are read.
    """
    if kind.family not in (kinds.PICTURE, kinds.PDF):
        raise UnreadableError("unsupported")
    job = ["picture", kind.family, str(page), str(side)]
    return replies.picture(Reply(sandbox.run(job, source, _limits(3 * side * side, memory=_memory(kind)))), side)


def identity(source: int) -> Identity:
    """Return what a file is, by its bytes; raises ConfigurationError, UnreadableError as `picture` does."""
    found = replies.identity(Reply(sandbox.run(["kind"], source, _limits(KIB, EXAMINE_SECONDS))))
    if found.code not in KINDS or found.start > os.fstat(source).st_size:
        raise UnreadableError("stopped")
    return found


def text(source: int, kind: Kind, most: int = TEXT_MAX_BYTES) -> Text:
    """Return at most so many bytes of a file's text; raises ConfigurationError, UnreadableError as `picture` does."""
    job = ["text", kind.family, kind.code, str(most)]
    return replies.text(Reply(sandbox.run(job, source, _limits(most + 4 * KIB, EXAMINE_SECONDS))))


def words(source: int, kind: Kind) -> Text:
    """Return what a machine reads in a file's pictures; raises ConfigurationError, UnreadableError as `picture`."""
    job = ["words", kind.family, kind.code, str(OCR_TEXT_MAX_BYTES), str(OCR_PAGES_MAX), str(OCR_SECONDS)]
    limits = _limits(OCR_TEXT_MAX_BYTES + 4 * KIB, OCR_SECONDS + EXAMINE_SECONDS, processes=SANDBOX_PROCESSES)
    return replies.text(Reply(sandbox.run(job, source, limits)))


def facts(source: int, kind: Kind) -> dict[str, int]:
    """Return numbers by the names of replies.FACTS; raises ConfigurationError, UnreadableError as `picture` does."""
    processes = SANDBOX_PROCESSES if kind.family == kinds.MEDIA else 0
    limits = _limits(4 * KIB, EXAMINE_SECONDS, processes=processes, memory=_memory(kind))
    return replies.facts(Reply(sandbox.run(["facts", kind.family, kind.code], source, limits)))


def parts(source: int, kind: Kind) -> tuple[dict[str, int], list[Listed]]:
    """Return (what was noted, the parts of a container); raises ConfigurationError, UnreadableError as `picture`."""
    job = ["parts", kind.family, kind.code]
    return replies.parts(Reply(sandbox.run(job, source, _limits(2 * MIB, EXAMINE_SECONDS))))


def part(source: int, kind: Kind, index: int) -> Pieces:
    """Return the untrusted bytes of a part (0-based); raises ConfigurationError, UnreadableError as `picture` does."""
    job = ["part", kind.family, kind.code, str(index), str(FILE_MAX_BYTES)]
    return Pieces(Reply(sandbox.run(job, source, _limits(FILE_MAX_BYTES + MIB))))


@contextlib.contextmanager
def document(source: int, kind: Kind) -> Iterator[int]:
    """Convert an office document to a PDF: a descriptor of sealed memory within the block; its bytes stay untrusted.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons; the PDF may also be too large.
    """
    with _converted("office", source, kind) as made:
        yield made


@contextlib.contextmanager
def _converted(job: str, source: int, kind: Kind) -> Iterator[int]:
    if os.fstat(source).st_size > DOCUMENT_MAX_BYTES:
        raise UnreadableError("too-large")
    # LibreOffice takes commands over a local socket.
    limits = _limits(DOCUMENT_MAX_BYTES, processes=SANDBOX_PROCESSES, scratch=3 * DOCUMENT_MAX_BYTES, has_sockets=True)
    arguments = [job, _NO_DIRECTORY if kind.code == "ole" else kind.code, str(DOCUMENT_MAX_BYTES)]
    made = sandbox.sealed_memory(Reply(sandbox.run(arguments, source, limits)).rest())
    try:
        yield made
    finally:
        os.close(made)


@contextlib.contextmanager
def newer(source: int, kind: Kind) -> Iterator[int]:
    """Convert a document of an older format to its OOXML format; as `document`."""
    with _converted("newer", source, kind) as made:
        yield made


def recording(
    source: int, facts: Mapping[str, int], silenced: Sequence[Stretch] = (), *, is_black: bool = False
) -> tuple[dict[str, int], Iterator[bytes]]:
    """Return (what was noted, the bytes of a new WebM file) with every film and sound, encoded anew.

    Nothing of the sender's streams is in it.

    Args:
        source: descriptor of sealed memory.
        facts: of the recording: `seconds`, `width`.
        silenced: (from, to) in seconds: there, every sound is a beep.
        is_black: whether every picture is black there, too.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons.
    """
    job = ["recording", str(FILE_MAX_BYTES), *map(str, copy_sides(facts)), _times(silenced), str(int(is_black))]
    # A film of 1920 × 1080 is encoded about as fast as it is played, on one core.
    seconds = min(RECORDING_SECONDS_MAX, SANDBOX_SECONDS + (6 if "video" in facts else 1) * facts.get("seconds", 0))
    limits = _limits(FILE_MAX_BYTES, seconds, processes=SANDBOX_PROCESSES, scratch=FILE_MAX_BYTES)
    return replies.recording(Reply(sandbox.run(job, source, limits)))


def _times(stretches: Sequence[Stretch]) -> str:
    return ",".join(f"{start:.3f}-{end:.3f}" for start, end in stretches)


def copy_sides(facts: Mapping[str, int]) -> tuple[int, int]:
    """Return (longer, shorter) side in pixels that a film has at most in its cleaned copy: smaller if it is long."""
    return COPY_FILM_SIDES if facts.get("seconds", 0) <= COPY_FILM_SECONDS else COPY_LONG_FILM_SIDES


def play(
    source: int,
    start: float,
    end: float,
    film: int,
    sound: int,
    silenced: Sequence[Stretch] = (),
    *,
    is_black: bool = False,
) -> Iterator[bytes]:
    """Yield a WebM stream of a recording, encoded anew while it is read; it may be read as slowly as it is played.

    Args:
        source: descriptor of sealed memory.
        start: seconds from its beginning.
        end: seconds from its beginning, where the stream ends.
        film: 0-based, of the films that can be decoded; likewise `sound`.
        sound: see film.
        silenced: see recording; likewise `is_black`.
        is_black: see silenced.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons; `no-page`: the recording ends before `start`.
    """
    covered = (_times(silenced), str(int(is_black)))
    job = ["play", f"{start:.3f}", f"{end:.3f}", str(film), str(sound), *map(str, PLAY_SIDES), *covered]
    length = max(1, int(end - start) + 1)
    limits = _limits(PLAY_BYTES * (length + 20), PLAY_SECONDS + 4 * length, processes=SANDBOX_PROCESSES)
    return Reply(sandbox.run(job, source, limits)).rest()


def still(source: int, start: float, film: int) -> Picture:
    """Return the picture at a time (seconds) of a film, as large as it is; raises as `picture` does."""
    job = ["still", f"{start:.3f}", str(film), str(CLEAN_PICTURE_SIDE)]
    return _drawn(job, source, CLEAN_PICTURE_SIDE)


def strip(source: int, seconds: int) -> Picture:
    """Return STRIP_PICTURES pictures of a film of so many seconds, side by side; raises as `picture` does."""
    return _drawn(["strip", str(seconds), str(STRIP_PICTURES), str(STRIP_HEIGHT)], source, WAVE_WIDTH)


def wave(source: int, seconds: int, sound: int) -> Picture:
    """Return the waveform of a sound (0-based) of so many seconds; raises as `picture` does."""
    job = ["wave", str(seconds), str(sound), str(WAVE_WIDTH), str(STRIP_HEIGHT)]
    return _drawn(job, source, WAVE_WIDTH)


def _drawn(job: list[str], source: int, side: int) -> Picture:
    limits = _limits(3 * side * side, processes=SANDBOX_PROCESSES)
    return replies.picture(Reply(sandbox.run(job, source, limits)), side)


def _limits(
    output: int,
    seconds: int = SANDBOX_SECONDS,
    *,
    processes: int = 0,
    scratch: int = SANDBOX_SCRATCH_BYTES,
    memory: int = SANDBOX_MEMORY_BYTES,
    has_sockets: bool = False,
) -> Limits:
    return Limits(seconds, memory, scratch, output + _HEAD, processes, has_sockets)


def _memory(kind: Kind) -> int:
    return PICTURE_MEMORY_BYTES if kind.family == kinds.PICTURE else SANDBOX_MEMORY_BYTES
