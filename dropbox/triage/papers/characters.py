"""Decides which characters can be printed: those of the shipped fonts.

Rule: no character is printed as an empty box. What an officer types for a letter is refused; what a reporter wrote is
printed with the character's number in its place, such as [U+1F600].
"""

import functools
import importlib.resources
import re
import struct
import unicodedata
from typing import Final

from dropbox.errors import ConfigurationError, RefusedError

FIELD_MAX: Final = 200
_FONTS: Final = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf")
_BREAK: Final = "\u200b"  # a place where a line may end; it has no width
WORD_MAX: Final = 24  # characters; a longer word may be broken
_PIECE: Final = re.compile(r"[^/._@-]*[/._@-]|[^/._@-]+")  # of a word: a number such as R-1/IJ/2026 breaks after "/"


def printable(typed: str, most: int = FIELD_MAX) -> str:
    """Return typed text as one line.

    Raises:
        RefusedError: it does not have 1 to `most` characters, or has characters that the fonts lack.
        ConfigurationError: the installation has no fonts.
    """
    text = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not 0 < len(text) <= most:
        raise RefusedError("letter.length", most=most)
    if any(unicodedata.category(sign) in ("Cc", "Cf") for sign in text):
        raise RefusedError("letter.control-characters")
    if not known().issuperset(map(ord, text)):
        raise RefusedError("letter.font")
    return text


def shown(text: str, most: int = WORD_MAX) -> str:
    """Return a text as it can be printed: unknown characters by number, and places to break long words.

    Args:
        text: of one or more lines.
        most: characters of a word that is not broken.

    Raises:
        ConfigurationError: the installation has no fonts.
    """
    return "\n".join(_shown(line, most) for line in unicodedata.normalize("NFC", text).split("\n"))


def _shown(line: str, most: int) -> str:
    if not known().issuperset(map(ord, line)):
        line = "".join(sign if ord(sign) in known() else f"[U+{ord(sign):04X}]" for sign in line)
    return " ".join(_broken(word, most) if len(word) > most else word for word in line.split(" "))


def _broken(word: str, most: int) -> str:
    pieces = _PIECE.findall(word)
    return _BREAK.join(_BREAK.join(piece) if len(piece) > most else piece for piece in pieces)


@functools.cache
def known() -> frozenset[int]:
    """Return the code points that both weights of a font have; raises ConfigurationError without fonts."""
    folder = importlib.resources.files("dropbox.triage.papers") / "fonts"
    try:
        sans, bold_sans, naskh, bold_naskh = (_mapped((folder / name).read_bytes()) for name in _FONTS)
    except (OSError, struct.error):
        raise ConfigurationError("paper.fonts") from None
    return (sans & bold_sans) | (naskh & bold_naskh)


def _mapped(font: bytes) -> frozenset[int]:
    """Return the code points of a font with a table "cmap" of format 4 (OpenType 1.9, "cmap").

    Format controls are left out: a direction override would print words in another order than they were written in.
    """
    (tables,) = struct.unpack_from(">4xH", font)
    records = (struct.unpack_from(">4s4xII", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">2xH", font, start)
    places = {start + struct.unpack_from(">4xI", font, start + 4 + 8 * number)[0] for number in range(count)}
    found: set[int] = set()
    for place in places:
        kind, _, _, doubled = struct.unpack_from(">4H", font, place)
        if kind == 4:
            many = doubled // 2
            ends = struct.unpack_from(f">{many}H", font, place + 14)
            starts = struct.unpack_from(f">{many}H", font, place + 16 + doubled)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, last + 1))
    return frozenset(code for code in found if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cs", "Cn"))
