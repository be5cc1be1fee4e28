"""Collects numbers about a file, and signs of what it would do if a desktop program opened it (1 = yes, 0 = no).

Rule: only numbers leave the sandbox; a codec is its place in a fixed list.
"""

import re
import sys
from collections.abc import Callable
from typing import Any, Final

from dropbox.triage.evidence.inside import pdf, programs, texts
from dropbox.triage.evidence.inside.archives import listing as archives
from dropbox.triage.evidence.inside.documents import reader
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import write_facts

_READ_MAX: Final = 64 << 20
_PDF_SIGNS: Final = {
    "script": re.compile(rb"/(?:JavaScript|JS)\b"),
    "launch": re.compile(rb"/(?:Launch|SubmitForm|ImportData|GoToR)\b"),
    "attachments": re.compile(rb"/EmbeddedFiles?\b"),
}
_MEDIA_PLACES: Final = re.compile(r"location|gps|xyz", re.IGNORECASE)
_GPS: Final = 0x8825
# The numbers by which evidence.replies names them.
CODECS: Final = (
    *("other", "h264", "hevc", "h263", "mpeg4", "vp8", "vp9", "av1", "mjpeg"),
    *("aac", "mp3", "opus", "vorbis", "amr_nb", "amr_wb", "flac", "pcm_s16le"),
)


def facts(reading: Reading) -> None:
    """Write the facts of the file on standard input as the reply; none for a family without facts.

    Raises:
        CannotError: the file is damaged, locked, too large when unpacked, or needs a program that is not installed.
    """
    if reading.family in COLLECTORS:
        reading.facts |= COLLECTORS[reading.family](reading)
    write_facts(reading.facts)


def _signs(signs: dict[str, re.Pattern[bytes]]) -> dict[str, int]:
    """Return which signs occur in the raw bytes. Compressed parts may hide one: nothing may rely on its absence."""
    sys.stdin.buffer.seek(0)
    raw = sys.stdin.buffer.read(_READ_MAX)
    return {name: int(bool(sign.search(raw))) for name, sign in signs.items()}


def _picture() -> dict[str, int]:
    from dropbox.triage.evidence.inside.photos import decoding  # noqa: PLC0415  only pictures need it

    with decoding.open_picture() as opened:
        if opened.format == "PNG":  # its metadata may stand behind the pixels, which are then decoded
            decoding.measure(opened, opened.width * opened.height)
        exif = opened.getexif()
        return {"width": opened.width, "height": opened.height, "tags": len(exif), "place": int(_GPS in exif)}


def _media(said: dict[str, Any]) -> dict[str, int]:
    found = {"seconds": int(float(said.get("format", {}).get("duration", 0)))}
    tags = [name for part in (said.get("format", {}), *said["streams"]) for name in part.get("tags", {})]
    for stream in said["streams"]:
        if stream.get("codec_type") in ("video", "audio"):
            name = stream.get("codec_name")
            found[str(stream["codec_type"])] = CODECS.index(name) if name in CODECS else 0
        if stream.get("codec_type") == "video":
            found |= {"width": int(stream.get("width", 0)), "height": int(stream.get("height", 0))}
    return found | {"tags": len(tags), "place": int(any(_MEDIA_PLACES.search(name) for name in tags))}


COLLECTORS: dict[str, Callable[[Reading], dict[str, int]]] = {
    "pdf": lambda _: {"pages": pdf.count(), **_signs(_PDF_SIGNS)},
    "zip": archives.facts,
    "office": reader.facts,
    "old-office": reader.old_facts,
    "picture": lambda _: _picture(),
    "media": lambda _: _media(programs.probe()),
    "text": texts.warnings,
}
