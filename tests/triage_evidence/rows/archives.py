"""Makes archives as people send them: ZIP of many writers, RAR, 7z, tar and others, whole, locked, cut and hostile."""

import bz2
import gzip
import io
import lzma
import random
import stat
import tarfile
import zipfile

import libarchive
import samples

from rows.row import Row
from tests.support import archives
from tests.support.outlook import BODY, SUBJECT, Outlook

MEMBERS = {"catatan.txt": b"Setoran lima juta\n", "bukti/nota.pdf": samples.pdf(text="Kuitansi")}
NOISE = random.Random(1).randbytes(300_000)  # noqa: S311  it only must not be compressible
BOTH = (("1", "text"), ("2", "pdf"))
WORDS = ("juta", "kuitansi")


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, (2025, 3, 3, 9, 0, 0)), data, method)
    return out.getvalue()


def locked(raw: bytes) -> bytes:
    """The same ZIP file, each member marked as encrypted in both of its headers."""
    made = bytearray(raw)
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + place] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


def _raw_names(*names: bytes) -> bytes:
    """A ZIP file whose names are these bytes, without the flag for UTF-8."""
    raw = zipped({"x" * len(name): b"isi" for name in names})
    for name in sorted(names, key=len, reverse=True):
        raw = raw.replace(b"x" * len(name), name)
    return raw


def _linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("tautan")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("../../etc/jejak.txt", "naik")
        made.writestr("isi.txt", "Setoran")
    return out.getvalue()


def tarred(mode: str = "w", last: bytes = b"naik") -> bytes:
    """A tar archive with a link and a name that leads upwards."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:
        for name, data in {**MEMBERS, "../../naik.txt": last}.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_740_992_400
            made.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("tautan")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    return out.getvalue()


def written(form: str) -> bytes:
    """An archive of a format that libarchive writes."""
    pieces: list[bytes] = []

    def take(piece: bytes) -> int:
        pieces.append(bytes(piece))
        return len(piece)

    with libarchive.custom_writer(take, form) as made:
        for name, data in MEMBERS.items():
            made.add_file_from_memory(name, len(data), data)
    return b"".join(pieces)


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) * 2 // 3]


ROWS = [
    Row(
        "11-bukti-stored-docx.zip",
        lambda: zipped({"surat/surat tugas.docx": samples.docx("Setoran Rp5.000.000"), "foto.txt": b"daftar"}, 0),
        *("zip", ("setoran", "daftar")),
        parts=(("1", "docx"), ("2", "text")),
        copy=("surat/surat tugas.docx",),
    ),
    Row(
        "12-bukti-deflated.zip",
        lambda: zipped({"surat/surat tugas.docx": samples.docx("Setoran Rp5.000.000"), "foto.txt": b"daftar"}),
        *("zip", ("setoran", "daftar")),
        parts=(("1", "docx"), ("2", "text")),
    ),
    Row("bzip2-di-dalam.zip", lambda: zipped(MEMBERS, zipfile.ZIP_BZIP2), "zip", WORDS, parts=BOTH),
    Row("lzma-di-dalam.zip", lambda: zipped(MEMBERS, zipfile.ZIP_LZMA), "zip", WORDS, parts=BOTH),
    Row(
        "nama-ganjil.zip",
        lambda: _raw_names("mácos.txt".encode(), "dós.txt".encode("cp437"), b"baris\nbaru.txt"),
        *("zip", ()),
        parts=(("1", "text"), ("2", "text"), ("3", "text")),
        copy=("mácos.txt", "dós.txt", "baris baru.txt"),
    ),
    Row(
        "tautan.zip",
        _linked,
        *("zip", ("setoran", "naik")),
        never=("root:",),
        parts=(("1", "text"), ("2", "text")),
        copy=("tautan -> /etc/passwd", "../../etc/jejak.txt"),
    ),
    Row("terkunci.zip", lambda: locked(zipped(MEMBERS)), "zip", ("catatan",), ("damaged",), notes=("locked-parts",)),
    Row(
        "terpotong.zip",
        lambda: _cut(zipped({"satu.txt": b"Setoran pertama", "dua.txt": samples.photo() * 3}, 0)),
        *("zip", ("pertama",)),
        notes=("incomplete",),
    ),
    Row(
        "bom.zip",
        lambda: zipped({"besar.txt": bytes(80 << 20), "kecil.txt": b"Setoran"}),
        *("zip", ("setoran",)),
        parts=(("1", "unknown"), ("2", "text")),
    ),
    Row("empat.rar", lambda: archives.rar4(MEMBERS), "rar", WORDS, parts=BOTH),
    Row("lima.rar", lambda: archives.rar5(MEMBERS), "rar", WORDS, parts=BOTH),
    Row("terkunci4.rar", lambda: archives.rar4(MEMBERS, locked=True), "rar", ("catatan",), notes=("locked-parts",)),
    Row("terkunci5.rar", lambda: archives.rar5(MEMBERS, locked=True), "rar", ("catatan",), notes=("locked-parts",)),
    Row("daftar-terkunci4.rar", lambda: archives.rar4(MEMBERS, flags=0x80), "rar", state="locked"),
    Row("daftar-terkunci5.rar", lambda: archives.rar5({}, locked_list=True), "rar", state="locked"),
    Row("bagian.part1.rar", lambda: archives.rar5(MEMBERS, flags=1), "rar", WORDS, notes=("incomplete",)),
    Row("bukti.7z", lambda: written("7zip"), "7z", WORDS, parts=BOTH),
    Row("daftar-terkunci.7z", archives.seven_zip_locked, "7z", state="locked"),
    Row("cakram.iso", lambda: written("iso9660"), "iso", WORDS),
    Row("bukti.cab", lambda: archives.cab(MEMBERS), "cab", WORDS, parts=BOTH),
    Row("bukti.lzh", lambda: archives.lzh(MEMBERS), "lzh", WORDS, parts=BOTH),
    Row(
        "bukti.tar",
        tarred,
        *("tar", (*WORDS, "naik")),
        parts=(*BOTH, ("3", "text")),
        copy=("tautan -> /etc/passwd", "2025-03-03 09:00  catatan.txt"),
    ),
    Row("bukti.tar.gz", lambda: tarred("w:gz"), "gzip", WORDS, parts=(*BOTH, ("3", "text"))),
    Row("bukti.tar.xz", lambda: tarred("w:xz"), "xz", WORDS, parts=(*BOTH, ("3", "text"))),
    Row("catatan.txt.gz", lambda: gzip.compress(MEMBERS["catatan.txt"]), "gzip", ("juta",), parts=(("1", "text"),)),
    Row("catatan.txt.bz2", lambda: bz2.compress(MEMBERS["catatan.txt"]), "bzip2", ("juta",), parts=(("1", "text"),)),
    Row("catatan.txt.xz", lambda: lzma.compress(MEMBERS["catatan.txt"]), "xz", ("juta",), parts=(("1", "text"),)),
    Row("terpotong.tar.gz", lambda: _cut(tarred("w:gz", NOISE)), "gzip", ("juta",), notes=("incomplete",)),
    Row(
        "outlook-dalam.rar",
        lambda: archives.rar5({"surat.msg": Outlook({SUBJECT: "Kas", BODY: "Setoran haji"}).msg()}),
        *("rar", ("haji",)),
        parts=(("1", "msg"),),
    ),
]
