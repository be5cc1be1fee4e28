"""While the database cannot be reached, every page says that the server is busy, and what was typed comes back."""

from collections.abc import Callable

import pytest

from dropbox.errors import StorageLostError
from tests.web.conftest import REPORT, Place, hooks


@pytest.fixture
def lose(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on nothing can be read or written."""

    def lost(*_: object, **__: object) -> None:
        raise StorageLostError("store.lost")

    def now() -> None:
        for way in ("read", "write", "rows"):
            monkeypatch.setattr(place.site.store.connections, way, lost)
        monkeypatch.setattr(place.site.store.room, "_usage", None)

    return now


@pytest.mark.parametrize("warm", [False, True])
def test_every_page_is_an_answer(place: Place, lose: Callable[[], None], *, warm: bool) -> None:
    """No address answers with an error of the server, whether it was asked for before or not."""
    client = place.client()
    rules = [rule for rule in place.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    assert len(rules) > 30
    for rule in rules if warm else ():
        client.get(rule.rule)
    lose()
    found = {rule.rule: client.get(rule.rule).status_code for rule in rules}
    assert {path: status for path, status in found.items() if status >= 500 and status != 503} == {}
    assert found["/lapor"] == 503


def test_a_report_comes_back(place: Place, lose: Callable[[], None]) -> None:
    """At the review and at the sending, what was typed is on the page that says that the server is busy."""
    client = place.client()
    review = hooks(client.post("/lapor", data=REPORT | {"step": "review"}))
    lose()
    for step in ("review", "send"):
        answer = client.post("/lapor", data=review.inputs | REPORT | {"step": step})
        assert (answer.status_code, hooks(answer).hooks["data-error"]) == (503, ["busy"])
        assert REPORT["what"] in answer.get_data(as_text=True)


def test_an_addition_comes_back(place: Place, lose: Callable[[], None]) -> None:
    """What was typed for a thread is on the page, with its code and words."""
    reporter = place.reporter()
    assert reporter.send().status_code == 200
    lose()
    secret = {name: reporter.secret[name] for name in ("code", "words")}
    fields = secret | {"what": "Tambahan yang panjang."}
    answer = reporter.client.post("/tambah", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 503
    assert "Tambahan yang panjang." in answer.get_data(as_text=True)
    assert secret["code"] in answer.get_data(as_text=True)


def test_an_upload_is_told_to_wait(place: Place, lose: Callable[[], None]) -> None:
    """A tus client gets 503 and a time after which to ask again."""
    lose()
    answer = place.client().head(f"/unggah/{bytes(16).hex()}", headers={"Tus-Resumable": "1.0.0"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
