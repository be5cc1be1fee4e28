"""When things go wrong: a full disk, a killed process, an error that somebody logs."""

import os
import traceback
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from store_samples import NOW, contents, info_for, only_postgresql, put, python, rows

from dropbox.errors import NotFoundError, StorageFullError
from dropbox.limits import MIB
from dropbox.store import schema
from dropbox.store.blobs import STAGED
from dropbox.store.database import Store, open_engine

UPLOADS = """
import hashlib, os, sys
from dropbox.store.database import Store
from dropbox.store.blobs import BlobInfo
store = Store.open(sys.argv[1])
upload = store.blobs.begin(1_800_000_000)
print("upload", upload.hex(), flush=True)
while True:
    data = os.urandom(20_000)
    info = BlobInfo(os.urandom(32), bytes(32), 1, len(data), hashlib.sha256(data).digest())
    store.blobs.put(info, data)
    print("blob", info.id.hex(), flush=True)
    print("length", store.blobs.append(upload, b"0123456789" * 7_777), flush=True)
"""

FULL_ON_POSTGRESQL = (
    """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$""",
    "CREATE TRIGGER full_disk BEFORE INSERT ON chunk FOR EACH ROW EXECUTE FUNCTION full_disk()",
)


@pytest.fixture
def fill(store: Store, url: str, kind: str) -> Iterator[Callable[[], Store]]:
    """Call it, and the disk is full; the store it returns is the same one."""
    opened: list[Store] = []

    def now() -> Store:
        if kind == "postgresql":
            with store.transaction() as tx:
                for sql in FULL_ON_POSTGRESQL:
                    tx.exec_driver_sql(sql)
            return store
        with store.connections.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        engine = open_engine(url)
        limit = f"PRAGMA max_page_count={pages + 4}"
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute(limit).close())
        opened.append(Store(engine))
        return opened[0]

    yield now
    for each in opened:
        each.close()


def test_full_disk(store: Store, fill: Callable[[], Store]) -> None:
    """On a full disk nothing is half-stored, and what was there before stays whole."""
    info, data = put(store)
    address = store.blobs.begin(NOW)
    store.blobs.append(address, b"abc")
    full = fill()
    large = os.urandom(MIB)
    with pytest.raises(StorageFullError) as caught:
        full.blobs.put(info_for(large), large)
    assert "full" in str(caught.value)
    with pytest.raises(StorageFullError):
        full.blobs.append(address, large)
    assert contents(store) == contents(full) == {info: data}
    assert b"".join(full.blobs.read_upload(address)) == b"abc"
    assert rows(full, schema.chunk) == 2


def test_completing_on_a_full_disk(store: Store, fill: Callable[[], Store]) -> None:
    """An upload whose bytes are all there is completed without moving them."""
    large = os.urandom(MIB)
    address = store.blobs.begin(NOW)
    store.blobs.append(address, large)
    info = info_for(large)
    fill().blobs.complete(address, info)
    assert contents(store) == {info: large}


def test_killed_in_the_middle(url: str) -> None:
    """After SIGKILL everything acknowledged is there, and what was unfinished counts for nothing."""
    process = python(UPLOADS, url)
    blobs: list[bytes] = []
    acknowledged: dict[str, str] = {}
    for _ in range(30):
        what, value = process.stdout.readline().split()
        if what == "blob":
            blobs.append(bytes.fromhex(value))
        else:
            acknowledged[what] = value
    process.kill()
    # Said before it died; `communicate` would leave out what `readline` has read ahead.
    for line in process.stdout.read().splitlines():
        what, _, value = line.partition(" ")
        if what == "blob" and len(value) == 64:
            blobs.append(bytes.fromhex(value))
    process.communicate()

    store = Store.open(url)
    held = contents(store)
    assert set(blobs) <= {info.id for info in held}
    assert len(blobs) + 1 >= len(held)
    assert all(info == info_for(data, blob_id=info.id, digest=info.digest, epoch=1) for info, data in held.items())
    address = bytes.fromhex(acknowledged["upload"])
    received = b"".join(store.blobs.read_upload(address))
    assert len(received) >= int(acknowledged["length"])
    assert received == b"0123456789" * (len(received) // 10)
    assert store.blobs.remaining() == {STAGED: 1, 1: len(held)}
    assert store.blobs.sweep(NOW + 86_400) == 1
    with pytest.raises(NotFoundError):
        store.blobs.length(address)
    assert contents(store) == held
    store.close()


def error_text(fault: BaseException) -> str:
    """All that a log could show of an error."""
    return "".join(traceback.format_exception(fault)) + str(fault) + repr(fault) + str(fault.__cause__)


def test_errors_hold_no_values(store: Store) -> None:
    """Neither an error's text nor its cause's text shows the values of a statement."""
    secret = "".join(["cana", "ry"])  # not literally in the traceback's source lines
    row = {"name": secret, "value": secret.encode()}
    with pytest.raises(sa.exc.IntegrityError) as caught, store.transaction() as tx:
        tx.execute(sa.insert(schema.state), [row, row])
    text = error_text(caught.value)
    assert secret not in text
    assert secret.encode().hex() not in text
    assert "IntegrityError" in text


@only_postgresql
def test_errors_of_the_server_hold_no_values(store: Store) -> None:
    """PostgreSQL quotes the value that it cannot read; the error that we raise doesn't."""
    secret = "".join(["cana", "ry"])
    with pytest.raises(sa.exc.DataError) as caught, store.transaction() as tx:
        tx.execute(sa.text("SELECT CAST(CAST(:value AS text) AS integer)"), {"value": secret})
    assert secret not in error_text(caught.value)
    assert "InvalidTextRepresentation (SQLSTATE 22P02)" in str(caught.value)
