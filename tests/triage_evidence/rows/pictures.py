"""Makes pictures: cut off, with a film or another picture behind them, larger than a screen, in several pages."""

import io
import struct

from PIL import Image

from rows.row import Row

RED, BLUE, GREY = (255, 0, 0), (0, 0, 255), (128, 128, 128)


def saved(kind: str = "JPEG", size: tuple[int, int] = (320, 240), mode: str = "RGB", **options: object) -> bytes:
    """Noise, with a red field at its upper left, so that each row takes about as many bytes."""
    image = Image.effect_noise(size, 60).convert("RGB")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 4))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def cut(data: bytes, percent: int = 60) -> bytes:
    """Its first part."""
    return data[: len(data) * percent // 100]


def film() -> bytes:
    """The boxes of an MP4 without streams."""
    body = b"isom\0\0\2\0isomiso2mp41"
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + struct.pack(">I", 108) + b"mdat" + bytes(100)


def samsung(blocks: list[tuple[int, bytes]]) -> bytes:
    """The trailer of Samsung's cameras: blocks, and a directory of them."""
    data = b"".join(body for _, body in blocks)
    directory, far = b"SEFH" + struct.pack("<II", 107, len(blocks)), len(data)
    for kind, body in blocks:
        directory += struct.pack("<III", kind, far, len(body))
        far -= len(body)
    return data + directory + struct.pack("<I", len(directory)) + b"SEFT"


def moving(kind: str) -> bytes:
    """Three pictures: red, blue, red."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "red")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def turned_by_broken_exif() -> bytes:
    """The orientation is there, and the rest of the Exif is not."""
    entries = struct.pack(">HHII", 0x0112, 3, 1, 6 << 16) + b"\xff" * 40
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x30" + entries
    return saved(exif=exif)


def with_xmp() -> bytes:
    """A place in XMP alone."""
    return saved(xmp=b'<x:xmpmeta><rdf:Description exif:GPSLatitude="6,54.0S"/></x:xmpmeta>')


_TOP = (1, 100, 100, RED)
_FIRST = (1, 500, 500, RED)
_CUT = ("rows-missing",)

ROWS = [
    Row("terpotong.jpg", lambda: cut(saved()), "jpeg", notes=_CUT, pages=1, seen=(_TOP, (1, 500, 990, GREY))),
    Row("terpotong-bertahap.jpg", lambda: cut(saved(progressive=True)), "jpeg", notes=_CUT, seen=(_TOP,)),
    Row("terpotong.png", lambda: cut(saved("PNG")), "png", notes=_CUT, seen=(_TOP, (1, 500, 990, GREY))),
    Row("terpotong.gif", lambda: cut(saved("GIF")), "gif", notes=_CUT, seen=(_TOP,)),
    Row("terpotong.bmp", lambda: cut(saved("BMP"), 99), "bmp", notes=_CUT),
    Row("terpotong.webp", lambda: cut(saved("WEBP", quality=80)), "webp", notes=_CUT, seen=(_TOP,)),
    Row("utuh.jpg", saved, "jpeg", never=(*_CUT, "appended", "film", "pictures"), parts=(), seen=(_TOP,)),
    Row("gerak.jpg", lambda: saved() + film(), "jpeg", notes=("film",), parts=(("1", "mp4"),), seen=(_TOP,)),
    Row("gerak.webp", lambda: saved("WEBP") + film(), "webp", notes=("film",), parts=(("1", "mp4"),)),
    Row(
        *("gerak-samsung.jpg", lambda: saved() + samsung([(0x0A30, b"MotionPhoto_Data" + film() + bytes(70_000))])),
        *("jpeg",),
        notes=("film",),
    ),
    Row("samsung.jpg", lambda: saved() + samsung([(0x0A01, b"Image_UTC_Data1700000000000")]), "jpeg", parts=()),
    Row("dua.jpg", lambda: saved() + saved(), "jpeg", notes=("pictures",), parts=(("1", "jpeg"),)),
    Row("catatan.png", lambda: saved("PNG") + b"Setoran ke kas kepala seksi\n", "png", notes=("appended",)),
    Row("gerak.gif", lambda: moving("GIF"), "gif", notes=("frames",), pages=3, seen=(_FIRST, (2, 500, 500, BLUE))),
    Row("gerak.png", lambda: moving("PNG"), "png", notes=("frames",), pages=3, seen=(_FIRST, (2, 500, 500, BLUE))),
    Row("faks.tiff", lambda: moving("TIFF"), "tiff", pages=3, seen=(_FIRST, (2, 500, 500, BLUE))),
    Row("cetak.jpg", lambda: saved(mode="CMYK"), "jpeg", seen=((1, 100, 100, RED),)),
    Row("putar.jpg", turned_by_broken_exif, "jpeg", seen=((1, 900, 100, RED),)),
    Row("tempat-xmp.jpg", with_xmp, "jpeg", warnings=("place",)),
]
