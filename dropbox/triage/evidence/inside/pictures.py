"""Draws the pages of a picture: upright, scaled, on white, in the colours of screens (sRGB).

Rule: a picture's metadata (place, camera, thumbnail) stays in the sandbox.
"""

import io
import re
from typing import Final

from PIL import Image, ImageCms

from dropbox.triage.evidence.inside.photos.decoding import decode
from dropbox.triage.evidence.inside.reply import write_picture

_ORIENTATION: Final = 0x0112
# An entry of Exif: tag, type SHORT, one value (TIFF 6.0, section 2); for Exif that cannot be parsed as a whole.
_ORIENTED: Final = re.compile(
    rb"\x12\x01\x03\x00\x01\x00\x00\x00([\x01-\x08])\x00|\x01\x12\x00\x03\x00\x00\x00\x01\x00([\x01-\x08])"
)
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_REDUCED_FROM: Final = 120_000_000  # pixels: larger ones are halved first, in less memory than one exact step takes
_BYTE: Final = 255
_WORD: Final = 65535


def image(page: int, side: int) -> Image.Image:
    """Return a page of the picture on standard input, RGB; what is missing of it is grey.

    Args:
        page: 1-based.
        side: longest side of the result, in pixels.

    Raises:
        CannotError: `no-page`, `bomb`, `too-large` or `damaged`.
    """
    return _finished(decode(page, side).image, side)


def picture(page: int, side: int) -> None:
    """Write a page (1-based) as a picture of at most `side` pixels a side; raises as `image` does."""
    decoded = decode(page, side)
    plain = _finished(decoded.image, side)
    write_picture(decoded.pages, plain.width, plain.height, plain.tobytes())


def count() -> int:
    """Return the number of pages of the picture on standard input; raises as `image` does."""
    return decode(1, 1).pages


def _finished(decoded: Image.Image, side: int) -> Image.Image:
    turn = _TURNS.get(_orientation(decoded))
    profile = decoded.info.get("icc_profile")
    scaled = _scaled(_drawable(decoded), side)
    plain = _plain(_in_srgb(scaled, profile))
    return plain.transpose(turn) if turn is not None else plain


def _orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  broken Exif may raise anything
        found = _ORIENTED.search(opened.info.get("exif") or b"")
        return (found[1] or found[2])[0] if found else 1


def _drawable(opened: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be scaled: bits and palettes become colours, 16 bits become 8."""
    if opened.mode.startswith(("I", "F")):
        return _eight_bits(opened)
    if opened.mode == "1":
        return opened.convert("L")
    if opened.mode in ("P", "PA"):
        return opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    if opened.mode in ("L", "RGB") and opened.has_transparency_data:
        return opened.convert("RGBA")  # one colour stands for transparent
    return opened


def _eight_bits(opened: Image.Image) -> Image.Image:
    """Return the upper eight of sixteen bits; of any other range of numbers, the range on black to white."""
    wide = opened.convert("F")
    extremes = wide.getextrema()
    low, high = (float(one) for one in extremes if not isinstance(one, tuple))
    if opened.mode != "F" and low >= 0 and high <= _WORD:
        low, high = 0, _WORD if opened.mode.startswith("I;16") or high > _BYTE else _BYTE
    step = _BYTE / ((high - low) or 1)
    return wide.point(lambda value: value * step + (-low * step)).convert("L")


def _scaled(image: Image.Image, side: int) -> Image.Image:
    if max(image.size) > side and image.width * image.height > _REDUCED_FROM:
        image = image.reduce(2)
    image.thumbnail((side, side))
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture as screens show it; one without a usable profile stays as it is."""
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture as RGB, on white where it is transparent."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(white, layered)
    return image.convert("RGB")
