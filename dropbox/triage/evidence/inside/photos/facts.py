"""Counts what a picture's file says about it: pages, size, metadata, place, what is missing and what follows it.

Rule: one broken part of the metadata keeps no other from being found.
"""

import contextlib
import re
import sys
from typing import Final

from PIL import Image, ImageFile, IptcImagePlugin

from dropbox.triage.evidence.inside.photos import behind, decoding
from dropbox.triage.evidence.inside.reading import Reading

_GPS: Final = 0x8825
_SMALLEST: Final = 64  # pixels: enough to see whether a picture is whole
_MOVING: Final = ("GIF", "WEBP", "PNG", "AVIF")
_HEAD: Final = 4 << 20  # where cameras and programs write XMP and IPTC
# Places in XMP (exif:GPSLatitude, and the fields of IPTC Core and Photoshop) and in a GPS entry of broken Exif.
_PLACES: Final = re.compile(
    rb"GPSL(?:ati|ongi)tude|(?:photoshop|Iptc4xmpCore|Iptc4xmpExt):(?:City|Location|LocationCreated|State|Country)\b"
    rb"|\x25\x88\x04\x00\x01\x00\x00\x00|\x88\x25\x00\x04\x00\x00\x00\x01"
)
_IPTC_PLACES: Final = ((2, 90), (2, 92), (2, 95), (2, 101))  # city, sublocation, state, country (IPTC-IIM 4.2)


def facts(reading: Reading) -> dict[str, int]:
    """Return size, pages, metadata and notes of the picture on standard input.

    Raises:
        CannotError: `bomb`, `too-large` or `damaged`: no part of it can be decoded.
    """
    decoded = decoding.decode(1, _SMALLEST)
    if decoded.missing:
        reading.facts["rows-missing"] = decoded.missing
    behind.note(reading)
    width, height = decoded.size
    found = {"width": width, "height": height, **_metadata(decoded.image)}
    if decoded.pages > 1:
        found["pages"] = decoded.pages
        if decoded.image.format in _MOVING:
            reading.facts["frames"] = decoded.pages
    return found


def _metadata(image: Image.Image) -> dict[str, int]:
    tags, place = 0, 0
    with contextlib.suppress(Exception):  # broken Exif may raise anything
        exif = image.getexif()
        tags, place = len(exif), int(_GPS in exif)
    for key in ("xmp", "XML:com.adobe.xmp", "photoshop", "comment"):
        tags += key in image.info
    sys.stdin.buffer.seek(0)
    if _PLACES.search(sys.stdin.buffer.read(_HEAD)) or _is_iptc_place(image):
        place = 1
    return {"tags": tags, "place": place}


def _is_iptc_place(image: Image.Image) -> bool:
    if not isinstance(image, ImageFile.ImageFile):
        return False
    with contextlib.suppress(Exception):  # see above
        known = IptcImagePlugin.getiptcinfo(image) or {}
        return any(place in known for place in _IPTC_PLACES)
    return False
