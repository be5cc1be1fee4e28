"""Seals a timeline into equal cells, and finds and opens the cells of one thread (FORMAT "Answer board").

    tag = PRF(tag key, "tag", desk, u32(board number), u8(part))[0:16]

Rule: without a key of the thread, a cell reveals neither its owner nor whether it is a dummy.
"""

import os
from collections.abc import Callable
from typing import Final

import nacl.bindings
import nacl.exceptions

from dropbox.crypto.kdf import prf
from dropbox.errors import DamagedError
from dropbox.wire.board import (
    CELL_TOTAL_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Entry,
    encode_timeline,
    parse_part,
    parse_timeline,
    split_timeline,
)
from dropbox.wire.fields import LABEL_ROOT, lp, u8, u32

_LABEL: Final = LABEL_ROOT + b"cell"


def tag_of(tag_key: bytes, desk: str, number: int, part: int) -> bytes:
    """Return the tag (16 bytes) of one part of a timeline on the board with that number.

    Args:
        tag_key: the thread's tag key, 32 bytes.
        desk: name of the desk whose board it is.
        number: number of the board.
        part: index of the part, from 0.
    """
    return prf(tag_key, "tag", desk.encode("ascii"), u32(number), u8(part))[:TAG_BYTES]


def _ad(instance: bytes, desk: str, number: int, part: int) -> bytes:
    return lp(_LABEL) + lp(instance) + lp(desk.encode("ascii")) + lp(u32(number)) + lp(u8(part))


def seal_timeline(
    tag_key: bytes, answer_key: bytes, instance: bytes, desk: str, number: int, entries: list[Entry]
) -> list[bytes]:
    """Seal entries into cells (2104 bytes each) for one board.

    Args:
        tag_key: the thread's tag key, 32 bytes.
        answer_key: the thread's answer key, 32 bytes.
        instance: 16 bytes.
        desk: name of the desk whose board it is.
        number: number of the board.
        entries: the timeline, oldest first.

    Raises:
        TooLargeError: the timeline needs more parts than a board may carry.
    """
    key = prf(answer_key, "cell")
    cells = []
    for part, plaintext in enumerate(split_timeline(encode_timeline(entries))):
        nonce = os.urandom(NONCE_BYTES)
        sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plaintext, _ad(instance, desk, number, part), nonce, key
        )
        cells.append(tag_of(tag_key, desk, number, part) + nonce + sealed)
    return cells


def dummy_cell() -> bytes:
    """Return a random cell (2104 bytes) without an owner."""
    return os.urandom(CELL_TOTAL_BYTES)


def open_timeline(
    tag_key: bytes,
    answer_key: bytes,
    instance: bytes,
    desk: str,
    number: int,
    find: Callable[[bytes], bytes | None],
) -> list[Entry] | None:
    """Open one thread's timeline on a board; returns None if the board has none.

    Args:
        tag_key: the thread's tag key, 32 bytes.
        answer_key: the thread's answer key, 32 bytes.
        instance: 16 bytes.
        desk: name of the desk whose board it is.
        number: number of the board.
        find: returns `nonce ‖ sealed` for a tag, or None.

    Raises:
        DamagedError: a cell with the thread's tag does not open, a part is missing, or the parts disagree.
        MalformedError: an opened timeline breaks the grammar.
    """
    key = prf(answer_key, "cell")
    data, part, parts = b"", 0, 1
    while part < parts:
        cell = find(tag_of(tag_key, desk, number, part))
        if cell is None:
            if part == 0:
                return None
            raise DamagedError("timeline.part-missing")
        nonce, sealed = cell[:NONCE_BYTES], cell[NONCE_BYTES:]
        try:
            plaintext = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed, _ad(instance, desk, number, part), nonce, key
            )
        except nacl.exceptions.CryptoError:
            raise DamagedError("timeline.cell-closed") from None
        declared, piece = parse_part(plaintext, part)
        if part and declared != parts:
            raise DamagedError("timeline.parts-differ")
        parts, data, part = declared, data + piece, part + 1
    return parse_timeline(data)
