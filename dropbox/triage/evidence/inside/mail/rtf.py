"""Unpacks the RTF in which Outlook keeps the text of a message (MS-OXRTFCP, 2).

    u32 size of the rest ‖ u32 unpacked size ‖ "LZFu" or "MELA" ‖ u32 CRC ‖ content

Rule: at most as many bytes as its head says, which is at most a thousand times the packed ones.
"""

import struct
from typing import Final

from dropbox.triage.evidence.inside.mail.message import Attachment
from dropbox.triage.evidence.inside.mail.properties import Note

_HEAD: Final = struct.Struct("<IIII")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_START: Final = (  # what the dictionary holds at first (2.1.2.1)
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u"
    rb"\tab\tx"
)
_SIZE: Final = 4096  # of the dictionary
_NAME: Final = "message.rtf"


def attachments(packed: bytes, note: Note) -> list[Attachment]:
    """Return the RTF as an attachment of its own, so that it is drawn like any other; none if it is damaged."""
    try:
        plain = unpack(packed)
    except (ValueError, struct.error):
        note("broken-parts")
        return []
    return [Attachment(_NAME, "application/rtf", lambda: plain)]


def unpack(packed: bytes) -> bytes:
    """Return the RTF; raises ValueError or struct.error if it is damaged."""
    _, size, kind, _ = _HEAD.unpack_from(packed)
    content = packed[_HEAD.size :]
    if kind == _PLAIN:
        return content[:size]
    if kind != _PACKED:
        raise ValueError("neither packed nor plain")
    size = min(size, 9 * len(content) + 1)  # a byte gives less than nine
    ring = bytearray(_START + bytes(_SIZE - len(_START)))
    at, made, place = len(_START), bytearray(), 0
    while place < len(content) and len(made) < size:
        control, place = content[place], place + 1
        for bit in range(8):
            if place >= len(content) or len(made) >= size:
                break
            if not control >> bit & 1:
                piece, place = content[place : place + 1], place + 1
            else:
                word = int.from_bytes(content[place : place + 2], "big")
                begin, length, place = word >> 4, (word & 15) + 2, place + 2
                if begin == at:
                    return bytes(made)
                piece = b""
                for step in range(length):  # byte by byte: it may reach into what it writes
                    letter = ring[(begin + step) % _SIZE]
                    ring[(at + step) % _SIZE] = letter
                    piece += bytes((letter,))
            if len(piece) == 1:
                ring[at] = piece[0]
            at = (at + len(piece)) % _SIZE
            made += piece
    return bytes(made)
