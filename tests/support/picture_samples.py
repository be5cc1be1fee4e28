"""Pictures made by Pillow, and what phones and programs put into them."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

CANARY = "RAHASIA-7Q4"
TURNED = 6
EXIF, ICC = b"Exif\0\0", b"ICC_PROFILE\0"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    f' exif:GPSLatitude="6,12.5S" dc:creator="{CANARY}"/></rdf:RDF></x:xmpmeta>'
).encode()


def photo(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Something that no codec makes even."""
    width, height = size
    bands = [
        Image.frombytes("L", size, bytes((x * k + y * y * (k + 1)) % 256 for y in range(height) for x in range(width)))
        for k in range(1, 1 + len(Image.new(mode, (1, 1)).getbands()))
    ]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0].convert(mode)


def exif(orientation: int = TURNED) -> bytes:
    """What a phone writes: where, with what, by whom, when, and a small picture."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0110], tags[0x0131], tags[0x0132] = "Maker", f"Phone {CANARY}", "1.0", "2026:11:25 08:31:12"
    tags[0x013B], tags[0x010E] = CANARY, f"note {CANARY}"
    tags.get_ifd(0x8769).update({0x9003: "2026:11:25 08:31:12", 0x927C: CANARY.encode(), 0xA431: CANARY})
    tags.get_ifd(0x8825).update(
        {1: "S", 2: tuple(map(IFDRational, (6, 12, 30))), 3: "E", 4: tuple(map(IFDRational, (106, 49, 0)))}
    )
    return tags.tobytes()


def bare_exif(orientation: int = TURNED) -> bytes:
    """The only Exif that stays."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def profile(*more: tuple[bytes, bytes]) -> bytes:
    """SRGB as littleCMS writes it, with further tags."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not more:
        return plain
    count = int.from_bytes(plain[128:132])
    table, shift = b"", 12 * len(more)
    for at in range(132, 132 + 12 * count, 12):
        name, offset, size = struct.unpack(">4sII", plain[at : at + 12])
        table += struct.pack(">4sII", name, offset + shift, size)
    body = plain[132 + 12 * count :]
    for name, data in more:
        table += struct.pack(">4sII", name, 132 + 12 * (count + len(more)) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    whole = plain[4:128] + struct.pack(">I", count + len(more)) + table + body
    return struct.pack(">I", 4 + len(whole)) + whole


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """As Pillow writes it."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(body)) + body


def into_jpeg(plain: bytes, *segments: bytes, tail: bytes = b"") -> bytes:
    """Segments after the JFIF head, bytes after the end."""
    at = 4 + int.from_bytes(plain[4:6]) - 2 + 2 if plain[2:4] == b"\xff\xe0" else 2
    return plain[:at] + b"".join(segments) + plain[at:] + tail


def thumbnail_jfif(plain: bytes) -> bytes:
    """A JFIF head with a small picture in it."""
    assert plain[2:4] == b"\xff\xe0"
    return plain[:2] + segment(0xE0, plain[6:18] + b"\2\2" + CANARY.encode()[:11] + b"x") + plain[20:]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def into_png(plain: bytes, *chunks: bytes, tail: bytes = b"") -> bytes:
    """Chunks after the head."""
    return plain[:33] + b"".join(chunks) + plain[33:] + tail


def riff(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff_chunks(webp: bytes) -> dict[bytes, bytes]:
    """The chunks of a WebP; of several alike the last."""
    found, at = {}, 12
    while at < len(webp):
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        found[webp[at : at + 4]] = webp[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert int.from_bytes(webp[4:8], "little") == len(webp) - 8
    return found


def jpeg_segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Markers and bodies up to the first scan."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        size = int.from_bytes(jpeg[at + 2 : at + 4])
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
    return found


def png_chunks(png: bytes) -> list[bytes]:
    """Names of all chunks, each with a right checksum."""
    found, at = [], 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4])
        assert zlib.crc32(png[at + 4 : at + 8 + size]) == int.from_bytes(png[at + 8 + size : at + 12 + size])
        found.append(png[at + 4 : at + 8])
        at += 12 + size
    return found


def pixels(picture: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    """Mode, size and pixels of every frame, as decoded."""
    image = Image.open(io.BytesIO(picture))
    image.load()
    frames = []
    for at in range(getattr(image, "n_frames", 1) if image.format != "MPO" else 1):
        image.seek(at)
        frames.append((image.mode, image.size, image.tobytes()))
    return frames


def telling() -> Iterator[tuple[str, bytes, set[str]]]:
    """Pictures that tell something: name, bytes, and what at least is told of them."""
    rgb, everything = photo(), {"location", "device", "author", "date", "text"}
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 5 + 11) + b"\x1c\x02\x50\0\x0b" + CANARY.encode()
    for name, mode, options in (
        ("baseline", "RGB", {}),
        ("progressive", "RGB", {"progressive": True}),
        ("grey", "L", {}),
        ("cmyk", "CMYK", {}),
        ("restarts", "RGB", {"restart_marker_blocks": 2}),
        ("profile", "RGB", {"icc_profile": profile()}),
    ):
        yield f"{name}.jpg", saved(photo(mode), "JPEG", exif=exif(), quality=90, **options), everything
    plain = saved(rgb, "JPEG", quality=90)
    yield "xmp.jpg", into_jpeg(plain, xmp), {"location", "author"}
    yield "iptc.jpg", into_jpeg(plain, segment(0xED, iptc)), {"author"}
    yield "comment.jpg", into_jpeg(plain, segment(0xFE, CANARY.encode())), {"text"}
    yield "jfif-thumbnail.jpg", thumbnail_jfif(plain), {"thumbnail"}
    yield "jfxx.jpg", into_jpeg(plain, segment(0xE0, b"JFXX\0\x10" + CANARY.encode())), {"thumbnail"}
    several = saved(rgb, "MPO", save_all=True, append_images=[photo(size=(16, 16))], quality=90)
    yield "several.jpg", several + CANARY.encode(), {"appended"}
    yield "motion.jpg", plain + b"\0\0\0\x18ftypmp42" + CANARY.encode(), {"appended"}
    yield "unknown.jpg", into_jpeg(plain, segment(0xE9, CANARY.encode())), {"other"}
    yield (
        "display.jpg",
        saved(rgb, "JPEG", icc_profile=profile((b"mmod", b"mmod\0\0\0\0" + CANARY.encode()))),
        {"device"},
    )
    png = saved(rgb, "PNG")
    yield "exif.png", saved(rgb, "PNG", exif=exif()), everything
    text = chunk(b"tEXt", b"Author\0" + CANARY.encode())
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(CANARY.encode()))
    yield "text.png", into_png(png, text, packed), {"author", "text"}
    yield "xmp.png", into_png(png, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)), {"location", "author"}
    yield "time.png", into_png(png, chunk(b"tIME", struct.pack(">H5B", 2026, 11, 25, 8, 31, 12))), {"date"}
    yield "profile.png", saved(rgb, "PNG", icc_profile=profile()), {"device"}
    yield "tail.png", into_png(png, chunk(b"prVt", CANARY.encode()), tail=CANARY.encode()), {"appended"}
    palette = photo("RGBA").quantize(16)
    yield "palette.png", saved(palette, "PNG", exif=exif(1), transparency=3), everything
    frames = [photo(size=(20 + 0 * at, 20)).rotate(90 * at) for at in range(3)]
    yield "animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:], exif=exif()), everything
    for name, mode, options in (
        ("lossy", "RGB", {}),
        ("lossless", "RGBA", {"lossless": True}),
        ("alpha", "RGBA", {"quality": 60}),
        ("profile", "RGB", {"icc_profile": profile()}),
    ):
        yield f"{name}.webp", saved(photo(mode), "WEBP", exif=exif(), **options), everything
    yield "xmp.webp", saved(rgb, "WEBP", xmp=XMP), {"location", "author"}
    moving = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif(), xmp=XMP)
    yield "animated.webp", moving, everything
    yield "tail.webp", saved(rgb, "WEBP") + CANARY.encode(), {"appended"}


def silent() -> Iterator[tuple[str, bytes]]:
    """Pictures that tell nothing."""
    rgb = photo()
    yield "plain.jpg", saved(rgb, "JPEG", dpi=(300, 300))
    yield "turned.jpg", into_jpeg(saved(rgb, "JPEG"), segment(0xE1, EXIF + bare_exif()))
    yield "profile.jpg", saved(rgb, "JPEG", icc_profile=profile())
    yield "cmyk.jpg", saved(photo("CMYK"), "JPEG")
    yield "plain.png", saved(photo("RGBA"), "PNG", dpi=(96, 96))
    yield "colours.png", into_png(saved(rgb, "PNG"), chunk(b"sRGB", b"\0"), chunk(b"gAMA", struct.pack(">I", 45_455)))
    yield "plain.webp", saved(rgb, "WEBP")
    yield "alpha.webp", saved(photo("RGBA"), "WEBP")
