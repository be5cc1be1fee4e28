"""Compresses responses without revealing secrets by their length.

    member = gzip's header with a field of zeros in it ‖ DEFLATE(page) ‖ CRC-32 ‖ length     (RFC 1952)

Rule: an answer to a POST is never compressed: it shows what was typed beside secrets, and whoever chooses a part of a
page and sees its length could guess the rest (BREACH). Blank lines fill it up. An answer to code and words has one
length, whether they are right, wrong or unknown, and whatever was answered: 16 KiB, for the few that say more 32, 64 …;
its head has one length too. A review is filled by chance, and to a whole bucket: some say more than others of reports
of the same length (of the inspectorate, of a child). The pages that are compressed hold nothing from outside, and no
secret: code and words are first shown in an answer to a POST. A field of zeros still blurs their length a little.
"""

import gzip
import secrets
import struct
import zlib
from pathlib import Path
from typing import Final

from flask import Flask, Response, request

from dropbox.limits import ANSWER_BUCKET_BYTES, PAGE_BUCKET_BYTES, REVIEW_BUCKET_BYTES

_READING: Final = ("GET", "HEAD")
_VARIANTS: Final = {"br": ".br", "gzip": ".gz"}  # encoding: ending of the file that the build wrote; the best first
_REASON: Final = "Answer"  # "OK" and "Not Found" are words of different lengths; no browser shows them
_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_BEST: Final = 9
_MEMORY: Final = 5  # shorter blocks suit pages better than the default
_FEXTRA: Final = 4
_HEADER: Final = struct.Struct("<2sBBIBBHBBH")  # up to and with the length of the one subfield
_TRAILER: Final = struct.Struct("<II")

_Variants = dict[str, dict[str, bytes]]  # bytes by encoding, by name of the plain file


def padded_gzip(data: bytes) -> bytes:
    """One gzip member of the data, a multiple of PAGE_BUCKET_BYTES long, the same bytes each time."""
    compressor = zlib.compressobj(_BEST, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY)
    packed = compressor.compress(data) + compressor.flush()
    fill = -(_HEADER.size + len(packed) + _TRAILER.size) % PAGE_BUCKET_BYTES
    # Magic, DEFLATE, a field follows, no time, slowest, no system; then the field: its length, its name, its content's.
    header = _HEADER.pack(b"\x1f\x8b", 8, _FEXTRA, 0, 2, 255, 4 + fill, 0, 0, fill)
    return header + bytes(fill) + packed + _TRAILER.pack(zlib.crc32(data), len(data) & 0xFFFFFFFF)


def register(app: Flask) -> None:
    """Compress what leaves the application and may be compressed."""
    variants = _variants_in(Path(app.static_folder or ""))

    def compress(response: Response) -> Response:
        if request.method not in _READING:
            return _filled(response) if response.mimetype == "text/html" else response
        if request.endpoint == "static":
            name = (request.view_args or {}).get("filename", "")
            return _built(response, variants.get(name, {})) if response.status_code == 200 else response
        return _page(response) if response.mimetype == "text/html" else response

    app.after_request(compress)


def _variants_in(folder: Path) -> _Variants:
    """What the build wrote beside the static files; nothing for a file that has changed since."""
    found: _Variants = {}
    for packed in folder.glob(f"*{_VARIANTS['gzip']}"):
        plain = packed.with_suffix("")
        if plain.is_file() and _unpacked(packed) == plain.read_bytes():
            paths = {encoding: plain.with_name(plain.name + ending) for encoding, ending in _VARIANTS.items()}
            found[plain.name] = {encoding: path.read_bytes() for encoding, path in paths.items() if path.is_file()}
    return found


def _unpacked(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        return b""


def _accepts(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0


def _built(response: Response, variants: dict[str, bytes]) -> Response:
    if not variants:
        return response
    encoding = next(filter(_accepts, variants), "")
    if encoding:
        response.close()  # the plain file
        response = Response(variants[encoding], content_type=response.content_type)
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    return response


def _filled(response: Response) -> Response:
    data = response.get_data()
    if (request.endpoint or "").endswith(".send-report"):
        chance = secrets.randbelow(REVIEW_BUCKET_BYTES)
        length = len(data) + chance + -(len(data) + chance) % REVIEW_BUCKET_BYTES
    else:
        length = ANSWER_BUCKET_BYTES
        while length < len(data):
            length *= 2
    response.set_data(data.ljust(length, b"\n"))
    response.status = f"{response.status_code} {_REASON}"
    return response


def _page(response: Response) -> Response:
    if _accepts("gzip"):
        response.set_data(padded_gzip(response.get_data()))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
