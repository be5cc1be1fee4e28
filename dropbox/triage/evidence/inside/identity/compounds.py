"""Knows what a compound file (MS-CFB) is by the names of its streams, and whether it is locked.

    EncryptedPackage             a document of Office 2007 or later, locked with a password (MS-OFFCRYPTO, 2.3)
    WordDocument, Workbook, …    a document of an older Office; a flag or record of its own says that it is locked
    __properties_version1.0      a message of Outlook (MS-OXMSG, 2.4)

Rule: "locked" is said when the file itself says so, never because reading failed.
"""

import contextlib
import struct
from typing import Final

import olefile

from dropbox.triage.evidence.inside.identity.peek import Peek

SIGN: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKS: Final = ("EncryptedPackage", "\x09DRMContent")
_KINDS: Final = {
    "__properties_version1.0": "msg",
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
    "VisioDocument": "vsd",
    "Quill": "pub",
}
_INSTALLER: Final = "000C1084-0000-0000-C000-000000000046"
_STREAM_MAX: Final = 1 << 20
_LOOP_MAX: Final = 64 << 20  # the library follows a chain, also around a loop, as often as the stated size asks for
_FILE_PASS: Final = 0x2F
_END_OF_BOOK: Final = 0x0A
_ENCRYPTED_SHOW: Final = b"\xdf\xc4\xd1\xf3"  # MS-PPT, 2.3.2: headerToken


def compound(file: Peek) -> str:
    """Return the code of a compound file: "locked", a kind by its streams, "compound", or "ole" without a directory."""
    try:
        with olefile.OleFileIO(file) as opened:
            if max(opened.root.size, opened.num_mini_fat_sectors * opened.sector_size) > max(file.size, _LOOP_MAX):
                return "ole"
            names = {"/".join(path) for path in opened.listdir()}
            if any(lock in names for lock in _LOCKS):
                return "locked"
            code = next((code for name, code in _KINDS.items() if name in names), "")
            if not code:
                return "program" if opened.root.clsid == _INSTALLER else "compound"
            return "locked" if _is_locked(opened, code) else code
    except Exception:  # noqa: BLE001  olefile raises anything for a damaged file
        return "ole"


def _is_locked(opened: olefile.OleFileIO, code: str) -> bool:
    if code == "doc":
        flags = _stream(opened, "WordDocument", 12)[10:12]
        return len(flags) == 2 and bool(flags[1] & 1)  # MS-DOC, 2.5.2: fEncrypted
    if code == "ppt":
        return _stream(opened, "Current User", 20)[12:16] == _ENCRYPTED_SHOW
    return code == "xls" and _has_pass(_stream(opened, "Workbook") or _stream(opened, "Book"))


def _has_pass(book: bytes) -> bool:
    """Return whether a workbook has the record FilePass before its first sheet (MS-XLS, 2.4.117)."""
    at = 0
    while at + 4 <= len(book):
        record, length = struct.unpack_from("<HH", book, at)
        if record in (_FILE_PASS, _END_OF_BOOK):
            return bool(record == _FILE_PASS)
        at += 4 + length
    return False


def _stream(opened: olefile.OleFileIO, name: str, most: int = _STREAM_MAX) -> bytes:
    with contextlib.suppress(OSError):
        if opened.get_size(name) > max(opened.fp.size, _LOOP_MAX):
            return b""
        return bytes(opened.openstream(name).read(most))
    return b""
