"""Measures normal requests during 500 slow connections: how many succeed, and the 95th percentile of their time."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from figures import Figure

from tests.support.dawdlers import WAYS, dawdling, dribble, page
from tests.support.server import Server, SiteFolder, serving

_VIEWS: Final = 40
_REPORTS: Final = 10


def measure() -> list[Figure]:
    """Measure each kind of slow connection, and all at once, compared with an idle server."""
    shares, views, reports = [], [], []
    with tempfile.TemporaryDirectory() as name, serving(SiteFolder(Path(name) / "site").make()) as server:
        quiet = _p95(lambda: page(server) == 200, _VIEWS)[1]
        for ways in [*([way] for way in WAYS.values()), list(WAYS.values())]:
            with dawdling(server, *ways) as peers:
                seen, view = _p95(lambda: page(server) == 200, _VIEWS)
                dribble(peers)
                sent, report = _p95(lambda: _reports(server), _REPORTS)
                shares.append(100 * (seen + sent) / (_VIEWS + _REPORTS))
                views.append(view)
                reports.append(report)
    return [
        Figure("honest requests that succeed, each way of dawdling", shares, "%", at_least=95),
        Figure("page view, 95th percentile", views, "s", at_most=3),
        Figure("whole report without JavaScript, 95th percentile", reports, "s", at_most=3),
        Figure("page view on the quiet server, 95th percentile", [quiet], "s"),
    ]


def _reports(server: Server) -> bool:
    return server.client.report().statuses == ["TERKIRIM"]


def _p95(act: Callable[[], bool], count: int) -> tuple[int, float]:
    """Return (number of successes, 95th percentile in seconds)."""
    good, seconds = 0, []
    for _ in range(count):
        began = time.monotonic()
        try:
            good += act()
        except (OSError, ValueError, AssertionError):
            continue
        finally:
            seconds.append(time.monotonic() - began)
    return good, statistics.quantiles(seconds, n=20)[-1]
