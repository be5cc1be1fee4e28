"""Every route of the courier's page bears every request.

A run is counted in requests.
"""

from pathlib import Path

import pytest

from tests.fuzz.http_places import Answered, Figures, in_process, run
from tests.fuzz.http_requests import Asked, Route, routes_of

_TESTS = Path(__file__).parents[1]


def _judge(figures: Figures) -> None:
    print(figures)
    assert not figures.faults, "\n".join(figures.faults[:20])


# --- the courier's page -------------------------------------------------------------------------------------------


def _ask_courier(folder: Path, rounds: int, monkeypatch: pytest.MonkeyPatch) -> Figures:
    monkeypatch.syspath_prepend(str(_TESTS / "courier_page"))
    from page_world import World, sample_export

    world = World(folder)
    world.gate.ready, world.gate.body = sample_export(12, b"sealed"), b"sealed"
    browser = world.inside()
    token = browser.token("/bantuan")

    def ask(asked: Asked) -> Answered:
        nonlocal browser, token
        answer = in_process(browser.client)(asked)
        if asked.route.method == "POST" and browser.get("/bantuan").status_code != 200:
            world.turn(24 * 3600)  # attempts at the door cost time
            browser = world.inside()
            token = browser.token("/bantuan")
        return answer

    figures = run(world.app, ask, rounds, seed=3, token=lambda: token)
    assert set(figures.asked) == set(routes_of(world.app))
    return figures


def test_the_couriers_page_bears_every_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each route of the courier's page, asked by a courier who has logged in, answers no 5xx."""
    _judge(_ask_courier(tmp_path, 5, monkeypatch))


# --- the schema -----------------------------------------------------------------------------------------------------


def test_a_new_route_and_a_new_field_are_asked(tmp_path: Path) -> None:
    """What is added to the URL map is asked, with the fields of the form that leads there, and its fault is found."""
    from flask import Flask, request

    app = Flask("new", static_folder=None)
    app.add_url_rule("/", "home", lambda: '<form method="post" action="/new/7"><select name="kind"><option value="b">')
    seen = []

    def new(number: int) -> str:
        seen.append((number, request.form.get("kind")))
        return "" if request.form.get("kind") != "b" else app.aborter(500)

    app.add_url_rule("/new/<int:number>", "new", new, methods=["POST"])
    figures = run(app, in_process(app.test_client()), 20, seed=4)
    assert (7, "b") in seen
    assert Route("POST", "/new/<int:number>") in figures.asked
    assert figures.faults
