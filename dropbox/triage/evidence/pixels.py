"""Writes plain pixels as PNG, or as a PDF of pictures. Nothing of the original file is in them.

    rows of a PNG = for each row: 2 ("up") ‖ row − row above, byte by byte modulo 256     (PNG, 9.2)
    the image of a PDF has the same encoding             (FlateDecode, /Predictor 15; ISO 32000-1, 7.4.4.4)

Rule: the files are made of width, height and colours only; no decoder runs outside the sandbox.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from dropbox.triage.evidence.replies import Picture

_UP: Final = b"\x02"
_RGB: Final = 3
_LEVEL: Final = 4  # a higher level takes three times as long for hardly smaller photos
_PIECE: Final = 1 << 20
_POINTS: Final = 842  # the longer side of an A4 page
_PRODUCER: Final = b"dropbox"


def png(picture: Picture) -> Iterator[bytes]:
    """Yield the bytes of a PNG file; raises UnreadableError while the picture's rows are read."""
    size = picture.width.to_bytes(4, "big") + picture.height.to_bytes(4, "big")
    yield b"\x89PNG\r\n\x1a\n"
    yield _chunk(b"IHDR", size + bytes((8, 2, 0, 0, 0)))
    for piece in _deflated(picture):
        yield _chunk(b"IDAT", piece)
    yield _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(data, zlib.crc32(name)).to_bytes(4, "big")


def _deflated(picture: Picture) -> Iterator[bytes]:
    deflater = zlib.compressobj(_LEVEL)
    held = bytearray()
    for row in _filtered(picture):
        held += deflater.compress(row)
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held) + deflater.flush()


def _filtered(picture: Picture) -> Iterator[bytes]:
    """Yield filtered rows (row minus the row above); all bytes of a row at once, as digits of one long number."""
    count = _RGB * picture.width
    high = int.from_bytes(b"\x80" * count, "little")
    low = int.from_bytes(b"\x7f" * count, "little")
    above = 0
    for raw in picture.rows:
        row = int.from_bytes(raw, "little")
        # Subtracts byte by byte, without a borrow between bytes: Warren, Hacker's Delight, 2-18.
        difference = ((row | high) - (above & low)) ^ ((row ^ above ^ high) & high)
        yield _UP + difference.to_bytes(count, "little")
        above = row


def pdf(pictures: Iterable[Picture]) -> Iterator[bytes]:
    """Yield the bytes of a PDF with one picture a page, its longer side as long as A4's; raises as `png`."""
    places: dict[int, int] = {}
    pages: list[int] = []
    position = 0

    def put(data: bytes) -> bytes:
        nonlocal position
        position += len(data)
        return data

    def begin(number: int) -> bytes:
        places[number] = position
        return put(b"%d 0 obj\n" % number)

    yield put(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    number = 3
    for picture in pictures:
        page, content, image, length = range(number, number + 4)
        number += 4
        pages.append(page)
        scale = _POINTS / max(picture.width, picture.height)
        width, height = (b"%.2f" % (side * scale) for side in (picture.width, picture.height))
        yield begin(page)
        yield put(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>>>>>\n"
            b"endobj\n" % (width, height, content, image)
        )
        drawing = b"q %s 0 0 %s 0 0 cm /P Do Q" % (width, height)
        yield begin(content)
        yield put(b"<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(drawing), drawing))
        yield begin(image)
        yield put(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3/Columns %d>>/Length %d 0 R>>\nstream\n"
            % (picture.width, picture.height, picture.width, length)
        )
        before = position
        for piece in _deflated(picture):
            yield put(piece)
        size = position - before
        yield put(b"\nendstream\nendobj\n")
        yield begin(length)
        yield put(b"%d\nendobj\n" % size)
    yield begin(1)
    yield put(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
    yield begin(2)
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    yield put(b"<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (len(pages), kids))
    table = position
    yield put(b"xref\n0 %d\n0000000000 65535 f \n" % number)
    yield b"".join(b"%010d 00000 n \n" % places[index] for index in range(1, number))
    yield b"trailer\n<</Size %d/Root 1 0 R/Info<</Producer(%s)>>>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(number, _PRODUCER, table),
    )
