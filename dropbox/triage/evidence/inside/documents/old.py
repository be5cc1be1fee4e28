"""Finds what documents before Office 2007 (compound files, RTF) would fetch or run, without opening them.

Rule: only what the file says in its own structures is a sign; words of its text are none.
Source: MS-CFB, MS-XLS 2.4.28 (BoundSheet8), MS-PPT 2.4.10 (VBAInfoAtom), MS-OLEDS 2.3.6, RTF 1.9.1.
"""

import contextlib
import io
import re
import struct
import sys
from collections.abc import Iterator
from typing import Final

import olefile

from dropbox.triage.evidence.inside.documents import signs
from dropbox.triage.evidence.inside.documents.package import Package, is_elsewhere
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

_READ_MAX: Final = 64 << 20
_BOUND_SHEET, _MACRO_SHEET = 0x0085, 1
_SUP_BOOK: Final = 0x01AE
_PPT_MACRO: Final = re.compile(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}([^\x00].{3}|.[^\x00].{2})", re.DOTALL)
_NATIVE: Final = "\x01Ole10Native"
_CONTENTS: Final = ("CONTENTS", "Package")
_INSIDE: Final = re.compile(r"ObjectPool/[^/]+|MBD[0-9A-F]{8}")
_TOKEN: Final = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d+)? ?|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL)
_LINKED: Final = frozenset({b"objautlink", b"objlink", b"objsub", b"objicemb"})
_DEPTH_MAX: Final = 10_000


def facts() -> dict[str, int]:
    """Return the warnings and notes of the compound or RTF file on standard input."""
    reading = Reading("old-office", "")
    sys.stdin.buffer.seek(0)
    raw = sys.stdin.buffer.read(_READ_MAX)
    if raw.startswith(olefile.MAGIC):
        _compound(reading, raw)
    elif raw.startswith(b"PK"):
        _binary_workbook(reading)
    else:
        _rtf(reading, raw)
    return reading.facts


def embedded(file: io.BytesIO) -> bytes:
    """Return the file that an OLE object wraps (MS-OLEDS 2.3.6 Ole10Native); the object itself if it wraps none."""
    raw = file.getvalue()
    try:
        with olefile.OleFileIO(file) as opened:
            if opened.exists(_NATIVE):
                return _native(_stream(opened, _NATIVE))
            for name in _CONTENTS:
                if opened.exists(name):
                    return _stream(opened, name)
    except Exception:  # noqa: BLE001  olefile raises anything for a damaged file
        return raw
    return raw


def _stream(opened: olefile.OleFileIO, name: str) -> bytes:
    with contextlib.suppress(OSError):
        if opened.get_size(name) <= _READ_MAX:
            return bytes(opened.openstream(name).read())
    return b""


def _native(raw: bytes) -> bytes:
    place = 6  # u32 size, u16 flags
    for _ in range(2):  # label, path
        place = raw.index(b"\0", place) + 1
    place += 4
    (length,) = struct.unpack_from("<I", raw, place)
    place += 4 + length  # temporary path
    (size,) = struct.unpack_from("<I", raw, place)
    return raw[place + 4 : place + 4 + size]


def _compound(reading: Reading, raw: bytes) -> None:
    try:
        opened = olefile.OleFileIO(io.BytesIO(raw))
    except Exception:  # noqa: BLE001  olefile raises anything for a damaged file
        raise CannotError("damaged") from None
    with opened:
        # The library follows a chain of sectors as often as the stated size asks for, also around a loop.
        if max(opened.root.size, opened.num_mini_fat_sectors * opened.sector_size) > _READ_MAX:
            raise CannotError("damaged")
        names = ["/".join(parts) for parts in opened.listdir(streams=True, storages=True)]
        is_macro = any(f"/{name}".upper().endswith(("/VBA/DIR", "/_VBA_PROJECT")) for name in names)
        if count := len({match[0] for name in names if (match := _INSIDE.match(name))}):
            reading.note("objects", count)
        for name in ("Workbook", "Book"):
            if opened.exists(name):
                is_macro |= _workbook(reading, _stream(opened, name))
        if opened.exists("PowerPoint Document"):
            is_macro |= _PPT_MACRO.search(_stream(opened, "PowerPoint Document")) is not None
        if opened.exists("WordDocument"):
            _word_fields(reading, _stream(opened, "WordDocument"))
    if is_macro:
        reading.facts["macro"] = 1


def _workbook(reading: Reading, raw: bytes) -> bool:
    """Note other files that a workbook names; return whether it has a sheet of macros."""
    place, found = 0, False
    while place + 4 <= len(raw):
        kind, size = struct.unpack_from("<HH", raw, place)
        body = raw[place + 4 : place + 4 + size]
        if kind == _BOUND_SHEET and len(body) > 5 and body[5] == _MACRO_SHEET:
            found = True
        elif kind == _SUP_BOOK and len(body) > 4:
            _other_book(reading, body)
        place += 4 + size
    return found


def _other_book(reading: Reading, body: bytes) -> None:
    count, length = struct.unpack_from("<HH", body)
    path = (
        body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
        if body[4] & 1
        else body[5 : 5 + length].decode("latin-1")
    )
    if count == 0 and "\x03" in path:  # MS-XLS 2.5.277: a DDE or OLE link, program and topic
        reading.facts["launch"] = 1
    elif "http" in path.lower() or path.startswith(("\x01@", "\\\\")):
        reading.facts["external"] = 1
    elif path.strip("\0\x01\x02 "):
        reading.note("links")


def _word_fields(reading: Reading, raw: bytes) -> None:
    """Note what fields fetch: between 0x13 and 0x14 or 0x15, in 8-bit or UTF-16 letters (MS-DOC 2.8.25)."""
    for match in re.finditer(rb"\x13([^\x13\x14\x15]{1,500})[\x14\x15]", raw):
        signs.field(reading, match[1].decode("latin-1").replace("\0", ""))
    for match in re.finditer(rb"\x13\0((?:[^\x13\x14\x15][\0-\xff]){1,500}?)[\x14\x15]\0", raw):
        signs.field(reading, match[1].decode("utf-16-le", "replace"))


def _binary_workbook(reading: Reading) -> None:
    sys.stdin.buffer.seek(0)
    signs.collect(reading, Package(reading))


def _rtf(reading: Reading, raw: bytes) -> None:
    for destination, letters in _groups(raw):
        if destination == b"fldinst":
            signs.field(reading, letters)
        elif destination == b"template":
            if is_elsewhere(letters.strip()):
                reading.facts["external"] = 1
        elif destination in _LINKED:
            reading.note("links")
        elif destination == b"object":
            reading.note("objects")


def _groups(raw: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield (destination, letters) of each group that matters, and (control word, "") of links and objects."""
    stack: list[tuple[bytes, list[str]]] = [(b"", [])]
    for match in _TOKEN.finditer(raw):
        code, control, _, sign, brace, letters = match.groups()
        if brace == b"{":
            stack.append((stack[-1][0], stack[-1][1]))
            if len(stack) > _DEPTH_MAX:
                raise CannotError("too-large")
        elif brace == b"}":
            destination, collected = stack.pop()
            if destination and (not stack or stack[-1][0] != destination):
                yield destination, "".join(collected)
            stack = stack or [(b"", [])]
        elif control in (b"fldinst", b"template"):
            stack[-1] = (control, [])
        elif control in _LINKED or control == b"object":
            yield control, ""
        elif control == b"bin":
            continue
        elif stack[-1][0]:
            text = bytes.fromhex(code.decode()) if code else sign if sign in (b"\\", b"{", b"}") else letters or b""
            stack[-1][1].append(text.decode("cp1252", "replace"))
