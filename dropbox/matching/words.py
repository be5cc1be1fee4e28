"""Says what a word is: for the search, names, tags and every comparison of words.

    "𝗦𝗲𝘁𝗼𝗿𝗮𝗻 ﬁktif"       ->  setoran fiktif        "ma-" at a line's end, then "drasah"  ->  madrasah
    "Rp76.397.250,00"      ->  rp 76397250           "S e t o r a n"                       ->  setoran

Rule: what looks like the same letters is the same word, whatever code points a program wrote: compatibility forms,
enclosed and small letters, Cyrillic and Greek look-alikes; what cannot be seen, and accents, do not count. Arabic is
compared without vowel signs and with one form of each letter. Marks of scripts in which they are vowels stay. What is
joined (a hyphenated word, a number, spaced letters) is found by its pieces too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# Unicode 15.0, DerivedCoreProperties: Default_Ignorable_Code_Point. Most are Cf; the others are letters and marks.
_IGNORABLE: Final = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
# Marks that are no vowels of their own: general, Cyrillic, Hebrew and Arabic ones.
_ACCENTS: Final = (
    (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED),
    (0x8CA, 0x8FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
# Apostrophes and signs for hamza and ayn within words ("Ma'ruf"), tatweel; \x02 and U+FFFE: PDFium's hyphens.
_NOTHING: Final = frozenset("'`´‘’‛ʻʼʽʾʿˊˋ′՚ـ\x02\ufffe")
# A to Z: in brackets, white in circles, white in squares, regional indicators.
_LETTER_ROWS: Final = (0x249C, 0x1F150, 0x1F170, 0x1F1E6)
# Cyrillic, and Greek by its capitals and small letters: "Ν" is seen as N, "ν" as v.
_LOOK_ALIKE: Final = str.maketrans(
    "аАвВеЕкКмМнНоОрРсСтТуУхХіІјЈѕЅһҺԁԛԝѵӏӀΑαΒβΕεΖΗηΙιΚκΜμΝνΟοΡρΤτΥυΧχϲϳ",
    "aabbeekkmmhhooppccttyyxxiijjsshhdqwvllaabbeezhniikkmunvooppttyuxxcj",
)
_ONE_FORM: Final = str.maketrans(
    {
        **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)),
        **dict(zip("ıłøđðħŧɑɡɩƒ", "iloddhtagif", strict=True)),
        **dict.fromkeys("ىیې", "ي"),
        **dict.fromkeys("ةہھەۃ", "ه"),
        **dict.fromkeys("‐‑−", "-"),
        **dict(zip("ٱک٬٫", "اك,.", strict=True)),
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
    }
)
_KEPT_MAX: Final = 1 << 16  # characters whose folded form is remembered

_SIGN: Final = r"[^\x00-/:-@\[-`{-\x7f]"  # of a word, in folded text: a letter, a digit or what is not ASCII
_LETTER: Final = r"[^\x00-@\[-`{-\x7f]"
_ENDS: Final = rf"(?!{_SIGN})"
_BEGINS: Final = rf"(?<!{_SIGN})"
_JOINED: Final = re.compile(
    rf"{_BEGINS}(?P<currency>rp|idr)(?=[0-9])"  # Rp5000
    # 76.397.250,00 · 76,397,250 · 76 397 250
    rf"|(?:{_BEGINS}|(?<=rp)|(?<=idr))"
    r"(?P<amount>[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3}){2,}))"
    rf"(?:[.,](?:[0-9]{{1,2}}|-))?{_ENDS}(?![.,][0-9])"
    rf"|{_BEGINS}(?P<phone>\+62[- ]?[1-9][0-9]{{2,12}}(?:[- ][0-9]{{3,8}}){{0,2}}"
    rf"|0[0-9]{{2,4}}(?:[- ][0-9]{{3,8}}){{1,2}}){_ENDS}(?![-.][0-9])"
    rf"|{_BEGINS}(?P<digits>[0-9]+(?:[-.][0-9]+)+){_ENDS}"  # an account, a date
    rf"|{_BEGINS}(?P<broken>{_LETTER}+(?:-[ \t]*\r?\n[ \t]*{_LETTER}+)+){_ENDS}"
    rf"|{_BEGINS}(?P<spaced>{_LETTER}(?P<gap>[ ._*-]){_LETTER}(?:(?P=gap){_LETTER}){{2,}}){_ENDS}"
)
_WORD: Final = re.compile(rf"{_SIGN}+")
_SOFT_BREAK: Final = re.compile("[\xad\x02\ufffe][ \t]*\r?\n[ \t]*")  # a hyphen that is seen at a line's end only
_DIGITS_MIN: Final = 8  # of a number with signs in it: shorter ones are versions, sections, times
_PHONE_MAX: Final = 15  # ITU-T E.164


@dataclass(frozen=True)
class Span:
    """A word where it stands in a text.

    Attributes:
        word: as it is compared.
        pieces: by which it is found too.
        start: offset of its first character in the text as it came.
        end: offset after its last.
    """

    word: str
    pieces: tuple[str, ...]
    start: int
    end: int


class _Letters(dict[int, str]):
    """Code point -> its folded form; made when it is asked for first."""

    def __missing__(self, code: int) -> str:
        found = _folded(chr(code))
        if len(self) < _KEPT_MAX:
            self[code] = found
        return found


def _in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _folded(sign: str) -> str:
    code = ord(sign)
    if sign in _NOTHING or _in(code, _IGNORABLE):
        return ""
    if row := next((first for first in _LETTER_ROWS if first <= code < first + 26), 0):
        return chr(ord("a") + code - row)
    plain = "".join(one for one in unicodedata.normalize("NFKD", sign) if not _in(ord(one), _ACCENTS))
    return "".join(map(_seen, plain.translate(_LOOK_ALIKE).casefold().translate(_ONE_FORM)))


def _seen(sign: str) -> str:
    """Return a digit as ASCII, a letter or vowel sign as it is, else a blank; ASCII stays."""
    if sign.isascii():
        return sign
    category = unicodedata.category(sign)
    if category[0] == "N":
        number = unicodedata.digit(sign, None)
        return sign if number is None else str(number)
    if category[0] in "LM":
        return "" if sign in _NOTHING else sign
    if category == "Cf":
        return ""
    return "\n" if category in ("Zl", "Zp") or sign == "\x85" else " "


_LETTERS: Final = _Letters()


def fold(text: str) -> str:
    """Return a text in the letters that are compared; ASCII signs and line ends stay, other signs become blanks."""
    if text.isascii() and "\x02" not in text:  # most texts
        return text.lower().replace("'", "").replace("`", "")
    return _SOFT_BREAK.sub("", text).translate(_LETTERS)


def split(text: str) -> list[str]:
    """Return the words of a text, in its order."""
    return _WORD.findall(_JOINED.sub(lambda match: _put(match, []), fold(text)))


def every(text: str) -> str:
    """Return a text folded, with the words of `split`, and after them the pieces of those that were joined."""
    return _both(fold(text))


def indexed(text: str) -> str:
    """Return a text whose words, as FTS5's unicode61 takes them, are those of `every`; often it is the text itself."""
    folded = fold(text)
    both = _both(folded)
    others = set() if text.isascii() else {sign for sign in set(text) if not sign.isascii()}
    is_same = all(_LETTERS[ord(sign)].isspace() and unicodedata.category(sign) != "Co" for sign in others)
    return text if is_same and both == folded and not _NOTHING & set(text) else both


def pattern(asked: Iterable[tuple[str, bool]]) -> re.Pattern[str]:
    """Return what finds words in a folded text; a word with True may go on."""
    return re.compile("|".join(f"{_BEGINS}{re.escape(word)}{'' if goes_on else _ENDS}" for word, goes_on in asked))


def spans(text: str) -> Iterator[Span]:
    """Yield the words of `split` with their places in the text."""
    # A soft break is nothing: as many soft hyphens keep the offsets.
    signs = [_LETTERS[ord(sign)] for sign in _SOFT_BREAK.sub(lambda match: "\xad" * len(match[0]), text)]
    offsets = [offset for offset, sign in enumerate(signs) for _ in sign]
    folded = "".join(signs)
    at = 0
    for match in _JOINED.finditer(folded):
        word, pieces = _joined(match)
        if word:
            yield from _plain(folded, at, match.start(), offsets)
            at = match.end()
            yield Span(word, tuple(pieces), offsets[match.start()], offsets[at - 1] + 1)
        elif match["currency"]:
            yield from _plain(folded, at, match.end(), offsets)
            at = match.end()
    yield from _plain(folded, at, len(folded), offsets)


def _plain(folded: str, start: int, end: int, offsets: list[int]) -> Iterator[Span]:
    for match in _WORD.finditer(folded, start, end):
        yield Span(match[0], (), offsets[match.start()], offsets[match.end() - 1] + 1)


def _both(folded: str) -> str:
    pieces: list[str] = []
    main = _JOINED.sub(lambda match: _put(match, pieces), folded)
    return f"{main}\n{' '.join(pieces)}" if pieces else main


def _put(match: re.Match[str], pieces: list[str]) -> str:
    word, more = _joined(match)
    pieces.extend(more)
    return f" {word}" if word else f"{match[0]} " if match["currency"] else match[0]


def _joined(match: re.Match[str]) -> tuple[str, list[str]]:
    """Return the word that a match of _JOINED is, or "" where its words stay, and the pieces by which it is found."""
    pieces = _WORD.findall(match[0])
    whole = "".join(pieces)
    if match["currency"]:
        return "", []
    if match["amount"]:
        return re.sub("[^0-9]", "", match["amount"]), pieces
    if match["broken"] and len(set(pieces)) == 1:  # "orang-orang": two words, at a line's end too
        return "", [whole]
    if match["phone"] and not _DIGITS_MIN <= len(whole) <= _PHONE_MAX:
        return "", []
    if match["digits"] and len(whole) < _DIGITS_MIN:
        return "", []
    return ("0" + whole.removeprefix("62") if match[0][0] == "+" else whole), pieces
