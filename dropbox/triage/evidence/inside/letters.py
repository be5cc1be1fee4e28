"""Determines how the letters of a text are encoded, and decodes them.

    mark (UTF-8, UTF-16, UTF-32)  ->  UTF-16 by the rhythm of its bytes  ->  UTF-8 if most of its sequences are valid
    ->  Arabic, DOS or Western letters of one byte; lines that are valid UTF-8 stay it

Rule: the share of odd bytes decides, over the whole file: no single byte makes a text unreadable or changes the letters
around it. What cannot be decoded becomes U+FFFD and is counted; a guess is noted.
"""

import codecs
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

_BLOCK: Final = 1 << 20
_SAMPLES: Final = 8  # blocks looked at of a large file, besides the first and the last
_SAMPLE_MAX: Final = 4 << 20
_WIDE_BYTES: Final = 16 << 10
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_USUAL: Final = bytes(sorted({*range(0x20, 0x7F), *range(0x80, 0x100), *b"\t\n\r\f\v\b\x1b\x1a"}))
_HIGH: Final = bytes(range(0x80, 0x100))
_ODD_MAX: Final = 0.05  # control signs in a text whose letters are UTF-8; random bytes have 0.1
_ODD_MAX_LEGACY: Final = 0.01
_ARABIC: Final = bytes({*range(0xC0, 0x100)} - {0xD7, 0xF7})  # letters of Windows-1256
_DOS: Final = bytes([*range(0xB0, 0xE0), 0x82, 0x84, 0x81, 0x94, 0x87])  # frames and frequent letters of code page 850
_REPLACEMENT: Final = "\ufffd"
# The begin of an emoji in UTF-8, and half of a pair in CESU-8: no text in an older encoding has them.
_UTF8_ALONE: Final = re.compile(rb"\xf0[\x90-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")


class Encoding(NamedTuple):
    """How a text is encoded: a codec's name, the bytes of its mark, and whether it is a guess."""

    name: str
    mark: int = 0
    is_guess: bool = False


def encoding_of(descriptor: int) -> Encoding | None:
    """Return how the text of an open file is encoded; None when its bytes are no text."""
    size = os.fstat(descriptor).st_size
    start = os.pread(descriptor, 4, 0)
    for mark, name in _MARKS:
        if start.startswith(mark) and (
            name[:6] != "utf-16" or _is_wide(os.pread(descriptor, _WIDE_BYTES, len(mark)), name)
        ):
            return Encoding(name, len(mark))
    raw = b"".join(_sampled(descriptor, size))
    wide = _wide(os.pread(descriptor, _WIDE_BYTES, 0))
    if wide:
        return Encoding(wide, 0, is_guess=True)
    odd = len(raw.rstrip(b"\0\x1a").translate(None, _USUAL))
    broken, letters = _utf8(raw)
    if letters + len(_UTF8_ALONE.findall(raw)) >= broken:
        return Encoding("utf-8") if _no_runs(raw, odd) <= _ODD_MAX * len(raw) else None
    high = len(raw) - len(raw.translate(None, _HIGH))
    if odd > _ODD_MAX_LEGACY * len(raw):
        return None
    return _legacy(raw, high)


def decoded(descriptor: int, encoding: Encoding, broken: Counter[str]) -> Iterator[str]:
    """Yield the text of an open file, in pieces.

    Args:
        descriptor: of the file.
        encoding: see encoding_of.
        broken: gets the number of places that could not be decoded under "broken", and "nul" for signs without meaning.
    """
    at, rest = encoding.mark, b""
    decoder = codecs.getincrementaldecoder(encoding.name)("replace") if encoding.name.startswith("utf-") else None
    is_utf8 = encoding.name == "utf-8"
    while block := os.pread(descriptor, _BLOCK, at):
        at += len(block)
        if decoder is not None and not is_utf8:
            piece = decoder.decode(block)
        else:
            block = rest + block
            end = block.rfind(b"\n") + 1 or _before_last(block)
            block, rest = block[:end], block[end:]
            piece = _bytewise(block, encoding.name)
        yield _counted(piece, broken)
    tail = decoder.decode(b"", final=True) if decoder is not None and not is_utf8 else _bytewise(rest, encoding.name)
    yield _counted(tail, broken)


def decode(raw: bytes, encoding: Encoding) -> str:
    """Return the text of bytes, for a look at them: nothing is counted."""
    raw = raw[encoding.mark :]
    return raw.decode(encoding.name, "replace") if encoding.name != "utf-8" else _bytewise(raw, "utf-8")


def _before_last(block: bytes) -> int:
    """Return where the last sequence of a line without an end begins, so that no letter is cut in two."""
    end = len(block)
    while end > max(1, len(block) - 3) and block[end - 1] & 0xC0 == 0x80:
        end -= 1
    return end - 1 or len(block)


def _counted(piece: str, broken: Counter[str]) -> str:
    broken["broken"] += piece.count(_REPLACEMENT)
    if "\0" in piece:
        piece, runs = re.subn("\0+", _REPLACEMENT, piece)
        broken["broken"] += runs
    return piece


def _bytewise(raw: bytes, name: str) -> str:
    if name == "utf-8":
        return _pairs(raw.decode("utf-8", "dropbox-letters"))
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        return "".join(_line(line, name) for line in raw.splitlines(keepends=True))


def _line(line: bytes, name: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(name, "replace")


def _keep_surrogates(error: UnicodeError) -> tuple[str, int]:
    """Decode half of a pair as Java and old phones write it (CESU-8); anything else becomes U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    three = error.object[error.start : error.start + 3]
    if re.fullmatch(rb"\xed[\xa0-\xbf][\x80-\xbf]", three):
        return three.decode("utf-8", "surrogatepass"), error.start + 3
    return _REPLACEMENT, error.end


codecs.register_error("dropbox-letters", _keep_surrogates)


def _pairs(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _sampled(descriptor: int, size: int) -> Iterator[bytes]:
    if size <= _SAMPLE_MAX:
        yield os.pread(descriptor, size, 0)
        return
    for number in range(_SAMPLES + 2):
        yield os.pread(descriptor, _BLOCK // 4, (size - _BLOCK // 4) * number // (_SAMPLES + 1))


def _no_runs(raw: bytes, odd: int) -> int:
    """Return the number of odd bytes, a run of NULs counted once: what a crash leaves in a log."""
    if odd <= _ODD_MAX * len(raw) or b"\0\0" not in raw:
        return odd
    return len(re.sub(rb"\0+", b"\0", raw).translate(None, _USUAL))


def _utf8(raw: bytes) -> tuple[int, int]:
    """Return (broken places, letters beyond ASCII) of bytes read as UTF-8."""
    text = _pairs(raw.decode("utf-8", "dropbox-letters"))
    broken = text.count(_REPLACEMENT) - raw.count(b"\xef\xbf\xbd")
    return broken, len(text) - len(text.encode("ascii", "ignore")) - broken


def _legacy(raw: bytes, high: int) -> Encoding | None:
    visible = len(raw.translate(None, b" \t\r\n"))
    arabic = high - len(raw.translate(None, bytes(range(0x80))).translate(None, _ARABIC))
    framed = high - len(raw.translate(None, bytes(range(0x80))).translate(None, _DOS))
    if high > 0.4 * visible:
        return Encoding("cp1256", 0, is_guess=True) if arabic > 0.7 * high else _dos(framed, high)
    return _dos(framed, high) or Encoding("cp1252", 0, is_guess=True)


def _dos(framed: int, high: int) -> Encoding | None:
    return Encoding("cp850", 0, is_guess=True) if framed > 0.9 * high else None


def _wide(raw: bytes) -> str:
    """Return the codec of UTF-16 without a mark; empty when the bytes are something else."""
    if len(raw) < 8:
        return ""
    return next((name for name in ("utf-16-le", "utf-16-be") if _is_wide(raw, name, strict=True)), "")


def _is_wide(raw: bytes, name: str, *, strict: bool = False) -> bool:
    """Return whether bytes are letters in UTF-16; strict: nearly all, of few scripts, with blanks or line ends."""
    text = raw[: len(raw) // 2 * 2].decode(name, "replace")
    if not text:
        return not strict
    good = sum(unicodedata.category(sign)[0] in "LMNPSZ" or sign in "\t\r\n\f\ufeff" for sign in text)
    good += sum(unicodedata.category(sign) == "Cf" for sign in text)
    good -= text.count(_REPLACEMENT)
    if not strict:
        return good >= 0.8 * len(text)
    blocks = Counter(ord(sign) >> 8 for sign in text)
    few = sum(count for _, count in blocks.most_common(4)) >= 0.9 * len(text)
    return good >= 0.97 * len(text) and few and blocks[0] > 0.02 * len(text)
