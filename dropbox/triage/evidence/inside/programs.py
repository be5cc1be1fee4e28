"""Runs ffmpeg (copy of a recording's streams), inside the sandbox.

Rule: their arguments are fixed and the file names are ours; their output is discarded or parsed in here.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from dropbox.triage.evidence.inside.reply import DONE, CannotError, write

_FOLDER: Final = Path("/tmp")  # noqa: S108  the sandbox's own /tmp, in memory
_INPUT: Final = "/proc/self/fd/0"
_PIECE: Final = 1 << 20
_ONLY_FILES: Final = ("-protocol_whitelist", "file")  # a playlist may name addresses
# Messages of an encoder or camera inside the video stream (SEI): unit type 6 of H.264; 39 and 40 of H.265.
_NOTES: Final = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}


def probe() -> dict[str, Any]:
    """Return what ffprobe reports about the recording on standard input: its JSON, with at least one stream.

    Raises:
        CannotError: `no-media` (not installed) or `damaged`.
    """
    if shutil.which("ffprobe") is None:
        raise CannotError("no-media")
    wanted = ("-of", "json", "-show_format", "-show_streams", _INPUT)
    done = subprocess.run(["ffprobe", "-v", "quiet", *_ONLY_FILES, *wanted], capture_output=True, check=False)
    said: dict[str, Any] = json.loads(done.stdout or b"{}")
    if done.returncode or not said.get("streams"):
        raise CannotError("damaged")
    return said


def media(most: int) -> None:
    """Write the audio and video streams of the recording on standard input as a new Matroska file, without metadata.

    Args:
        most: bytes that the file may have.

    Raises:
        CannotError: `no-media` (not installed), `damaged` or `too-large`.
    """
    codecs = {stream.get("codec_name") for stream in probe()["streams"]}
    notes = [part for codec, filter_ in _NOTES.items() if codec in codecs for part in ("-bsf:v:0", filter_)]
    made = _FOLDER / "recording.mkv"
    done = subprocess.run(
        [
            *("ffmpeg", "-v", "quiet", "-nostdin", *_ONLY_FILES, "-i", _INPUT, "-map", "0:V:0?", "-map", "0:a?"),
            *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"),
            *("-c", "copy", *notes, "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
            *("-fs", str(most), "-f", "matroska", str(made)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode or not made.is_file():
        raise CannotError("damaged")
    if made.stat().st_size >= most - _PIECE:
        raise CannotError("too-large")
    write(DONE)
    _give_out(made)


def _give_out(path: Path) -> None:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            write(piece)
