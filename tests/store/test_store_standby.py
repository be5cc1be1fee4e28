"""What is acknowledged is on the disk of PostgreSQL's standby too, or the sender is asked to come again."""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from store_samples import info_for

from dropbox.errors import StorageLostError
from dropbox.store import migrate, postgresql, rewrite
from dropbox.store.blobs import BlobInfo, Outcome
from dropbox.store.database import Store
from tests.support.postgresql import Member, new_member, pair
from tests.support.server import wait_until

_WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
_CANCEL = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture(scope="module")
def server() -> Iterator[Member]:
    """A migrated server of its own, so that it may wait for a standby."""
    folder = Path(tempfile.mkdtemp(prefix="pg-alone-"))
    made = new_member(folder)
    try:
        migrate.upgrade(made.url)
        yield made
    finally:
        made.end("immediate")
        shutil.rmtree(folder)


@pytest.fixture
def alone(server: Member, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a primary whose only standby is away, and whose senders do not wait for long."""
    monkeypatch.setattr(postgresql, "STANDBY_SECONDS", 0.2)
    store = Store.open(server.url)
    _demand_standby(server, "*")
    yield store
    _demand_standby(server, "")
    store.close()


def _demand_standby(server: Member, names: str) -> None:
    server.run(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    server.run("SELECT pg_reload_conf()")
    wait_until("the server has read it", lambda: server.run("SHOW synchronous_standby_names") == [names])


def _sample() -> tuple[BlobInfo, bytes]:
    data = os.urandom(3000)
    return info_for(data), data


def _is_lost(act: Callable[[], object]) -> bool:
    try:
        act()
    except StorageLostError:
        return True
    return False


def test_a_sender_who_tries_again_gets_no_acknowledgement(server: Member, alone: Store) -> None:
    """Without the standby neither the first nor the second sending is acknowledged; with its demand lifted it is."""
    info, data = _sample()
    assert _is_lost(lambda: alone.blobs.put(info, data))
    assert alone.blobs.digest_of(info.id) == info.digest  # the primary has it
    assert _is_lost(lambda: alone.blobs.put(info, data))
    _demand_standby(server, "")
    assert alone.blobs.put(info, data) is Outcome.ALREADY_HELD


def test_an_upload_that_is_completed_again_gets_no_acknowledgement(server: Member, alone: Store) -> None:
    """Completing an upload again after a lost answer waits for the standby as the first time."""
    info, data = _sample()
    _demand_standby(server, "")
    upload = alone.blobs.begin(1_800_000_000)
    _demand_standby(server, "*")
    for _ in range(2):
        assert _is_lost(lambda: alone.blobs.complete(upload, info, data))


def test_a_look_up_acknowledges_nothing_that_the_primary_alone_has(alone: Store) -> None:
    """A look-up of a blob that may be on one disk only fails."""
    info, data = _sample()
    assert _is_lost(lambda: alone.blobs.put(info, data))
    assert _is_lost(lambda: alone.blobs.stored_ids([info.id]))


def test_a_value_that_the_primary_alone_has_is_not_the_one_that_is_stored(alone: Store) -> None:
    """Setting a default fails without the standby, the first time and when it finds the value."""
    assert _is_lost(lambda: alone.state.setdefault("key", b"first"))
    assert alone.state.get("key") == b"first"
    assert _is_lost(lambda: alone.state.setdefault("key", b"second"))


def test_a_server_that_only_follows_acknowledges_nothing(server: Member) -> None:
    """A sending and a look-up of what it holds fail as with a lost store, and the latter works once it writes."""
    info, data = _sample()
    store = Store.open(server.url)
    store.blobs.put(info, data)
    server.end()
    signal = server.folder / "standby.signal"
    signal.touch()
    shutil.chown(signal, server.folder.owner())
    server.start()
    try:
        assert _is_lost(lambda: store.blobs.put(*_sample()))
        assert _is_lost(lambda: store.blobs.put(info, data))
        assert _is_lost(lambda: store.blobs.stored_ids([info.id]))
    finally:
        server.promote()
    assert store.blobs.stored_ids([info.id]) == {info.id}
    store.close()


def test_a_tidying_begins_no_rewrite_without_the_standby(alone: Store) -> None:
    """A rewrite fails before it locks a table, so that reading goes on."""
    before = rewrite.image(alone)
    assert _is_lost(lambda: rewrite.rewrite(alone))
    assert rewrite.image(alone) == before


def test_a_wait_that_an_administrator_ends_is_a_failure(server: Member, alone: Store) -> None:
    """A return is not taken as published, the first and the second time, when the wait for the standby is cancelled."""
    lost: list[bool] = []

    def publish() -> None:
        with alone.transaction() as tx:
            alone.published.put(tx, "board", "itjen", 1, b"body")

    for _ in range(2):
        thread = threading.Thread(target=lambda: lost.append(_is_lost(publish)))
        thread.start()
        wait_until("it waits for the standby", lambda: server.run(_WAITING))
        server.run(_CANCEL)
        thread.join()
    assert lost == [True, True]


@pytest.mark.usefixtures("alone")
def test_a_server_that_stands_still_holds_no_sender(server: Member) -> None:
    """A commit fails though the server's process is stopped: its machine answers, nobody takes the cancellation."""
    with postgresql.AwaitedConnection.connect(server.url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT pg_logical_emit_message(true, 'test', '')")
        connection.is_patient = False
        server_process = connection.info.backend_pid
        os.kill(server_process, signal.SIGSTOP)
        try:
            with pytest.raises(psycopg.OperationalError):
                connection.commit()
        finally:
            os.kill(server_process, signal.SIGCONT)


@pytest.mark.soak
def test_what_is_acknowledged_survives_the_loss_of_the_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blob whose first answer was lost with the standby is acknowledged once the standby has it, and then stays."""
    monkeypatch.setattr(postgresql, "STANDBY_SECONDS", 2)
    info, data = _sample()
    with pair() as both:
        migrate.upgrade(both.url)
        store = Store.open(both.url)
        asked = "SELECT sync_state FROM pg_stat_replication"
        wait_until("the standby follows", lambda: both.primary.run(asked) == ["sync"])
        both.standby.end()
        assert _is_lost(lambda: store.blobs.put(info, data))
        both.primary.end()
        both.primary.start()
        assert _is_lost(lambda: store.blobs.put(info, data))
        both.standby.start()
        wait_until("it is acknowledged", lambda: not _is_lost(lambda: store.blobs.put(info, data)))
        both.primary.end("immediate")
        both.standby.promote()
        store.close()
        store = Store.open(both.url)
        assert b"".join(store.blobs.read(info.id)) == data
        store.close()
