"""Decodes a recording and encodes it anew as WebM: to be played at the desk, or as a cleaned copy (ffmpeg).

    film  = VP8 (RFC 6386), upright, square pixels, within a longer and a shorter side
    sound = Opus (RFC 6716), at most two channels, 48 kHz
    beep  = a tone of 1 kHz in every sound, and a black picture, in the stretches of time that an officer chose

Rule: no stream, title, place, chapter or other note of the sender's file is passed on; only what can be seen and heard.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.triage.evidence.inside.media.probing import INPUT, ONLY_FILES, Stream, last_packet, probe, source_of
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

Stretch = tuple[float, float]
_MADE: Final = Path("/tmp/recording.webm")  # noqa: S108  the sandbox's own /tmp, in memory
_PIECE: Final = 1 << 16
_CLUSTER: Final = b"\x1f\x43\xb6\x75"  # Matroska: the element that has the first pictures and sounds
_CLUSTER_MOST: Final = 5_000_000  # bytes
_PLAY_RATE: Final = 30  # pictures a second
_PLAY_BITS, _SOUND_BITS = 1_200_000, 64_000  # a second
_COPY_BITS_MAX, _COPY_BITS_MIN = 5_000_000, 150_000
_STEADY: Final = 25  # pictures a second of a copy with black stretches: no picture lasts longer than 1/25 s
_SLACK: Final = 1  # second by which a copy may be shorter
_BEEP: Final = "0.1*sin(2000*PI*t)"


@dataclass(frozen=True)
class _Shape:
    """How streams are encoded.

    Attributes:
        longer: side of the picture in pixels at most; likewise `shorter`.
        shorter: see longer.
        bits: of the film, a second.
        rate: pictures a second at most; 0: as it is.
        is_padded: whether film and sound go on with their last picture and silence.
    """

    longer: int
    shorter: int
    bits: int
    rate: int = 0
    is_padded: bool = False


def play(
    start: float,
    end: float,
    film: int,
    sound: int,
    longer: int,
    shorter: int,
    silenced: Sequence[Stretch] = (),
    black: Sequence[Stretch] = (),
) -> None:
    """Write the recording on standard input as a WebM stream while it is encoded, covered as its copy would be.

    Film and sound are both as long as asked for: a browser stops where one of two ends. The last picture stays.

    Args:
        start: seconds from its beginning.
        end: seconds from its beginning, where the stream ends.
        film: 0-based, of the films that can be decoded; likewise `sound`. One that is not there is left out.
        sound: see film.
        longer: side of the picture in pixels at most; likewise `shorter`.
        shorter: see longer.
        silenced: see recording; likewise `black`.
        black: see silenced.

    Raises:
        CannotError: see probing.probe; `no-page`: it ends before `start`; `damaged`: nothing can be decoded.
    """
    found = probe()
    shape = _Shape(longer, shorter, _PLAY_BITS, _PLAY_RATE, is_padded=True)
    streams = (found.films[film : film + 1], found.sounds[sound : sound + 1])
    made = ["-t", f"{max(0.1, end - start):.3f}", "-flush_packets", "1"]
    if all(streams):  # Firefox goes on at a cluster only if it begins with a key picture: there is one each second
        made += ["-force_key_frames", "expr:gte(t,n_forced)", "-cluster_time_limit", "30000"]
        made += ["-cluster_size_limit", str(_CLUSTER_MOST)]
    made += ["-f", "webm", "pipe:1"]
    # A container without an index may not find the place: then everything before it is decoded, too.
    for before, after in ((_at(start), []), ([], _at(start))) if start else (([], []),):
        # Where the input is opened at a place, its times begin there.
        covered = [_moved(stretches, start if before else 0.0) for stretches in (silenced, black)]
        command = [*_input(before), *after, *_streams(*streams, shape, *covered), *made]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as encoder:
            if _passed_on(encoder):
                return
    raise CannotError("no-page" if start else "damaged")


def recording(
    most: int, longer: int, shorter: int, silenced: Sequence[Stretch] = (), black: Sequence[Stretch] = ()
) -> None:
    """Write a cleaned copy of the recording on standard input, with all its films and sounds, as the reply.

    Args:
        most: bytes of the copy. Long films get fewer bits a second, so that they fit.
        longer: side of the picture in pixels at most; likewise `shorter`.
        shorter: see longer.
        silenced: (from, to) in seconds, where every sound is a beep.
        black: likewise, where every picture is black. Pictures come at a steady 25 a second then, so that none that
            began before a stretch is still shown in it.

    Raises:
        CannotError: see probing.probe; `damaged`: nothing can be decoded; `too-large`.
    """
    found = probe()
    bits = _COPY_BITS_MAX
    if found.stated:
        bits = int(7 * most / found.stated / max(1, len(found.films))) - _SOUND_BITS * len(found.sounds)
    shape = _Shape(longer, shorter, max(_COPY_BITS_MIN, min(_COPY_BITS_MAX, bits)), _STEADY if black else 0)
    made = ["-fs", str(most), "-f", "webm", str(_MADE)]
    command = [*_input([]), *_streams(found.films, found.sounds, shape, silenced, black), *made]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if not _MADE.is_file() or (_MADE.stat().st_size <= _PIECE and _CLUSTER not in _MADE.read_bytes()):
        raise CannotError("damaged")
    if _MADE.stat().st_size >= most - 2 * _PIECE:
        raise CannotError("too-large")
    # An encoder that stops early, or a film that breaks off, is no reason to refuse the rest.
    missing = int(last_packet(source_of(found)) - last_packet(("-i", str(_MADE))))
    write(DONE + facts_block({"copy-shorter": missing} if missing > _SLACK else {}))
    with _MADE.open("rb") as file:
        while piece := file.read(_PIECE):
            write(piece)


def stretches(text: str) -> list[Stretch]:
    """Return [(from, to)] of "1.5-2,7-9.25", seconds; an empty text has none. Raises ValueError for anything else."""
    pairs = [part.split("-") for part in text.split(",")] if text else []
    return [(float(start), float(end)) for start, end in pairs]


def _moved(stretches: Sequence[Stretch], start: float) -> list[Stretch]:
    """Return stretches on a clock that begins at `start`."""
    return [(begin - start, end - start) for begin, end in stretches if end > start]


def fitted(film: Stream, longer: int, shorter: int) -> tuple[int, int]:
    """Return (width, height) of a film's picture within two sides, both even, its shape kept and never larger."""
    wide, high = (longer, shorter) if film.width >= film.height else (shorter, longer)
    scale = min(1.0, wide / film.width, high / film.height)
    return max(2, round(film.width * scale / 2) * 2), max(2, round(film.height * scale / 2) * 2)


def _at(seconds: float) -> list[str]:
    return ["-ss", f"{seconds:.3f}"]


def _input(before: list[str]) -> list[str]:
    if shutil.which("ffmpeg") is None:
        raise CannotError("no-media")
    return ["ffmpeg", "-v", "quiet", "-nostdin", "-threads", "2", *ONLY_FILES, *before, "-i", INPUT]


def _streams(
    films: Sequence[Stream],
    sounds: Sequence[Stream],
    shape: _Shape,
    silenced: Sequence[Stretch] = (),
    black: Sequence[Stretch] = (),
) -> Iterator[str]:
    """Yield the options that choose, filter and encode streams, and drop everything else."""
    for stream in (*films, *sounds):
        yield from ("-map", f"0:{stream.index}")
    for number, film in enumerate(films):
        yield from (f"-filter:v:{number}", ",".join(_picture_filters(film, shape, black)))
    for number, sound in enumerate(sounds):
        yield from (f"-filter:a:{number}", ",".join(_sound_filters(sound, shape, silenced)))
    yield from ("-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn", "-fflags", "+bitexact")
    yield from ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-threads:v", "1", "-g", "60")
    yield from ("-b:v", str(shape.bits), "-maxrate", str(2 * shape.bits), "-bufsize", str(2 * shape.bits))
    yield from ("-flags:v", "+bitexact", "-c:a", "libopus", "-b:a", str(_SOUND_BITS), "-flags:a", "+bitexact")


def _picture_filters(film: Stream, shape: _Shape, black: Sequence[Stretch]) -> Iterator[str]:
    width, height = fitted(film, shape.longer, shape.shorter)
    if shape.rate and (black or not 0 < film.rate <= shape.rate):
        yield f"fps={shape.rate}"
    if shape.is_padded:
        yield "tpad=stop=-1:stop_mode=clone"
    yield "yadif=deint=interlaced"
    if not film.is_square:
        yield "scale=w='max(1,iw*sar)':h=ih"
    # The size may change in the middle of a film; the new one keeps its own.
    yield f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1,setsar=1"
    if black:
        times = "+".join(f"between(t,{start - 1 / _STEADY:.3f},{end:.3f})" for start, end in black)
        yield f"drawbox=c=black:t=fill:enable='{times}'"
    yield "format=yuv420p"


def _sound_filters(sound: Stream, shape: _Shape, silenced: Sequence[Stretch]) -> Iterator[str]:
    # Gaps become silence, so that sound and picture stay together.
    layout = "mono" if sound.channels == 1 else "stereo"
    yield "aresample=48000:async=1:first_pts=0"
    yield f"aformat=sample_rates=48000:channel_layouts={layout}"
    if silenced:
        times = "+".join(f"between(t,{start:.3f},{end:.3f})" for start, end in silenced)
        yield f"aeval=exprs='if({times},{_BEEP},val(ch))':c=same"
    if shape.is_padded:
        yield "apad"


def _passed_on(encoder: subprocess.Popen[bytes]) -> bool:
    """Write what the encoder makes as the reply; return False if it made nothing that can be played."""
    if encoder.stdout is None:  # it was started with a pipe
        return False
    made = encoder.stdout.fileno()
    held = b""
    while _CLUSTER not in held:
        piece = os.read(made, _PIECE)
        held += piece
        if not piece or len(held) > _PIECE:
            break
    if _CLUSTER not in held:
        return False
    write(DONE + held)
    while piece := os.read(made, _PIECE):
        write(piece)
    return True
