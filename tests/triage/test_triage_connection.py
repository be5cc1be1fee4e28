"""A connection that is stopped breaks off what runs on it, whatever moment it was stopped in."""

import threading
from collections.abc import Iterator

import pytest
import sqlcipher3

from dropbox.errors import LockedError
from dropbox.triage.vault.connection import Connection

ENDLESS = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"


@pytest.fixture
def db() -> Iterator[Connection]:
    """An empty database in memory."""
    connection = sqlcipher3.connect(":memory:", factory=Connection, check_same_thread=False)
    yield connection
    connection.close()


def test_a_statement_that_was_just_let_in_breaks_off(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after the check and before the statement runs, an endless one ends all the same."""
    monkeypatch.setattr(db, "_check", db.stop)
    with pytest.raises(sqlcipher3.OperationalError, match="interrupted"):
        db.execute(ENDLESS).fetchall()


def test_a_running_statement_breaks_off(db: Connection) -> None:
    """An endless one ends, and none begins before the connection goes on."""
    begun, failed = threading.Event(), []

    def run() -> None:
        begun.set()
        try:
            db.execute(ENDLESS).fetchall()
        except (sqlcipher3.OperationalError, LockedError) as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert begun.wait(240)
    db.stop()
    thread.join(240)
    assert len(failed) == 1
    with pytest.raises(LockedError):
        db.execute("select 1")
    db.go_on()
    assert db.execute("select 1").fetchone() == (1,)
