"""The way back: what a page says of the back button, and where the site's address stands."""

import dataclasses
from pathlib import Path

import pytest

from dropbox.settings.installation import load
from dropbox.web.app import create_app
from tests.support.desks import FakeInspectorate, make_site
from tests.web.conftest import Place, Reporter

GIVEN = ("/selesai", "/keamanan", "/kunci", "/pengunci.html")
BACK = 'id="back"'
ADDRESS, ONION = "https://lapor.example.go.id", "a" * 56 + ".onion"


def test_the_answer_to_a_form_says_what_back_can_show(place: Place) -> None:
    """Review, receipt, thread and a form with faults say it beside the exit; a page that was only opened does not."""
    reporter = place.reporter()
    receipt = reporter.send()
    posted = (reporter.review(), receipt, reporter.status(), reporter.review(what=""))
    assert [BACK in page.get_data(as_text=True) for page in posted] == [True] * 4
    opened = [place.client().get(path).get_data(as_text=True) for path in ("/lapor", "/lapor/server", "/status", "/")]
    assert not any(BACK in page for page in opened)


@pytest.mark.parametrize("visited", ["lapor.example.go.id", ONION, "elsewhere.example"])
def test_the_address_stands_wherever_somebody_has_to_come_back(tmp_path: Path, visited: str) -> None:
    """Review, receipt, end, advice, keys and sealer show what the settings name, whatever host was asked for."""
    settings = dataclasses.replace(load(), address=ADDRESS, onion=ONION)
    site, _ = make_site(tmp_path, FakeInspectorate(), settings)
    client = create_app(site).test_client()
    client.environ_base["HTTP_HOST"] = visited
    reporter = Reporter(client)
    pages = [reporter.review(), reporter.send(), *map(client.get, GIVEN)]
    for page in pages:
        text = page.get_data(as_text=True)
        assert text.count(f">{ADDRESS}<") == text.count(f">http://{ONION}<") > 0
        assert "elsewhere.example" not in text
    site.store.close()


def test_without_a_setting_the_address_is_the_visitors_own_onion(place: Place) -> None:
    """An onion host is shown once, another one never; the sealer, the same for everybody, shows none."""
    client = place.client()
    for host, times in (("here.example", 0), (ONION, 1)):
        assert client.get("/selesai", headers={"Host": host}).get_data(as_text=True).count(f">http://{host}<") == times
        assert host not in client.get("/pengunci.html", headers={"Host": host}).get_data(as_text=True)
