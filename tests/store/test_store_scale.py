"""A store of tens of thousands of blobs is kept in order while reports come."""

import os
import threading

import pytest
import sqlalchemy as sa
from store_samples import NOW, only_sqlite, put, rows

from dropbox.store import rewrite as rewriting
from dropbox.store import schema
from dropbox.store.database import Store
from dropbox.store.upkeep import Upkeep

BLOBS = 20_000


@only_sqlite
def test_reports_come_while_a_large_store_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nightly rewrite of a store too large for one go loses nothing, and no report meets a busy store."""
    monkeypatch.setattr(rewriting.is_small, "__defaults__", (0,))
    made = [(os.urandom(32), os.urandom(16), os.urandom(32)) for _ in range(BLOBS)]
    with store.transaction() as tx:
        blobs = [{"id": i, "upload": u, "digest": h, "epoch": 7, "length": 100, "sha256": h} for i, u, h in made]
        tx.execute(sa.insert(schema.blob), blobs)
        tx.execute(sa.insert(schema.chunk), [{"upload": u, "seq": 0, "data": u * 7} for _, u, _ in made])
    done = threading.Event()
    failed: list[BaseException] = []
    sent = 0

    def keep() -> None:
        try:
            Upkeep(store).tidy(NOW, 20_000)
        except BaseException as error:  # noqa: BLE001  # told by the thread that waits
            failed.append(error)
        finally:
            done.set()

    keeper = threading.Thread(target=keep)
    keeper.start()
    while not done.wait(0.02):
        put(store, size=18_000)
        sent += 1
    keeper.join()
    assert failed == []
    assert sent > 3
    assert rows(store, schema.blob) == rows(store, schema.chunk) == BLOBS + sent
    with store.connections.read() as connection:
        rows_held = connection.execute(sa.select(schema.chunk.c.upload, schema.chunk.c.data)).all()
        held = {row.upload: row.data for row in rows_held}
    assert all(held[address] == address * 7 for _, address, _ in made)
