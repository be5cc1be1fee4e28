"""Headers, cookies and addresses: the same protection on every response, and no secret where it would stay."""

import logging
from pathlib import Path

import pytest

from dropbox.crypto.secret import ReporterSecret, parse_secret
from dropbox.serving.headers import policy
from dropbox.web.http.headers import HEADERS
from tests.web.conftest import Place, hooks

PATHS = [
    "/",
    "/lapor",
    "/status",
    "/kunci",
    "/kirim-berkas",
    "/pengunci.html",
    "/selesai",
    "/en/",
    "/en/lapor",
    "/static/style.css",
    "/favicon.ico",
    "/tidak-ada",
]

# Eight words that no page, address or table of the program has: where one of them is found, it is the reporter's.
SECRET = ("6WK9-52SW-A043-2CFM", "silsilah srikaya trotoar kembang kelinci turnamen swadaya kedelai")


@pytest.fixture
def known_secret(monkeypatch: pytest.MonkeyPatch) -> ReporterSecret:
    """The secret that each review gives out in this test."""
    secret = parse_secret(*SECRET)
    monkeypatch.setattr("dropbox.web.report.views.new_secret", lambda: secret)
    return secret


def found_in(text: str) -> list[str]:
    """The code and those of the words that are in a text."""
    return [part for part in (SECRET[0], *SECRET[1].split()) if part.lower() in text.lower()]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_every_answer_bears_the_headers_and_no_cookie(place: Place, path: str, method: str) -> None:
    """200, 400, 404 and 405 alike have exactly the constant headers once, and never a cookie."""
    answer = place.client().open(path, method=method)
    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value]
    assert not answer.headers.getlist("Set-Cookie")
    assert answer.status_code < 500
    answer.close()


def test_a_server_error_has_the_headers_and_tells_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected failure gives a readable page with the headers; page and log hold no input and no reason."""

    def fail(*_: object) -> None:
        raise RuntimeError("canary-in-exception")

    reporter = place.reporter()
    reporter.form()
    monkeypatch.setattr(type(place.site.store.blobs), "put", fail)
    with caplog.at_level(logging.DEBUG):
        answer = reporter.send(what="canary-in-text")
    assert answer.status_code == 500
    assert hooks(answer).hooks["data-error"]
    assert answer.headers["Content-Security-Policy"] == policy()
    assert "canary" not in caplog.text
    assert "canary-in-exception" not in answer.get_data(as_text=True)
    assert "RuntimeError at" in caplog.text


def test_the_policy_allows_no_unsafe_source() -> None:
    """The one policy has no unsafe keyword, no foreign origin and no wildcard."""
    assert "unsafe" not in policy()
    assert "http" not in policy()
    assert "*" not in policy()


def test_finishing_clears_the_browser(place: Place) -> None:
    """The last page asks the browser to forget what it holds of this site."""
    assert "cache" in place.client().get("/selesai").headers["Clear-Site-Data"]
    assert "Clear-Site-Data" not in place.client().get("/").headers


@pytest.mark.usefixtures("known_secret")
def test_secrets_are_in_no_address_title_or_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """After a whole visit, the code and each of the words are in no form address, link or title; nothing is logged."""
    with caplog.at_level(logging.DEBUG):
        reporter = place.reporter()
        pages = [reporter.send(), reporter.status()]
        pages.append(reporter.add(pages[1], "lagi", [("a.jpg", b"x")]))
    for page in pages:
        text = page.get_data(as_text=True)
        title = text.split("<title>")[1].split("</title>")[0]
        links = "".join(part.split('"')[0] for part in text.split('href="')[1:] + text.split('action="')[1:])
        assert title
        assert links
        assert found_in(title + links) == []
        assert "Location" not in page.headers
    assert caplog.text == ""


@pytest.mark.usefixtures("known_secret")
def test_the_store_holds_no_clear_word(place: Place) -> None:
    """Nothing that a reporter typed, no code and no word of the passphrase, is in the database's files."""
    reporter = place.reporter()
    reporter.send(what="canary-kata")
    assert found_in(reporter.status().get_data(as_text=True)) == found_in(" ".join(SECRET)), "another secret was in use"
    reporter.add(reporter.status(), "canary-lagi", [("canary-nama.jpg", b"canary-isi" * 5000)])
    url = place.site.store.connections.engine.url
    assert url.database
    raw = b"".join(path.read_bytes() for path in Path(url.database).parent.iterdir()).decode("latin-1")
    assert len(raw) > 50_000, "the file that was sent is not in these files"
    assert "canary" not in raw
    assert found_in(raw) == []
