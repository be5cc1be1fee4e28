"""Two servers share a PostgreSQL and nothing else: no disk, no memory, and no visitor stays at one of them."""

import contextlib
import itertools
import secrets
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dropbox.limits import MIB
from tests.support.client import REPORT, Client, File, Page, sending_fields
from tests.support.desks import FakeInspectorate
from tests.support.postgresql import Pair, pair, shared_server
from tests.support.sealed import Browser
from tests.support.server import Server, SiteFolder, inspectorate_of_today, serving, wait_until
from tests.support.tus import send

_END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'site'"


@dataclass
class Machine(SiteFolder):
    """A web server's folder, with the address of a database elsewhere."""

    database: str = ""
    settings: str = "[store]\nbudget_mib = 2000\n"

    @property
    def url(self) -> str:
        """The database of all machines."""
        return self.database


def machines(folder: Path, url: str, inspectorate: FakeInspectorate) -> list[Machine]:
    """Two machines; the keys are published once."""
    made = [Machine(folder / name, inspectorate=inspectorate, publish=name == "a", database=url) for name in ("a", "b")]
    return [one.make() for one in made]


@dataclass
class Visitor:
    """A reporter whose every request goes to the other server; one that is away is left out."""

    servers: list[Server]
    turns: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, call: Callable[[Client], Page]) -> Page:
        """Ask the next server, and the other when it does not answer or says that it is busy, again and again."""
        answers: list[Page] = []

        def answered() -> bool:
            with contextlib.suppress(OSError):
                answers.append(call(self.servers[next(self.turns) % len(self.servers)].client))
            return bool(answers) and answers[-1].status != 503

        wait_until("a server answers", answered)
        return answers[-1]

    def report(self, what: str) -> Page:
        """Fill in and review at one, send at the other."""
        reviewed = self.ask(lambda client: client.post("/lapor", REPORT | {"what": what, "step": "review"}))
        assert reviewed.status == 200, f"{reviewed.status} {reviewed.error}"
        return self.ask(lambda client: client.post("/lapor", sending_fields(reviewed.hidden)))


@dataclass
class Load:
    """Reports and uploads that are sent without a pause until the block ends; what was acknowledged is remembered."""

    visitor: Visitor
    inspectorate: FakeInspectorate
    texts: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    @contextlib.contextmanager
    def going_on(self) -> Iterator[None]:
        """Send from two threads; an error of theirs ends the test."""
        over = threading.Event()

        def repeat(once: Callable[[], None]) -> None:
            try:
                while not over.is_set():
                    once()
            except Exception as error:  # noqa: BLE001  the test fails with it
                self.failed.append(error)

        threads = [threading.Thread(target=repeat, args=(once,)) for once in (self._report, self._upload)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert self.failed == []

    def more(self) -> None:
        """Wait until both kinds were acknowledged again."""
        texts, files = len(self.texts), len(self.files)
        wait_until(
            "more was acknowledged",
            lambda: self.failed or (len(self.texts) > texts + 1 and len(self.files) > files),
        )
        assert self.failed == []

    def _report(self) -> None:
        what = f"Laporan {secrets.token_hex(8)}"
        sent = Visitor(self.visitor.servers).report(what)
        assert sent.statuses == ["TERKIRIM"], f"{sent.status} {sent.error}"
        self.texts.append(what)

    def _upload(self) -> None:
        content = secrets.token_bytes(3 * MIB)
        assert send(Visitor(self.visitor.servers).ask, Browser(self.inspectorate).file(content), parts=5)
        self.files.append(content)

    def check(self, server: Server) -> None:
        """All that was acknowledged is in the store and opens."""
        held = server.held()
        whats = [one.opened.message.fields["what"] for one in held if one.kind == "report"]
        assert set(self.texts) <= set(whats)
        found = {b"".join(server.file_of(one)) for one in held if one.kind == "file"}
        assert set(self.files) <= found


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
    load._upload()
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
        _await_standby(databases)
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


def _await_standby(databases: Pair) -> None:
    asked = "SELECT sync_state FROM pg_stat_replication"
    wait_until("the standby follows", lambda: databases.primary.run(asked) == ["sync"])
