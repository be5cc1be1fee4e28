"""Measures opening a 512 MiB file as the workstation does, compared with SHA-256 and secretstream on the same bytes."""

import hashlib
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nacl.bindings
from figures import Figure, ratios

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import Opened, check, file_pieces
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.limits import CHUNK_BYTES, FILE_MAX_BYTES
from dropbox.wire.calendar import Epoch
from dropbox.wire.fields import u32

_INSTANCE = bytes(16)
_EPOCH = 1
_MEGABYTE = 1_000_000
_MIB_PER_KB = 1 / 1024
_PIECES = 8


def _plaintext(held: list[bytes]) -> Iterator[bytes]:
    for number in range(FILE_MAX_BYTES // CHUNK_BYTES):
        yield held[number % len(held)]


def _seal(path: Path, key: EpochSecretKey, held: list[bytes]) -> None:
    address = Address(_INSTANCE, Epoch(_EPOCH), 2, 0, key.public)
    keys = {name: os.urandom(32) for name in ("thread", "claim", "tag-key", "answer-key", "auth-key")}
    record = keys | {
        "kind": b"file",
        "desk": b"itjen",
        "sent": u32(1),
        "nonce": bytes(16),
        "name": b"video.mp4",
        "type": b"video/mp4",
    }
    sealer = Sealer(address, Decoys(), keys["auth-key"], record)
    with path.open("wb") as file:
        file.write(sealer.start())
        for piece in _plaintext(held):
            file.writelines(sealer.update(piece))
        file.writelines(sealer.finish())


def _rate(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return FILE_MAX_BYTES / (time.perf_counter() - started) / _MEGABYTE


def _sha256(held: list[bytes]) -> None:
    digest = hashlib.sha256()
    for piece in _plaintext(held):
        digest.update(piece)


def _secretstream(chunks: list[bytes], header: bytes, key: bytes) -> None:
    """Pull chunk after chunk; the state restarts after the few chunks in memory."""
    for _ in range(FILE_MAX_BYTES // CHUNK_BYTES // len(chunks)):
        state = nacl.bindings.crypto_secretstream_xchacha20poly1305_state()
        nacl.bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        for chunk in chunks:
            nacl.bindings.crypto_secretstream_xchacha20poly1305_pull(state, chunk)


def _check(path: Path, key: EpochSecretKey) -> Opened:
    with path.open("rb") as file:
        return check(file.read, path.stat().st_size, _INSTANCE, "itjen", key)


def _open(path: Path, opened: Opened) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in file_pieces(file.read, path.stat().st_size, _INSTANCE, opened.file_key):
            digest.update(piece)
    if digest.digest() != opened.file_sha256:
        raise RuntimeError("other bytes came out")


def measure(rounds: int) -> list[Figure]:
    """Measure in alternating rounds."""
    held = [os.urandom(CHUNK_BYTES) for _ in range(_PIECES)]
    stream_key, key = os.urandom(32), EpochSecretKey(os.urandom(32))
    state = nacl.bindings.crypto_secretstream_xchacha20poly1305_state()
    header = nacl.bindings.crypto_secretstream_xchacha20poly1305_init_push(state, stream_key)
    chunks = [nacl.bindings.crypto_secretstream_xchacha20poly1305_push(state, piece) for piece in held]
    hashing: list[float] = []
    pulling: list[float] = []
    checking: list[float] = []
    opening: list[float] = []
    with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as folder:
        path = Path(folder, "blob")
        _seal(path, key, held)
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        opened = _check(path, key)
        for _ in range(rounds):
            hashing.append(_rate(lambda: _sha256(held)))
            pulling.append(_rate(lambda: _secretstream(chunks, header, stream_key)))
            checking.append(_rate(lambda: _check(path, key)))
            opening.append(_rate(lambda: _open(path, opened)))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    both = [1 / (1 / one + 1 / other) for one, other in zip(hashing, pulling, strict=True)]
    open_figure = Figure("open: stream, padding, record, SHA-256", opening, "MB/s", at_least=200)
    return [
        Figure("SHA-256 alone", hashing, "MB/s"),
        Figure("secretstream alone, 64 KiB", pulling, "MB/s"),
        Figure("check at the import", checking, "MB/s", at_least=200),
        open_figure,
        ratios("open : SHA-256 and secretstream one after the other", open_figure, Figure("", both), 0.7),
        Figure("memory above idle while opening", [grown * _MIB_PER_KB], "MiB", at_most=64),
    ]
