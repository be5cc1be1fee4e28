"""Decodes bytes of which the stated charset may be missing, unknown or wrong, and words of header fields.

    the stated charset, or what programs mean by its name  ->  UTF-8  ->  line by line, UTF-8 or Windows-1252

Rule: no byte is lost and nothing raises; whether the result is a guess is part of the answer.
"""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from typing import Final

# What programs write under these names is the larger set (WHATWG Encoding, 4.2).
_LARGER: Final = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Codecs of Python that no mail means; some take quadratic time.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_WORD: Final = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")  # RFC 2047, 2; RFC 2231, 5
_HTML_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=]+")


def decode(raw: bytes, charset: str = "") -> tuple[str, bool]:
    """Return (text, whether it is a guess) of bytes with a stated charset; an empty one means US-ASCII or UTF-8."""
    for name in (charset, "utf-8"):
        try:
            codec = codecs.lookup(name or "utf-8").name
            if codec not in _NO_CHARSETS:
                text = raw.decode(_LARGER.get(codec, codec))
                is_stated = name == charset or codecs.lookup(charset).name == "ascii"
                return text.removeprefix("\ufeff"), not is_stated
        except (LookupError, ValueError):  # unknown, or not a charset; wrong
            continue
    return "".join(_by_trial(line) for line in raw.splitlines(keepends=True)), True


def _by_trial(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def html_charset(raw: bytes) -> str:
    """Return the charset that a web page states in its own head; empty if it states none."""
    found = _HTML_CHARSET.search(raw[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def field(raw: bytes) -> tuple[str, bool]:
    """Return (text on one line, whether it is a guess) of a header field, also of encoded words (RFC 2047)."""
    text, is_guess = decode(raw)
    pieces: list[str] = []
    for piece, guessed in _words(" ".join(text.split())):
        pieces.append(piece)
        is_guess |= guessed
    return "".join(pieces), is_guess


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether it is a guess) of the pieces; bytes of neighbours are joined: a letter may be cut in two."""
    at, charset, held = 0, "", b""
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        at = word.end()
        if held and (between.strip() or word[1].lower() != charset):
            yield decode(held, charset)
            held = b""
        if between.strip() or not charset:
            yield between, False
        charset = word[1].lower()
        held += base64(word[3].encode())[0] if word[2] in "bB" else quopri.decodestring(word[3].encode(), header=True)
    if held:
        yield decode(held, charset)
    yield text[at:], False


def base64(raw: bytes) -> tuple[bytes, bool]:
    """Return (bytes, whether something was damaged) of base64: foreign letters are left out, a broken end is cut."""
    is_damaged = False
    decoded = bytearray()
    for piece in re.split(rb"=+", _NOT_BASE64.sub(b"", raw)):  # pieces that were encoded one by one end in "="
        whole = piece if len(piece) % 4 != 1 else piece[:-1]
        is_damaged |= whole != piece
        decoded += binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    foreign = b"".join(_NOT_BASE64.findall(raw))
    return bytes(decoded), is_damaged or bool(foreign.strip())
