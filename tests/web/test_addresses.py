"""Addresses are paths: a query is dropped before anything else, and "here" is a path that goes on by itself."""

import logging

import pytest

from dropbox.web.http.addresses import HERE
from tests.web.conftest import Place, Reporter, hooks

TOKEN = "eyJhbGciOi.kenari.token"
QUERIES = [
    f"token={TOKEN}", f"sso={TOKEN}&nip=198001012005011001", "x", "=", "utm_source=pusaka", f"{TOKEN}?{TOKEN}",
    "%00", "a=%0d%0aSet-Cookie:%20x=1",
]  # fmt: skip
PATHS = ["/", "/lapor", "/en/status", "/pusaka", "/wbs", "/en", "/tidak-ada", "/static/style.css", "/data/kunci"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_dropped_before_anything_else(place: Place, query: str, caplog: pytest.LogCaptureFixture) -> None:
    """GET and HEAD of any address lead to the bare one; the token stands in no header, page or log line."""
    client = place.client()
    with caplog.at_level(logging.DEBUG):
        for path in PATHS:
            for method in ("GET", "HEAD"):
                answer = client.open(f"{path}?{query}", method=method)
                assert (answer.status_code, answer.headers["Location"]) == (303, path)
                assert answer.get_data() == b""
                assert answer.headers["Cache-Control"] == "no-store"
                assert "kenari" not in str(answer.headers)
    assert "kenari" not in caplog.text


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("//evil.example/x", "/evil.example/x"),
        ("///evil.example", "/evil.example"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("/a%0d%0aX: y", "/a%0D%0AX:%20y"),
        ("/lapor%3Fx", "/lapor%3Fx"),
        (f"{HERE}/lapor", f"{HERE}/lapor"),
        ("/kunci/ü", "/kunci/%C3%BC"),
    ],
)
def test_dropping_a_query_leads_nowhere_else(place: Place, path: str, there: str) -> None:
    """Whatever the path, the answer names one of this host."""
    environ = {"PATH_INFO": _wsgi(path), "QUERY_STRING": "token=x"}
    answer = place.client().get("/", environ_overrides=environ)
    assert (answer.status_code, answer.headers["Location"]) == (303, there)


def _wsgi(path: str) -> str:
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(path).decode("latin-1")


def test_a_query_on_a_form_changes_nothing(place: Place) -> None:
    """A form that is sent to an address with a query is taken as if there were none."""
    reporter = place.reporter()
    hidden = reporter.form()
    here = place.client()
    answer = here.post(f"/status?token={TOKEN}", data={"code": hidden["code"], "words": hidden["words"]})
    assert answer.status_code == 404
    assert hooks(answer).hooks["data-error"]
    assert TOKEN not in answer.get_data(as_text=True)


def test_nothing_below_sees_a_query(place: Place) -> None:
    """Neither the request nor the copies of the address that servers keep hold one."""
    client = place.client()
    seen: list[str] = []

    @client.application.before_request
    def look() -> None:
        from flask import request

        seen.append(f"{request.url} {request.query_string!r} {request.environ.get('RAW_URI')} {request.full_path}")

    client.post("/kunci?kenari=1", environ_overrides={"RAW_URI": "/kunci?kenari=1", "REQUEST_URI": "/kunci?kenari=1"})
    assert len(seen) == 1
    assert "kenari" not in seen[0]


@pytest.mark.parametrize("lang", ["", "/en"])
def test_continuing_here_goes_on_through_the_whole_journey(place: Place, lang: str) -> None:
    """Below the path every link and form stays below it: report, answers, addition; the language link too."""
    reporter = Reporter(place.client(), HERE + lang)
    sent = reporter.send()
    pages = [reporter.client.get(HERE + lang + "/"), sent, reporter.status()]
    pages.append(reporter.add(pages[2], "lagi"))
    assert len(place.blobs()) == 2
    for page in pages:
        text = page.get_data(as_text=True)
        links = [part.split('"')[0] for part in text.split('href="')[1:] + text.split('action="')[1:]]
        ours = [link for link in links if link.startswith("/") and not link.startswith(("/data/", "/pengunci"))]
        assert ours
        assert [link for link in ours if not link.startswith(HERE + "/")] == []
    style = reporter.client.get(HERE + "/static/style.css")
    assert style.status_code == 200
    style.close()
    assert reporter.client.get(HERE).status_code == 200
    assert reporter.client.get(HERE + "x").status_code == 404
