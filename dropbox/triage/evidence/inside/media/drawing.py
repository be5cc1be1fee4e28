"""Draws a recording as plain pixels: a still picture, a strip of pictures, the waveform of its sound.

Rule: what leaves is a picture of a size that was asked for; nothing is scaled up.
"""

import array
import math
import subprocess
from typing import Final

from PIL import Image, ImageDraw

from dropbox.triage.evidence.inside.media.encoding import fitted
from dropbox.triage.evidence.inside.media.probing import INPUT, ONLY_FILES, Stream, probe
from dropbox.triage.evidence.inside.reply import CannotError, write_picture

_RATE: Final = 8000  # samples a second: speech is recognisable by its shape
_SHORT: Final = 20.0  # seconds; a longer film is drawn from its key pictures, which are found without decoding the rest
_INK, _PAPER = (38, 70, 83), (255, 255, 255)


def still(start: float, film: int, side: int) -> None:
    """Write the picture at a time of the recording on standard input, as large as it is.

    Args:
        start: seconds from its beginning.
        film: 0-based, of the films that can be decoded.
        side: longest side of the result, in pixels.

    Raises:
        CannotError: see probing.probe; `no-page`: it has no picture there.
    """
    films = probe().films
    if not 0 <= film < len(films):
        raise CannotError("no-page")
    picture = _picture(films[film], start, fitted(films[film], side, side), exactly=True)
    if picture is None:
        raise CannotError("no-page")
    write_picture(1, picture.width, picture.height, picture.tobytes())


def strip(seconds: float, count: int, height: int) -> None:
    """Write pictures of the first film at equal distances, side by side; one that cannot be decoded is left grey.

    Args:
        seconds: length of the recording.
        count: of pictures.
        height: of the strip, in pixels.

    Raises:
        CannotError: see probing.probe; `no-page`: it has no film.
    """
    films = probe().films
    if not films:
        raise CannotError("no-page")
    size = (
        fitted(films[0], 2 * height, height) if films[0].width >= films[0].height else fitted(films[0], height, height)
    )
    drawn = Image.new("RGB", (count * size[0], size[1]), "grey")
    for number in range(count):
        time = (number + 0.5) * seconds / count
        picture = None if seconds <= _SHORT else _picture(films[0], time, size, exactly=False)
        picture = picture or _picture(films[0], time, size, exactly=True)
        if picture is not None:
            drawn.paste(picture, (number * size[0], 0))
    write_picture(1, drawn.width, drawn.height, drawn.tobytes())


def wave(seconds: float, sound: int, width: int, height: int) -> None:
    """Write the waveform of a sound: for each column of pixels, from the lowest to the highest sample in it.

    Args:
        seconds: length of the recording.
        sound: 0-based, of the sounds that can be decoded.
        width: of the picture, in pixels; likewise `height`.
        height: see width.

    Raises:
        CannotError: see probing.probe; `no-page`: it has no such sound.
    """
    sounds = probe().sounds
    if not 0 <= sound < len(sounds):
        raise CannotError("no-page")
    drawn = Image.new("RGB", (width, height), _PAPER)
    pen, middle = ImageDraw.Draw(drawn), height / 2
    per_column = max(1, math.ceil(max(seconds, 1.0) * _RATE / width))
    decode = ("-map", f"0:{sounds[sound].index}", "-ac", "1", "-ar", str(_RATE), "-f", "s16le", "pipe:1")
    command = ["ffmpeg", "-v", "quiet", "-nostdin", *ONLY_FILES, "-i", INPUT, *decode]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as decoder:
        if decoder.stdout is None:  # it was started with a pipe
            raise CannotError("no-page")
        for column in range(width):
            raw = decoder.stdout.read(2 * per_column)
            if len(raw) < 2:
                break
            samples = array.array("h", raw[: len(raw) // 2 * 2])
            low, high = min(samples) / 32768, max(samples) / 32768
            pen.line((column, middle - high * middle, column, middle - low * middle), fill=_INK)
        decoder.kill()
    write_picture(1, width, height, drawn.tobytes())


def _picture(film: Stream, start: float, size: tuple[int, int], *, exactly: bool) -> Image.Image | None:
    """Return the picture at a time, in a size; None if there is none. Not exactly: a key picture near it."""
    width, height = size
    square = "" if film.is_square else "scale=w='max(1,iw*sar)':h=ih,"
    filters = f"yadif=deint=interlaced,{square}scale={width}:{height},format=rgb24"
    seek = ["-ss", f"{start:.3f}"]
    quick = [] if exactly else ["-noaccurate_seek", "-skip_frame", "nokey"]
    rest = ["-map", f"0:{film.index}", "-frames:v", "1", "-vf", filters, "-f", "rawvideo", "pipe:1"]
    for before, after in ((seek, []), ([], seek)) if exactly and start else ((seek, []),):
        command = ["ffmpeg", "-v", "quiet", "-nostdin", "-threads", "2", *ONLY_FILES, *quick, *before, "-i", INPUT]
        done = subprocess.run([*command, *after, *rest], capture_output=True, check=False)
        if len(done.stdout) == 3 * width * height:
            return Image.frombytes("RGB", size, done.stdout)
    return None
