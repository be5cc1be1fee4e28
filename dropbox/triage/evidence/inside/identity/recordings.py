"""Knows sound and video by their containers and by the rhythm of their frames.

Rule: a short or printable sign counts only together with a second field of its header, a frame only with the next one.
A container holds sound or film: its streams say which, not its kind.
"""

import re
from typing import Final

from dropbox.triage.evidence.inside.identity.peek import Peek

_ASF: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_RIFF: Final = {b"AVI ": "avi", b"WAVE": "wav", b"QLCM": "qcp"}
# Registered brands of ISO/IEC 14496-12 files that hold pictures; other brands are hints within one family.
_PICTURES: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "heic"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
}
_GENERAL: Final = (b"mif1", b"msf1", b"miaf")  # pictures of a codec that the other brands name
_BRANDS: Final = {b"M4A ": "m4a", b"M4B ": "m4a", b"M4P ": "m4a", b"qt  ": "mov"}
_OLD_MOVIE: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PACKETS: Final = ((188, 0), (192, 4), (204, 0))  # MPEG transport: length of a packet, place of its sync byte
_RHYTHM: Final = 5  # packets in a row
_RAW_VIDEO: Final = re.compile(rb"\0{2,3}\x01(?:[\x27\x47\x67][\x42\x4d\x58\x64\x6e\x7a\xf4]|\x40\x01\x0c)")
_SIGNS: Final = (
    (re.compile(rb"fLaC[\0\x80]\0\0\x22", re.DOTALL), "flac"),
    (re.compile(rb"OggS\0[\0-\7]", re.DOTALL), "ogg"),
    (re.compile(rb"#!AMR(?:-WB)?(?:_MC1\.0)?\n(?:[\x04-\x7c]|\Z)"), "amr"),
    (re.compile(rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0"), "wav"),
    (re.compile(rb"FLV\x01[\0\1\4\5]\0\0\0\x09", re.DOTALL), "flv"),
    (re.compile(rb"caff\0\x01\0.desc", re.DOTALL), "caf"),
    (re.compile(rb"FORM....AIF[FC]", re.DOTALL), "aiff"),
    (re.compile(rb"\.snd\0.{3}.{4}\0\0\0[\1-\x1e]", re.DOTALL), "au"),
    (re.compile(rb"\0\0\x01\xba(?:[\x44-\x7f]|[\x21-\x2f])", re.DOTALL), "mpg"),
    (re.compile(rb"\0\0\x01\xb3.{3}[\x11-\x8f]", re.DOTALL), "mpg"),
    (re.compile(rb"\.RMF\0\0\0[\x10-\x20]", re.DOTALL), "rm"),
    (re.compile(rb"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", re.DOTALL), "mxf"),
    (re.compile(rb"DHAV[\xf0-\xfd]", re.DOTALL), "dav"),
    (re.compile(rb"[\2\3]dss.{4}", re.DOTALL), "dss"),
    (re.compile(rb"Creative Voice File\x1a\x1a\0"), "voc"),
    (re.compile(rb"wvpk.{4}.\x04", re.DOTALL), "wv"),
    (re.compile(rb"MAC .\x0f", re.DOTALL), "ape"),
    (re.compile(rb"\x0bw...[\x30-\x57\x80-\x87]", re.DOTALL), "ac3"),
)
_MP3_BITS: Final = {  # kbit/s, ISO/IEC 11172-3 2.4.2.3 and 13818-3 2.4.2.3, by (is version 1, layer)
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by version bits


def recording(file: Peek) -> str:
    """Return the code of the recording's kind; empty if it is none of these."""
    head = file.head
    for sign, code in _SIGNS:
        if sign.match(head):
            return code
    if head[:16] == _ASF:
        return "asf"
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64") and len(head) >= 16:
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"\x42\x82\x84webm" in head[:64] else "mkv" if b"\x42\x82\x88matroska" in head[:64] else ""
    return _boxes(head) or _tagged(file) or frames(file, 0, 2) or _packets(file) or _raw_video(head)


def _boxes(head: bytes) -> str:
    size, name = int.from_bytes(head[:4], "big"), head[4:8]
    if name == b"ftyp" and 12 <= size <= 4096:
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))]
        if brands[0] in _PICTURES or brands[0] in _GENERAL:
            return next((_PICTURES[brand] for brand in brands if brand in _PICTURES), "heic")
        if brands[0] == b"crx ":
            return "raw-picture"
        return "3gp" if brands[0][:2] == b"3g" else _BRANDS.get(brands[0], "mp4")
    if name in _OLD_MOVIE and size >= 8:
        # A movie of QuickTime before 2001 has no brands: its boxes follow each other.
        follows = head[size + 4 : size + 8]
        return "mov" if follows in _OLD_MOVIE or (not follows and name in (b"moov", b"mdat")) else ""
    return ""


def _tagged(file: Peek) -> str:
    """Return the code of what follows a tag of ID3, version 2 (id3v2.4.0-structure, 3.1)."""
    head = file.head[:10]
    if head[:3] != b"ID3" or len(head) < 10 or not 2 <= head[3] <= 4 or head[5] & 0x0F or max(head[6:]) > 0x7F:
        return ""
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    after = 10 + size + (10 if head[5] & 0x10 else 0)
    behind = file.at(after, 4)
    return "flac" if behind == b"fLaC" else "aac" if frames(file, after, 2) == "aac" else "mp3"


def frames(file: Peek, at: int, least: int) -> str:
    """Return "mp3" or "aac" when so many frames follow each other from a place on, or the file ends with one before."""
    first = b""
    for number in range(least):
        header = file.at(at, 7)
        if number and len(header) < 4 and at >= file.size:
            return _frame(first)[0] if least <= 2 else ""
        code, length = _frame(header)
        if not code or (first and (header[1] & 0xFE != first[1] & 0xFE or header[2] & 0x0C != first[2] & 0x0C)):
            return ""
        first, at = first or header, at + length
    return _frame(first)[0]


def _frame(header: bytes) -> tuple[str, int]:
    """Return (code, length in bytes) of a frame; an empty code for what is no frame."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return "", 0
    layer = 4 - (header[1] >> 1 & 3)
    if layer == 4:  # ADTS, ISO/IEC 13818-7 6.2
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5 if len(header) >= 7 else 0
        is_aac = header[1] & 0xF0 == 0xF0 and header[2] >> 2 & 15 < 13 and length >= 7
        return ("aac", length) if is_aac else ("", 0)
    version, bits, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or not 1 <= bits <= 14 or rate == 3:
        return "", 0
    kbits, hertz, padding = _MP3_BITS[version == 3, layer][bits - 1], _MP3_RATES[version][rate], header[2] >> 1 & 1
    if layer == 1:
        return "mp3", (12_000 * kbits // hertz + padding) * 4
    return "mp3", (144_000 if version == 3 or layer == 2 else 72_000) * kbits // hertz + padding


def _packets(file: Peek) -> str:
    for length, sync in _PACKETS:
        first = file.head.find(b"G", sync, sync + length)
        while first >= 0:
            places = range(first, min(first + _RHYTHM * length, file.size), length)
            if len(places) == _RHYTHM and all(file.at(place, 1) == b"G" for place in places):
                return "ts"
            first = file.head.find(b"G", first + 1, sync + length)
    return ""


def _raw_video(head: bytes) -> str:
    match = _RAW_VIDEO.match(head)
    return "" if match is None else "h264"


def loose_frames(file: Peek) -> int:
    """Return the offset of three frames of MPEG audio in a row after junk, in the first 64 KiB; 0 if there are none."""
    at = file.head.find(b"\xff", 1)
    while at > 0:
        if file.head[at + 1 : at + 2] >= b"\xe0" and frames(file, at, 4):
            return at
        at = file.head.find(b"\xff", at + 1)
    return 0
