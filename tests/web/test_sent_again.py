"""One form sent again and again costs what it cost the first time, however often it came and whatever it said."""

from collections import Counter

import pytest
from sqlalchemy import event

from dropbox.crypto.sealing import Sealer
from tests.web.conftest import MULTIPART, Place, hooks, multipart

TIMES = 40


@pytest.fixture
def cost(place: Place, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Seals that were begun, and transactions that were committed."""
    counted: Counter[str] = Counter()
    begin = Sealer.__init__

    def counting(self: Sealer, *args: object, **named: object) -> None:
        counted["seals"] += 1
        begin(self, *args, **named)

    monkeypatch.setattr(Sealer, "__init__", counting)
    event.listen(place.site.store.connections.engine, "commit", lambda _: counted.update(["commits"]))
    return counted


def costs(cost: Counter[str]) -> tuple[int, int]:
    """What came since this was asked last."""
    found = cost["seals"], cost["commits"]
    cost.clear()
    return found


@pytest.mark.parametrize("changes", [False, True], ids=["same", "other"])
def test_a_report(place: Place, cost: Counter[str], *, changes: bool) -> None:
    """The same words are kept once, other words each time, for one seal and the same number of transactions."""
    reporter = place.reporter()
    reporter.form()
    asked = []
    for number in range(TIMES):
        cost.clear()
        assert reporter.send(what=f"Setoran {number if changes else 0}").status_code == 200
        asked.append(costs(cost))
    assert set(asked) == {(1, asked[0][1])}
    assert len(place.opened()) == (TIMES if changes else 1)


@pytest.mark.parametrize("changes", [False, True], ids=["same", "other"])
def test_an_addition_with_a_file(place: Place, cost: Counter[str], *, changes: bool) -> None:
    """A text and a file cost one seal each, each time."""
    reporter = place.reporter()
    receipt = reporter.send()
    asked = []
    for number in range(TIMES // 4):
        cost.clear()
        told = str(number if changes else 0)
        assert reporter.add(receipt, told, [("a.txt", told.encode())]).status_code == 200
        asked.append(costs(cost))
    assert set(asked) == {(2, asked[0][1])}
    assert len(place.opened()) == 1 + 2 * (TIMES // 4 if changes else 1)


def test_an_act(place: Place, cost: Counter[str]) -> None:
    """Asking for protection under one form, each time with other words, costs one seal each time."""
    reporter = place.reporter()
    page = hooks(reporter.send()).inputs
    asked = []
    for number in range(TIMES // 4):
        cost.clear()
        fields = {name: page[name] for name in ("code", "words", "nonce", "desk")}
        fields |= {"act": "protect", "protection": "career", "act-text": f"Saya {number}"}
        answer = place.client().post("/pilihan", data=multipart(fields, []), content_type=MULTIPART)
        assert answer.status_code == 200
        asked.append(costs(cost))
    assert set(asked) == {(1, asked[0][1])}
    assert len(place.opened()) == 1 + TIMES // 4
