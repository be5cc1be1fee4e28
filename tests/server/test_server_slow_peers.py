"""Five hundred connections that dawdle, in every way that was found, keep nobody from reading and reporting."""

from collections.abc import Iterator

import pytest

from tests.support.dawdlers import WAYS, dawdling, dribble, page
from tests.support.server import Server, SiteFolder, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site of its own for this file: what dawdles must not reach into other tests."""
    with serving(SiteFolder(tmp_path_factory.mktemp("slow") / "site").make()) as running:
        yield running


@pytest.mark.parametrize("way", [*WAYS, "all at once"])
def test_who_dawdles_stops_nobody(server: Server, way: str) -> None:
    """While 500 connections hang, every page view is answered and every report is acknowledged."""
    ways = WAYS.values() if way == "all at once" else [WAYS[way]]
    with dawdling(server, *ways) as peers:
        for _ in range(3):
            assert [page(server) for _ in range(5)] == [200] * 5
            assert server.client.report().statuses == ["TERKIRIM"]
            dribble(peers)
