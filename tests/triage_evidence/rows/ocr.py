"""Makes pictures of words: photos, screenshots, scans, and documents and mails that hold them."""

import io
import random
import zipfile
from email.message import EmailMessage

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from rows.row import Row

_FONT = ImageFont.truetype("DejaVuSans.ttf", 30)
RECEIPT = ("Kuitansi setoran bulanan", "Rp76.397.250 kepada Fulan Bin Anu")
FOUND = ("kuitansi setoran", "76397250", '"fulan bin anu"')


def drawn(*lines: str, ink: str = "black", paper: str = "white") -> Image.Image:
    """Return a picture of lines."""
    picture = Image.new("RGB", (760, 40 + 60 * len(lines)), paper)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((20, 20 + 60 * number), line, ink, _FONT)
    return picture


def stored(picture: Image.Image, image_format: str, **options: object) -> bytes:
    """Return a picture as a file."""
    made = io.BytesIO()
    picture.save(made, image_format, **options)
    return made.getvalue()


def _photo() -> bytes:
    """A sheet on a table, not quite straight, not quite sharp, in poor light."""
    light = random.Random(12)  # noqa: S311  the same picture each time
    sheet = drawn(*RECEIPT, paper="#d9d2c0").resize((1140, 240))
    table = Image.new("RGB", (1300, 420), "#5a4632")
    table.paste(sheet.rotate(2, expand=True, fillcolor="#5a4632", resample=Image.Resampling.BICUBIC), (60, 80))
    noise = Image.new("L", (325, 105))
    noise.putdata([light.randrange(40) for _ in range(325 * 105)])
    dark = Image.blend(table, noise.resize(table.size).convert("RGB"), 0.25).filter(ImageFilter.GaussianBlur(1))
    return stored(dark, "JPEG", quality=60)


def _chat() -> bytes:
    """A screenshot in dark colours."""
    return stored(drawn("Pak, setoran sudah siap", "Baik, antar besok", ink="#e9edef", paper="#0b141a"), "PNG")


def _fax() -> bytes:
    """Two pages of a fax."""
    first, second = drawn(*RECEIPT).convert("1"), drawn("Lampiran kedua", "nota dinas").convert("1")
    return stored(first, "TIFF", save_all=True, append_images=[second], compression="group4")


def _pdf(picture: Image.Image, words: str, height: int) -> bytes:
    """A page of 380 x 400 points with a picture at its top, so many points high, and words as text at its bottom."""
    content = f"q 380 0 0 {height} 0 {400 - height} cm /P Do Q BT /F 9 Tf 10 10 Td ({words}) Tj ET".encode()
    data = stored(picture, "JPEG", quality=80)
    size = f"/Width {picture.width} /Height {picture.height}"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 380 400]/Contents 4 0 R/Resources 7 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image%b/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>"
        b"stream\n%b\nendstream" % (size.encode(), len(data), data),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</XObject<</P 5 0 R>>/Font<</F 6 0 R>>>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, one)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


def _scan() -> bytes:
    return stored(drawn(*RECEIPT), "PDF")


def _scan_with_a_stamp() -> bytes:
    """As a phone's scanning app writes it: its own name is the only text."""
    return _pdf(drawn(*RECEIPT), "Scanned with CamScanner", 90)


def _letter() -> bytes:
    """Text, and a logo whose words nobody needs."""
    return _pdf(drawn("Logo"), "Surat edaran tentang biaya pendidikan", 30)


def _docx() -> bytes:
    """A document with a pasted screenshot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>Lihat tangkapan layar</w:t></w:r></w:p></w:body></w:document>",
        )
        archive.writestr("word/media/image1.png", stored(drawn(*RECEIPT), "PNG"))
        archive.writestr("word/media/image2.png", b"\x89PNG damaged")
    return made.getvalue()


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = (
        "a@b.id",
        "c@d.id",
        "Bukti",
        "Mon, 3 Mar 2025 08:00:00 +0700",
    )
    mail.set_content("Terlampir.")
    mail.add_attachment(stored(drawn(*RECEIPT), "PNG"), maintype="image", subtype="png", filename="bukti.png")
    return mail.as_bytes()


ROWS = [
    Row("kuitansi.jpg", _photo, "jpeg", found=FOUND, recognized=("Kuitansi",)),
    Row("chat-gelap.png", _chat, "png", found=("setoran siap", "antar besok"), recognized=("Pak",)),
    Row("faks.tif", _fax, "tiff", found=(*FOUND, "nota dinas"), recognized=("Lampiran",)),
    Row("pindaian.pdf", _scan, "pdf", found=FOUND, recognized=("Kuitansi",), notes=("ocr-pages",)),
    Row("pindaian-cap.pdf", _scan_with_a_stamp, "pdf", found=(*FOUND, "camscanner"), recognized=("Kuitansi",)),
    Row("edaran.pdf", _letter, "pdf", found=("surat edaran",), never=("ocr-pages",), recognized=("",)),
    Row("layar.docx", _docx, "docx", found=(*FOUND, "tangkapan"), recognized=("Kuitansi",), notes=("ocr-cut",)),
    Row("lampiran.eml", _mail, "mail", found=FOUND, recognized=("Kuitansi",)),
    Row(
        "arab.png",
        lambda: stored(drawn("مدير المدرسة يأخذ المال"), "PNG"),
        "png",
        found=("المدرسة",),
        recognized=("المال",),
    ),
    Row(
        "berputar.png",
        lambda: stored(drawn(*RECEIPT).rotate(90, expand=True), "PNG"),
        "png",
        found=FOUND,
        recognized=("Kuitansi",),
    ),
    Row("kosong.png", lambda: stored(Image.new("RGB", (300, 200), "#7799bb"), "PNG"), "png", recognized=("",)),
]
