"""Decodes pictures to plain pixels (Pillow, libheif).

Rule: a picture's size is checked before it is decoded; its metadata (place, camera, thumbnail) stays in the sandbox.
"""

import sys
from typing import Final

import pi_heif
from PIL import Image, ImageOps

from dropbox.triage.evidence.inside.reply import CannotError, write_picture

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIF")
# MPO is a JPEG followed by further pictures, which are depth maps or thumbnails.
_ONE_PICTURE: Final = ("JPEG", "MPO")
_BITS_TO_DROP: Final = 1 / 256  # eight of sixteen bits are shown


def picture(page: int, side: int, pixels: int) -> None:
    """Write a page of the picture on standard input as the reply.

    Args:
        page: 1-based.
        side: longest side of the result, in pixels.
        pixels: most pixels (width times height) that the picture may have before it is scaled down.

    Raises:
        CannotError: `no-page`, or `bomb` (too many pixels).
    """
    pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # _measure checks the size, with our own error
    with Image.open(sys.stdin.buffer, formats=_FORMATS) as opened:
        _measure(opened, pixels)
        pages = 1 if opened.format in _ONE_PICTURE else getattr(opened, "n_frames", 1)
        if not 1 <= page <= pages:
            raise CannotError("no-page")
        if pages > 1:
            opened.seek(page - 1)
            _measure(opened, pixels)
        if opened.format == "JPEG":
            opened.draft("RGB", (side, side))  # decodes at 1/8, 1/4 or 1/2 size where that is enough
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    plain = _plain(upright)
    plain.thumbnail((side, side))
    write_picture(pages, plain.width, plain.height, plain.tobytes())


def _measure(opened: Image.Image, pixels: int) -> None:
    if opened.width * opened.height > pixels:
        raise CannotError("bomb")


def _plain(image: Image.Image) -> Image.Image:
    """Return the image as RGB, on white where it is transparent."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * _BITS_TO_DROP).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(white, layered)
    return image.convert("RGB")
