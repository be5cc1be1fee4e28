"""Texts always find room: files and unfinished uploads stop at their share, however many send at once."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa
from store_samples import NOW, info_for, only_sqlite, put, python

from dropbox.errors import FilesClosedError, StorageFullError
from dropbox.limits import KIB, MIB
from dropbox.store import room, schema
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS
from dropbox.store.room import Shares
from dropbox.store.upkeep import Upkeep
from dropbox.store.uploads import Promise

SHARES = Shares(budget=40 * MIB, files_percent=30, unfinished_percent=20)

SENDER = """
import os, sys, hashlib
from dropbox.errors import FilesClosedError
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.room import Shares
store = Store.open(sys.argv[1], Shares(budget=40 << 20, files_percent=30, unfinished_percent=20))
print("ready", flush=True)
sys.stdin.readline()
sent = 0
try:
    while True:
        data = os.urandom(320_000)
        sha256 = hashlib.sha256(data).digest()
        store.blobs.put(BlobInfo(os.urandom(32), sha256, 7, len(data), sha256), data)
        sent += 1
except FilesClosedError:
    print(sent)
"""


def held_bytes(store: Store, table: sa.Table) -> int:
    with store.connections.read() as connection:
        return int(connection.execute(sa.select(sa.func.coalesce(sa.func.sum(table.c.length), 0))).scalar_one())


@only_sqlite
def test_processes_cannot_pass_the_bound_together(url: str) -> None:
    """Three processes that send files as fast as they can stop at one bound; a text is taken after that."""
    senders = [python(SENDER, url) for _ in range(3)]
    for sender in senders:
        assert sender.stdout
        assert sender.stdout.readline() == "ready\n"
    sent = [int(sender.communicate("go\n", timeout=120)[0]) for sender in senders]
    bound = SHARES.budget * SHARES.files_percent // 100
    with closing(Store.open(url, SHARES)) as store:
        assert held_bytes(store, schema.blob) == sum(sent) * 320_000
        assert bound - 3 * 320_000 < held_bytes(store, schema.blob) <= bound
        assert not store.room.takes_files()
        put(store, size=18_000)


@only_sqlite
def test_threads_cannot_pass_the_bound_of_uploads(url: str) -> None:
    """Uploads that never end stop at their share, also from many threads; files that are whole go on."""
    with closing(Store.open(url, SHARES)) as store:

        def fill(_: int) -> None:
            with pytest.raises(FilesClosedError):
                while True:
                    address = store.blobs.begin(NOW)
                    for _part in range(3):
                        store.blobs.append(address, os.urandom(200_000))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(fill, range(8)))
        bound = SHARES.budget * SHARES.unfinished_percent // 100
        assert held_bytes(store, schema.upload) <= bound
        assert held_bytes(store, schema.upload) > bound - 2 * MIB


def test_texts_have_the_rest(url: str) -> None:
    """When files are closed, texts go on to the reserve that upkeep needs; there they are refused too."""
    with closing(Store.open(url, SHARES)) as store:
        with pytest.raises(FilesClosedError):
            while True:
                put(store, size=300 * KIB)
        files = held_bytes(store, schema.blob)
        with pytest.raises(StorageFullError) as full:
            while True:
                put(store, size=200 * KIB)
        assert not isinstance(full.value, FilesClosedError)
        assert held_bytes(store, schema.blob) - files > SHARES.budget // 4


def test_a_promise_that_finds_no_room_is_refused_at_once(url: str) -> None:
    """Before hours of sending, not after."""
    promise = Promise(os.urandom(32), os.urandom(32), 100 * MIB)
    with closing(Store.open(url, SHARES)) as store:
        with pytest.raises(FilesClosedError):
            store.blobs.begin(NOW, promise)
        assert store.blobs.remaining()[-1] == 0


def test_beginnings_are_bounded(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of empty uploads stops at a number, and is gone after two tidyings."""
    monkeypatch.setattr(room, "UPLOADS_OPEN_MAX", 30)
    with closing(Store.open(url, SHARES)) as store:
        with pytest.raises(FilesClosedError):
            while True:
                store.blobs.begin(NOW)
        assert store.blobs.remaining()[-1] == 30
        assert not store.room.takes_files()
        info = info_for(b"text")
        store.blobs.put(info, b"text")
        keeper = Upkeep(store)
        keeper.tidy(NOW, 20_000)
        keeper.tidy(NOW, 20_000)
        assert store.blobs.remaining()[-1] == 0
        store.blobs.begin(NOW)


def test_room_comes_back(url: str) -> None:
    """What the desks have collected makes room for files again."""
    with closing(Store.open(url, SHARES)) as store:
        held = []
        with pytest.raises(FilesClosedError):
            while True:
                held.append(put(store, size=MIB)[0])
        with store.transaction() as tx:
            store.receipts.record(tx, "itjen", [info.sha256 for info in held], {"itjen": ALWAYS})
        if not store.connections.path:
            Upkeep(store).tidy(NOW, 20_000)  # PostgreSQL gives room back when it is rewritten
        put(store, size=MIB)
