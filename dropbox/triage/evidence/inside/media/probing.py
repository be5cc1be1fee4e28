"""Finds the streams of a recording, its real length, and what a player does not show (ffprobe, ffmpeg).

    end    = time of the last packet; the length that a header gives may be wrong, or that of the file before it was cut
    shown  = the streams that can be decoded: pictures that move, and sound

Rule: the arguments of the programs are fixed, and what they say is parsed in here; only numbers leave the sandbox.
"""

import json
import math
import os
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dropbox.triage.evidence.inside.media import damage
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

INPUT: Final = "/proc/self/fd/0"
ONLY_FILES: Final = ("-protocol_whitelist", "file")  # a playlist may name addresses
# The numbers by which evidence.replies names them.
CODECS: Final = (
    *("other", "h264", "hevc", "h263", "mpeg4", "vp8", "vp9", "av1", "mjpeg"),
    *("aac", "mp3", "opus", "vorbis", "amr_nb", "amr_wb", "flac", "pcm_s16le"),
    *("mpeg2video", "mpeg1video", "flv1", "wmv1", "wmv2", "wmv3", "vc1", "msmpeg4v3", "prores", "theora", "dvvideo"),
    *("mp2", "ac3", "eac3", "dts", "wmav1", "wmav2", "wmapro", "wmavoice", "alac", "adpcm_ms", "adpcm_ima_wav"),
    *("pcm_s16be", "pcm_u8", "pcm_s24le", "pcm_alaw", "pcm_mulaw", "gsm_ms", "g726", "speex", "qcelp", "nellymoser"),
)
_PLACES: Final = re.compile(r"location|gps|xyz", re.IGNORECASE)
_PLACE_TRACKS: Final = ("gpmd", "camm")  # telemetry of action cameras: where they were
_LOCKED: Final = ("drms", "drmi", "enca", "encv")  # sound or pictures under a lock of their seller (ISO 23001-7)
_ONE_PICTURE: Final = ("-frames:v", "1", "-vf", "scale=2:2", "-f", "rawvideo", "pipe:1")
_ONE_SOUND: Final = ("-frames:a", "1", "-f", "s16le", "pipe:1")
_SLACK: Final = 0.75  # seconds by which a header may be off
_SHARE: Final = 0.02  # and the share of the length
_CLUSTERS: Final = 1 << 16


@dataclass(frozen=True)
class Stream:
    """A stream that can be decoded.

    Attributes:
        index: of the stream in the file, as ffmpeg counts.
        codec: its name; "other" if it is not in CODECS.
        width: in square pixels, upright; 0 for sound. Likewise height.
        height: see width.
        rate: pictures a second; 0 if unknown or for sound.
        is_square: whether its pixels are square.
        channels: of sound.
    """

    index: int
    codec: str
    width: int = 0
    height: int = 0
    rate: float = 0.0
    is_square: bool = True
    channels: int = 0


@dataclass
class Recording:
    """The streams of a recording, and the length in seconds that its header gives (0: none)."""

    films: list[Stream] = field(default_factory=list)
    sounds: list[Stream] = field(default_factory=list)
    stated: float = 0.0
    is_estimated: bool = False
    said: dict[str, Any] = field(default_factory=dict)


def probe() -> Recording:
    """Return what ffprobe reports about the recording on standard input, with at least one stream that can be decoded.

    Raises:
        CannotError: `no-media` (not installed), `damaged`, `locked` or `unsupported` (no decoder).
    """
    if shutil.which("ffprobe") is None:
        raise CannotError("no-media")
    wanted = ("-of", "json", "-show_format", "-show_streams", "-show_chapters", INPUT)
    done = subprocess.run(["ffprobe", "-v", "warning", *ONLY_FILES, *wanted], capture_output=True, check=False)
    said: dict[str, Any] = json.loads(done.stdout or b"{}")
    streams = said.get("streams", [])
    if done.returncode or not streams:
        raise CannotError("damaged")
    found = Recording(said=said, stated=_number(said.get("format", {}).get("duration")))
    found.is_estimated = b"Estimating duration" in done.stderr
    for stream in streams:
        if stream.get("codec_tag_string") in _LOCKED:
            raise CannotError("locked")
        if not _moves(stream):
            continue
        if stream["codec_type"] == "audio" and _number(stream.get("sample_rate")) and _decodes(stream, *_ONE_SOUND):
            found.sounds.append(_sound(stream))
        elif stream["codec_type"] == "video" and stream.get("pix_fmt") and _decodes(stream, *_ONE_PICTURE):
            found.films.append(_film(stream))
    if not (found.films or found.sounds):
        is_known = any(stream.get("pix_fmt") or stream.get("sample_fmt") for stream in streams)
        raise CannotError("damaged" if is_known else "unsupported")
    return found


def _decodes(stream: dict[str, Any], *one: str) -> bool:
    """Return whether one picture or sound of a stream can be decoded; what cannot would be played as silence."""
    command = ["ffmpeg", "-v", "quiet", "-nostdin", *ONLY_FILES, "-i", INPUT, "-map", f"0:{stream['index']}", *one]
    return bool(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout)


def facts(reading: Reading) -> dict[str, int]:
    """Return numbers about the recording on standard input; notes name what a player does not show.

    Raises:
        CannotError: see probe.
    """
    found = probe()
    _note(reading, found)
    told = {}
    end = last_packet(source_of(found)) or found.stated
    met = damage.decode(source_of(found))
    if met.faults:
        reading.note("broken-places", met.faults)
    if met.checked is not None and met.checked < end - 1:
        reading.note("checked-until", met.checked)
    if found.stated - end > max(_SLACK, _SHARE * found.stated, *(2 / film.rate for film in found.films if film.rate)):
        if not found.is_estimated:
            reading.note("missing")
    elif _is_cut():
        reading.note("missing")
    told["seconds"] = math.ceil(end - 0.1)
    if found.films:
        film = found.films[0]
        told |= {"video": CODECS.index(film.codec), "width": film.width, "height": film.height}
    if found.sounds:
        told["audio"] = CODECS.index(found.sounds[0].codec)
    parts = (found.said.get("format", {}), *found.said["streams"], *found.said.get("chapters", ()))
    tags = [name for part in parts for name in part.get("tags", {})]
    tracks = {stream.get("codec_tag_string") for stream in found.said["streams"]}
    place = any(_PLACES.search(name) for name in tags) or not tracks.isdisjoint(_PLACE_TRACKS)
    return told | {"tags": len(tags), "place": int(place)}


def _note(reading: Reading, found: Recording) -> None:
    """Note what is in the file and is not played with the first film and the first sound."""
    streams = found.said["streams"]
    kinds = [stream.get("codec_type", "") for stream in streams]
    counts = {
        "film-tracks": len(found.films) if len(found.films) > 1 else 0,
        "sound-tracks": len(found.sounds) if len(found.sounds) > 1 else 0,
        "subtitles": kinds.count("subtitle"),
        "data-tracks": kinds.count("data"),
        "chapters": len(found.said.get("chapters", ())),
        "covers": sum(map(_is_cover, streams)),
        "attached": kinds.count("attachment"),
        "undecoded": sum(map(_moves, streams)) - len(found.films) - len(found.sounds),
    }
    for name, count in counts.items():
        if count:
            reading.note(name, count)


def _is_cover(stream: dict[str, Any]) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _moves(stream: dict[str, Any]) -> bool:
    return stream.get("codec_type") in ("video", "audio") and not _is_cover(stream)


def _codec(stream: dict[str, Any]) -> str:
    name = str(stream.get("codec_name"))
    return name if name in CODECS else CODECS[0]


def _sound(stream: dict[str, Any]) -> Stream:
    return Stream(int(stream["index"]), _codec(stream), channels=int(_number(stream.get("channels"))) or 1)


def _film(stream: dict[str, Any]) -> Stream:
    width, height = int(_number(stream.get("width"))), int(_number(stream.get("height")))
    aspect = _ratio(stream.get("sample_aspect_ratio", ""), ":") or 1.0
    turned = [int(_number(side.get("rotation"))) for side in stream.get("side_data_list", ()) if "rotation" in side]
    shown = max(1, round(width * aspect)), max(1, height)
    if turned and turned[0] % 180:
        shown = shown[::-1]
    rate = _ratio(stream.get("avg_frame_rate", ""), "/") or _ratio(stream.get("r_frame_rate", ""), "/")
    return Stream(int(stream["index"]), _codec(stream), *shown, rate, aspect == 1.0)


def _number(value: object) -> float:
    """Return a number that ffprobe wrote, 0 for anything else."""
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0


def _ratio(text: str, sign: str) -> float:
    above, _, below = str(text).partition(sign)
    return _number(above) / _number(below) if _number(below) else 0.0


def _source(found: Recording) -> list[str]:
    """Return the arguments that name the input and its films and sounds."""
    maps = [part for stream in (*found.films, *found.sounds) for part in ("-map", f"0:{stream.index}")]
    return [*ONLY_FILES, "-i", INPUT, *maps]


def source_of(found: Recording) -> list[str]:
    """Return the arguments of ffmpeg that name the input and its films and sounds."""
    maps = [part for stream in (*found.films, *found.sounds) for part in ("-map", f"0:{stream.index}")]
    return [*ONLY_FILES, "-i", INPUT, *maps]


def last_packet(source: Sequence[str]) -> float:
    """Return the time of the last packet in seconds, 0 if unknown; nothing is decoded.

    Args:
        source: arguments of ffmpeg that name the input and its streams.
    """
    done = subprocess.run(
        [
            *("ffmpeg", "-v", "quiet", "-nostdin", *source),
            *("-c", "copy", "-f", "null", "-nostats", "-progress", "pipe:1", "-"),
        ],
        capture_output=True,
        check=False,
    )
    times = re.findall(rb"^out_time_us=([0-9]+)", done.stdout, re.MULTILINE)
    return int(times[-1]) / 1e6 if times else 0.0


# --- Files whose header gives a size, and that are shorter -----------------------------------------------------------


def _is_cut() -> bool:
    """Return whether the container says in bytes that it was longer."""
    size = os.fstat(0).st_size
    return any(end > size for end in _ends(size))


def _ends(size: int) -> Iterator[int]:
    """Yield where a part that must be whole ends, by the container's own sizes."""
    head = os.pread(0, _CLUSTERS, 0)
    if head[:4] in (b"RIFF", b"FORM"):  # Microsoft RIFF; Apple AIFF 1.3
        length = struct.unpack(("<" if head[:1] == b"R" else ">") + "I", head[4:8])[0]
        if length < 0xFFFFFF00:
            yield 8 + length
    elif head[:4] == b"caff":  # Apple Core Audio Format 1.0
        at = 8
        while at + 12 <= len(head):
            name, length = struct.unpack(">4sq", head[at : at + 12])
            if length < 0:
                return
            at += 12 + length
            if name == b"data":
                yield at
                return
    elif head[:4] == b"OggS":  # RFC 3533, 6: the last page
        tail = os.pread(0, _CLUSTERS, max(0, size - _CLUSTERS))
        at = tail.rfind(b"OggS")
        count = tail[at + 26] if len(tail) > at + 26 else 0
        yield size - len(tail) + at + 27 + count + sum(tail[at + 27 : at + 27 + count])
    elif head[:4] == b"\x30\x26\xb2\x75":  # ASF 1.2, 3.2: File Properties Object
        at = head.find(b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65")
        if 0 < at < len(head) - 48:
            yield struct.unpack("<Q", head[at + 40 : at + 48])[0]
