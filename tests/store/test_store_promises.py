"""Uploads that a browser sends in many requests: the promise is kept with them, and two senders are kept apart."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from store_samples import NOW, contents, info_for, rows

from dropbox.errors import MalformedError, NotFoundError, RefusedError
from dropbox.limits import MIB, STAGING_HOURS
from dropbox.store import migrate, schema
from dropbox.store.blobs import Outcome
from dropbox.store.database import Store, open_engine
from dropbox.store.rewrite import rewrite
from dropbox.store.uploads import Promise

PROMISE = Promise(bytes(range(32)), bytes(32), 512 * MIB + 80_000)


def test_promise_is_kept(store: Store, url: str) -> None:
    """Whoever opens the store finds what an upload is to become, how much has come and when it expires."""
    address = store.blobs.begin(NOW, PROMISE)
    store.blobs.append(address, b"abc", at=0)
    other = Store.open(url)
    staged = other.blobs.upload_state(address)
    other.close()
    assert (staged.promise, staged.received) == (PROMISE, 3)
    step = STAGING_HOURS * 3600
    assert staged.expires % step == 0
    assert store.blobs.sweep(staged.expires - 1) == 0
    assert store.blobs.sweep(staged.expires) == 1
    with pytest.raises(NotFoundError):
        store.blobs.upload_state(address)


def test_uploads_without_promise(store: Store) -> None:
    """The road without JavaScript promises nothing."""
    assert store.blobs.upload_state(store.blobs.begin(NOW)).promise is None


def test_rewrite_keeps_promises(store: Store) -> None:
    """The daily rewrite leaves them as they are."""
    address = store.blobs.begin(NOW, PROMISE)
    rewrite(store)
    assert store.blobs.upload_state(address).promise == PROMISE


def test_append_at(store: Store) -> None:
    """Bytes that do not follow those that are there are refused, and nothing of them is kept."""
    address = store.blobs.begin(NOW, PROMISE)
    assert store.blobs.append(address, b"abc", at=0) == 3
    for at in (0, 2, 4):
        with pytest.raises(RefusedError):
            store.blobs.append(address, b"xyz", at=at)
    assert store.blobs.append(address, b"def", at=3) == 6
    assert b"".join(store.blobs.read_upload(address)) == b"abcdef"
    store.blobs.abort(address)
    with pytest.raises(NotFoundError):
        store.blobs.append(address, b"ghi", at=6)


def test_two_senders(store: Store) -> None:
    """Of several that append at one place at the same time one succeeds, the others are refused."""
    address = store.blobs.begin(NOW, PROMISE)
    barrier = Barrier(6)

    def send(number: int) -> int | None:
        barrier.wait()
        try:
            return store.blobs.append(address, bytes([number]) * 1000, at=0)
        except RefusedError:
            return None

    with ThreadPoolExecutor(6) as pool:
        assert sorted(map(str, pool.map(send, range(6)))) == ["1000", *["None"] * 5]
    assert len(set(b"".join(store.blobs.read_upload(address)))) == 1


@pytest.mark.parametrize("cut", [0, 1, MIB - 1, MIB, MIB + 5, 2 * MIB])
def test_complete_with_the_last_bytes(store: Store, cut: int) -> None:
    """The end of an upload becomes durable together with the blob, and rows are cut as ever."""
    data = os.urandom(2 * MIB + 17)
    address = store.blobs.begin(NOW, PROMISE)
    store.blobs.append(address, data[:cut])
    info = info_for(data)
    assert store.blobs.complete(address, info, data[cut:]) is Outcome.STORED
    assert contents(store) == {info: data}
    assert rows(store, schema.chunk) == 3
    assert store.blobs.complete(address, info, data[cut:]) is Outcome.ALREADY_HELD


def test_wrong_last_bytes(store: Store) -> None:
    """When more or fewer bytes are there than the last ones follow, the upload stays as it is."""
    data = os.urandom(1000)
    address = store.blobs.begin(NOW, PROMISE)
    store.blobs.append(address, data[:500])
    for last in (b"", data[499:], data[501:]):
        with pytest.raises(MalformedError):
            store.blobs.complete(address, info_for(data), last)
    assert store.blobs.length(address) == 500
    assert store.blobs.complete(address, info_for(data), data[500:]) is Outcome.STORED


def test_last_bytes_of_what_is_held(store: Store) -> None:
    """The last bytes of a repetition are not kept."""
    data = os.urandom(1000)
    info = info_for(data)
    store.blobs.put(info, data)
    address = store.blobs.begin(NOW, PROMISE)
    store.blobs.append(address, data[:10])
    assert store.blobs.complete(address, info, data[10:]) is Outcome.ALREADY_HELD
    assert contents(store) == {info: data}
    assert rows(store, schema.chunk) == 1


def test_swap(store: Store) -> None:
    """A value is exchanged for another only while it is the expected one; every caller learns which one holds."""
    state = store.state
    assert state.swap("a", None, b"1") == b"1"
    assert state.swap("a", None, b"2") == b"1"
    assert state.swap("a", b"0", b"2") == b"1"
    assert state.swap("a", b"1", b"2") == b"2"
    assert state.get("a") == b"2"


@pytest.mark.parametrize("old", [None, b"old"])
def test_swapping_at_once(store: Store, old: bytes | None) -> None:
    """Of several at the same moment one wins, and all learn its value."""
    if old:
        store.state.put("a", old)
    barrier = Barrier(6)

    def swap(number: int) -> bytes:
        barrier.wait()
        return store.state.swap("a", old, b"%d" % number)

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(swap, range(6)))
    assert found == {store.state.get("a")}
    assert found != {old}


def test_upgrade_of_a_store_in_use(empty_url: str) -> None:
    """An older store keeps its uploads and blobs, and can be used as before."""
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        schema.version.create(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.text("INSERT INTO upload (id, bucket, length) VALUES (:id, 1, 0)"), {"id": bytes(16)})
    engine.dispose()
    migrate.upgrade(empty_url)
    store = Store.open(empty_url)
    assert store.blobs.upload_state(bytes(16)).promise is None
    assert store.blobs.append(bytes(16), b"abc", at=0) == 3
    assert store.blobs.sweep(NOW) == 1
    store.close()
