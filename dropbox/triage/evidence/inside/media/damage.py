"""Finds damage within a recording by decoding it, as far as a fixed time allows (ffmpeg).

    faults   = messages of demuxers and decoders of the level `error`: an intact recording causes none
    checked  = seconds of the recording that were decoded

Rule: a player and a copy turn a damaged place into silence or a still picture, so that it must be noted here. Damage of
samples without any code (PCM) is a sound like any other, and is not found.
"""

import re
import subprocess
import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

_SECONDS: Final = 10  # of decoding, a part of what one look at a file may take
_MESSAGES_MAX: Final = 1 << 18  # bytes; what a hostile file causes beyond is not counted
_TIME: Final = re.compile(rb"^out_time_us=([0-9]+)", re.MULTILINE)


class Decoded(NamedTuple):
    """What decoding met: `faults` messages; seconds that were `checked`, None for the whole recording."""

    faults: int
    checked: int | None


def decode(source: Sequence[str]) -> Decoded:
    """Decode streams for at most _SECONDS, and keep nothing of them.

    Args:
        source: arguments of ffmpeg that name the input and its streams.
    """
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "2", *source]
    command += ["-f", "null", "-nostats", "-progress", "pipe:1", "-"]
    late = threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as decoder:

        def stop() -> None:
            late.set()
            decoder.kill()

        timer = threading.Timer(_SECONDS, stop)
        timer.start()
        if decoder.stdout is None or decoder.stderr is None:  # it was started with pipes
            return Decoded(0, 0)
        messages = decoder.stderr.read(_MESSAGES_MAX)  # its few lines about progress wait in their pipe
        if len(messages) == _MESSAGES_MAX:
            decoder.kill()
        times = _TIME.findall(decoder.stdout.read())
        timer.cancel()
    return Decoded(messages.count(b"\n"), int(times[-1]) // 1_000_000 if late.is_set() and times else None)
