"""The command asks as browsers do in each way in which a reporter comes."""

import pytest

from dropbox.verification import asking
from dropbox.verification.faces import FACES, Way, ways_to
from tests.verification.altered import Asked, Given
from tests.verification.conftest import Signed, codes
from tests.verification.test_altered_site import in_page

# Names of all headers behind Host, and values of those that say how somebody came, as recorded from Chromium 156 and
# Firefox ESR 153 on a page with Referrer-Policy `no-referrer`, and on a page of another site.
CHROMIUM = "Upgrade-Insecure-Requests User-Agent Accept Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-User Sec-Fetch-Dest"
BRAND = "sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform"
FIREFOX = "Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site"
RECORDED: dict[tuple[str, str, Way], tuple[str, dict[str, str]]] = {
    ("chromium", "/lapor", "typed"): (
        f"Connection {BRAND} {CHROMIUM} Accept-Encoding Accept-Language",
        {"Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"},
    ),
    ("chromium", "/data/root.pub", "link"): (
        f"Connection {BRAND} {CHROMIUM} Accept-Encoding Accept-Language",
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "document"},
    ),
    ("chromium", "/lapor", "elsewhere"): (
        f"Connection {BRAND} {CHROMIUM} Referer Accept-Encoding Accept-Language",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-User": "?1"},
    ),
    ("chromium", "/data/kunci", "script"): (
        (
            "Connection Pragma Cache-Control sec-ch-ua-platform User-Agent sec-ch-ua sec-ch-ua-mobile Accept "
            "Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest Accept-Encoding Accept-Language"
        ),
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "same-origin", "Cache-Control": "no-cache"},
    ),
    ("firefox", "/lapor", "link"): (
        (
            "User-Agent Accept Accept-Language Accept-Encoding Connection Upgrade-Insecure-Requests "
            f"{FIREFOX} Sec-Fetch-User Priority"
        ),
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-User": "?1", "Priority": "u=0, i"},
    ),
    ("firefox", "/lapor", "elsewhere"): (
        (
            "User-Agent Accept Accept-Language Accept-Encoding Referer Connection Upgrade-Insecure-Requests "
            f"{FIREFOX} Sec-Fetch-User Priority"
        ),
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-User": "?1"},
    ),
    ("firefox", "/data/papan", "script"): (
        f"User-Agent Accept Accept-Language Accept-Encoding Connection {FIREFOX} Priority Pragma Cache-Control",
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "same-origin", "Priority": "u=4", "Pragma": "no-cache"},
    ),
}


@pytest.mark.parametrize(("name", "path", "way"), RECORDED)
def test_a_face_sends_what_its_browser_was_recorded_to_send(name: str, path: str, way: Way) -> None:
    """The names and order of all headers, and the values that say how somebody came."""
    face = next(one for one in FACES if one.name == name)
    (host, *headers) = face.request("GET", path, "site.example", secure=True, way=way).headers
    names, values = RECORDED[name, path, way]
    assert host == ("Host", "site.example")
    assert [one for one, _ in headers] == names.split()
    assert values.items() <= dict(headers).items()


@pytest.mark.parametrize(("way", "site"), [("typed", "none"), ("link", "same-origin"), ("elsewhere", "cross-site")])
def test_a_page_for_visitors_who_came_in_one_way_is_named(
    signed: Signed, monkeypatch: pytest.MonkeyPatch, way: Way, site: str
) -> None:
    """An altered page for those alone who typed the address, clicked on a link, or came from elsewhere."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path == "/lapor" and asked.method == "GET" and asked.headers.get("Sec-Fetch-Site") == site:
            in_page(asked, given)

    monkeypatch.setattr(asking, "ways_to", lambda path: [way] if way in ways_to(path) else ways_to(path))
    assert codes(signed.look(alter, only=["/lapor"])) == {("body", "/lapor")}


def test_all_ways_are_drawn(signed: Signed) -> None:
    """In one look at some pages each way to a page and to a file occurs."""
    assert signed.look(only=["/lapor", "/data/papan", "/status", "/kunci", "/", "/batas"], rounds=5).findings == ()
    pages = {one.headers.get("Sec-Fetch-Site") for one in signed.server.seen if not one.path.startswith("/data/")}
    assert pages == {"none", "same-origin", "cross-site"}
    files = {one.headers.get("Sec-Fetch-Mode") for one in signed.server.seen if one.path == "/data/papan"}
    assert files == {"navigate", "same-origin"}
