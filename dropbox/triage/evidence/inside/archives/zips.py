"""Lists and opens the members of a ZIP file by its central directory (APPNOTE.TXT 6.3.10, 4.3.12).

Rule: the directory alone says what is in it. Names are UTF-8 if that is stated or possible, otherwise code page 437.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from dropbox.triage.evidence.inside.archives.member import Member
from dropbox.triage.evidence.inside.reply import CannotError

_UTF8: Final = 0x800  # general purpose flags (4.4.4)
_ENCRYPTED: Final = 0x2041  # encrypted, strongly encrypted, with a hidden list
_UNICODE_PATH: Final = 0x7075  # an extra field (4.6.9)
_LOCAL: Final = struct.Struct("<4s22xHH")  # of a member's own header: sign, lengths of name and extra fields (4.3.7)
_LOCAL_SIGN: Final = b"PK\x03\x04"
_PIECE: Final = 1 << 16
_TARGET_MAX: Final = 1024
_DEFLATE: Final = -15  # window of raw deflate


def members(file: BinaryIO) -> Iterator[Member]:
    """Yield the members in the order of the directory; raises zipfile.BadZipFile if there is no directory."""
    archive = zipfile.ZipFile(file)
    for info in archive.infolist():
        is_locked = bool(info.flag_bits & _ENCRYPTED)
        read = partial(_data, file, info)
        target = ""
        if stat.S_ISLNK(info.external_attr >> 16) and not is_locked:
            target = next(read(), b"")[:_TARGET_MAX].decode("utf-8", "replace") or "?"
        name = _name(info)
        yield Member(name, info.file_size, _date(info), read, is_locked, target, name.endswith("/"))


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for given in (_unicode_path(info.extra), raw):
        try:
            if given:
                return given.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _unicode_path(extra: bytes) -> bytes:
    """Return the name in the extra field for it: u8 version ‖ u32 CRC ‖ UTF-8; empty if there is none."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH:
            return extra[at + 9 : at + 4 + length]
        at += 4 + length
    return b""


def _date(info: zipfile.ZipInfo) -> str:
    year, month, day, hour, minute, _ = info.date_time
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}" if month and day else ""


def _data(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise CannotError("locked")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield from _other(file, info)
        return
    head = b""
    if info.header_offset >= 0:  # the library subtracts what stands before the archive
        file.seek(info.header_offset)
        head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_SIGN):
        raise CannotError("damaged")
    _, name_length, extra_length = _LOCAL.unpack(head)
    file.seek(name_length + extra_length, io.SEEK_CUR)
    left, unpacker = info.compress_size, zlib.decompressobj(_DEFLATE)
    while left > 0:
        packed = file.read(min(left, _PIECE))
        if not packed:
            raise CannotError("damaged")
        left -= len(packed)
        if info.compress_type == zipfile.ZIP_STORED:
            yield packed
            continue
        while packed and not unpacker.eof:
            try:
                yield unpacker.decompress(packed, _PIECE)
            except zlib.error:
                raise CannotError("damaged") from None
            packed = unpacker.unconsumed_tail


def _other(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a member that is packed in another way, through libarchive."""
    from dropbox.triage.evidence.inside.archives import libarchive  # loaded only where it is needed

    wanted = (info.orig_filename, info.file_size)
    for member in libarchive.members(file.fileno(), "zip"):
        if (member.name, member.size) == wanted:
            yield from member.read()
            return
    raise CannotError("unsupported")
