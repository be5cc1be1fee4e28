"""Inside another app: recognized by two headers, shown the way out, and let through by an address alone."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.installation import from_table, load
from dropbox.web.base.view import PAGES
from dropbox.web.http.addresses import HERE
from dropbox.web.pages.webview import ENTRANCES, is_inside_app
from tests.support.desks import make_site
from tests.web.conftest import Place

ANDROID = (
    "Mozilla/5.0 (Linux; Android 11; SM-A107F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)
WEBVIEW = ANDROID.replace("SM-A107F", "SM-A107F Build/RP1A; wv").replace("Gecko) ", "Gecko) Version/4.0 ")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ONION = "a" * 55 + "d.onion"
APPS = {
    "a WebView": (WEBVIEW, ""),
    "Pusaka by its package": (ANDROID, "id.go.kemenag.pusaka"),
    "an app of one name": (ANDROID, "com.whatsapp"),
    "Facebook": (ANDROID + " [FBAN/FB4A;FBAV/400.0]", ""),
    "Facebook's lite": (ANDROID + " [FB_IAB/FB4A]", ""),
    "Instagram": (ANDROID + " Instagram 300.0.0 Android", ""),
    "Line": (ANDROID + " Line/13.0.0/IAB", ""),
    "WhatsApp": ("WhatsApp/2.23.20 A", ""),
    "Telegram": (ANDROID + " Telegram-Android/10.0", ""),
    "TikTok": (ANDROID + " musical_ly_2023 BytedanceWebview/d8a21c6", ""),
    "X": (ANDROID + " TwitterAndroid", ""),
    "iOS app": (IPHONE + " Mobile/15E148", ""),
    "Instagram on iOS": (IPHONE + " Mobile/15E148 Instagram 300.0", ""),
    "Google's app on iOS": (IPHONE + " GSA/280.0 Mobile/15E148 Safari/604.1", ""),
}
BROWSERS = {
    "Chrome": (ANDROID, ""),
    "a script of a page": (ANDROID, "XMLHttpRequest"),
    "Tor Browser on Android": ("Mozilla/5.0 (Android 10; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", ""),
    "Tor Browser": ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", ""),
    "Safari": (IPHONE + " Version/16.0 Mobile/15E148 Safari/604.1", ""),
    "Firefox on iOS": (IPHONE + " FxiOS/128.0 Mobile/15E148 Safari/605.1.15", ""),
    "Samsung": (ANDROID.replace("Chrome/", "SamsungBrowser/23.0 Chrome/"), ""),
    "UC Browser": (ANDROID + " UCBrowser/13.4", ""),
    "nothing said": ("", ""),
}


@pytest.fixture
def addressed(tmp_path: Path) -> Iterator[Place]:
    """A site that knows its address and has an onion address."""
    settings = replace(load(), address="https://lapor.example.go.id", onion=ONION)
    site, inspectorate = make_site(tmp_path, settings=settings)
    yield Place(site, inspectorate)
    site.store.close()


@pytest.mark.parametrize("name", APPS)
def test_apps_are_recognized(name: str) -> None:
    """Each browser inside an app is one."""
    assert is_inside_app(*APPS[name])


@pytest.mark.parametrize("name", BROWSERS)
def test_browsers_are_not_taken_for_apps(name: str) -> None:
    """No browser of its own is sent away, least of all Tor Browser."""
    assert not is_inside_app(*BROWSERS[name])


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_entrance_explains_first(addressed: Place, prefix: str) -> None:
    """Inside an app no form appears: the page tells why, and how to get out, with the address of that very page."""
    client = addressed.client()
    for name in ENTRANCES:
        path = prefix + PAGES[name]
        answer = client.get(path, headers={"User-Agent": WEBVIEW, "X-Requested-With": "id.go.kemenag.pusaka"})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "data-inside-app" in text
        assert "<form" not in text
        assert f"data-address>https://lapor.example.go.id{path}<" in text
        rest = f"lapor.example.go.id{path}#Intent;scheme=https;package=com.android.chrome;end"
        assert f'href="intent://{rest}"' in text
        assert f'href="intent://{ONION}{path}#Intent;scheme=http;package=org.torproject.torbrowser;end"' in text
        assert f'href="{HERE}{path}"' in text
        assert "<svg" in text
        assert 'class="exit"' in text
        onwards = client.get(HERE + path, headers={"User-Agent": WEBVIEW})
        assert onwards.status_code == 200
        assert "data-inside-app" not in onwards.get_data(as_text=True)


def test_what_explains_can_be_read_inside_an_app(place: Place) -> None:
    """Advice, rights and contacts open at once; a form that is already open is still taken."""
    client = place.client()
    for path in ("/keamanan", "/kontak", "/pusaka", "/informasi", "/kunci"):
        assert "data-inside-app" not in client.get(path, headers={"User-Agent": WEBVIEW}).get_data(as_text=True)
    reporter = place.reporter()
    hidden = reporter.form()
    data = {"code": hidden["code"], "words": hidden["words"]}
    assert client.post("/status", data=data, headers={"User-Agent": WEBVIEW}).status_code == 404


def test_only_android_is_offered_links_that_open_a_browser(addressed: Place) -> None:
    """An iPhone gets address and picture, no link that it does not know."""
    text = addressed.client().get("/", headers={"User-Agent": APPS["iOS app"][0]}).get_data(as_text=True)
    assert "data-inside-app" in text
    assert "intent:" not in text


def test_the_page_for_pusaka_tells_what_it_is(addressed: Place) -> None:
    """One plain link serves as menu entry: inside the app it offers the way out and "here", in a browser it goes on."""
    client = addressed.client()
    inside = client.get("/pusaka", headers={"User-Agent": WEBVIEW}).get_data(as_text=True)
    outside = client.get("/pusaka", headers={"User-Agent": ANDROID}).get_data(as_text=True)
    assert f'href="{HERE}/"' in inside
    assert HERE not in outside
    assert "data-address>https://lapor.example.go.id/<" in inside


def test_without_a_setting_only_an_onion_or_loopback_address_is_the_one_that_was_asked_for(place: Place) -> None:
    """Such a host of the request stands there; another one, or one that is none, is not repeated."""
    client = place.client()
    own = client.get("/", headers={"User-Agent": WEBVIEW, "Host": ONION}).get_data(as_text=True)
    assert f"data-address>http://{ONION}/<" in own
    open_net = client.get("/", headers={"User-Agent": WEBVIEW, "Host": "tempat.example:8443"}).get_data(as_text=True)
    assert "data-inside-app" in open_net
    assert "tempat.example" not in open_net
    odd = client.get("/", headers={"User-Agent": WEBVIEW, "Host": 'x"><b>'})
    assert b"<b>" not in odd.get_data()
    assert odd.status_code in (200, 400)


def test_the_headers_are_kept_nowhere(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the app's name nor the browser's stands in page, header, log line or store."""
    headers = {"User-Agent": WEBVIEW + " kenari", "X-Requested-With": "id.kenari.app"}
    with caplog.at_level(logging.DEBUG):
        for path in ("/", "/lapor", "/pusaka", "/tidak-ada"):
            answer = place.client().get(path, headers=headers)
            assert "kenari" not in answer.get_data(as_text=True) + str(answer.headers)
    assert "kenari" not in caplog.text
    url = place.site.store.connections.engine.url
    assert url.database
    assert not any(b"kenari" in path.read_bytes() for path in Path(url.database).parent.iterdir() if path.is_file())


@pytest.mark.parametrize(
    "address", ["lapor.example", "https://x.example/", "https://x.example/lapor", "ftp://x", "https://"]
)
def test_an_address_that_is_none_stops_the_start(address: str, tmp_path: Path) -> None:
    """The site's address has a scheme and a host, and nothing behind it."""
    import tomllib
    from importlib.resources import files

    table = tomllib.loads((files("dropbox.settings") / "settings.toml").read_text("utf-8"))
    table["site"]["address"] = address
    with pytest.raises(ConfigurationError, match=r"site\.address"):
        from_table(table, tmp_path)
