"""Measures sealing 200 MB with the site's own code, compared with libsodium's secretstream at the same chunk size."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import nacl.bindings
from figures import Figure, ratios

from dropbox.crypto.sealing import Sealer
from dropbox.crypto.secret import new_secret
from dropbox.limits import CHUNK_BYTES
from dropbox.settings.installation import load
from dropbox.web.base.site import Site
from dropbox.web.checks.startup import open_site
from dropbox.web.http.body import READ_BYTES
from dropbox.web.intake.sealing_stream import Sender
from dropbox.web.thread.additions import receive_additions
from dropbox.wire.fields import lp

FILE_BYTES = 200_000_000
_BOUNDARY = b"bench"
_FORM = bytes(11) + b"\x01"
_MEGABYTE = 1_000_000


def _pieces() -> Iterator[bytes]:
    """Yield 200 MB like the multipart reader: READ_BYTES at a time, not aligned with the chunks."""
    held = [os.urandom(READ_BYTES) for _ in range(4)]
    for number in range(FILE_BYTES // READ_BYTES):
        yield held[number % 4]


def _rate(started: float) -> float:
    return FILE_BYTES // READ_BYTES * READ_BYTES / (time.perf_counter() - started) / _MEGABYTE


def _secretstream_alone() -> float:
    """Measure the reference: pushes of 64 KiB, nothing else."""
    state = nacl.bindings.crypto_secretstream_xchacha20poly1305_state()
    nacl.bindings.crypto_secretstream_xchacha20poly1305_init_push(state, os.urandom(32))
    push = nacl.bindings.crypto_secretstream_xchacha20poly1305_push
    chunk = os.urandom(CHUNK_BYTES)
    started = time.perf_counter()
    for _ in range(FILE_BYTES // CHUNK_BYTES):
        push(state, chunk)
    return _rate(started)


def _sealer(site: Site) -> float:
    """Sealer and content digest, as intake.sealing_stream feeds them."""
    day = site.utc_day()
    address = site.keyring.get(day).address("itjen", day)
    if address is None:
        raise RuntimeError("the demo keys have expired")
    keys = new_secret().keys(site.instance, "itjen")
    sender = Sender(site, keys, "itjen", address, "id", _FORM)
    record = sender.envelope.record("file", bytes(16), {"name": "video.mp4", "type": "video/mp4"})
    pieces = list(_pieces())
    started = time.perf_counter()
    sealer = Sealer(address, site.decoys, keys.auth_key, record)
    digest = keys.content_digest()
    digest.update(lp(b"video.mp4") + lp(b"video/mp4"))
    sealed = len(sealer.start())
    for piece in pieces:
        digest.update(piece)
        sealed += sum(map(len, sealer.update(piece)))
    if sealed < FILE_BYTES - CHUNK_BYTES - READ_BYTES:
        raise RuntimeError("something was not sealed")
    return _rate(started)


def _body(secret_fields: dict[str, str], name: str) -> Iterator[bytes]:
    """The form for additions with one file."""
    disposition = b'--%s\r\nContent-Disposition: form-data; name="%s"'
    for field, value in secret_fields.items():
        yield disposition % (_BOUNDARY, field.encode()) + f"\r\n\r\n{value}\r\n".encode()
    yield disposition % (_BOUNDARY, b"files") + f'; filename="{name}"\r\nContent-Type: video/mp4\r\n\r\n'.encode()
    yield from _pieces()
    yield b"\r\n--%s--\r\n" % _BOUNDARY


def _whole_road(site: Site) -> float:
    """Multipart reader, digest, sealer, padding to 256 MiB, SHA-256, and every megabyte durable in the store."""
    secret = new_secret()
    fields = {"code": secret.code, "words": secret.words, "nonce": _FORM.hex(), "desk": "itjen"}
    started = time.perf_counter()
    added = receive_additions(site, _BOUNDARY, _body(fields, "video.mp4"), "id", lambda _: ["itjen"])
    speed = _rate(started)
    if added.files_kept != ["video.mp4"]:
        raise RuntimeError("the file was not kept")
    return speed


def measure(config: Path, rounds: int) -> list[Figure]:
    """Measure in alternating rounds."""
    site = open_site(load(config))
    try:
        _secretstream_alone()
        _sealer(site)
        alone: list[float] = []
        sealed: list[float] = []
        for _ in range(2 * rounds):
            alone.append(_secretstream_alone())
            sealed.append(_sealer(site))
        road = [_whole_road(site) for _ in range(rounds)]
    finally:
        site.store.close()
    alone_figure = Figure("secretstream of nacl.bindings alone, 64 KiB", alone, "MB/s")
    sealed_figure = Figure("sealer and content digest", sealed, "MB/s")
    return [
        alone_figure,
        sealed_figure,
        ratios("sealer : secretstream alone", sealed_figure, alone_figure, 0.75),
        Figure("the whole road: multipart, seal, pad, hash, durable store", road, "MB/s"),
    ]
