"""Two servers share a PostgreSQL and nothing else: no disk, no memory, and no visitor stays at one of them."""

import contextlib
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.client import File
from tests.support.cluster import Load, Visitor, machines
from tests.support.postgresql import pair, shared_server
from tests.support.server import Server, inspectorate_of_today, serving

_END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'site'"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Server], Callable[[str], None]]]:
    """Two running servers, and statements to their PostgreSQL as superuser."""
    with shared_server() as database:
        database.run("CREATE DATABASE site TEMPLATE migrated")
        folder = tmp_path_factory.mktemp("cluster")
        both = machines(folder, database.url_of("site"), inspectorate_of_today())
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(serving(one, more=("--workers", "1"))) for one in both], database.run


def test_a_report_goes_through_both_servers(shared: tuple[list[Server], Callable[[str], None]]) -> None:
    """Form, review, sending, look-up and addition at alternating servers are one report with one file."""
    visitor = Visitor(shared[0])
    sent = visitor.report("Dua server")
    assert sent.statuses == ["TERKIRIM"]
    opened = visitor.ask(lambda client: client.open(sent.hidden))
    assert opened.statuses == ["TERKIRIM"]
    assert visitor.ask(lambda client: client.add(sent.hidden, File("ada.txt", b"ada"))).status == 200
    for server in shared[0]:
        held = [one.opened.message for one in server.held()]
        assert sorted(one.fields.get("what", "") or one.name for one in held) == ["Dua server", "ada.txt"]


def test_the_parts_of_an_upload_go_to_both_servers(shared: tuple[list[Server], Callable[[str], None]]) -> None:
    """An upload that was begun at one server goes on at the other from the same offset, and is one whole file."""
    servers, _ = shared
    load = Load(Visitor(servers), servers[0].site.inspectorate)
    load.upload()
    load.check(servers[1])
    assert servers[0].unfinished() == 0


def test_what_is_published_shows_at_both(shared: tuple[list[Server], Callable[[str], None]]) -> None:
    """A page of one server follows what was imported at another machine, without a restart."""
    servers, _ = shared
    before = {_boards(server) for server in servers}
    with servers[0].site.store() as store, store.transaction() as tx:
        board = servers[0].site.inspectorate.desks["itjen"].packed_board(1, [])
        store.published.put(tx, "board", "itjen", 1, board)
    after = {_boards(server) for server in servers}
    assert (len(before), len(after)) == (1, 1)
    assert before != after


def _boards(server: Server) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/data/papan") as answer:
        found: bytes = answer.read()
    return found


def test_a_lost_database_loses_nothing(shared: tuple[list[Server], Callable[[str], None]]) -> None:
    """While all connections are ended again and again, what is acknowledged is held; and no server is restarted."""
    servers, run = shared
    load = Load(Visitor(servers), servers[0].site.inspectorate)
    with load.going_on():
        for _ in range(3):
            load.more()
            run(_END_ALL)
        load.more()
    load.check(servers[0])
    assert all(server.process.poll() is None for server in servers)


@pytest.mark.soak
def test_rolling_restarts_lose_nothing(tmp_path: Path) -> None:
    """While reports and uploads go on, each server is stopped and started again, three times; nothing is lost."""
    with shared_server() as database:
        database.run("CREATE DATABASE site TEMPLATE migrated")
        both = machines(tmp_path, database.url_of("site"), inspectorate_of_today())
        with contextlib.ExitStack() as stack:
            stacks = [stack.enter_context(contextlib.ExitStack()) for _ in both]
            servers = [each.enter_context(serving(one)) for each, one in zip(stacks, both, strict=True)]
            load = Load(Visitor(servers), both[0].inspectorate)
            with load.going_on():
                for number in [0, 1] * 3:
                    load.more()
                    stacks[number].close()
                    load.more()
                    servers[number] = stacks[number].enter_context(serving(both[number]))
                load.more()
            load.check(servers[0])
            assert servers[0].unfinished() <= 1


@pytest.mark.soak
def test_a_failover_loses_nothing(tmp_path: Path) -> None:
    """The primary dies while reports and uploads go on, the standby takes over, and nothing acknowledged is lost."""
    with pair() as databases:
        databases.await_standby()
        both = machines(tmp_path, databases.url, inspectorate_of_today())
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(serving(one)) for one in both]
            load = Load(Visitor(servers), both[0].inspectorate)
            with load.going_on():
                load.more()
                databases.primary.end("immediate")
                databases.standby.promote()
                load.more()
                load.more()
            load.check(servers[0])
            assert databases.standby.run("SELECT pg_is_in_recovery()") == [False]
