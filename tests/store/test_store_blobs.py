"""Blobs: held whole, or not at all."""

import os
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from store_samples import NOW, contents, info_for, put, rows

from dropbox.errors import DamagedError, MalformedError, NotFoundError
from dropbox.limits import MIB, STAGING_HOURS, STORE_CHUNK_BYTES
from dropbox.store import schema
from dropbox.store.blobs import STAGED, BlobInfo, Outcome
from dropbox.store.database import Store

HOURS = 3600


def cut(store: Store) -> Sequence[int]:
    """The sizes of all stored pieces."""
    with store.connections.read() as connection:
        query = select(func.length(schema.chunk.c.data)).order_by(schema.chunk.c.upload, schema.chunk.c.seq)
        return connection.execute(query).scalars().all()


def upload(store: Store, *pieces: bytes) -> bytes:
    """An open upload of these pieces."""
    address = store.blobs.begin(NOW)
    for piece in pieces:
        store.blobs.append(address, piece)
    return address


def test_put_and_read(store: Store) -> None:
    """What was put is read back, byte for byte."""
    data = os.urandom(18_800)
    info = info_for(data)
    assert store.blobs.put(info, data) is Outcome.STORED
    assert b"".join(store.blobs.read(info.id)) == data
    assert store.blobs.snapshot() == [info]
    assert store.blobs.digest_of(info.id) == info.digest


def test_put_again(store: Store) -> None:
    """The same blob again is the same acknowledgement, and changes nothing."""
    info, data = put(store)
    assert store.blobs.put(info, data) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}
    assert rows(store, schema.chunk) == 1


def test_put_same_content_sealed_anew(store: Store) -> None:
    """The digest decides, not the ciphertext: the same content sealed anew is already held."""
    info, data = put(store)
    anew = os.urandom(100)
    assert store.blobs.put(info_for(anew, blob_id=info.id, digest=info.digest), anew) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}


def test_put_another_content(store: Store) -> None:
    """Further contents under a held id are kept beside it, each once."""
    info, data = put(store)
    for _ in range(2):
        other = os.urandom(100)
        assert store.blobs.put(info_for(other, blob_id=info.id), other) is Outcome.STORED
        assert store.blobs.put(info_for(other, blob_id=info.id), other) is Outcome.ALREADY_HELD
    assert b"".join(store.blobs.read(info.id)) == data
    assert rows(store, schema.blob) == rows(store, schema.chunk) == 3


def test_put_same_bytes_under_another_id(store: Store) -> None:
    """The same bytes under another id are acknowledged, and held once."""
    info, data = put(store)
    assert store.blobs.put(info_for(data), data) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}


@pytest.mark.parametrize("wrong", [{"length": 99}, {"sha256": bytes(32)}])
def test_put_not_as_described(store: Store, wrong: dict[str, Any]) -> None:
    """Bytes that are not what their description says are refused."""
    data = os.urandom(100)
    with pytest.raises(MalformedError):
        store.blobs.put(replace(info_for(data), **wrong), data)
    assert contents(store) == {}


def test_unknown_blob(store: Store) -> None:
    """A blob that is not held has no digest and cannot be read."""
    assert store.blobs.digest_of(bytes(32)) is None
    with pytest.raises(NotFoundError):
        store.blobs.read(bytes(32))


def test_held(store: Store) -> None:
    """Of many ids, those that are held."""
    ours = {put(store)[0].id for _ in range(3)}
    assert store.blobs.stored_ids([*ours, *(os.urandom(32) for _ in range(1200))]) == ours
    assert store.blobs.stored_ids([]) == set()


def test_snapshot_in_random_order(store: Store) -> None:
    """A snapshot has no order: neither that of arrival nor that of the ids."""
    arrived = [put(store)[0] for _ in range(30)]
    snapshots = [store.blobs.snapshot() for _ in range(3)]
    assert all(set(snapshot) == set(arrived) for snapshot in snapshots)
    assert snapshots[0] != snapshots[1] != snapshots[2]
    assert arrived not in snapshots


def test_remaining(store: Store) -> None:
    """Held blobs are counted per epoch, unfinished uploads apart."""
    assert store.blobs.remaining() == {STAGED: 0}
    put(store, epoch=1)
    put(store, epoch=1)
    put(store, epoch=2)
    store.blobs.begin(NOW)
    assert store.blobs.remaining() == {STAGED: 1, 1: 2, 2: 1}


def test_upload(store: Store) -> None:
    """A completed upload is a blob like any other, and an upload no more."""
    data = os.urandom(2 * STORE_CHUNK_BYTES + 12_345)
    address = store.blobs.begin(NOW)
    assert store.blobs.append(address, data[:MIB]) == MIB
    assert store.blobs.append(address, data[MIB : 2 * MIB]) == 2 * MIB
    assert store.blobs.append(address, data[2 * MIB :]) == len(data)
    assert store.blobs.append(address, b"") == len(data)
    assert store.blobs.length(address) == len(data)
    assert b"".join(store.blobs.read_upload(address)) == data
    assert contents(store) == {}
    info = info_for(data)
    assert store.blobs.complete(address, info) is Outcome.STORED
    assert contents(store) == {info: data}
    with pytest.raises(NotFoundError):
        store.blobs.append(address, b"late")
    with pytest.raises(NotFoundError):
        store.blobs.length(address)
    assert rows(store, schema.upload) == 0


def test_cut_tells_nothing(store: Store) -> None:
    """However the bytes came, they lie in rows of the same sizes."""
    data = os.urandom(2 * STORE_CHUNK_BYTES + 5)
    bounds = [0, 1, 70_000, MIB - 1, MIB + 300_000, len(data)]
    address = upload(store, *(data[a:b] for a, b in pairwise(bounds)))
    assert b"".join(store.blobs.read_upload(address)) == data
    cut_upload = cut(store)
    store.blobs.abort(address)
    store.blobs.put(info_for(data), data)
    assert cut_upload == cut(store) == [STORE_CHUNK_BYTES, STORE_CHUNK_BYTES, 5]


def test_complete_again(store: Store) -> None:
    """Whoever lost the answer to `complete` and asks again hears that the blob is held."""
    info = info_for(b"abc")
    address = upload(store, b"abc")
    assert store.blobs.complete(address, info) is Outcome.STORED
    assert store.blobs.complete(address, info) is Outcome.ALREADY_HELD
    assert contents(store) == {info: b"abc"}


def test_complete_for_a_held_id(store: Store) -> None:
    """An upload that turns out to be held already leaves no bytes; another content under its id is kept beside it."""
    info, data = put(store)
    other = info_for(b"other", blob_id=info.id)
    assert store.blobs.complete(upload(store, data), info) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}
    assert store.blobs.complete(upload(store, b"other"), other) is Outcome.STORED
    assert store.blobs.complete(upload(store, b"other"), other) is Outcome.ALREADY_HELD
    assert sorted(contents(store).values()) == sorted([data, b"other"])
    assert rows(store, schema.chunk) == 2
    assert rows(store, schema.upload) == 0


def test_complete_with_wrong_length(store: Store) -> None:
    """An upload shorter or longer than described stays an upload."""
    address = upload(store, b"abc")
    for claimed in (b"ab", b"abcd"):
        with pytest.raises(MalformedError):
            store.blobs.complete(address, info_for(claimed))
    assert store.blobs.length(address) == 3
    assert contents(store) == {}


def test_complete_same_bytes_under_another_id(store: Store) -> None:
    """An upload of the same bytes under another id is acknowledged, and leaves no bytes."""
    info, data = put(store)
    assert store.blobs.complete(upload(store, data), info_for(data)) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}
    assert rows(store, schema.chunk) == 1
    assert rows(store, schema.upload) == 0


def test_unknown_upload(store: Store) -> None:
    """An unknown address takes no bytes and becomes no blob."""
    for action in (store.blobs.length, store.blobs.read_upload, lambda address: store.blobs.append(address, b"x")):
        with pytest.raises(NotFoundError):
            action(bytes(16))
    with pytest.raises(NotFoundError):
        store.blobs.complete(bytes(16), info_for(b""))


def test_abort(store: Store) -> None:
    """An aborted upload is gone with its bytes; aborting twice is no error."""
    address = upload(store, b"abc")
    store.blobs.abort(address)
    store.blobs.abort(address)
    assert rows(store, schema.upload) == rows(store, schema.chunk) == 0


def test_abort_after_complete(store: Store) -> None:
    """Aborting what has become a blob does no harm to the blob."""
    address = upload(store, b"abc")
    info = info_for(b"abc")
    store.blobs.complete(address, info)
    store.blobs.abort(address)
    assert contents(store) == {info: b"abc"}


def test_sweep(store: Store) -> None:
    """Uploads live for 6 hours at least, 12 at most; blobs are never swept."""
    info, data = put(store)
    start = NOW - NOW % (STAGING_HOURS * HOURS)
    early = store.blobs.begin(start)
    late = store.blobs.begin(start + STAGING_HOURS * HOURS - 1)
    following = store.blobs.begin(start + STAGING_HOURS * HOURS)
    store.blobs.append(early, b"abc")
    assert store.blobs.sweep(start + 2 * STAGING_HOURS * HOURS - 1) == 0
    assert store.blobs.sweep(start + 2 * STAGING_HOURS * HOURS) == 2
    assert store.blobs.length(following) == 0
    for address in (early, late):
        with pytest.raises(NotFoundError):
            store.blobs.append(address, b"x")
    assert contents(store) == {info: data}
    assert rows(store, schema.chunk) == 1


def test_eight_uploads_at_once(store: Store) -> None:
    """Eight uploads from eight threads are eight blobs."""
    everyone = Barrier(8)

    def send(_: int) -> tuple[BlobInfo, bytes]:
        data = os.urandom(3 * MIB // 2)
        everyone.wait()
        address = store.blobs.begin(NOW)
        for start in range(0, len(data), 400_000):
            store.blobs.append(address, data[start : start + 400_000])
        info = info_for(data)
        assert store.blobs.complete(address, info) is Outcome.STORED
        return info, data

    with ThreadPoolExecutor(8) as threads:
        sent = dict(threads.map(send, range(8)))
    assert contents(store) == sent


@pytest.mark.parametrize(
    ("second", "other"), [(b"first", Outcome.ALREADY_HELD), (b"other", Outcome.STORED)], ids=["same", "other"]
)
def test_racing_completes(store: Store, second: bytes, other: Outcome) -> None:
    """Two completions of one id at the same moment keep each content once."""
    for _ in range(20):
        blob_id, salt = os.urandom(32), os.urandom(8)
        bodies = [b"first" + salt, second + salt]
        addresses = [upload(store, body) for body in bodies]
        infos = [info_for(body, blob_id=blob_id) for body in bodies]
        both = Barrier(2)

        def complete(address: bytes, info: BlobInfo, both: Barrier = both) -> Outcome:
            both.wait()
            return store.blobs.complete(address, info)

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(complete, addresses, infos))
        assert sorted(outcomes, key=str) == sorted([Outcome.STORED, other], key=str)
        assert b"".join(store.blobs.read(blob_id)) in bodies
    assert rows(store, schema.blob) == rows(store, schema.chunk) == (20 if other is Outcome.ALREADY_HELD else 40)


def test_one_upload_completed_twice_at_once(store: Store) -> None:
    """Two completions of one upload at the same moment are one blob."""
    for _ in range(20):
        body = os.urandom(8)
        address, info = upload(store, body), info_for(body)
        both = Barrier(2)

        def complete(_: int, both: Barrier = both, address: bytes = address, info: BlobInfo = info) -> Outcome:
            both.wait()
            return store.blobs.complete(address, info)

        with ThreadPoolExecutor(2) as threads:
            assert set(threads.map(complete, range(2))) == {Outcome.STORED, Outcome.ALREADY_HELD}
        assert b"".join(store.blobs.read(info.id)) == body


def test_appends_of_one_upload_at_once(store: Store) -> None:
    """Parallel appends to one upload come one after the other; none is lost."""
    address = store.blobs.begin(NOW)
    with ThreadPoolExecutor(8) as threads:
        totals = list(threads.map(lambda i: store.blobs.append(address, bytes([i]) * 1000), range(40)))
    assert sorted(totals) == [1000 * (i + 1) for i in range(40)]
    received = b"".join(store.blobs.read_upload(address))
    assert {received[start : start + 1000] for start in range(0, 40_000, 1000)} == {
        bytes([i]) * 1000 for i in range(40)
    }


def test_read_of_a_damaged_blob(store: Store) -> None:
    """A blob whose pieces are not its length is never read to the end in silence."""
    info, _data = put(store)
    with store.transaction() as tx:
        tx.execute(schema.chunk.update().values(data=b"x" * 101))
    with pytest.raises(DamagedError):
        list(store.blobs.read(info.id))


def test_read_of_a_blob_deleted_meanwhile(store: Store) -> None:
    """A blob that is deleted while somebody reads it ends in an error, not short."""
    info, _data = put(store, size=2 * STORE_CHUNK_BYTES)
    pieces = store.blobs.read(info.id)
    next(pieces)
    with store.transaction() as tx:
        tx.execute(delete(schema.chunk))
    with pytest.raises(NotFoundError):
        next(pieces)


def test_memory_stays_flat(store: Store) -> None:
    """A large upload passes through a few pieces' worth of memory."""
    piece = os.urandom(MIB)
    tracemalloc.start()
    try:
        address = store.blobs.begin(NOW)
        for _ in range(24):
            store.blobs.append(address, piece)
        assert sum(map(len, store.blobs.read_upload(address))) == 24 * MIB
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * MIB
