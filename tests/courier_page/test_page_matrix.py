"""Address x who asks, from the URL map: who is not logged in reaches the door alone, and changes nothing."""

import inspect
import io
from collections.abc import Callable

import pytest
from page_world import NAME, PASSPHRASE, Browser, FakeGate, World, sample_export
from werkzeug.test import TestResponse

from dropbox.courier.gate.client import Gate
from dropbox.courier.pages import guard, sessions

TABLE = """
GET  /static/<path:filename>    open
GET  /masuk                     open
POST /masuk                     open
GET  /bahasa/<lang>             open
GET  /                          courier
GET  /bantuan                   courier
GET  /ekspor/<int:number>       courier
GET  /hasil                     courier
POST /ekspor                    courier
POST /keluar                    courier
POST /kiriman                   courier
"""
ROWS = {(method, rule): who for method, rule, who in (line.split() for line in TABLE.split("\n") if line)}
EXAMPLES = {"<path:filename>": "courier.css", "<lang>": "en", "<int:number>": "12"}
COURIERS = sorted(row for row, who in ROWS.items() if who == "courier")
CHANGES = sorted(row for row, who in ROWS.items() if row[0] == "POST")


def address(rule: str) -> str:
    for variable, value in EXAMPLES.items():
        rule = rule.replace(variable, value)
    return rule


def ask(browser: Browser, method: str, rule: str, token: str = "", **headers: str) -> TestResponse:
    sent = {"csrf_token": token, "file": (io.BytesIO(b"x"), "return")} if method == "POST" else None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.client.open(address(rule), method=method, data=sent, headers=named, buffered=True)


@pytest.fixture
def world(world: World) -> World:
    world.gate.ready, world.gate.body = sample_export(12, b"sealed"), b"sealed"
    return world


def test_every_address_has_a_row(world: World) -> None:
    """No route is without a line of the table, and no line without a route."""
    routes = {
        (method, rule.rule)
        for rule in world.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    assert routes == ROWS.keys()


def test_what_is_open_is_what_the_guard_lets_through(world: World) -> None:
    """The table and the guard name the same addresses."""
    rules = {rule.endpoint: rule.rule for rule in world.app.url_map.iter_rules()}
    assert {rules[name] for name in guard.OPEN} == {rule for (_, rule), who in ROWS.items() if who == "open"}


def _never(world: World) -> Browser:
    return world.browser()


def _logged_out(world: World) -> Browser:
    browser = world.inside()
    browser.post("/keluar")
    return browser


def _expired(world: World) -> Browser:
    browser = world.inside()
    world.turn(sessions.IDLE_SECONDS + 1)
    return browser


def _removed(world: World) -> Browser:
    browser = world.inside()
    world.accounts.remove(NAME)
    return browser


def _reset(world: World) -> Browser:
    browser = world.inside()
    world.accounts.reset(NAME, PASSPHRASE)
    return browser


def _of_another_start(world: World) -> Browser:
    cookie = world.inside().client.get_cookie("courier")
    assert cookie
    other = World(world.folder / "other").browser()
    other.world.gate = world.gate
    other.client.set_cookie("courier", cookie.value)
    return other


STATES = [_never, _logged_out, _expired, _removed, _reset, _of_another_start]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("method", "rule"), COURIERS)
def test_who_is_not_logged_in_is_led_to_the_door(
    world: World, state: Callable[[World], Browser], method: str, rule: str
) -> None:
    """Each address of a courier but the download's leads to the door, shows nothing, and changes nothing."""
    browser = state(world)
    answer = ask(browser, method, rule, browser.token())
    is_download = rule.startswith("/ekspor/")
    assert (answer.status_code, answer.location) == ((403, None) if is_download else (303, "/masuk"))
    assert b"sealed" not in answer.data
    assert (world.gate.done, world.gate.files) == ([], [])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("path", ["/tidak-ada", "/ekspor/x", "/static/../app.py", "/keluar"])
def test_no_other_address_is_open(world: World, state: Callable[[World], Browser], path: str) -> None:
    """An address that does not exist, or not for this method, says no more than the door."""
    answer = state(world).get(path)
    assert answer.status_code in (303, 404)
    assert answer.location in ("/masuk", None)


@pytest.mark.parametrize(("method", "rule"), sorted(ROWS))
def test_a_courier_reaches_every_address(world: World, method: str, rule: str) -> None:
    """Who is logged in gets an answer of each address that is not the door's."""
    browser = world.inside()
    answer = ask(browser, method, rule, browser.token("/bantuan"))
    is_mistake = (method, rule) == ("POST", "/masuk")  # an empty form
    assert answer.status_code in ((401,) if is_mistake else (200, 302, 303))
    assert ROWS[method, rule] == "open" or rule == "/keluar" or answer.location != "/masuk"


@pytest.mark.parametrize(("method", "rule"), CHANGES)
@pytest.mark.parametrize("token", ["", "x", "of another browser"])
def test_nothing_changes_without_the_token(world: World, method: str, rule: str, token: str) -> None:
    """A form without its token, or with the one of another browser, is refused before anything happens."""
    browser = world.inside()
    sent = world.inside().token("/bantuan") if token.startswith("of") else token
    assert ask(browser, method, rule, sent).status_code == 400
    assert (world.gate.done, world.gate.files) == ([], [])
    assert browser.is_inside()


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1", "x.onion", "localhost:x", ""])
@pytest.mark.parametrize(("method", "rule"), sorted(ROWS))
def test_under_another_name_nothing_is_here(world: World, method: str, rule: str, host: str) -> None:
    """A name that was bent to this machine (DNS rebinding) gets a refusal, also from a browser that is inside."""
    browser = world.inside()
    answer = ask(browser, method, rule, browser.token("/bantuan"), Host=host)
    assert answer.status_code in (400, 403)
    assert (world.gate.done, world.gate.files) == ([], [])


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://example.org"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
@pytest.mark.parametrize(("method", "rule"), CHANGES)
def test_other_sites_send_no_forms(world: World, method: str, rule: str, headers: dict[str, str]) -> None:
    """What a browser marks as another site's is refused, also with the token."""
    browser = world.inside()
    assert ask(browser, method, rule, browser.token("/bantuan"), **headers).status_code == 403
    assert (world.gate.done, world.gate.files) == ([], [])


def test_the_onion_name_is_the_pages_own(world: World) -> None:
    """The name of the settings is answered, with a port or without."""
    onion = "a" * 56 + ".onion"
    changed = world.settings.courier_page.__class__(world.folder, world.folder, onion)
    object.__setattr__(world.settings, "courier_page", changed)
    for host in (onion, f"{onion}:80", "localhost:8001", "[::1]:8001"):
        assert world.browser().get("/masuk", Host=host).status_code == 200
    assert world.browser().get("/masuk", Host="b" + onion[1:]).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/masuk", "/bantuan", "/tidak-ada", "/static/courier.js", "/ekspor/12", "/kiriman"]
)
def test_every_answer_has_the_headers(world: World, path: str) -> None:
    """Policy, no store and no frame, on pages, files, redirects and errors; no inline script or style is allowed."""
    for browser in (world.browser(), world.inside()):
        answer = browser.get(path)
        for name, value in guard.HEADERS:
            assert answer.headers[name] == value
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_large_form_is_refused_before_it_is_read(world: World) -> None:
    """Who is not inside can make the page hold 16 KiB."""
    answer = world.browser().client.post("/masuk", data={"name": "x" * 20_000})
    assert answer.status_code == 413


def test_the_body_of_a_stranger_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload without a session is led to the door although its form was never parsed."""
    monkeypatch.setattr("werkzeug.formparser.FormDataParser.parse", lambda *_: pytest.fail("a form was read"))
    answer = world.browser().client.post("/kiriman", data={"file": (io.BytesIO(b"x" * 1000), "return")})
    assert (answer.status_code, answer.location) == (303, "/masuk")


def test_the_fake_gate_is_a_gate() -> None:
    """Each public method of the fake is one of the real client, with the same parameters and result."""
    fake, real = (
        {
            name: inspect.signature(method)
            for name, method in vars(each).items()
            if inspect.isfunction(method) and not name.startswith("_")
        }
        for each in (FakeGate, Gate)
    )
    assert real
    assert fake == real
