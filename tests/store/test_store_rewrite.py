"""The daily rewrite: everything stays, only the order of arrival goes."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from store_samples import NOW, contents, everything, fill, info_for, only_postgresql, only_sqlite, put, small_disk

from dropbox.errors import ConfigurationError, FilesClosedError, StorageBusyError, StorageFullError
from dropbox.limits import MIB
from dropbox.store import arrival_settings, connections, migrate, schema
from dropbox.store import rewrite as rewriting
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS
from dropbox.store.rewrite import rewrite
from dropbox.store.room import Shares
from tests.support.postgresql import TIMELESS, Server
from tests.support.server import wait_until

COUNT_WRITERS = "SELECT count(DISTINCT xmin::text) FROM {}"


def test_everything_stays(store: Store) -> None:
    """A rewrite keeps every byte, and a second one too."""
    fill(store)
    before = everything(store)
    for _ in range(2):
        rewrite(store)
        assert everything(store) == before
    put(store)


@only_postgresql
def test_order_goes(store: Store) -> None:
    """After a rewrite the rows lie in the order of their keys, as if all had come at once."""
    fill(store)

    def positions(connection: sa.Connection) -> dict[str, Sequence[Any]]:
        return {
            name: connection.execute(sa.select(*table.primary_key).order_by(sa.text("ctid"))).all()
            for name, table in schema.metadata.tables.items()
        }

    with store.connections.read() as connection:
        before = positions(connection)
        assert before["blob"] != sorted(before["blob"])
    rewrite(store)
    with store.connections.read() as connection:
        for name, found in positions(connection).items():
            assert found == sorted(found)
            assert connection.exec_driver_sql(COUNT_WRITERS.format(name)).scalar_one() == 1
        query = "SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'chunk'"
        toast = connection.exec_driver_sql(query).scalar_one()
        query = "SELECT pg_column_toast_chunk_id(data) FROM chunk ORDER BY upload, seq"
        values = [value for value in connection.exec_driver_sql(query).scalars() if value is not None]
        assert values == sorted(values)
        assert len(values) > 5
        assert connection.exec_driver_sql(COUNT_WRITERS.format(toast)).scalar_one() == 1


@only_postgresql
def test_journal_forgets(store: Store) -> None:
    """PostgreSQL's journal, which has the time of every commit, begins after the rewrite."""
    put(store)
    rewrite(store)
    with store.connections.read() as connection:
        oldest = connection.exec_driver_sql("SELECT min(name) FROM pg_ls_waldir() WHERE size > 0").scalar_one()
        begin = connection.exec_driver_sql("SELECT pg_walfile_name(redo_lsn) FROM pg_control_checkpoint()").scalar_one()
    assert oldest == begin


GRANTS = (
    "GRANT pg_checkpoint TO clerk",
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO clerk",
    "ALTER DATABASE test SET wal_recycle = off",
)


@pytest.fixture
def clerk(store: Store, request: pytest.FixtureRequest) -> Iterator[Callable[[str], None]]:
    """From now on the store's connections to PostgreSQL have the rights of an owner of its tables, no more."""
    run = request.getfixturevalue("postgresql").run
    run("CREATE ROLE clerk")
    with store.transaction() as tx:
        for name in (schema.version.name, *schema.metadata.tables):
            tx.exec_driver_sql(f"ALTER TABLE {name} OWNER TO clerk")
        tx.exec_driver_sql("ALTER DATABASE test SET wal_recycle = on")
        tx.exec_driver_sql("ALTER ROLE postgres IN DATABASE test SET role = clerk")
    store.close()

    def as_superuser(sql: str) -> None:
        with store.transaction() as tx:
            tx.exec_driver_sql("RESET SESSION AUTHORIZATION")
            tx.exec_driver_sql("SET LOCAL role = none")
            tx.exec_driver_sql(sql)
        store.close()

    yield as_superuser
    as_superuser("DROP OWNED BY clerk CASCADE")
    run("DROP ROLE clerk")


@only_postgresql
@pytest.mark.parametrize("missing", range(len(GRANTS)))
def test_journal_that_cannot_forget(store: Store, clerk: Callable[[str], None], missing: int) -> None:
    """Where PostgreSQL would keep its old journal, the rewrite says so, says what to do, and works after that."""
    fill(store)
    before = everything(store)
    for sql in GRANTS[:missing] + GRANTS[missing + 1 :]:
        clerk(sql)
    with pytest.raises(ConfigurationError, match=r"wal_recycle = off.* pg_checkpoint .*EXECUTE ON FUNCTION pg_switch"):
        rewrite(store)
    clerk(GRANTS[missing])
    rewrite(store)
    assert everything(store) == before


@only_postgresql
@pytest.mark.parametrize(
    "setting",
    [
        "log_statement = mod",
        "log_min_duration_statement = 0",
        "log_min_duration_sample = 0",
        "log_duration = on",
        "log_transaction_sample_rate = 1",
        "log_lock_waits = on",
        "log_checkpoints = on",
        "log_autovacuum_min_duration = 0",
        "log_min_messages = debug1",
        "log_planner_stats = on",
        "summarize_wal = on",
        "wal_keep_size = '16MB'",
    ],
)
def test_settings_that_keep_times(store: Store, postgresql: Server, setting: str) -> None:
    """Logs of statements, and a journal that is kept, are refused at the start, and the sentence names the setting."""

    def is_refused() -> bool:
        try:
            rewriting.check(store)
        except ConfigurationError as error:
            assert error.code == "store.other-times"
            assert setting.partition(" ")[0] in str(error)
            return True
        return False

    assert not is_refused()
    postgresql.run(f"ALTER SYSTEM SET {setting}")
    try:
        postgresql.run("SELECT pg_reload_conf()")
        wait_until("it is refused", is_refused)
    finally:
        name = setting.partition(" ")[0]
        if name in TIMELESS:
            postgresql.run(f"ALTER SYSTEM SET {name} = off")
        else:
            postgresql.run(f"ALTER SYSTEM RESET {name}")
        postgresql.run("SELECT pg_reload_conf()")
    wait_until("it is taken again", lambda: not is_refused())


@only_postgresql
@pytest.mark.parametrize("setting", ["log_connections = 'on'", "log_disconnections = on"])
def test_sessions_whose_times_are_logged(store: Store, postgresql: Server, setting: str) -> None:
    """A log of connections is seen by the next session, and refused."""
    postgresql.run(f"ALTER SYSTEM SET {setting}")
    name = setting.partition(" ")[0]
    try:
        postgresql.run("SELECT pg_reload_conf()")

        def is_refused() -> bool:
            store.close()
            return name in {one.partition(" ")[0] for one in _to_set(store)}

        wait_until("it is refused", is_refused)
    finally:
        postgresql.run(f"ALTER SYSTEM RESET {name}")
        postgresql.run("SELECT pg_reload_conf()")


def _to_set(store: Store) -> list[str]:
    with store.connections.read() as connection:
        return arrival_settings.to_set(connection)


@only_postgresql
def test_a_slot_without_a_bound(store: Store, postgresql: Server) -> None:
    """A replication slot that may keep the journal for ever is refused."""
    postgresql.run("SELECT pg_create_physical_replication_slot('standby')")
    try:
        with pytest.raises(ConfigurationError, match="max_slot_wal_keep_size"):
            rewriting.check(store)
    finally:
        postgresql.run("SELECT pg_drop_replication_slot('standby')")


def test_identical_files(tmp_path: Path) -> None:
    """Two SQLite stores with the same rows, come in different order, are the same file after a rewrite."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in schema.metadata.tables}
    for _ in range(60):
        data, address = os.urandom(secrets.choice([10, 3_000, 20_000])), os.urandom(16)
        info = info_for(data)
        rows["blob"].append({**vars(info), "upload": address})
        rows["chunk"].append({"upload": address, "seq": 0, "data": data})
        rows["receipt"].append({"sha256": info.sha256, "desk": "itjen"})
    rows["state"] = [{"name": f"n{i}", "value": os.urandom(9)} for i in range(9)]

    def image(name: str, *, backwards: bool, extra: int) -> bytearray:
        url = f"sqlite:///{tmp_path / name}"
        migrate.upgrade(url)
        store = Store.open(url)
        for table, todo in rows.items():
            for row in reversed(todo) if backwards else todo:
                with store.transaction() as tx:
                    tx.execute(sa.insert(schema.metadata.tables[table]), row)
        for _ in range(extra):  # something that came and went
            store.blobs.abort(store.blobs.begin(NOW))
        rewrite(store)
        assert [file.stat().st_size for file in tmp_path.glob(f"{name}-wal")] == [0]
        found = bytearray((tmp_path / name).read_bytes())
        store.close()
        for start, end in ((24, 28), (92, 96)):  # how often the file changed: a number, no order
            found[start:end] = bytes(end - start)
        return found

    assert image("a", backwards=False, extra=3) == image("b", backwards=True, extra=0)


@only_sqlite
def test_deleted_bytes_are_gone(store: Store, url: str) -> None:
    """After a rewrite the bytes of a deleted blob are in no file of SQLite's."""
    stays, goes = put(store, size=20_000), put(store, size=20_000)
    with store.transaction() as tx:
        store.receipts.record(tx, "itjen", [goes[0].sha256], dict.fromkeys(["itjen"], ALWAYS))
    rewrite(store)
    path = Path(sa.make_url(url).database)
    files = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))

    def pieces_found(data: bytes) -> int:
        return sum(data[start : start + 50] in files for start in range(0, len(data), 50))

    assert pieces_found(stays[1]) > 300  # the rest spans pages
    assert pieces_found(goes[1]) == 0


def test_busy_store(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody reads on and on, a rewrite gives up loudly and changes nothing."""
    fill(store)
    before = everything(store)
    monkeypatch.setattr(connections, "SQLITE_BUSY_MS", 50)
    monkeypatch.setattr(rewriting, "_LOCK_TRIES", 2)
    monkeypatch.setattr(rewriting, "_LOCK_PAUSE_SECONDS", 0)
    impatient = Store.open(url)
    with store.transaction() as reader:
        reader.execute(sa.select(schema.blob)).all()
        with pytest.raises(StorageBusyError):
            rewrite(impatient)
    assert everything(store) == before
    rewrite(impatient)
    assert everything(store) == before
    impatient.close()


def test_full_disk_sqlite(tmp_path: Path) -> None:
    """On a disk that takes no more, a rewrite works, gives back what is free, and keeps every blob."""
    with small_disk(tmp_path / "disk", "16m") as disk:
        url = f"sqlite:///{disk / 'store.db'}"
        migrate.upgrade(url)
        with closing(Store.open(url, Shares(files_percent=80, unfinished_percent=80))) as store:
            held = dict(put(store, size=MIB) for _ in range(4))
            with pytest.raises(FilesClosedError):
                while True:
                    held.update([put(store, size=MIB)])
            with pytest.raises(StorageFullError):
                while True:
                    held.update([put(store, size=100_000)])
            gone = next(iter(held))
            with store.transaction() as tx:
                store.receipts.record(tx, "itjen", [gone.sha256], {"itjen": ALWAYS})
            del held[gone]
            rewrite(store)
            assert contents(store) == held
            assert (disk / "store.db-wal").stat().st_size == 0
            with store.connections.read() as connection:
                assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
        with closing(Store.open(url)) as again:
            assert contents(again) == held


@only_sqlite
def test_a_large_store_changes_places(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a store too large for a copy, the places of blobs tell nothing about the order in which they came."""
    monkeypatch.setattr(rewriting.is_small, "__defaults__", (0,))
    order = [put(store, size=5_000) for _ in range(300)]
    rewriting.clear_journal(store)
    path = Path(sa.make_url(url).database)

    def correlation() -> float:
        image = path.read_bytes()
        places = [image.index(data[3_000:3_050]) for _, data in order]
        ranks = [sorted(places).index(place) for place in places]
        middle = (len(ranks) - 1) / 2
        spread = sum((number - middle) ** 2 for number in range(len(ranks)))
        return sum((number - middle) * (rank - middle) for number, rank in enumerate(ranks)) / spread

    assert correlation() > 0.9
    rewrite(store)
    assert abs(correlation()) < 0.3  # five times the spread of chance
    assert contents(store) == dict(order)


@only_sqlite
def test_large_files_leave_no_heap(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of one large file do not lie together any more."""
    monkeypatch.setattr(rewriting.is_small, "__defaults__", (0,))
    files = [put(store, size=16 * MIB)[1] for _ in range(4)]
    rewriting.clear_journal(store)
    rewrite(store)
    image = Path(sa.make_url(url).database).read_bytes()
    for data in files:
        places = [image.index(data[start + 500_000 : start + 500_050]) for start in range(0, len(data), MIB)]
        assert max(places) - min(places) > 24 * MIB


@only_postgresql
def test_full_disk_postgresql(store: Store) -> None:
    """The same on PostgreSQL."""
    fill(store)
    before = everything(store)
    with store.transaction() as tx:
        tx.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        tx.exec_driver_sql("CREATE TRIGGER full_disk BEFORE INSERT ON state EXECUTE FUNCTION full_disk()")
    with pytest.raises(StorageFullError):
        rewrite(store)
    assert everything(store) == before
