"""Backup, restore, move, upgrade: all rows, whole or nothing, and nothing that says when they came."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_samples import (
    NOW,
    contents,
    everything,
    fill,
    only_postgresql,
    only_sqlite,
    put,
    python,
    small_disk,
)

from dropbox.cli import main
from dropbox.errors import (
    ConfigurationError,
    DamagedError,
    DropboxError,
    NotFoundError,
    RefusedError,
    StorageBusyError,
    StorageFullError,
    StorageLostError,
)
from dropbox.limits import MIB
from dropbox.store import migrate, schema
from dropbox.store.blobs import BlobInfo
from dropbox.store.connections import revision
from dropbox.store.copies import backup, exclusive, replace, restore
from dropbox.store.copies.backup import back_up, read
from dropbox.store.copies.exclusive import unserved
from dropbox.store.copies.move import move
from dropbox.store.database import Store
from dropbox.store.rewrite import _copy_postgresql
from dropbox.store.turn import turn
from dropbox.store.upkeep import Upkeep
from dropbox.store.uploads import Promise
from tests.support.server import wait_until

KILLED = """
import sys
from pathlib import Path
from dropbox.store.copies import backup
def stop(_):
    print("written", flush=True)
    sys.stdin.readline()
backup.sync_file = stop
backup.back_up(sys.argv[1], Path(sys.argv[2]))
"""
PLACE = """
import os
import sys
from pathlib import Path
from dropbox.errors import StorageFullError
from dropbox.store.copies.backup import check_place
os.setuid(65534)
try:
    check_place(Path(sys.argv[1]))
except StorageFullError as error:
    print(error.code, file=sys.stderr)
"""
UPLOAD = bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    made = tmp_path / "backups"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def other_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind."""
    if kind == "postgresql":
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server = request.getfixturevalue("postgresql")
    server.run("CREATE DATABASE other TEMPLATE template0")
    yield server.url_of("other")
    server.run("DROP DATABASE other WITH (FORCE)")


@pytest.fixture
def filled(url: str) -> str:
    """A store with some of everything, and nobody in it."""
    with closing(Store.open(url)) as store:
        fill(store)
        store.blobs.append(store.blobs.begin(NOW, Promise(bytes(32), bytes(range(32)), 3 * MIB)), os.urandom(MIB + 7))

        with store.transaction() as tx:
            store.published.put(tx, "keys", "itjén", 2**40, b"")
    return url


def all_of(url: str) -> object:
    """Every row, and every blob as the courier reads it."""
    with closing(Store.open(url)) as store:
        return everything(store), contents(store)


def refused(call: Callable[[], object], error: type[DropboxError], code: str) -> None:
    """The call raises this error with this code."""
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code


def test_a_backup_of_a_store_in_use(url: str, other_url: str, folder: Path) -> None:
    """All blobs that were acknowledged before a backup began are in it, whole, while others come."""
    acknowledged: dict[BlobInfo, bytes] = {}
    over = threading.Event()

    def send() -> None:
        with closing(Store.open(url)) as store:
            while not over.is_set():
                acknowledged.update([put(store, size=20_000)])

    sender = threading.Thread(target=send)
    sender.start()
    wait_until("some were acknowledged", lambda: len(acknowledged) > 20)
    before = dict(acknowledged)
    made = back_up(url, folder / "b")
    during = len(acknowledged)
    wait_until("others are acknowledged", lambda: len(acknowledged) > during)
    over.set()
    sender.join()
    assert made.contents.damaged == 0
    assert restore.restore(folder / "b", other_url) == made
    with closing(Store.open(other_url)) as store:
        found = contents(store)
        put(store)
    assert before.items() <= found.items() <= acknowledged.items()


def test_a_backup_waits_for_a_tidying(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process tidies no backup is made: on PostgreSQL it would find empty tables."""
    monkeypatch.setattr("dropbox.store.rewrite._LOCK_TRIES", 2)
    monkeypatch.setattr("dropbox.store.rewrite._LOCK_PAUSE_SECONDS", 0)
    with closing(Store.open(url)) as store, turn(store.connections) as is_mine:
        assert is_mine
        refused(lambda: back_up(url, folder / "b"), StorageBusyError, "store.tidying")
    assert list(folder.iterdir()) == []


@only_postgresql
def test_a_backup_whose_lock_is_lost(
    filled: str, folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its lock's session ends, a tidying still waits for what is read, and a backup is made from the start."""
    server, copy_into = request.getfixturevalue("postgresql"), backup._copy_into
    tries = []

    def lose(partial: Path, source: sa.Connection) -> backup.Backup:
        tries.append(partial)
        if len(tries) == 1:
            server.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            with closing(Store.open(filled)) as store:
                refused(lambda: _copy_postgresql(store.connections), StorageBusyError, "store.busy")
        return copy_into(partial, source)

    monkeypatch.setattr(backup, "_copy_into", lose)
    monkeypatch.setattr("dropbox.store.rewrite._LOCK_TRIES", 2)
    monkeypatch.setattr("dropbox.store.rewrite._LOCK_PAUSE_SECONDS", 0)
    made = back_up(filled, folder / "b")
    assert len(tries) == 2
    assert made.contents.rows("blob") == 21
    assert [path.name for path in folder.iterdir()] == ["b"]


def test_two_backups_in_one_folder(filled: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that begins while another is made leaves the other's part alone."""
    copy_into = backup._copy_into

    def meanwhile(partial: Path, source: sa.Connection) -> backup.Backup:
        with backup._partial(folder / "second"):
            assert partial.exists()
        return copy_into(partial, source)

    monkeypatch.setattr(backup, "_copy_into", meanwhile)
    back_up(filled, folder / "first")
    assert [path.name for path in folder.iterdir()] == ["first"]


def test_there_and_back(filled: str, other_url: str, kind: str, tmp_path: Path) -> None:
    """Moved to the other kind of database and on to a new one of the first kind, all rows and blobs are the same."""
    before = all_of(filled)
    assert move(filled, other_url).damaged == 0
    assert all_of(other_url) == before
    if kind == "sqlite":
        move(other_url, f"sqlite:///{tmp_path / 'third.db'}")
        assert all_of(f"sqlite:///{tmp_path / 'third.db'}") == before


def test_a_moved_store_is_not_opened(filled: str, other_url: str, folder: Path) -> None:
    """Nothing can come into the old database any more, and it is neither backed up, upgraded nor moved again."""
    move(filled, other_url)
    for call in (
        lambda: Store.open(filled),
        lambda: migrate.upgrade(filled),
        lambda: back_up(filled, folder / "b"),
        lambda: move(filled, other_url),
    ):
        refused(call, ConfigurationError, "store.moved")


@pytest.mark.parametrize("change", ["move", "restore"])
def test_a_program_that_had_no_session(change: str, filled: str, other_url: str, folder: Path) -> None:
    """One that had a store open, but no session with it, writes nothing after a move, or to another schema."""
    with unserved(other_url) as connection:
        migrate.bring(connection, "0002")
    back_up(other_url, folder / "older")
    with closing(Store.open(filled)) as store:
        before = everything(store)
        store.connections.engine.dispose()  # as before a fork, or when the database was restarted
        if change == "move":
            move(filled, other_url)
        else:
            restore.restore(folder / "older", filled, folder / "aside")
        refused(lambda: put(store), StorageLostError, "store.moved" if change == "move" else "store.older")
    if change == "move":
        with closing(Store.open(other_url)) as store:
            assert everything(store) == before


def test_a_backup_is_restored(filled: str, other_url: str, folder: Path) -> None:
    """All rows are back, whatever the two databases are; the file and its folder are their owner's alone."""
    before = all_of(filled)
    made = back_up(filled, folder / "b")
    assert [path.name for path in folder.iterdir()] == ["b"]
    assert (folder / "b").stat().st_mode & 0o777 == 0o600
    assert {
        moment % 3_600_000_000_000 for moment in ((folder / "b").stat().st_mtime_ns, folder.stat().st_mtime_ns)
    } == {0}
    assert made.contents.rows("blob") == 21
    restore.restore(folder / "b", other_url)
    assert all_of(other_url) == before


def test_where_a_backup_is_not_written(url: str, empty_folder: Path, folder: Path) -> None:
    """An existing file, a folder that others may read and one that is missing are refused, and nothing is written."""
    (folder / "b").write_bytes(b"mine")
    refused(lambda: back_up(url, folder / "b"), RefusedError, "file.exists")
    assert (folder / "b").read_bytes() == b"mine"
    empty_folder.chmod(0o750)
    refused(lambda: back_up(url, empty_folder / "b"), ConfigurationError, "file.open-folder")
    refused(lambda: back_up(url, empty_folder / "missing" / "b"), NotFoundError, "store.backup-folder")
    assert list(empty_folder.iterdir()) == []


@only_sqlite
def test_a_folder_that_belongs_to_another_user(url: str, tmp_path: Path) -> None:
    """Who may not enter it reads a sentence, whether the folder itself or one above it is closed."""
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    for path in (closed / "b", closed / "inside" / "b"):
        with subprocess.Popen([sys.executable, "-c", PLACE, path], text=True, stderr=subprocess.PIPE) as process:
            assert process.stderr
            assert process.stderr.read() == "file.name-unwritable\n"


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    """Another folder."""
    made = tmp_path / "empty"
    made.mkdir(mode=0o700)
    return made


def test_the_order_of_arrival_is_not_in_a_backup(store: Store, url: str, folder: Path) -> None:
    """The same rows that came in the opposite order, after something came and went, give the same file."""
    for number in range(40):
        put(store, size=20_000)
        store.state.put(f"n{number}", os.urandom(9))
    rows = everything(store)

    def image(name: str) -> bytes:
        back_up(url, folder / name)
        found = bytearray((folder / name).read_bytes())
        for start, end in ((24, 28), (92, 96)):  # SQLite's counter of changes
            found[start:end] = bytes(end - start)
        return bytes(found)

    first = image("a")
    for name, found in rows.items():
        with store.transaction() as tx:
            tx.execute(sa.delete(schema.metadata.tables[name]))
        for row in reversed(found):
            with store.transaction() as tx:
                tx.execute(sa.insert(schema.metadata.tables[name]), row._asdict())
    store.blobs.abort(store.blobs.begin(NOW))
    assert everything(store) == rows
    assert image("b") == first


def test_a_killed_backup_leaves_no_half_file(filled: str, folder: Path) -> None:
    """Under the name of the backup there is nothing, and the next one removes the private part that was left."""
    with python(KILLED, filled, str(folder / "b")) as process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        process.kill()
    (left,) = folder.iterdir()
    assert left.name.endswith(".partial")
    assert left.stat().st_mode & 0o777 == 0o600
    back_up(filled, folder / "b")
    assert [path.name for path in folder.iterdir()] == ["b"]


def test_a_full_disk_leaves_no_backup(filled: str, tmp_path: Path) -> None:
    """Where the backup does not fit, its part is removed and the file is named."""
    with small_disk(tmp_path / "disk", "1m") as disk:
        disk.chmod(0o700)
        refused(lambda: back_up(filled, disk / "b"), StorageFullError, "file.name-unwritable")
        assert list(disk.iterdir()) == []


@only_sqlite
def test_planted_damage_is_noticed(filled: str, folder: Path) -> None:
    """A bit that turned in a blob is always noticed; other damage is, or nothing that is restored differs."""
    made = back_up(filled, folder / "b")
    whole = (folder / "b").read_bytes()
    with closing(Store.open(filled)) as store:
        inside = {whole.index(data[5:40]) + 20 for data in contents(store).values() if len(data) >= 3_000}
    assert inside
    for place in {*inside, *range(0, len(whole), len(whole) // 12)}:
        (folder / "b").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert read(folder / "b") == made
            assert place not in inside
        except DamagedError as error:
            assert error.code in {"store.backup-damaged", "store.no-backup"}
    for cut in (0, 100, 4096, len(whole) // 2, len(whole) - 1):
        (folder / "b").write_bytes(whole[:cut])
        try:
            assert read(folder / "b") == made
            assert not any(whole[cut:]), "only zeros were cut off: SQLite reads them as before"
        except DamagedError as error:
            assert error.code in {"store.backup-damaged", "store.no-backup"}


def test_damage_of_the_store_itself_is_counted(filled: str, folder: Path) -> None:
    """A backup of a store that lost a part of a blob is that store's, and says so."""
    with closing(Store.open(filled)) as store, store.transaction() as tx:
        large = sa.select(schema.blob.c.upload).where(schema.blob.c.length > MIB).scalar_subquery()
        tx.execute(sa.delete(schema.chunk).where(schema.chunk.c.upload == large, schema.chunk.c.seq == 0))
    assert back_up(filled, folder / "b").contents.damaged == 1


def test_a_served_store_is_left_alone(
    filled: str, other_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody has a database open it is neither restored into nor moved, and goes on."""
    monkeypatch.setattr(exclusive, "_GOING_SECONDS", 0.1)
    before = all_of(filled)
    back_up(filled, folder / "b")
    with closing(Store.open(filled)) as store:
        store.blobs.remaining()
        refused(lambda: restore.restore(folder / "b", filled, folder / "old"), RefusedError, "store.served")
        refused(lambda: move(filled, other_url), RefusedError, "store.served")
        put(store)
    assert all_of(filled) != before
    assert [path.name for path in folder.iterdir()] == ["b"]


def test_what_is_there_is_not_overwritten(filled: str, other_url: str, folder: Path) -> None:
    """A database that holds something is replaced only after a backup of it, which is as good as the first."""
    before = all_of(filled)
    back_up(filled, folder / "b")
    migrate.upgrade(other_url)
    with closing(Store.open(other_url)) as store:
        put(store)
    there = all_of(other_url)
    refused(lambda: restore.restore(folder / "b", other_url), RefusedError, "store.not-empty")
    refused(lambda: move(filled, other_url), RefusedError, "store.not-empty")
    assert all_of(other_url) == there
    restore.restore(folder / "b", other_url, folder / "old")
    assert all_of(other_url) == before
    restore.restore(folder / "old", other_url, folder / "old again")
    assert all_of(other_url) == there


def test_a_copy_that_differs_is_taken_back(
    filled: str, other_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the target does not hold what was read, nothing of it stays, and the source may still be used."""
    back_up(filled, folder / "b")
    before = all_of(filled)
    monkeypatch.setattr(replace, "copy", lambda *_: ())
    refused(lambda: restore.restore(folder / "b", other_url), DamagedError, "store.copy-differs")
    refused(lambda: move(filled, other_url), DamagedError, "store.copy-differs")
    assert revision(other_url) is None
    assert not Path(other_url.removeprefix("sqlite:///")).exists()
    assert all_of(filled) == before


def test_a_backup_that_changes_while_it_is_restored(
    filled: str, other_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is restored is what was verified: another file under its name is noticed, and nothing stays."""
    back_up(filled, folder / "b")

    def read_and_change(path: Path) -> backup.Backup:
        found = read(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("DELETE FROM chunk")
        return found

    monkeypatch.setattr(restore, "read", read_and_change)
    refused(lambda: restore.restore(folder / "b", other_url), DamagedError, "store.copy-differs")
    assert revision(other_url) is None


@only_postgresql
def test_a_database_with_other_tables_is_left_alone(filled: str, folder: Path, other_url: str) -> None:
    """What belongs to another program is neither dropped nor left out in silence."""
    back_up(filled, folder / "b")
    with unserved(filled) as connection:
        connection.exec_driver_sql("CREATE TABLE payroll (name text)")
    for call in (
        lambda: restore.restore(folder / "b", filled, folder / "old"),
        lambda: back_up(filled, folder / "new"),
        lambda: move(filled, other_url),
    ):
        refused(call, ConfigurationError, "store.foreign-tables")


def test_a_store_that_was_only_tidied_is_empty(filled: str, other_url: str, folder: Path) -> None:
    """A backup goes into a new server's store also after its first tidying, which leaves a note of its day."""
    back_up(filled, folder / "b")
    migrate.upgrade(other_url)
    with closing(Store.open(other_url)) as store:
        assert Upkeep(store).tidy(0, 20000, is_forced=True)
    restore.restore(folder / "b", other_url)
    assert all_of(other_url) == all_of(filled)


def test_a_newer_store_is_left_to_its_program(filled: str, other_url: str, folder: Path) -> None:
    """A program replaces no store of a schema it does not know; it restores into an empty database."""
    before = all_of(filled)
    back_up(filled, folder / "b")
    with unserved(filled) as connection:
        connection.execute(sa.update(schema.version).values(version_num="9999"))
    refused(lambda: restore.restore(folder / "b", filled, folder / "new"), ConfigurationError, "store.newer")
    refused(lambda: restore.restore(folder / "b", filled), RefusedError, "store.not-empty")
    assert [path.name for path in folder.iterdir()] == ["b"]
    assert revision(filled) == "9999"
    restore.restore(folder / "b", other_url)
    assert all_of(other_url) == before


def test_the_way_back_from_an_upgrade(
    empty_url: str, kind: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older store is upgraded after a backup, which is restored over it; its upload goes on."""
    with unserved(empty_url) as connection:
        migrate.bring(connection, "0002")
        row = {"id": UPLOAD, "bucket": 2**30, "length": 0}
        connection.execute(sa.insert(schema.upload), row)
    config = tmp_path / "dropbox.toml"
    config.write_text(f'[server]\ndatabase = "{empty_url}"\n[store]\nbudget_mib = 100\n')
    upgrade = ["store", "upgrade", "--config", str(config)]
    if kind == "postgresql":
        assert main(upgrade) == 1
        assert revision(empty_url) == "0002"
    backup = folder / "before" if kind == "postgresql" else tmp_path / "store.db.0002.backup"
    assert main(upgrade + ([] if kind == "sqlite" else ["--backup", str(backup)])) == 0
    assert revision(empty_url) == schema.HEAD
    assert read(backup).number == "0002"
    monkeypatch.setattr(schema, "HEAD", "0002")  # as the program was
    refused(lambda: Store.open(empty_url), ConfigurationError, "store.newer")
    restore.restore(backup, empty_url, folder / "new")
    with closing(Store.open(empty_url)) as store:
        assert store.blobs.append(UPLOAD, b"abc", at=0) == 3


@only_sqlite
def test_the_commands_say_what_follows(
    filled: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backup, restore and move print what is in them, what goes with them and what to do next."""
    config, other = tmp_path / "dropbox.toml", tmp_path / "other.toml"
    config.write_text(f'[server]\ndatabase = "{filled}"\n')
    other.write_text('[server]\ndatabase = "sqlite:///restored.db"\n')

    def run(*words: str) -> str:
        assert main(["store", *words]) == 0
        return capsys.readouterr().err

    said = run("backup", str(folder / "b"), "--config", str(config))
    assert "21 blobs and 2 unfinished uploads" in said
    assert "the server's key" in said
    said = run("restore", str(folder / "b"), "--config", str(other))
    assert "newest return of each desk" in said
    assert "receipts again" in said
    said = run("move", "--to", f"sqlite:///{tmp_path / 'moved.db'}", "--config", str(config))
    assert "refuses to be opened" in said
    assert "must name the new database" in said
    assert all_of(f"sqlite:///{tmp_path / 'moved.db'}") == all_of(f"sqlite:///{tmp_path / 'restored.db'}")
    with closing(Store.open(f"sqlite:///{tmp_path / 'restored.db'}")) as store, store.transaction() as tx:
        tx.execute(sa.delete(schema.chunk))
    assert main(["store", "backup", str(folder / "damaged"), "--config", str(other)]) == 1
    assert "21 blobs differ" in capsys.readouterr().err
