"""Decodes one page of a picture, as far as its file goes (Pillow, libheif).

    strict -> lenient, when the file ends early or has a damaged part -> lenient with zeros up to its declared size

Rule: the memory that decoding takes is computed before anything is decoded. "bomb" needs proof: more than _RATIO bytes
from each byte of the file. Any other picture beyond the memory is "too-large".
"""

import io
import os
import resource
import sys
from typing import BinaryIO, Final, NamedTuple

import pi_heif
from PIL import Image, ImageChops, ImageFile

from dropbox.triage.evidence.inside.reply import CannotError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIF", "JPEG2000", "ICO", "PSD")
# MPO is a JPEG followed by further pictures: depth maps, gain maps, previews.
_ONE_PICTURE: Final = ("JPEG", "MPO", "ICO", "PSD")
_RATIO: Final = 2000  # DEFLATE reaches 1032, a JPEG of one colour 768
_SHARE: Final = 0.8  # of the sandbox's memory; Python and the libraries need some of the rest
_UNLIMITED: Final = 2 << 30  # bytes, outside the sandbox
# Bytes that Pillow keeps for a pixel, with the copy in which a palette or a bit becomes a colour; 5 for all else.
_PIXEL_BYTES: Final = {"1": 2, "L": 2, "LA": 8}
_PIXEL_BYTES_ELSE: Final = 5
_PLANES: Final = 9  # libheif and libavif keep planes and rows of colours besides
_COEFFICIENTS: Final = 2  # bytes of each sample of a progressive JPEG
_SMALLEST: Final = 8  # a JPEG is decoded at 1/1, 1/2, 1/4 or 1/8
_PAD_MAX: Final = 64 << 20
_GREY: Final = 128

Image.MAX_IMAGE_PIXELS = None  # measure() checks the size, with our own error
pi_heif.register_heif_opener(thumbnails=False)


class Page(NamedTuple):
    """A decoded page, its size before scaling, how many pages the file has, and how much is missing (percent)."""

    image: Image.Image
    size: tuple[int, int]
    pages: int
    missing: int = 0


def decode(page: int, side: int) -> Page:
    """Return a page (1-based) of the picture on standard input, at least `side` pixels long if the picture is.

    Raises:
        CannotError: `no-page`, `bomb`, `too-large` (see the module's rule), or `damaged`.
    """
    for is_lenient, source in ((False, _given), (True, _given), (True, _padded)):
        ImageFile.LOAD_TRUNCATED_IMAGES = is_lenient
        try:
            found = _page(source(), page, side)
        except (CannotError, MemoryError):
            raise
        except Exception:  # noqa: BLE001, S112  hostile bytes may raise anything
            continue
        return found._replace(missing=_fill(found.image)) if is_lenient else found
    raise CannotError("damaged")


def open_picture(source: BinaryIO | None = None) -> Image.Image:
    """Return the picture on standard input, not yet decoded; raises what Pillow does."""
    source = source or _given()
    source.seek(0)
    return Image.open(source, formats=FORMATS)


def frames(opened: Image.Image) -> int:
    """Return how many pages an opened picture has; at least 1, also when its end is missing."""
    if opened.format in _ONE_PICTURE:
        return 1
    try:
        return max(1, int(getattr(opened, "n_frames", 1)))
    except (EOFError, OSError, SyntaxError, ValueError):
        return 1


def _page(source: BinaryIO, page: int, side: int) -> Page:
    with open_picture(source) as opened:
        pages = frames(opened)
        if not 1 <= page <= pages:
            raise CannotError("no-page")
        if page > 1:
            opened.seek(page - 1)
        size = opened.size
        if opened.format in ("JPEG", "MPO"):
            _draft(opened, side)
        measure(opened, size[0] * size[1])
        opened.load()
        return Page(opened, size, pages)


def _draft(opened: Image.Image, side: int) -> None:
    """Let a JPEG be decoded at 1/2, 1/4 or 1/8 where that is enough, or where the whole does not fit in memory."""
    width, height = opened.size
    factor = max(width, height) / side
    while width * height * _PIXEL_BYTES_ELSE > factor**2 * _memory() and factor < _SMALLEST:
        factor = max(2, 2 * factor)
    if factor > 1:
        opened.draft("RGB", (max(1, int(width / factor)), max(1, int(height / factor))))


def measure(opened: Image.Image, whole: int) -> None:
    """Pass if an opened picture fits in memory while it is decoded.

    Args:
        opened: not decoded yet.
        whole: its pixels before a JPEG was asked for fewer.

    Raises:
        CannotError: `bomb` or `too-large`.
    """
    pixels = opened.width * opened.height
    each = _PLANES if opened.format in ("HEIF", "AVIF") else _PIXEL_BYTES.get(opened.mode, _PIXEL_BYTES_ELSE)
    needed = pixels * each
    if opened.info.get("progressive"):
        needed += whole * _COEFFICIENTS * len(opened.getbands())
    if needed > _memory():
        depth = 1 / 8 if opened.mode == "1" else len(opened.getbands())
        size = max(1, os.fstat(sys.stdin.fileno()).st_size)
        raise CannotError("bomb" if whole * depth > _RATIO * size else "too-large")


def _memory() -> float:
    most = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return _SHARE * (_UNLIMITED if most == resource.RLIM_INFINITY else most)


def _given() -> BinaryIO:
    return sys.stdin.buffer


def _padded() -> io.BytesIO:
    """Return the file with zeros behind it: decoders that want a whole file then decode the part that there is."""
    sys.stdin.buffer.seek(0)
    data = sys.stdin.buffer.read()
    declared = len(data)
    if data[:4] == b"RIFF":
        declared = 8 + int.from_bytes(data[4:8], "little")
    else:
        at = 0
        while at + 8 <= len(data) and (length := int.from_bytes(data[at : at + 4], "big")) >= 8:  # boxes of HEIF
            at += length
        declared = max(declared, at)
    return io.BytesIO(data + bytes(min(max(0, declared - len(data)), _PAD_MAX)))


def _fill(image: Image.Image) -> int:
    """Paint the rows that the decoder did not reach grey; return their share in percent, at least 1."""
    last = image.crop((0, image.height - 1, image.width, image.height)).getcolors(1)
    if last is None:  # a progressive JPEG: all rows are there, less sharp
        return 1
    try:
        changed = ImageChops.difference(image, Image.new(image.mode, image.size, last[0][1]))
    except ValueError:  # of a mode without differences
        return 1
    box = changed.getbbox(alpha_only=False)
    bottom = box[3] if box else 0
    if image.mode in ("L", "RGB", "RGBA"):
        bands = image.getbands()
        colour = tuple(255 if band == "A" else _GREY for band in bands)
        image.paste(colour if len(bands) > 1 else _GREY, (0, bottom, image.width, image.height))
    return max(1, 100 * (image.height - bottom) // image.height)
