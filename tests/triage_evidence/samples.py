"""Files as reporters send them, and as attackers do; each is made here, none is taken from anywhere."""

import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

from PIL import Image

CANARY = "KenariRahasia"
WORDS = "Pungutan di madrasah"


def photo(image_format: str = "JPEG", *, size: tuple[int, int] = (60, 40), turned: bool = False) -> bytes:
    """Left half red, right half blue, with place, camera and a comment in its metadata."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F] = CANARY
    exif[0x8825] = {1: "S", 2: (6.0, 54.0, 0.0), 3: "E", 4: (107.0, 36.0, 0.0)}
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, image_format, exif=exif, quality=95)
    return out.getvalue()


def pages_of_pictures(count: int) -> bytes:
    """A TIFF of so many pages, each of another grey."""
    images = [Image.new("L", (20, 10), 10 * number) for number in range(count)]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


def heic() -> bytes:
    """As a telephone makes them: one picture of H.265 in boxes, coded by ffmpeg and wrapped here."""
    made = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1", "-pix_fmt"),
            *("yuv420p", "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"),
            *("-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "-"),
        ],
        capture_output=True,
        check=True,
    ).stdout
    at = made.index(b"hvcC") - 4
    settings = made[at : at + int.from_bytes(made[at : at + 4], "big")]
    at = made.index(b"mdat") - 4
    coded = made[at + 8 : at + int.from_bytes(made[at : at + 4], "big")]

    def meta(offset: int) -> bytes:
        return _box(
            b"meta",
            bytes(4)
            + _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + _box(b"pitm", bytes(4) + b"\0\1")
            + _box(b"iloc", bytes(4) + b"\x44\0\0\1\0\1\0\0\0\1" + struct.pack(">II", offset, len(coded)))
            + _box(b"iinf", bytes(4) + b"\0\1" + _box(b"infe", b"\2\0\0\0\0\1\0\0hvc1\0"))
            + _box(
                b"iprp",
                _box(b"ipco", settings + _box(b"ispe", bytes(4) + struct.pack(">II", 64, 64)))
                + _box(b"ipma", bytes(4) + b"\0\0\0\1\0\1\2\x81\2"),
            ),
        )

    head = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return head + meta(len(head) + len(meta(0)) + 8) + _box(b"mdat", coded)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def png_bomb() -> bytes:
    """100 000 × 100 000 pixels in some kilobytes."""
    rows = zlib.compress(bytes(10_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
        + _png_chunk(b"IDAT", rows)
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pdf(pages: int = 1, text: str = WORDS, extra: bytes = b"") -> bytes:
    """A PDF with a line of text on each page; `extra` goes into its catalogue."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % extra,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"",
        *(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>",) * pages,
    ]
    drawing = f"BT /F 24 Tf 72 720 Td ({text}) Tj ET".encode()
    objects[3] = b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawing), drawing)
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R/Info<</Author(%s)>>>>\n" % (len(objects) + 1, CANARY.encode())
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


PDF_WITH_SCRIPT = b'/OpenAction<</S/JavaScript/JS(app.launchURL\\("http://example.com"\\);while\\(1\\){})>>'
PDF_WITH_LAUNCH = b"/OpenAction<</S/Launch/F(/bin/sh)>>"

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(text: str = WORDS, *, body: str | None = None, more: dict[str, str] | None = None) -> bytes:
    """A document of Word; `body` takes the place of word/document.xml."""
    name_space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        "docProps/core.xml": f"<x>{CANARY}</x>",
        "word/document.xml": body
        or f'<w:document xmlns:w="{name_space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
    }
    return archive(members | (more or {}))


def docx_with_remote_template() -> bytes:
    """It asks a server for its template when it is opened, and brings a macro."""
    return docx(
        more={
            "word/vbaProject.bin": "x",
            "word/_rels/settings.xml.rels": "<Relationships>"
            f'<Relationship Id="r1" Type="{_RELATION}/attachedTemplate" Target="http://example.com/t.dotm"'
            ' TargetMode="External"/></Relationships>',
        }
    )


def docx_with_laughter() -> bytes:
    """A billion of laughs: ten entities, each of ten of the one before."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    return docx(body=f"<!DOCTYPE x [{entities}]><x>&a10;</x>")


def archive(members: dict[str, str] | dict[str, bytes]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def docx_bomb() -> bytes:
    """Text that unpacks to 200 MB."""
    return docx(body="<x>" + "a" * 200_000_000 + "</x>")


def recording(folder: Path, name: str) -> bytes:
    """Two seconds, with place and title in its metadata; the ending chooses the kind."""
    video = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=2", "-c:v", "libx264")
    sound = ("-f", "lavfi", "-i", "sine=duration=2")
    tags = ("-metadata", f"title={CANARY}", "-metadata", "location=-06.9+107.6/")
    wanted = (*video[:4], *sound, *video[4:]) if name.endswith(("mp4", "mov")) else sound
    subprocess.run(["ffmpeg", "-v", "error", *wanted, *tags, str(folder / name)], check=True)
    return (folder / name).read_bytes()


def speech_note() -> bytes:
    """AMR, as old telephones record: 50 frames of silence."""
    return b"#!AMR\n" + (b"\x04" + bytes(12)) * 50


# The head of a program of Windows.
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".ljust(60, b"\0") + b"\x40\0\0\0PE\0\0" + bytes(200)
MAIL = (
    b"From: Pelapor <a@example.com>\r\nSubject: =?utf-8?B?UHVuZ3V0YW4=?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
    b"<p onclick='alert(1)'>di <script>evil()</script>madrasah</p>\r\n--x\r\n"
    b"Content-Type: image/png; name=bukti.png\r\n"
    b"Content-Disposition: attachment; filename=bukti.png\r\n\r\nx\r\n--x--\r\n"
)
PAGE = b"<!DOCTYPE html><script src=//example.com/x.js></script><img src='http://example.com/p.gif'>Pungutan"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='http://example.com/p'/></svg>"
