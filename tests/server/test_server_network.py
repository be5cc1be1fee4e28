"""Web machines and database servers with a network of their own each: a cable is pulled, and nobody is told."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.support.cluster import Load, Visitor, machines
from tests.support.network import Network, network
from tests.support.postgresql import Pair, Place, pair
from tests.support.root import need_root
from tests.support.server import Server, inspectorate_of_today, serving, wait_until

pytestmark = pytest.mark.soak
WEB, DATABASES = ("web-a", "web-b"), ("db-a", "db-b")


@dataclass
class Site:
    """Two web machines and two database servers, each at its own place of a network."""

    network: Network
    databases: Pair
    servers: list[Server]

    def load(self) -> Load:
        """Senders who reach each web machine from beside it."""
        inside = [partial(self.network.inside, name) for name in WEB]
        return Load(Visitor(self.servers, inside), self.servers[0].site.inspectorate)

    def check(self, load: Load) -> None:
        """All that was acknowledged is held and opens, and no web machine was started again."""
        with self.network.inside(WEB[1]):
            load.check(self.servers[1])
        assert all(server.process.poll() is None for server in self.servers)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site that runs, with a standby that has what is acknowledged."""
    need_root("namespaces of the network")
    with contextlib.ExitStack() as stack:
        net = stack.enter_context(network((*WEB, *DATABASES)))
        places = [Place(net.address(name), partial(net.inside, name)) for name in DATABASES]
        databases = stack.enter_context(pair(*places))
        databases.await_standby()
        servers = []
        with net.inside(WEB[0]):
            made = machines(tmp_path, databases.url, inspectorate_of_today())
        for name, one in zip(WEB, made, strict=True):
            with net.inside(name):
                servers.append(stack.enter_context(serving(one)))
        yield Site(net, databases, servers)


def test_a_web_machine_that_is_cut_off_loses_nothing(site: Site) -> None:
    """While one web machine is cut off the other goes on; connected again it works as before, without a restart."""
    load = site.load()
    with load.going_on():
        load.more()
        site.network.pull(WEB[0])
        load.more()
        site.network.plug(WEB[0])
        load.more()
    site.check(load)
    alone = Load(Visitor(site.servers[:1], site.load().visitor.inside), load.inspectorate)
    alone.upload()
    site.check(alone)


def test_a_primary_that_is_cut_off_loses_nothing(site: Site) -> None:
    """The primary runs on but reaches nobody; the standby takes over, and nothing acknowledged is lost."""
    load = site.load()
    with load.going_on():
        load.more()
        site.network.pull(DATABASES[0])
        site.databases.standby.promote()
        load.more()
        load.more()
    site.check(load)
    assert site.databases.primary.run("SELECT pg_is_in_recovery()") == [False]
    assert site.databases.standby.run("SELECT pg_is_in_recovery()") == [False]


def test_databases_that_are_cut_off_are_found_again(site: Site) -> None:
    """While no database is reached a web machine says that it is busy; connected again, both go on by themselves."""
    load = site.load()
    with load.going_on():
        load.more()
        for name in DATABASES:
            site.network.pull(name)
        for name, server in zip(WEB, site.servers, strict=True):
            with site.network.inside(name):
                wait_until("it says busy", lambda: server.client.get("/data/papan").status == 503)  # noqa: B023
        for name in DATABASES:
            site.network.plug(name)
        load.more()
    site.check(load)
