"""The shortest beginnings of files of each kind that its own readers would go on with."""

import io
import struct
import tarfile

import samples
from compound import compound

_OPEN = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def package(part: str, said: str) -> bytes:
    """An Office package whose main part has a type."""
    return samples.archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OPEN}/content-types">'
            f'<Override PartName="/{part}" ContentType="{said}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_OPEN}/relationships">'
            f'<Relationship Id="r" Type="{_MAIN}" Target="{part}"/></Relationships>',
            part: "<x/>",
        }
    )


def boxes(brand: bytes, *others: bytes) -> bytes:
    """The head of an ISO base media file."""
    body = brand + bytes(4) + b"".join(others)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + b"\0\0\0\x08free"


def riff(form: bytes, chunk: bytes) -> bytes:
    """A RIFF file with one empty chunk."""
    return b"RIFF" + struct.pack("<I", 12) + form + chunk + bytes(4)


def mp3(frames: int = 3) -> bytes:
    """Frames of MPEG audio, layer 3, 128 kbit/s, 44.1 kHz: silence."""
    return (b"\xff\xfb\x90\x44" + bytes(413)) * frames


def aac(frames: int = 3) -> bytes:
    """Frames of AAC (ADTS) of 20 bytes."""
    return (b"\xff\xf1\x50\x80\x02\x9f\xfc" + bytes(13)) * frames


def transport(packets: int = 8, length: int = 188) -> bytes:
    """Packets of an MPEG transport stream."""
    return (b"G\x1f\xff\x10" + b"\xff" * (length - 4)) * packets


def tar(name: str = "surat.txt", data: bytes = b"isi") -> bytes:
    """A tar archive of one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        made.addfile(member, io.BytesIO(data))
    return out.getvalue()


def dbf() -> bytes:
    """A table of dBase with one field and one record."""
    field = b"NAMA".ljust(11, b"\0") + b"C" + bytes(4) + b"\x0a" + bytes(15)
    return b"\x03\x7d\x03\x04" + struct.pack("<IHH", 1, 65, 11) + bytes(20) + field + b"\r" + b" PUNGUTAN  \x1a"


def ole(*names: str) -> bytes:
    """A compound file with these streams."""
    return compound(dict.fromkeys(names, b""))


_WORD = "application/vnd.openxmlformats-officedocument"
KNOWN = {
    "jpeg": samples.photo("JPEG"),
    "png": samples.photo("PNG"),
    "webp": samples.photo("WEBP"),
    "gif": b"GIF89a\x01\0\x01\0\0\0\0,",
    "tiff": samples.pages_of_pictures(2),
    "bmp": b"BM" + struct.pack("<IIIII", 58, 0, 54, 40, 1) + bytes(36),
    "heic": boxes(b"heic", b"mif1", b"heic"),
    "avif": samples.photo("AVIF"),
    "jp2": b"\0\0\0\x0cjP  \r\n\x87\n",
    "jxl": b"\0\0\0\x0cJXL \r\n\x87\n",
    "psd": b"8BPS\0\1" + bytes(20),
    "raw-picture": boxes(b"crx ", b"isom"),
    "pdf": samples.pdf(),
    "docx": samples.docx(),
    "xlsx": package("xl/workbook.xml", f"{_WORD}.spreadsheetml.sheet.main+xml"),
    "pptx": package("ppt/presentation.xml", f"{_WORD}.presentationml.presentation.main+xml"),
    "odt": samples.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
    "ods": samples.archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
    "odp": samples.archive({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<x/>"}),
    "odg": samples.archive({"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "<x/>"}),
    "doc": ole("WordDocument", "1Table"),
    "xls": ole("Workbook"),
    "ppt": ole("PowerPoint Document", "Current User"),
    "rtf": rb"{\rtf1 Pungutan}",
    "xlsb": package("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    "vsdx": package("visio/document.xml", "application/vnd.ms-visio.drawing.main+xml"),
    "vsd": ole("VisioDocument"),
    "pub": ole("Quill", "Contents"),
    "wpd": b"\xffWPC\x10\0\0\0\x01\x0a\x02\x01" + bytes(40),
    "dbf": dbf(),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "locked": ole("EncryptionInfo", "EncryptedPackage"),
    "compound": ole("Catalog"),
    "xps": package("FixedDocSeq.fdseq", "application/vnd.ms-package.xps-fixeddocumentsequence+xml"),
    "djvu": b"AT&TFORM\0\0\0\x20DJVUINFO",
    "postscript": b"%!PS-Adobe-3.0\n%%Author: x\nshowpage\n",
    "html": samples.PAGE,
    "svg": samples.DRAWING,
    "xml": b'<?xml version="1.0"?><kas><setoran>5</setoran></kas>',
    "vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Kasi\r\nEND:VCARD\r\n",
    "ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "vmg": b"BEGIN:VMSG\r\nVERSION:1.1\r\nEND:VMSG\r\n",
    "text": "nama;jumlah\nA;1\n".encode("utf-8-sig"),
    "mail": samples.MAIL,
    "mbox": b"From a@example.com Mon Mar  3 09:00:00 2025\n" + samples.MAIL,
    "mht": b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://example.com/\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n\r\n',
    "msg": ole("__properties_version1.0", "__substg1.0_0037001F"),
    "tnef": b"\x78\x9f\x3e\x22\1\0\1",
    "zip": samples.archive({"a.txt": "x"}),
    "epub": samples.archive({"mimetype": "application/epub+zip", "OEBPS/a.xhtml": "<html/>"}),
    "iwork": samples.archive({"Index/Document.iwa": "x", "preview.jpg": "x"}),
    "rar": b"Rar!\x1a\x07\x01\0",
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\3",
    "bzip2": b"BZh91AY&SY\xd2\x14\0",
    "xz": b"\xfd7zXZ\0",
    "zstd": b"\x28\xb5\x2f\xfd\x04",
    "tar": tar(),
    "cab": b"MSCF\0\0\0\0\x40\0\0\0\0\0\0\0",
    "iso": bytes(0x8000) + b"\1CD001\1",
    "lzh": b"\x21\x10-lh5-" + bytes(13) + b"\1",
    "mp4": boxes(b"isom", b"mp41"),
    "3gp": boxes(b"3gp4", b"isom"),
    "mov": boxes(b"qt  "),
    "m4a": boxes(b"M4A ", b"mp42"),
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "mkv": b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska",
    "avi": riff(b"AVI ", b"LIST"),
    "asf": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(20),
    "flv": b"FLV\x01\x05\0\0\0\x09\0\0\0\0",
    "mpg": b"\0\0\x01\xba\x44\0\x04\0\x04\x01" + bytes(4),
    "ts": transport(),
    "h264": b"\0\0\0\x01\x67\x42\0\x1e\xab",
    "dav": b"DHAV\xfd\0\1\0",
    "rm": b".RMF\0\0\0\x12\0\0",
    "mxf": b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\0",
    "mp3": mp3(),
    "aac": aac(),
    "ogg": b"OggS\0\2" + bytes(20),
    "amr": samples.speech_note(),
    "wav": riff(b"WAVE", b"fmt "),
    "flac": b"fLaC\0\0\0\x22\x10\0",
    "caf": b"caff\0\1\0\0desc" + bytes(8),
    "aiff": b"FORM\0\0\0\x04AIFF",
    "au": b".snd\0\0\0\x18\xff\xff\xff\xff\0\0\0\1\0\0\x1f\x40",
    "ac3": b"\x0bw\0\0\x14\x40\x43",
    "wv": b"wvpk\x20\0\0\0\x10\x04\0\0",
    "ape": b"MAC \x96\x0f\0\0",
    "dss": b"\x02dss\x01\0\0\0",
    "voc": b"Creative Voice File\x1a\x1a\0\x0a\1\x29\x11",
    "qcp": riff(b"QLCM", b"fmt "),
    "sqlite": b"SQLite format 3\0\x10\0",
    "access": b"\0\1\0\0Standard Jet DB\0",
    "program": samples.PROGRAM,
    "empty": b"",
    "unknown": bytes(range(256)),
}
