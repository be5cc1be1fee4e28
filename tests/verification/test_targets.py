"""Where a site is: names as they are looked up, and several addresses of one host within one time."""

import socket
import time
from types import SimpleNamespace
from typing import Any

import pytest

from dropbox.errors import RefusedError
from dropbox.verification import fetching
from dropbox.verification.faces import FACES
from dropbox.verification.fetching import Line, UnansweredError
from dropbox.verification.target import target_of
from tests.verification.conftest import Signed

HOST = "site.invalid"


def addresses(*ends: tuple[str, int]) -> Any:
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 0, "", end) for end in ends]


@pytest.mark.parametrize("name", ["a..b", "a" * 64, ".".join(["a" * 60] * 5)])
def test_a_name_that_cannot_be_looked_up_is_refused(name: str) -> None:
    """Of the site and of the proxy: empty or long labels, and names that are too long."""
    with pytest.raises(RefusedError) as site:
        target_of(f"http://{name}")
    with pytest.raises(RefusedError) as proxy:
        target_of("http://a.example", f"socks5h://{name}:9050")
    assert (site.value.code, proxy.value.code) == ("verify.url", "verify.proxy")


def test_a_name_is_sent_in_ascii() -> None:
    """As browsers send it: to resolvers, to the proxy, and to the site."""
    target = target_of("https://Bücher.example:8443", "socks5h://bücher.example:9050")
    assert (target.name, target.host) == ("xn--bcher-kva.example", "xn--bcher-kva.example:8443")
    assert target.proxy == ("xn--bcher-kva.example", 9050)


def test_dead_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty addresses that do not answer take no longer than one answer may."""
    now, waited = 0.0, []

    def dead(line: socket.socket, _: object) -> None:
        nonlocal now
        waited.append(line.gettimeout() or 0.0)
        now += waited[-1]
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", addresses(*[("192.0.2.1", 80)] * 20))
    monkeypatch.setattr(socket.socket, "connect", dead)
    monkeypatch.setattr(fetching, "time", SimpleNamespace(monotonic=lambda: now))
    line = Line(target_of(f"http://{HOST}"), "x", 8.0)
    with pytest.raises(UnansweredError, match="timeout"):
        line.fetch(FACES[0].request("GET", "/", HOST, secure=False, way="typed"), 1)
    assert 1 < len(waited) < 20
    assert sum(waited) == pytest.approx(8.0)


def test_an_address_that_is_dead_hides_no_other(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next address of the host is asked."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        monkeypatch.setattr(socket, "getaddrinfo", addresses(taken.getsockname(), ("127.0.0.1", signed.server.port)))
        line = Line(target_of(f"http://{HOST}"), "x", 60.0, time.monotonic() + 60)
        assert (
            line.fetch(FACES[0].request("GET", "/data/root.pub", HOST, secure=False, way="typed"), 4096).status == 200
        )
        line.close()
