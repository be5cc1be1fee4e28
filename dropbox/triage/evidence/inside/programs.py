"""Runs LibreOffice (document to PDF) and ffmpeg (copy of a recording's streams), inside the sandbox.

Rule: their arguments are fixed and the file names are ours; their output is discarded or parsed in here.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from dropbox.triage.evidence.inside import office as archives
from dropbox.triage.evidence.inside.reply import DONE, CannotError, write

_FOLDER: Final = Path("/tmp")  # noqa: S108  the sandbox's own /tmp, in memory
_INPUT: Final = "/proc/self/fd/0"
_PIECE: Final = 1 << 20
_ZIP: Final = b"PK"
_ONLY_FILES: Final = ("-protocol_whitelist", "file")  # a playlist may name addresses
# Messages of an encoder or camera inside the video stream (SEI): unit type 6 of H.264; 39 and 40 of H.265.
_NOTES: Final = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}


def office(ending: str, most: int) -> None:
    """Write the document on standard input as a PDF.

    Args:
        ending: of the file name that LibreOffice sees.
        most: bytes that the PDF may have.

    Raises:
        CannotError: `no-office` (not installed), `damaged`, `bomb` or `too-large`.
    """
    if shutil.which("soffice") is None:
        raise CannotError("no-office")
    if os.pread(0, len(_ZIP), 0) == _ZIP:
        archives.open_archive()  # stops bombs and truncated documents here
        os.lseek(0, 0, os.SEEK_SET)
    document, made = _FOLDER / f"document.{ending}", _FOLDER / "document.pdf"
    with document.open("wb") as file:
        while piece := os.read(0, _PIECE):
            file.write(piece)
    profile = f"-env:UserInstallation=file://{_FOLDER}/profile"
    options = (
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "--convert-to",
        "pdf",
        "--outdir",
        str(_FOLDER),
    )
    subprocess.run(
        ["soffice", profile, *options, str(document)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if not made.is_file():
        raise CannotError("damaged")
    if made.stat().st_size > most:
        raise CannotError("too-large")
    write(DONE)
    _give_out(made)


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
