"""The onion address is offered where it helps; a proxy that reads along gets a warning and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.installation import load
from dropbox.web.base.messages import MESSAGES
from dropbox.web.http.headers import HEADERS
from tests.support.desks import make_site
from tests.web.conftest import REPORT, Place, hooks

ONION = "a" * 55 + "d.onion"


@pytest.fixture
def onion_place(tmp_path: Path) -> Iterator[Place]:
    """A site that has an onion address."""
    site, inspectorate = make_site(tmp_path, settings=replace(load(), onion=ONION))
    yield Place(site, inspectorate)
    site.store.close()


@pytest.mark.parametrize("path", ["/", "/lapor", "/en/status", "/tidak-ada"])
def test_pages_offer_the_onion_address(onion_place: Place, path: str) -> None:
    """A page that came by another host names the same page of the onion host."""
    answer = onion_place.client().get(path)
    assert answer.headers["Onion-Location"] == f"http://{ONION}{path}"


@pytest.mark.parametrize("path", ["/%0D%0AX-More:%20a", "/%E4%B8%AD"])
def test_whatever_an_address_holds_stays_an_address(onion_place: Place, path: str) -> None:
    """A path that no header takes is told as it came, and is no error of the server."""
    answer = onion_place.client().get(path)
    assert answer.status_code == 404
    assert answer.headers["Onion-Location"] == f"http://{ONION}{path}".replace("X-More:", "X-More%3A")
    assert "X-More" not in answer.headers


def test_not_on_the_onion_itself(onion_place: Place) -> None:
    """Whoever came by the onion address is already there."""
    for host in (ONION, f"{ONION}:80", ONION.upper(), f"{ONION}."):
        assert "Onion-Location" not in onion_place.client().get("/", headers={"Host": host}).headers


@pytest.mark.parametrize("path", ["/data/kunci", "/static/style.css", "/static/icon.svg"])
def test_only_on_pages(onion_place: Place, path: str) -> None:
    """Files and data bear no such header."""
    answer = onion_place.client().get(path)
    assert "Onion-Location" not in answer.headers
    answer.close()


def test_not_on_an_answer_to_a_form(onion_place: Place) -> None:
    """Nobody is led away from a receipt."""
    answer = onion_place.reporter().send()
    assert answer.status_code == 200
    assert "Onion-Location" not in answer.headers


def test_no_header_without_an_address(place: Place) -> None:
    """An installation without an onion address promises none."""
    assert "Onion-Location" not in place.client().get("/").headers


@pytest.mark.parametrize("onion", ["x.onion", f"http://{ONION}", ONION + "/", "b" * 56, ONION.upper()])
def test_wrong_address_in_the_settings(tmp_path: Path, onion: str) -> None:
    """What is no onion host stops the start."""
    path = tmp_path / "dropbox.toml"
    path.write_text(f'[site]\nonion = "{onion}"\n')
    with pytest.raises(ConfigurationError, match=r"site\.onion"):
        load(path)


def test_right_address_in_the_settings(tmp_path: Path) -> None:
    """A v3 host is taken, and the default is none."""
    path = tmp_path / "dropbox.toml"
    path.write_text(f'[site]\nonion = "{ONION}"\n')
    assert load(path).onion == ONION
    assert load().onion == ""


PROXIED = [
    {"Host": f"{ONION}.ws"},
    {"Host": f"{ONION}.example:443"},
    {"Host": f"{ONION}.EXAMPLE".upper()},
    {"X-Tor2web": "1"},
    {"Host": ONION, "X-Tor2web": "encrypted"},
]


@pytest.mark.parametrize("headers", PROXIED)
@pytest.mark.parametrize("path", ["/", "/lapor", "/status", "/data/kunci", "/tidak-ada"])
def test_proxies_get_a_warning(place: Place, headers: dict[str, str], path: str) -> None:
    """Through a tor2web proxy every address is the same warning, without links to forms."""
    answer = place.client().get(path, headers=headers)
    assert answer.status_code == 403
    assert hooks(answer).hooks["data-error"] == ["tor2web"]
    assert "/lapor" not in answer.get_data(as_text=True).split("<main")[1].split("</main")[0]
    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value]


@pytest.mark.parametrize("headers", PROXIED)
def test_nothing_is_accepted_through_proxies(place: Place, headers: dict[str, str]) -> None:
    """Neither a form nor an upload comes in that way."""
    client, hidden = place.client(), place.reporter().form()
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "18819", "Upload-Metadata": "id AA==,digest AA=="}
    assert client.post("/lapor", data={**REPORT, **hidden}, headers=headers).status_code == 403
    assert client.post("/unggah", headers=headers | tus).status_code == 403
    assert client.patch("/unggah/" + "0" * 32, headers=headers | tus).status_code == 403
    assert place.blobs() == []


def test_the_warning_can_be_seen(place: Place) -> None:
    """Its style sheet is not refused, and the text exists in English as well."""
    answer = place.client().get("/static/style.css", headers={"X-Tor2web": "1"})
    assert answer.status_code == 200
    answer.close()
    assert "Tor Browser" in str(MESSAGES["tor2web"])


def test_onion_hosts_with_a_final_dot_are_no_proxies(place: Place) -> None:
    """The full form of a host name is the host itself."""
    assert place.client().get("/", headers={"Host": f"{ONION}."}).status_code == 200
