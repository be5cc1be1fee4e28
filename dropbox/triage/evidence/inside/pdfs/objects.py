"""Parses the objects of a PDF, after PDFium wrote them anew (ISO 32000-1, section 7.3).

    hostile file -> PDFium -> a copy without encryption, object streams, escaped names or damaged tables -> this parser

Rule: what a PDF would do is read from its objects that can be reached from the catalogue, never searched for in raw
bytes, where a compressed part hides it and a text only looks like it.
"""

import functools
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium

from dropbox.triage.evidence.inside import pdf
from dropbox.triage.evidence.inside.reply import CannotError

_REMOVE_SECURITY: Final = 3  # FPDF_REMOVE_SECURITY
_DEPTH_MAX: Final = 100
_OBJECTS_MAX: Final = 500_000
_SPACE: Final = re.compile(rb"(?:[\0\t\n\f\r ]|%[^\r\n]*)*")
_TOKEN: Final = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*|<<|>>|[\[\]]|<[0-9A-Fa-f\s]*>|[^\0\t\n\f\r ()<>\[\]{}/%]+")
_REFERENCE: Final = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R(?![A-Za-z])")
_HEADER: Final = re.compile(rb"\s*\d+\s+\d+\s+obj")
_STREAM: Final = re.compile(rb"\s*stream\r?\n")
_ENTRY: Final = re.compile(rb"(\d{10}) \d{5} ([nf])")
_SECTION: Final = re.compile(rb"(\d+) (\d+)\s+(?=\d{10} )")
_NAME_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING_ESCAPE: Final = re.compile(rb"\\(\r\n|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES: Final = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}


class Reference(NamedTuple):
    """The number of an object."""

    number: int


class Name(str):
    """A name; a string is bytes."""

    __slots__ = ()


class Objects:
    """The objects of a PDF; a dictionary is a dict, and a stream's has its raw bytes under the key ""."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places = dict(_places(data))
        at = data.rfind(b"trailer")
        trailer = self._value(at + len(b"trailer"), 0)[0] if at >= 0 else {}
        self.catalogue = self.get(trailer.get("Root")) if isinstance(trailer, dict) else {}
        if not isinstance(self.catalogue, dict):
            self.catalogue = {}

    @functools.lru_cache(maxsize=100_000)  # noqa: B019  one PDF a process
    def _object(self, number: int) -> Any:  # noqa: ANN401  any object
        place = self._places.get(number)
        header = _HEADER.match(self._data, place) if place is not None else None
        if header is None:
            return None
        found, at = self._value(header.end(), 0)
        stream = _STREAM.match(self._data, at)
        if stream and isinstance(found, dict):
            length = self.get(found.get("Length"))
            if isinstance(length, int):
                found[""] = (stream.end(), length)
        return found

    def get(self, value: Any) -> Any:  # noqa: ANN401  any object
        """Return the object that a reference leads to; any other value as it is."""
        for _ in range(_DEPTH_MAX):
            if not isinstance(value, Reference):
                return value
            value = self._object(value.number)
        return None

    def reached(self) -> Iterator[dict[str, Any]]:
        """Yield every dictionary that can be reached from the catalogue, each once."""
        waiting: list[Any] = [self.catalogue]
        seen: set[int] = set()
        for _ in range(20 * _OBJECTS_MAX):
            if not waiting:
                return
            value = waiting.pop()
            if isinstance(value, Reference):
                if value.number in seen or len(seen) > _OBJECTS_MAX:
                    continue
                seen.add(value.number)
                value = self.get(value)
            if isinstance(value, dict):
                yield value
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value

    def stream(self, found: dict[str, Any], most: int) -> bytes:
        """Return at most so many unpacked bytes of a stream.

        Raises:
            CannotError: `unsupported` (another compression than DEFLATE), or `damaged`.
        """
        start, length = found.get("", (0, 0))
        data = self._data[start : start + length]
        filters = self.get(found.get("Filter")) or []
        filters = [self.get(one) for one in filters] if isinstance(filters, list) else [filters]
        if filters and set(filters) != {"FlateDecode"}:
            raise CannotError("unsupported")
        try:
            for _ in filters:
                data = zlib.decompressobj().decompress(data, most)
        except zlib.error:
            raise CannotError("damaged") from None
        return data[:most]

    def text(self, value: Any) -> str:  # noqa: ANN401  any object
        """Return a text string, a name or a number as text; "" for anything else (section 7.9.2)."""
        value = self.get(value)
        if isinstance(value, bytes):
            if value.startswith((b"\xfe\xff", b"\xff\xfe")):
                return value.decode("utf-16", "replace")
            if value.startswith(b"\xef\xbb\xbf"):
                return value[3:].decode("utf-8", "replace")
            return value.decode("cp1252", "replace")  # PDFDocEncoding, but for some accents
        if isinstance(value, list):
            return ", ".join(filter(None, (self.text(one) for one in value[:_DEPTH_MAX] if not isinstance(one, list))))
        return str(value) if isinstance(value, (Name, int, float)) and not isinstance(value, bool) else ""

    def _value(self, at: int, depth: int) -> tuple[Any, int]:
        """Return (object, place behind it); None for what cannot be parsed."""
        at = _end(_SPACE, self._data, at)
        if self._data[at : at + 1] == b"(":
            return _string(self._data, at)
        reference = _REFERENCE.match(self._data, at)
        if reference:
            return Reference(int(reference[1])), reference.end()
        token = _TOKEN.match(self._data, at)
        if token is None or depth > _DEPTH_MAX:
            return None, at + 1
        word, at = token[0], token.end()
        if word == b"<<":
            return self._dictionary(at, depth)
        if word == b"[":
            return self._array(at, depth)
        return _simple(word), at

    def _dictionary(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while at < len(self._data):
            at = _end(_SPACE, self._data, at)
            if self._data.startswith(b">>", at):
                return found, at + 2
            name, at = self._value(at, depth + 1)
            if isinstance(name, Name):
                found[str(name) or "/"], at = self._value(at, depth + 1)
        return found, at

    def _array(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        while at < len(self._data):
            at = _end(_SPACE, self._data, at)
            if self._data.startswith(b"]", at):
                return found, at + 1
            value, at = self._value(at, depth + 1)
            found.append(value)
        return found, at


@functools.cache
def objects() -> Objects:
    """Return the objects of the PDF on standard input; none for one that PDFium cannot write anew.

    Raises:
        CannotError: `locked` or `damaged`.
    """
    copy = io.BytesIO()
    try:
        pdf.document().save(copy, flags=_REMOVE_SECURITY)
    except pdfium.PdfiumError:
        return Objects(b"")
    return Objects(copy.getvalue())


def _places(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (number, place) of each object of the table (section 7.5.4)."""
    at = data.rfind(b"startxref")
    start = re.match(rb"startxref\s+(\d+)", data[at : at + 40]) if at >= 0 else None
    at = int(start[1]) + len(b"xref") if start else len(data)
    while section := _SECTION.match(data, _end(_SPACE, data, at)):
        at = section.end()
        for number in range(int(section[1]), int(section[1]) + min(int(section[2]), 10 * _OBJECTS_MAX)):
            entry = _ENTRY.match(data, at)
            if entry is None:
                return
            if entry[2] == b"n":
                yield number, int(entry[1])
            at = _end(_SPACE, data, entry.end())


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at


def _simple(word: bytes) -> Any:  # noqa: ANN401  a name, a string, a number, a bool or None
    if word.startswith(b"/"):
        return Name(_NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), word[1:]).decode("latin-1"))
    if word.startswith(b"<"):
        digits = re.sub(rb"\s", b"", word[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    try:
        return int(word) if re.fullmatch(rb"[+-]?\d{1,18}", word) else float(word)
    except ValueError:
        return {b"true": True, b"false": False}.get(word)


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """Return (string, place behind it); its brackets are balanced or escaped."""
    depth, here = 0, at
    while here < len(data):
        sign = data[here]
        if sign == ord("\\"):
            here += 1
        elif sign == ord("("):
            depth += 1
        elif sign == ord(")"):
            depth -= 1
            if not depth:
                break
        here += 1
    return _STRING_ESCAPE.sub(_unescaped, data[at + 1 : here]), here + 1


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 0xFF]) if sign[:1].isdigit() and sign[:1] < b"8" else _ESCAPES.get(sign, sign)
