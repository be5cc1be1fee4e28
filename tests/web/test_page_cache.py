"""Kept answers are those that the application would make now, for everybody; no visitor gets into another's page."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dropbox.settings.installation import load
from dropbox.web.app import create_app, make_pages
from dropbox.web.base.address import public_address
from dropbox.web.base.site import Site
from dropbox.web.http.addresses import HERE, BareAddresses
from dropbox.web.http.headers import ConstantHeaders
from dropbox.web.pages.shared import OWN, shared_paths
from tests.support.desks import NOW, make_site
from tests.web.conftest import Place
from tests.web.test_statistics import PERIOD, publish

ONION = "a" * 55 + "d.onion"
PACKED = {"Accept-Encoding": "gzip, deflate, br"}
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36"
IN_APP = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36 Instagram 300"


@dataclass
class Clock:
    """A clock that tests turn."""

    now: datetime.datetime = NOW

    def __call__(self) -> datetime.datetime:
        """The time."""
        return self.now


@dataclass
class Pair:
    """One site behind the cache, and the same site without it."""

    place: Place
    clock: Clock
    app: Flask
    kept: FlaskClient
    fresh: FlaskClient

    def paths(self) -> list[str]:
        """Addresses of all answers that are equal for all."""
        return sorted(shared_paths(self.app))

    def check(self, path: str, *, method: str = "GET", **headers: str) -> TestResponse:
        """Both say the same; the kept answer comes back."""
        answers = [client.open(path, method=method, headers=headers) for client in (self.kept, self.fresh)]
        ours, theirs = ((one.status_code, sorted(one.headers), one.get_data()) for one in answers)
        assert ours == theirs, path
        for one in answers:
            one.close()
        return answers[0]

    def check_all(self) -> dict[str, bytes]:
        """The same for every address; returns the pages."""
        return {path: self.check(path, **PACKED).get_data() for path in self.paths() if "/static/" not in path}


def _pair(folder: Path, **of_settings: str) -> Pair:
    site, inspectorate = make_site(folder, settings=replace(load(), **of_settings))
    clock = Clock()
    site = Site(site.settings, site.anchor, site.store, clock=clock)
    app, other = create_app(site), create_app(site)
    bare = ConstantHeaders(BareAddresses(partial(Flask.wsgi_app, other)))
    other.wsgi_app = bare  # type: ignore[method-assign]
    return Pair(Place(site, inspectorate), clock, app, app.test_client(), other.test_client())


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A site that knows its address and its onion address; tests do not change its state."""
    pair = _pair(tmp_path_factory.mktemp("site"), address="https://lapor.example", onion=ONION)
    yield pair
    pair.place.site.store.close()


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Pair]:
    """A site whose state tests change."""
    pair = _pair(tmp_path)
    yield pair
    pair.place.site.store.close()


def test_every_answer_to_get_is_kept_or_named(pair: Pair) -> None:
    """Whoever adds a page that looks at its visitor names it in OWN."""
    rules = [rule for rule in pair.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    own = {rule.rule for rule in rules if rule.endpoint.rpartition(".")[2] in OWN}
    assert own == {"/pusaka", "/en/pusaka"}
    assert {rule.rule for rule in rules} - own == {path for path in pair.paths() if not path.startswith("/static/")}


@pytest.mark.parametrize("encoding", ["gzip, deflate, br", ""])
def test_a_kept_answer_is_what_the_application_says(pair: Pair, encoding: str) -> None:
    """Every address, made now and given again: status, headers and bytes."""
    for path in pair.paths():
        for _ in range(2):
            pair.check(path, **{"Accept-Encoding": encoding})


def test_no_visitor_changes_what_others_get(pair: Pair) -> None:
    """Every address: after a request full of what is somebody's own, the next visitor gets the application's answer."""
    theirs = {
        "Cookie": "sesi=rahasia-saya",
        "Accept-Language": "en",
        "User-Agent": ANDROID,
        "X-Forwarded-Host": "jahat.example",
        "X-Forwarded-Prefix": "/rahasia-saya",
        "X-Original-URL": "/rahasia-saya",
        "Referer": "https://kantor.example/rahasia-saya",
        "Host": "rahasia-saya.example",
    }
    for path in pair.paths():
        first = pair.kept.get(path, headers=PACKED | theirs)
        assert b"rahasia-saya" not in first.get_data() + str(first.headers).encode()
        first.close()
        pair.check(path, **PACKED)


HEADERS = st.dictionaries(
    st.sampled_from(["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Accept-Language", "Accept-Encoding", "Cookie"])
    | st.sampled_from(["User-Agent", "X-Requested-With", "X-Tor2web", "Range", "Forwarded"]),
    st.sampled_from(
        [ONION, "x.onion:80", f"{ONION}.", "a.onion.ws", "lapor.example", "LAPOR.example:8000", "[::1]", ""]
    )
    | st.sampled_from([IN_APP, ANDROID, "br", "gzip;q=0, br", "*", "https", "bytes=0-3", "com.app.one", "en;q=0.9"]),
)
PATHS = st.sampled_from(["/", "/lapor/server", "/en/status/server", "/kunci", "/data/kunci", "/static/style.css"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visits=st.lists(
        st.tuples(PATHS, st.sampled_from(["", HERE]), st.sampled_from(["GET", "HEAD", "POST"]), HEADERS), max_size=4
    )
)
def test_whatever_came_before_each_visitor_gets_the_applications_answer(
    pair: Pair, visits: list[tuple[str, str, str, dict[str, str]]]
) -> None:
    """Any mix of visitors, by any host, in apps, behind proxies, with any encodings."""
    for path, prefix, method, headers in visits:
        pair.check(prefix + path, method=method, **headers)


@pytest.mark.parametrize("path", ["/lapor", "/en/kunci", "/static/style.css"])
def test_a_query_is_no_part_of_any_answer(pair: Pair, path: str) -> None:
    """It is cut off by a redirect before anything is looked up, and what follows is the plain page."""
    answer = pair.kept.get(f"{path}?token=rahasia-saya")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    pair.check(path)


def test_pages_change_at_midnight(changing: Pair) -> None:
    """Both midnights, that of the office and that of the epochs: dates to come back by, and keys."""
    before = changing.check_all()
    for hours in (24, 24 * 7):
        changing.clock.now = NOW + datetime.timedelta(hours=hours)
        after = changing.check_all()
        assert before["/lapor"] != after["/lapor"]
        before = after
    assert before["/data/kunci"] != b""


def test_pages_change_with_an_import(changing: Pair) -> None:
    """A board, statistics and new keys are shown with the next answer."""
    place = changing.place
    before = changing.check_all()
    publish(place, PERIOD)
    assert changing.check("/statistik", **PACKED).get_data() != before["/statistik"]
    desk = place.inspectorate.desks["itjen"]
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "board", "itjen", 2, desk.packed_board(2, []))
        place.site.store.published.put(tx, "keys", "itjen", 2, desk.key_bundle(2))
    after = changing.check_all()
    assert after["/data/papan"] != before["/data/papan"]
    assert after["/data/kunci"] != before["/data/kunci"]


def test_pages_change_when_files_are_closed(changing: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """And when they are open again."""
    room = changing.place.site.store.room
    before = changing.check_all()
    open_now = room.takes_files
    monkeypatch.setattr(room, "takes_files", lambda: False)
    closed = changing.check_all()
    assert closed["/kirim-berkas"] != before["/kirim-berkas"]
    monkeypatch.setattr(room, "takes_files", open_now)
    assert changing.check_all() == before


def test_pages_are_made_before_anybody_asks(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start every page is there: no wait tells a visitor whether another came before."""
    make_pages(pair.app, pair.place.site)
    there = []
    for path in pair.paths():
        with pair.fresh.get(path) as answer:
            there += [path] if answer.status_code == 200 else []
    asked: list[object] = []
    cache = pair.app.extensions["dropbox-pages"]
    application = cache._application
    monkeypatch.setattr(cache, "_application", lambda *given: asked.append(given) or application(*given))
    assert len(there) > 20
    for path in there:
        for host in ("lapor.example", ONION):
            pair.kept.get(path, headers=PACKED | {"Host": host}).close()
    assert asked == []


def test_every_host_without_an_address_is_one(changing: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the settings name no address, pages are made for all hosts before anybody asks, and name none of them."""
    make_pages(changing.app, changing.place.site)
    cache = changing.app.extensions["dropbox-pages"]
    for host in ("satu.example", "dua.example:8000"):
        text = changing.check("/keamanan", Host=host, **PACKED).headers
        assert text["Content-Encoding"] == "gzip"
        assert host not in changing.check("/keamanan", Host=host).get_data(as_text=True)
    kept = len(cache._kept._answers)
    changing.check("/keamanan", Host="c" * 56 + ".onion", **PACKED)
    monkeypatch.setattr(cache, "_application", lambda *_: pytest.fail("asked"))
    for path in ("/", "/lapor", "/en/keamanan"):
        assert changing.kept.get(path, headers=PACKED | {"Host": "tiga.example"}).status_code == 200
    assert len(cache._kept._answers) == kept


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("lapor.example", ""),
        ("lapor.example:8000", ""),
        ("127.0.0.1.example", ""),
        ("b.onion.example", ""),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("c.onion", "http://c.onion"),
    ],
)
def test_only_an_onion_or_loopback_host_is_shown(changing: Pair, host: str, shown: str) -> None:
    """Without an address in the settings no page leads to `http://` and the host of a request over the open net."""
    with changing.app.test_request_context("/", headers={"Host": host}):
        assert public_address() == shown


def test_an_answer_is_given_when_its_state_is_lost(changing: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was made just before the store could not be read is given, and not kept."""
    cache = changing.app.extensions["dropbox-pages"]
    states = iter([1])
    monkeypatch.setattr(cache, "_state_of", lambda: next(states))
    assert changing.kept.get("/lapor").status_code == 200
    assert not cache._kept._answers


def test_a_fault_of_the_store_is_not_kept(changing: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store cannot be read the page says so, and afterwards the page is back."""
    monkeypatch.setattr(changing.place.site.store.published, "numbers", lambda: 1 / 0)
    assert changing.kept.get("/lapor").status_code == 500
    monkeypatch.undo()
    assert changing.check("/lapor").status_code == 200
