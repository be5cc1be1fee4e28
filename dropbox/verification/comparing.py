"""Compares an answer with what an honest site answers, and says where they differ first.

Let pass, and named on the site's own page about verification (each is something that an altered server may choose):

    how a page is packed       libraries differ; it must be one gzip member with our header, filled with zeros
    order and case of headers  a proxy may change both
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
from dataclasses import dataclass
from typing import Final

from dropbox.disk.visible import visible
from dropbox.limits import PAGE_BUCKET_BYTES
from dropbox.verification.replica import Answer

HSTS: Final = "strict-transport-security"
_DATE: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d GMT"
)
_FREE: Final = {
    "date": _DATE,
    "server": re.compile(r"nginx(?:/\d{1,3}\.\d{1,3}\.\d{1,3})?"),
    # 15 552 000 s are 180 days; less, or 0, would make browsers forget that the site has TLS.
    HSTS: re.compile(
        r"max-age=(?:1555[2-9]\d{3}|155[6-9]\d{4}|15[6-9]\d{5}|1[6-9]\d{6}|[2-9]\d{7}|[1-9]\d{8,9})"
        r"(?:; ?includeSubDomains)?(?:; ?preload)?"
    ),
}
_GATEWAY: Final = re.compile(
    rb"<html>\r\n<head><title>(50[24] (?:Bad Gateway|Gateway Time-out))</title></head>\r\n<body>\r\n"
    rb"<center><h1>\1</h1></center>\r\n<hr><center>nginx(?:/\d{1,3}\.\d{1,3}\.\d{1,3})?</center>\r\n</body>\r\n</html>\r\n"
    rb"(?:(?:<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n){6})?"
)
_GZIP: Final = struct.Struct("<2sBBIBBHBBH")
_TRAILER: Final = struct.Struct("<II")
_SHOWN_MAX: Final = 40  # characters of a header's name


@dataclass(frozen=True)
class Difference:
    """What differs first (`status`, `header`, `length`, `body`, `packing`), and where: a header's name, an offset."""

    code: str
    place: str = ""


def difference(expected: Answer, untrusted: Answer) -> Difference | None:
    """Return where an answer differs from the expected one; None if it is the same, or its beginning."""
    if untrusted.status != expected.status:
        return Difference("status", str(untrusted.status))
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
    if untrusted.status not in (502, 504) or untrusted.cut:
        return False
    kept = Counter(name.lower() for name, _ in untrusted.headers)
    is_plain = untrusted.header("content-type") == "text/html" and max(kept.values()) == 1
    is_known = all(
        name.lower() in ("content-type", "content-length") or _is_free(name, v) for name, v in untrusted.headers
    )
    return is_plain and is_known and (not untrusted.body or bool(_GATEWAY.fullmatch(untrusted.body)))


def _is_free(name: str, value: str) -> bool:
    allowed = _FREE.get(name.lower())
    return allowed is not None and bool(allowed.fullmatch(value))


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
    return "" if untrusted.cut == "head" else min((name for name, _ in wanted - come), default="")


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
        text = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(untrusted, len(plain) + 1)
    except zlib.error:
        return Difference("packing")
    return _first(plain[: len(text)], text)


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
