"""Every route of the site, the desk, the courier's page and the gate bears every request.

A run is counted in requests. The long run looks at seconds and memory too, and prints its figures.
"""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dropbox.courier.gate import server as gate_server
from tests.fuzz import http_apps
from tests.fuzz.http_places import WARM, Figures, Place, in_process, run
from tests.fuzz.http_requests import Route, routes_of

_GROWTH = 96 << 20  # bytes that processes may hold more at the end than when all was warm
Open = Callable[[Path], AbstractContextManager[Place]]


def _judge(place: Place, figures: Figures) -> None:
    print(figures)
    assert not figures.faults, "\n".join(figures.faults[:20])
    assert set(figures.asked) == set(routes_of(place.app))


@pytest.fixture(autouse=True)
def _paths(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in http_apps.FOLDERS:
        monkeypatch.syspath_prepend(str(folder))


# Tampered requests of each route, and what they are sent to: in a process of its own only where it starts quickly.
_SHORT: dict[str, tuple[int, Open]] = {
    "site": (1, http_apps.site),
    "desk": (1, http_apps.desk),
    "courier": (5, http_apps.courier),
    "gate": (10, http_apps.gate),
}
_LONG: dict[str, tuple[int, Open]] = {
    "site": (100, http_apps.served_site),
    "desk": (40, http_apps.served_desk),
    "courier": (1500, http_apps.courier),
    "gate": (4500, http_apps.gate),
}


@pytest.mark.parametrize("name", _SHORT)
def test_every_request_is_borne(name: str, tmp_path: Path) -> None:
    """Each route, asked by somebody who has come in, answers what it was asked, or says why not, and no 5xx."""
    rounds, opened = _SHORT[name]
    with opened(tmp_path) as place:
        _judge(place, run(place, rounds, seed=3))


@pytest.mark.soak
@pytest.mark.parametrize("name", _LONG)
def test_many_requests_are_borne(name: str, tmp_path: Path) -> None:
    """Tens of thousands of requests are answered without a 5xx, each within a second, and memory stays bounded."""
    rounds, opened = _LONG[name]
    with opened(tmp_path) as place:
        figures = run(place, rounds, seed=5, is_timed=True)
        print(json.dumps(figures.line(name)))
        _judge(place, figures)
        assert not figures.slow, "\n".join(figures.slow[:20])
        assert figures.memory[-1] - figures.memory[WARM] < _GROWTH, figures.memory


def test_each_request_of_the_gate_is_in_the_table() -> None:
    """The requests that the gate's module documents are those that are fuzzed."""
    documented = re.findall(r"^    (GET|POST) (\S+) ", gate_server.__doc__ or "", re.MULTILINE)
    assert {Route(method, path.replace("NUMBER", "<int:number>")) for method, path in documented} == set(
        routes_of(http_apps.gate_map())
    )


def test_a_new_route_and_a_new_field_are_asked() -> None:
    """What is added to the URL map is asked, with the fields of the form that leads there, and its fault is found."""
    from flask import Flask, request

    app = Flask("new", static_folder=None)
    app.add_url_rule("/", "home", lambda: '<form method="post" action="/new/7"><select name="kind"><option value="b">')
    seen = []

    def new(number: int) -> str:
        seen.append((number, request.form.get("kind")))
        return "" if request.form.get("kind") != "b" else app.aborter(500)

    app.add_url_rule("/new/<int:number>", "new", new, methods=["POST"])
    figures = run(Place(app, in_process(app.test_client())), 20, seed=4)
    assert (7, "b") in seen
    assert Route("POST", "/new/<int:number>") in figures.asked
    assert figures.faults
