"""The courier's import: receipts, published bodies, all or nothing."""

import os
from collections.abc import Collection

import pytest
from store_samples import contents, put, rows

from dropbox.errors import RefusedError
from dropbox.limits import STORE_CHUNK_BYTES
from dropbox.store import schema
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.store.published import Published
from dropbox.store.receipts import ALWAYS, FormerDesks

DESKS = ("itjen", "irjen")


def record(store: Store, desk: str, *infos: BlobInfo, all_desks: Collection[str] = DESKS) -> int:
    """Record receipts in a transaction of their own."""
    with store.transaction() as tx:
        return store.receipts.record(tx, desk, [info.sha256 for info in infos], dict.fromkeys(all_desks, ALWAYS))


def test_receipts_of_one_desk_delete_nothing(store: Store) -> None:
    """A blob stays until every desk has given a receipt, however often one desk gives its own."""
    info, data = put(store)
    assert record(store, "itjen", info) == 0
    assert record(store, "itjen", info, info) == 0
    assert contents(store) == {info: data}


def test_receipts_of_all_desks_delete(store: Store) -> None:
    """With the last desk's receipt the blob goes, with its bytes and its receipts, and no other."""
    gone, _ = put(store, size=STORE_CHUNK_BYTES + 1)
    stays, data = put(store)
    assert record(store, "itjen", gone, stays) == 0
    assert record(store, "irjen", gone) == 1
    assert contents(store) == {stays: data}
    assert rows(store, schema.chunk) == 1
    assert rows(store, schema.receipt) == 1


def test_receipts_again_after_the_deletion(store: Store) -> None:
    """Importing the same receipts again changes nothing."""
    info, _ = put(store)
    record(store, "itjen", info)
    assert record(store, "irjen", info) == 1
    assert record(store, "itjen", info) == record(store, "irjen", info) == 0
    assert rows(store, schema.receipt) == 0


def test_receipts_for_unknown_hashes(store: Store) -> None:
    """Receipts for what is not held are ignored, and not kept for the future."""
    with store.transaction() as tx:
        assert store.receipts.record(tx, "itjen", [os.urandom(32) for _ in range(5)], dict.fromkeys(DESKS, ALWAYS)) == 0
        assert store.receipts.record(tx, "itjen", [], dict.fromkeys(DESKS, ALWAYS)) == 0
    assert rows(store, schema.receipt) == 0


def test_former_desks_are_waited_for_with_some_lengths(store: Store) -> None:
    """Blobs of those lengths stay for them, also of a later epoch; others go by the epoch alone."""
    (short, _), (long, data) = put(store, size=100), put(store, size=200)
    waited, former = {"itjen": ALWAYS, "irjen": short.epoch - 1}, FormerDesks(frozenset({"irjen"}), frozenset({200}))
    with store.transaction() as tx:
        assert store.receipts.record(tx, "itjen", [short.sha256, long.sha256], waited, former) == 1
    assert contents(store) == {long: data}
    with store.transaction() as tx:
        assert store.receipts.record(tx, "irjen", [long.sha256], waited, former) == 1
    assert contents(store) == {}


def test_the_oldest_blob_without_a_receipt(store: Store) -> None:
    """Each desk's own: its oldest epoch that lacks a receipt, and none when it gave all."""

    def oldest(desk: str) -> int | None:
        with store.connections.read() as connection:
            return store.receipts.oldest_without(connection, desk)

    assert oldest("itjen") is None
    (old, _), (new, _) = put(store, epoch=5), put(store, epoch=7)
    assert (oldest("itjen"), oldest("irjen")) == (5, 5)
    record(store, "itjen", old)
    assert (oldest("itjen"), oldest("irjen")) == (7, 5)
    record(store, "itjen", new)
    assert (oldest("itjen"), oldest("irjen")) == (None, 5)


def test_receipts_without_desks(store: Store) -> None:
    """With no desk to ask, nothing is deleted."""
    info, data = put(store)
    assert record(store, "itjen", info, all_desks=()) == 0
    assert contents(store) == {info: data}


def test_receipts_of_one_desk_where_there_is_one(store: Store) -> None:
    """Where there is one desk, its receipt is enough."""
    info, _ = put(store)
    assert record(store, "itjen", info, all_desks=["itjen"]) == 1
    assert contents(store) == {}


def test_many_receipts(store: Store) -> None:
    """A thousand receipts in one import are no trouble."""
    infos = [put(store, size=16)[0] for _ in range(40)]
    unknown = [os.urandom(32) for _ in range(1000)]
    with store.transaction() as tx:
        assert (
            store.receipts.record(tx, "itjen", [info.sha256 for info in infos] + unknown, dict.fromkeys(DESKS, ALWAYS))
            == 0
        )
        assert (
            store.receipts.record(tx, "irjen", [info.sha256 for info in infos] + unknown, dict.fromkeys(DESKS, ALWAYS))
            == 40
        )
    assert contents(store) == {}


def publish(store: Store, number: int, body: bytes, kind: str = "board", desk: str = "itjen") -> bool:
    """Publish in a transaction of its own."""
    with store.transaction() as tx:
        return store.published.put(tx, kind, desk, number, body)


def test_publish(store: Store) -> None:
    """The newest body of each kind and desk is there for all."""
    assert store.published.get("board", "itjen") is None
    assert publish(store, 1, b"one")
    assert publish(store, 5, b"five")
    assert publish(store, 2, b"other", desk="irjen")
    assert publish(store, 2, b"keys", kind="keyring")
    assert store.published.get("board", "itjen") == Published(5, b"five")
    assert store.published.all("board") == [("irjen", Published(2, b"other")), ("itjen", Published(5, b"five"))]
    assert store.published.all("nothing") == []


def test_publish_again(store: Store) -> None:
    """The same body again changes nothing."""
    publish(store, 1, b"one")
    assert publish(store, 1, b"one") is False


@pytest.mark.parametrize(("number", "body"), [(6, b"seven"), (6, b"six"), (7, b"another")])
def test_publish_backwards(store: Store, number: int, body: bytes) -> None:
    """A roll-back and a second text for a number are refused, and so is the whole import."""
    publish(store, 7, b"seven")
    info, data = put(store)
    record(store, "itjen", info)
    with pytest.raises(RefusedError), store.transaction() as tx:
        assert store.published.put(tx, "keyring", "itjen", 1, b"keys")
        assert store.receipts.record(tx, "irjen", [info.sha256], dict.fromkeys(DESKS, ALWAYS)) == 1
        store.published.put(tx, "board", "itjen", number, body)
    assert store.published.get("board", "itjen") == Published(7, b"seven")
    assert store.published.get("keyring", "itjen") is None
    assert contents(store) == {info: data}


def test_any_error_undoes_a_transaction(store: Store) -> None:
    """Whatever ends the block early undoes it."""

    class Boom(BaseException):
        pass

    with pytest.raises(Boom), store.transaction() as tx:
        store.published.put(tx, "board", "itjen", 1, b"one")
        raise Boom
    assert store.published.get("board", "itjen") is None
