"""A move that is ended anywhere: never two open databases, nothing lost, and the same command ends it."""

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from store_samples import NOW, contents, everything, only_sqlite, put

from dropbox.cli import main
from dropbox.errors import ConfigurationError, DropboxError, RefusedError
from dropbox.store import schema
from dropbox.store.connections import revision
from dropbox.store.copies import move as moving
from dropbox.store.copies.backup import back_up
from dropbox.store.copies.exclusive import unserved
from dropbox.store.copies.move import cancel, move
from dropbox.store.copies.restore import restore, upgrade
from dropbox.store.database import Store
from dropbox.store.marks import Mark, Phase

# The transactions of a move in the order in which they end: begin, new database, old one read, old one given up, open.
TRANSACTIONS = 5
BEFORE_GIVING_UP = 3


@pytest.fixture
def target(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind."""
    if kind == "postgresql":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    server = request.getfixturevalue("postgresql")
    server.run("CREATE DATABASE target TEMPLATE template0")
    yield server.url_of("target")
    server.run("DROP DATABASE target WITH (FORCE)")


@pytest.fixture
def source(url: str) -> str:
    """A store with blobs and an unfinished upload, and nobody in it."""
    with closing(Store.open(url)) as store:
        for size in (10, 3_000, 20_000):
            put(store, size=size)
        store.blobs.append(store.blobs.begin(NOW), b"half")
    return url


def all_of(url: str) -> object:
    with closing(Store.open(url)) as store:
        return everything(store), contents(store)


def code_of_opening(url: str) -> str:
    """The code of the error with which a database refuses to be opened; empty if it is opened."""
    try:
        Store.open(url).close()
    except ConfigurationError as error:
        return error.code
    return ""


def killed(source: str, target: str, number: int, *, committed: bool) -> None:
    """Move in a process of its own, which is killed just before or after a transaction is committed."""
    child = os.fork()
    if child == 0:
        ended = 0

        @contextlib.contextmanager
        def ending(url: str) -> Iterator[Connection]:
            nonlocal ended
            with unserved(url) as connection:
                yield connection
                ended += 1
                mine = ended
                if mine == number and not committed:
                    os.kill(os.getpid(), signal.SIGKILL)
            if mine == number:
                os.kill(os.getpid(), signal.SIGKILL)

        moving.unserved = ending  # type: ignore[attr-defined]
        try:
            move(source, target)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


# What is not committed leaves the state before it: the copy alone is also killed while its rows are written.
KILLS = [(2, False), *((number, True) for number in range(1, TRANSACTIONS + 1))]


@pytest.mark.parametrize(("number", "committed"), KILLS)
def test_a_move_that_was_killed_goes_on(source: str, target: str, number: int, *, committed: bool) -> None:
    """After a kill at most one of the two is opened; the same command again ends the move, with every row."""
    before = all_of(source)
    killed(source, target, number, committed=committed)
    codes = [code_of_opening(url) for url in (source, target)]
    assert "" not in codes or codes.count("") == 1
    if (number, committed) == (TRANSACTIONS, True):
        assert codes == ["store.moved", ""]
    else:
        move(source, target)
    assert all_of(target) == before
    assert code_of_opening(source) == "store.moved"


@pytest.mark.parametrize(("number", "committed"), [kill for kill in KILLS if kill[0] <= BEFORE_GIVING_UP])
def test_a_move_that_was_killed_is_taken_back(source: str, target: str, number: int, *, committed: bool) -> None:
    """Before the old database has given up its place it is opened again, and the copy never is, whatever is tried."""
    before = all_of(source)
    killed(source, target, number, committed=committed)
    assert cancel(source)
    assert all_of(source) == before
    assert code_of_opening(target) != ""
    if revision(target):
        with pytest.raises(ConfigurationError) as caught:
            move(source, target)
        assert caught.value.code == "store.arriving"
        assert all_of(source) == before


@only_sqlite
def test_a_move_that_was_taken_back_begins_anew(source: str, tmp_path: Path) -> None:
    """When the copy was deleted, as the sentence of its refusal says, the same command moves the store."""
    copy = tmp_path / "copy.db"
    target = f"sqlite:///{copy}"
    before = all_of(source)
    killed(source, target, BEFORE_GIVING_UP, committed=True)
    cancel(source)
    with pytest.raises(ConfigurationError) as caught:
        move(source, target)
    said = caught.value.sentence("en")
    assert all(word in said for word in ("--cancel", "SQLite: its file", "DROP DATABASE"))
    copy.unlink()
    move(source, target)
    assert all_of(target) == before


@only_sqlite
def test_a_copy_of_an_earlier_attempt_never_takes_over(source: str, target: str, tmp_path: Path) -> None:
    """After a kill the store is moved elsewhere; the first target stays closed, also to the same command."""
    killed(source, target, BEFORE_GIVING_UP, committed=True)
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    move(source, elsewhere)
    assert [code_of_opening(url) for url in (source, target, elsewhere)] == ["store.moved", "store.arriving", ""]
    with pytest.raises(ConfigurationError):
        move(source, target)
    assert code_of_opening(target) == "store.arriving"


@only_sqlite
def test_a_move_that_did_not_end_is_left_alone_by_all_else(source: str, target: str, tmp_path: Path) -> None:
    """Backup, restore and upgrade touch neither of the two, and a full target puts the old one back."""
    killed(source, target, BEFORE_GIVING_UP, committed=True)
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    for url, code in ((source, "store.moving"), (target, "store.arriving")):
        for call in (back_up, upgrade):
            with pytest.raises(DropboxError) as caught:
                call(url, folder / "b")
            assert caught.value.code == code
    assert list(folder.iterdir()) == []
    cancel(source)
    back_up(source, folder / "b")
    full = f"sqlite:///{tmp_path / 'full.db'}"
    restore(folder / "b", full)
    with pytest.raises(RefusedError) as refused:
        move(source, full)
    assert refused.value.code == "store.not-empty"
    with closing(Store.open(source)) as store:
        put(store)


@only_sqlite
def test_the_command_takes_a_move_back(
    source: str, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`store move --cancel` says whether there was a move; a database that was moved stays so."""
    config = tmp_path / "dropbox.toml"
    config.write_text(f'[server]\ndatabase = "{source}"\n')
    command = ["store", "move", "--cancel", "--config", str(config)]
    killed(source, target, 1, committed=True)
    assert main(command) == 0
    assert "in use again" in capsys.readouterr().err
    assert main(command) == 0
    assert "no move" in capsys.readouterr().err
    move(source, target)
    assert main(command) == 1
    assert "was moved" in capsys.readouterr().err


def test_a_mark_fits_its_column() -> None:
    """PostgreSQL refuses a longer one."""
    kind = schema.version.c.version_num.type
    assert isinstance(kind, sa.String)
    assert len(str(Mark.begin("0003").at(Phase.ARRIVING))) <= (kind.length or 0)
