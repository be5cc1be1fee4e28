"""/.well-known/security.txt: only with a contact that somebody has promised to read today."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.installation import load
from dropbox.web.app import create_app
from tests.support.desks import NOW
from tests.web.conftest import Place

PATH = "/.well-known/security.txt"
CONTACT = "mailto:keamanan@example.org"
DAY = NOW.date()


def answer(place: Place, until: datetime.date) -> tuple[int, str, str]:
    """Status, type and body of the file for a contact with this last day."""
    settings = replace(place.site.settings, security_contact=CONTACT, security_until=until, address="https://a.example")
    got = create_app(replace(place.site, settings=settings)).test_client().get(PATH)
    return got.status_code, got.content_type, got.get_data(as_text=True)


def test_without_a_contact_there_is_no_file(place: Place) -> None:
    """The packaged settings name none."""
    assert load().security_until is None
    assert place.client().get(PATH).status_code == 404


def test_the_file_has_the_fields_of_rfc_9116(place: Place) -> None:
    """Contact and Expires, once each, the languages, and its own address."""
    status, kind, body = answer(place, DAY)
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    tomorrow = (DAY + datetime.timedelta(days=1)).isoformat()
    assert body.splitlines() == [
        f"Contact: {CONTACT}",
        f"Expires: {tomorrow}T00:00:00Z",
        "Preferred-Languages: id, en",
        "Canonical: https://a.example/.well-known/security.txt",
    ]


def test_after_its_last_day_the_file_is_gone(place: Place) -> None:
    """A contact that nobody promised to read any longer is not given."""
    assert answer(place, DAY - datetime.timedelta(days=1))[0] == 404


@pytest.mark.parametrize(
    ("contact", "until"),
    [
        (CONTACT, ""),
        ("", "2027-01-01"),
        ("keamanan@example.org", "2027-01-01"),
        ("mailto:a b@example.org", "2027-01-01"),
        (CONTACT + "\nX: y", "2027-01-01"),
        (CONTACT, "2027-02-30"),
        (CONTACT, "1 January 2027"),
    ],
)
def test_half_a_contact_stops_the_start(tmp_path: Path, contact: str, until: str) -> None:
    """Contact and last day belong together and have one form each."""
    written = contact.replace("\n", "\\n")
    (tmp_path / "d.toml").write_text(f'[site]\nsecurity_contact = "{written}"\nsecurity_until = "{until}"\n')
    with pytest.raises(ConfigurationError, match=r"site\.security"):
        load(tmp_path / "d.toml")
