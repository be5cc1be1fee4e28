"""Recordings of dictaphones, cameras on walls and telephones: findings 18b and 20, with containers of their kind."""

import functools
import subprocess
import tempfile
from pathlib import Path

from rows.row import Row

_FILM = ("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=2")
_SOUND = ("-f", "lavfi", "-i", "sine=440:duration=2")


@functools.cache
def _made(name: str, *options: str) -> bytes:
    """What ffmpeg writes; the name's ending chooses the container."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        subprocess.run(["ffmpeg", "-v", "error", *options, str(path)], check=True)
        return path.read_bytes()


def _cut(data: bytes) -> bytes:
    """Its first 60 %."""
    return data[: len(data) * 6 // 10]


def _broken(data: bytes) -> bytes:
    """With 1500 zero bytes in its middle."""
    middle = len(data) // 2
    return data[:middle] + bytes(1500) + data[middle + 1500 :]


def _two_sounds() -> bytes:
    maps = ("-map", "0", "-map", "1", "-map", "2", "-c:v", "mpeg4", "-c:a", "aac")
    return _made("dua.mkv", *_FILM, *_SOUND, *_SOUND, *maps)


ROWS = [
    Row("33-rekaman-olympus.wma", lambda: _made("a.wma", *_SOUND), "asf", warnings=()),
    Row("34-cctv.mpg", lambda: _made("a.mpg", *_FILM, "-r", "25"), "mpg", warnings=()),
    Row("36-rekaman.flv", lambda: _made("a.flv", *_FILM), "flv", warnings=()),
    Row("82-memo.caf", lambda: _made("a.caf", *_SOUND), "caf", warnings=()),
    Row("kamera.ts", lambda: _made("a.ts", *_FILM, *_SOUND, "-c:v", "mpeg2video", "-r", "25"), "ts", warnings=()),
    Row("rekaman.aiff", lambda: _made("a.aiff", *_SOUND), "aiff", warnings=()),
    Row("cctv.avi", lambda: _made("a.avi", *_FILM, "-c:v", "mpeg4"), "avi", warnings=()),
    Row("terpotong.wav", lambda: _cut(_made("a.wav", *_SOUND)), "wav", warnings=(), notes=("missing",)),
    Row("terpotong.flv", lambda: _cut(_made("a.flv", *_FILM)), "flv", warnings=(), notes=("missing",)),
    Row(
        "terpotong.mp4",
        lambda: _cut(_made("a.mp4", *_FILM, "-c:v", "mpeg4", "-movflags", "+faststart")),
        *("mp4",),
        warnings=(),
        notes=("missing",),
    ),
    Row("rusak.mp4", lambda: _broken(_made("a.m4a", *_SOUND)), "m4a", warnings=(), notes=("broken-places",)),
    Row(
        "rusak.ogg",
        lambda: _broken(_made("a.ogg", *_SOUND, "-c:a", "libvorbis")),
        "ogg",
        warnings=(),
        notes=("broken-places",),
    ),
    Row(
        "rusak.mkv",
        lambda: _broken(_made("b.mkv", *_FILM, "-c:v", "mpeg4")),
        "mkv",
        warnings=(),
        notes=("broken-places",),
    ),
    Row("rusak.mp3", lambda: _broken(_made("a.mp3", *_SOUND)), "mp3", warnings=(), notes=("broken-places",)),
    Row("dua-suara.mkv", _two_sounds, "mkv", warnings=(), notes=("sound-tracks",), never=("missing", "broken-places")),
]
