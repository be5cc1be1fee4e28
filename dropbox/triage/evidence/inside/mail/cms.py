"""Takes the signed content out of a CMS structure (RFC 5652, 5.1), in BER or DER (X.690).

    ContentInfo { signedData, [0] SignedData { version, digestAlgorithms, { data, [0] OCTET STRING }, … } }

Rule: no signature is checked here: that a message is signed says nothing about who wrote it.
"""

from collections.abc import Iterator
from typing import Final

_SEQUENCE, _OCTETS, _OID, _EXPLICIT = 0x30, 0x04, 0x06, 0xA0
_CONSTRUCTED: Final = 0x20
_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_DEPTH_MAX: Final = 16
_Value = tuple[int, bytes]  # tag, content


def signed_content(raw: bytes) -> bytes | None:
    """Return what was signed; None if it is not a signed structure, or has no content within."""
    try:
        kind, wrapped = _children(_first(raw, _SEQUENCE))[:2]
        if kind != (_OID, _SIGNED_DATA):
            return None
        data = _children(_first(wrapped[1], _SEQUENCE))
        encapsulated = next(content for tag, content in data if tag == _SEQUENCE)
        _, content = _children(encapsulated)[:2]
        return b"".join(_octets(content[1], 0))
    except (ValueError, IndexError, StopIteration, RecursionError):
        return None


def is_structure(raw: bytes) -> bool:
    """Return whether it begins as a CMS structure does, of any content."""
    return raw[:1] == bytes((_SEQUENCE,)) and bytes((_OID,)) in raw[2:8]


def _first(raw: bytes, wanted: int) -> bytes:
    tag, content, _ = _value(raw, 0, 0)
    if tag != wanted:
        raise ValueError("another tag was expected")
    return content


def _children(raw: bytes) -> list[_Value]:
    found, at = [], 0
    while at < len(raw):
        tag, content, at = _value(raw, at, 0)
        if not tag:
            break
        found.append((tag, content))
    return found


def _octets(raw: bytes, depth: int) -> Iterator[bytes]:
    """Yield the pieces of an octet string, which may be of pieces itself."""
    if depth > _DEPTH_MAX:
        raise ValueError("too deep")
    for tag, content in _children(raw):
        if tag == _OCTETS:
            yield content
        elif tag == _OCTETS | _CONSTRUCTED:
            yield from _octets(content, depth + 1)


def _value(raw: bytes, at: int, depth: int) -> tuple[int, bytes, int]:
    """Return (tag, content, place after it); the end of an indefinite length (X.690, 8.1.3.6) is searched for."""
    if depth > _DEPTH_MAX:
        raise ValueError("too deep")
    tag, length, at = raw[at], raw[at + 1], at + 2
    if length > 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(raw[at : at + count], "big"), at + count
    elif length == 0x80:
        begin = at
        while raw[at : at + 2] != b"\0\0":
            _, _, at = _value(raw, at, depth + 1)
        return tag, raw[begin:at], at + 2
    if at + length > len(raw):
        raise ValueError("it ends early")
    return tag, raw[at : at + length], at + length
