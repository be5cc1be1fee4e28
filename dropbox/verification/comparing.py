"""Compares an answer with what an honest site answers, and says where they differ first.

Let pass, and named on the site's own page about verification (each is something that an altered server may choose):

    how a page is packed       libraries differ; it must be one gzip member with our header, filled with zeros
    order and case of headers  a proxy may change both, also the space about their values and the division into chunks
    the phrase of the status   in one of two spellings: the site's `NOT FOUND`, a proxy's `Not Found`
    Date                       that of a proxy
    Server                     `nginx`, perhaps with a version
    Strict-Transport-Security  of a proxy with TLS: for 180 days or more, or missing (looking: the same to all visitors)

An answer of which the end is missing is compared as far as it came: a server may announce more than it sends.

Rule: nothing of an answer is repeated but names of headers, made visible and cut.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dropbox.disk.visible import visible
from dropbox.limits import PAGE_BUCKET_BYTES
from dropbox.verification.replica import HOP, Answer

HSTS: Final = "strict-transport-security"
_DAYS: Final = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE: Final = re.compile(rf"(?:{_DAYS}), \d\d (?:{_MONTHS}) \d{{4}} \d\d:\d\d:\d\d GMT")
_FREE: Final = {
    "date": _DATE,
    "server": re.compile(r"nginx(?:/\d{1,3}\.\d{1,3}\.\d{1,3})?"),
    # 15 552 000 s are 180 days; less, or 0, would make browsers forget that the site has TLS.
    HSTS: re.compile(
        r"max-age=(?:1555[2-9]\d{3}|155[6-9]\d{4}|15[6-9]\d{5}|1[6-9]\d{6}|[2-9]\d{7}|[1-9]\d{8,9})"
        r"(?:; ?includeSubDomains)?(?:; ?preload)?"
    ),
}
_PADDING: Final = "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
_GATEWAY: Final = re.compile(
    r"<html>\r\n<head><title>(50[24] (?:Bad Gateway|Gateway Time-out))</title></head>\r\n<body>\r\n"
    r"<center><h1>\1</h1></center>\r\n<hr><center>nginx(?:/\d{1,3}\.\d{1,3}\.\d{1,3})?</center>\r\n</body>\r\n</html>\r\n"
    rf"(?:(?:{_PADDING}){{6}})?"
)
# Of the answers that a site or its proxy gives to GET and HEAD (RFC 9110, 15).
_REASONS: Final = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    308: "Permanent Redirect",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Time-out",  # as nginx writes it
}
_GATEWAY_STATUS: Final = (502, 504)
# Examples, with the ends of which each beginning of an honest text can be made whole.
_FREE_EXAMPLES: Final = {
    "date": [f"{day}, 01 {month} 2026 00:00:00 GMT" for day in _DAYS.split("|") for month in _MONTHS.split("|")],
    "server": ["nginx/1.1.1"],
    HSTS: [f"max-age=31536000;{space}includeSubDomains;{space}preload" for space in ("", " ")],
}
_GATEWAY_EXAMPLES: Final = [
    f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    "<hr><center>nginx/1.1.1</center>\r\n</body>\r\n</html>\r\n"
    f"{_PADDING * 6}"
    for title in ("502 Bad Gateway", "504 Gateway Time-out")
]
_GATEWAY_MAX_BYTES: Final = 1024
_GZIP: Final = struct.Struct("<2sBBIBBHBBH")
_TRAILER: Final = struct.Struct("<II")
_DIGITS: Final = re.compile(r"[0-9]*")
_SHOWN_MAX: Final = 40  # characters of a header's name


@dataclass(frozen=True)
class Difference:
    """What differs first, and where: a header's name, an offset.

    The code is `status`, `reason`, `not-http`, `header`, `length`, `body` or `packing`.
    """

    code: str
    place: str = ""


def difference(expected: Answer, untrusted: Answer) -> Difference | None:
    """Return where an answer differs from the expected one; None if it is the same, or its beginning."""
    is_same = untrusted.status == expected.status and untrusted.reason in _reasons(expected)
    if untrusted.cut == "line" or not is_same:
        return _status(expected, untrusted)
    is_packed = expected.header("content-type").startswith("text/html") and _encoding(expected) == "gzip"
    is_packed_anew = is_packed and untrusted.body != expected.body and _encoding(untrusted) == "gzip"
    # A body is compared itself; the length of a page in gzip, which HEAD says, depends on the library.
    is_measured = bool(expected.body or untrusted.body) or bool(untrusted.cut)
    left_out = {"content-length"} if is_packed or is_measured else set()
    if name := _header(expected, untrusted, left_out):
        return Difference("header", visible(name)[:_SHOWN_MAX])
    if untrusted.cut:
        return _beginning(expected.body, untrusted.body, is_packed=is_packed)
    if not is_packed_anew:
        return _first(expected.body, untrusted.body)
    packed, text = _unpacked(untrusted.body, len(_plain(expected.body)))
    if text is None:
        return Difference("packing")
    found = _first(_plain(expected.body), text)
    return found or (None if packed else Difference("packing"))


def is_gateway_page(untrusted: Answer) -> bool:
    """Return whether it is nginx's own answer while it does not reach the site, as while that is started again."""
    pages = [Answer(status, (("content-type", "text/html"),), b"") for status in _GATEWAY_STATUS]
    if untrusted.cut == "line":
        return any(_status(page, untrusted) is None for page in pages)
    is_usual = untrusted.reason == _REASONS.get(untrusted.status)
    if untrusted.status not in _GATEWAY_STATUS or not is_usual or _header(pages[0], untrusted, {"content-length"}):
        return False
    if not untrusted.body or len(untrusted.body) > _GATEWAY_MAX_BYTES:
        return not untrusted.body
    text = untrusted.body.decode("latin-1")
    return bool(_GATEWAY.fullmatch(text)) or (bool(untrusted.cut) and _begins(_GATEWAY, _GATEWAY_EXAMPLES, text))


def _begins(whole: re.Pattern[str], examples: Iterable[str], untrusted: str) -> bool:
    """Whether the end of an example makes a whole of it."""
    return any(whole.fullmatch(untrusted + one[at:]) for one in examples for at in range(len(one) + 1))


def _status(expected: Answer, untrusted: Answer) -> Difference | None:
    """Where the first line differs, also an unfinished one, which browsers believe too."""
    lines = (f"HTTP/1.1 {expected.status} {reason}\r" for reason in _reasons(expected))
    if untrusted.cut == "line" and any(line.startswith(untrusted.unfinished) for line in lines):
        return None
    if untrusted.cut == "line" and untrusted.status in (0, expected.status):
        return Difference("not-http")
    return Difference("reason" if untrusted.status == expected.status else "status", str(untrusted.status))


def _reasons(expected: Answer) -> set[str]:
    """The phrases after a status, which scripts can read: the site's own, and that of a proxy that writes it anew."""
    return {_REASONS.get(expected.status, ""), *filter(None, [expected.reason])}


def _encoding(answer: Answer) -> str:
    return answer.header("content-encoding")


def _header(expected: Answer, untrusted: Answer, left_out: set[str]) -> str:
    """The name of a header that is missing, too many or has another value; empty if there is none."""
    wanted = Counter((name.lower(), value) for name, value in expected.headers if name.lower() not in left_out)
    come = Counter((name.lower(), value) for name, value in untrusted.headers if name.lower() not in left_out)
    for (name, value), count in (come - wanted).items():
        allowed = _FREE.get(name)
        if count > 1 or allowed is None or not allowed.fullmatch(value) or name in {one for one, _ in wanted}:
            return name
        if sum(number for (other, _), number in come.items() if other == name) > 1:
            return name
    if untrusted.cut != "head":
        return min((name for name, _ in wanted - come), default="")
    free = {*_FREE} - {name for name, _ in (*wanted, *come)}
    return _unfinished(untrusted.unfinished, [*(wanted - come)], free)


def _unfinished(untrusted: str, missing: Sequence[tuple[str, str]], free: set[str]) -> str:
    """The name in the last line of a head that is cut; empty if a header that is missing begins so.

    Browsers believe that line too.
    """
    name, colon, value = untrusted.removesuffix("\r").partition(":")
    name, value = name.lower(), value.lstrip(" \t")
    if not colon:
        names = {one for one, _ in missing} | free | HOP | {"content-length"}
        return "" if any(one.startswith(name) for one in names) else name
    is_honest = (
        name in HOP  # not compared
        or (name == "content-length" and _DIGITS.fullmatch(value))
        or any(one == name and wanted.startswith(value) for one, wanted in missing)
        or (name in free and _begins(_FREE[name], _FREE_EXAMPLES[name], value))
    )
    return "" if is_honest else name or ":"


def _first(expected: bytes, untrusted: bytes) -> Difference | None:
    if expected == untrusted:
        return None
    shared = min(len(expected), len(untrusted))
    at = next((place for place in range(shared) if expected[place] != untrusted[place]), shared)
    return Difference("length" if at == shared else "body", str(at))


def _beginning(expected: bytes, untrusted: bytes, *, is_packed: bool) -> Difference | None:
    """Where the beginning of a body differs. Browsers show it, and what they would unpack of it."""
    if expected.startswith(untrusted):
        return None
    if not is_packed:
        return _first(expected[: len(untrusted)], untrusted)
    plain = _plain(expected)
    try:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        text = unpacker.decompress(untrusted, len(plain) + 1)
    except zlib.error:
        return Difference("packing")
    found = _first(plain[: len(text)], text)
    return found or (Difference("packing") if unpacker.unused_data else None)


def _plain(packed: bytes) -> bytes:
    return zlib.decompress(packed, 16 + zlib.MAX_WBITS)


def _unpacked(untrusted: bytes, most: int) -> tuple[bool, bytes | None]:
    """Return whether it is packed as web.http.compression packs, and its text up to `most` + 1 bytes (None: broken)."""
    if len(untrusted) < _GZIP.size + _TRAILER.size:
        return False, None
    magic, method, flags, mtime, best, system, extra, first, second, fill = _GZIP.unpack_from(untrusted)
    start = _GZIP.size + fill
    is_ours = (
        (magic, method, flags, mtime, best, system, extra, first, second)
        == (b"\x1f\x8b", 8, 4, 0, 2, 255, 4 + fill, 0, 0)
        and not any(untrusted[_GZIP.size : start])
        and len(untrusted) % PAGE_BUCKET_BYTES == 0
    )
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS if is_ours else 16 + zlib.MAX_WBITS)
    try:
        text = unpacker.decompress(untrusted[start:] if is_ours else untrusted, most + 1)
        rest = unpacker.unused_data
        is_whole = unpacker.eof and rest == _TRAILER.pack(zlib.crc32(text), len(text) & 0xFFFFFFFF)
    except zlib.error:
        return False, None
    return is_ours and is_whole, text
