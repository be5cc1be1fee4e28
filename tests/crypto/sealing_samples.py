"""Seals and opens for the tests: one key, one secret, any content."""

import io
from collections.abc import Iterable
from functools import cache

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import Opened, check, file_pieces
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.secret import secret_from
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.wire.fields import u32

INSTANCE = bytes(range(16))
EPOCH = 2968
KEY = EpochSecretKey(b"s" * 32)
TEXT = {"what": b"apa", "who": b"siapa", "where": b"di mana", "channel": b"wbs", "category": b"korupsi"}


@cache
def thread_keys() -> ThreadKeys:
    return secret_from("0123456789ABCDE", 12345).keys(INSTANCE, "itjen")


@cache
def decoys() -> Decoys:
    return Decoys()


def address(slots: int = 2, slot: int = 0) -> Address:
    return Address(INSTANCE, EPOCH, slots, slot, KEY.public)


def record(kind: bytes = b"file", **fields: bytes) -> dict[str, bytes]:
    own = {"name": b"a.txt", "type": b"text/plain"} if kind == b"file" else TEXT
    base = {"kind": kind, "nonce": bytes(16), "desk": b"itjen", "sent": u32(20781)}
    return base | own | thread_keys().shared() | fields


def seal(pieces: Iterable[bytes], to: Address | None = None, values: dict[str, bytes] | None = None) -> bytes:
    sealer = Sealer(to or address(), decoys(), thread_keys().auth_key, values or record())
    made = [sealer.start()]
    for piece in pieces:
        made += sealer.update(piece)
    return b"".join((*made, *sealer.finish()))


def opened(blob: bytes, desk: str = "itjen", key: EpochSecretKey = KEY) -> Opened:
    return check(io.BytesIO(blob).read, len(blob), INSTANCE, desk, key)


def file_in(blob: bytes) -> bytes:
    pieces = file_pieces(io.BytesIO(blob).read, len(blob), INSTANCE, opened(blob).file_key)
    return b"".join(pieces)
