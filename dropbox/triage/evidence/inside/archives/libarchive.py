"""Lists and opens the members of archives through libarchive: RAR, 7z, tar, cab, ISO 9660, LHA, and packed files.

Rule: only the format that was identified is tried, and no filter that would start a program.
"""

import ctypes
import datetime
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

os.environ.setdefault("LIBARCHIVE", "libarchive.so.13")  # its search for the name starts a program, if it is not named

from libarchive import ffi
from libarchive.exception import ArchiveError

from dropbox.triage.evidence.inside.archives.member import Member
from dropbox.triage.evidence.inside.mail import charsets
from dropbox.triage.evidence.inside.reply import CannotError

_TAR: Final = ("tar", "cpio")
FORMATS: Final = {
    "zip": ("zip",),
    "rar": ("rar", "rar5"),
    "7z": ("7zip",),
    "tar": ("tar",),
    "cab": ("cab",),
    "iso": ("iso9660",),
    "lzh": ("lha",),
    "cpio": ("cpio",),
    "ar": ("ar",),
    **dict.fromkeys(("gzip", "bzip2", "xz", "zstd", "lzip", "compress", "lzma", "lz4"), (*_TAR, "raw")),
}
_RAW_NAME: Final = "data"  # that libarchive gives to the one file of a packed file
_GZIP_EXTRA, _GZIP_NAME = 4, 8  # flags
_BLOCK: Final = 1 << 16
_BUFFER: Final = ctypes.create_string_buffer(_BLOCK)
_LOCK_WORDS: Final = ("ncrypt", "rypto", "assphrase")  # in the messages of libarchive 3.6 for what is encrypted
_is_encrypted: Final = ffi.ffi("entry_is_encrypted", [ctypes.c_void_p], ctypes.c_int)


def members(descriptor: int, code: str) -> Iterator[Member]:
    """Yield the members in the archive's order; `read` of one is valid until the next is taken.

    Args:
        descriptor: of the archive; its offset is moved.
        code: one of FORMATS.

    Raises:
        CannotError: `locked`: the list is encrypted; `damaged`: it breaks off, after the members that were read.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    name = _gzip_name(descriptor)
    handle, entry = ffi.read_new(), ffi.entry_new()
    try:
        for form in FORMATS[code]:
            ffi.get_read_format_function(form)(handle)
        if "raw" in FORMATS[code]:
            ffi.get_read_filter_function(code)(handle)
        ffi.read_open_fd(handle, descriptor, _BLOCK)
        while ffi.read_next_header2(handle, entry) != ffi.ARCHIVE_EOF:
            member = _member(handle, entry)
            if member.name == _RAW_NAME and name:
                member = replace(member, name=charsets.decode(name)[0])
            yield member
    except ArchiveError as error:
        raise _reason(error) from None
    finally:
        ffi.entry_free(entry)
        ffi.read_free(handle)


def _reason(error: ArchiveError) -> CannotError:
    said = str(error.msg)
    return CannotError("locked" if any(word in said for word in _LOCK_WORDS) else "damaged")


def _gzip_name(descriptor: int) -> bytes:
    """Return the name in the header of a gzip file (RFC 1952, 2.3); empty if there is none."""
    head = os.pread(descriptor, _BLOCK, 0)
    if not head.startswith(b"\x1f\x8b\x08") or not head[3] & _GZIP_NAME:
        return b""
    at = 12 + int.from_bytes(head[10:12], "little") if head[3] & _GZIP_EXTRA else 10
    return head[at:].split(b"\0")[0]


def _member(handle: int, entry: int) -> Member:
    mode = ffi.entry_filetype(entry)
    seconds = ffi.entry_mtime(entry) if ffi.entry_mtime_is_set(entry) else 0
    target = _text(ffi.entry_symlink_w(entry), ffi.entry_symlink(entry)) or _text(
        ffi.entry_hardlink_w(entry), ffi.entry_hardlink(entry)
    )
    if not target and mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        target = "?"  # a device, a pipe: no bytes of its own
    return Member(
        _text(ffi.entry_pathname_w(entry), ffi.entry_pathname(entry)),
        ffi.entry_size(entry) if ffi.entry_size_is_set(entry) else -1,
        _date(seconds),
        lambda: _data(handle),
        bool(_is_encrypted(entry)),
        target,
        stat.S_ISDIR(mode),
    )


def _text(wide: str | None, raw: bytes | None) -> str:
    return wide if wide else charsets.decode(raw or b"")[0]


def _date(seconds: int) -> str:
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M}" if seconds else ""


def _data(handle: int) -> Iterator[bytes]:
    while True:
        try:
            count = ffi.read_data(handle, _BUFFER, _BLOCK)
        except ArchiveError as error:
            raise _reason(error) from None
        if not count:
            return
        yield _BUFFER.raw[:count]
