"""A desk that cannot be addressed today is not offered, is said to be closed at once, and no other takes its place."""

from dataclasses import replace

import pytest

from dropbox.crypto.secret import parse_secret
from dropbox.wire.board import RECEIVED, Entry
from tests.support.desks import TODAY
from tests.support.sealed import Browser
from tests.web.conftest import MULTIPART, REPORT, Place, Reporter, hooks, multipart
from tests.web.test_container import Sealed, result, send
from tests.web.test_thread import publish_timeline
from tests.web.test_tus import Tus

OTHER = {"itjen": "irjen", "irjen": "itjen"}
PAGES = ["/lapor", "/lapor/server", "/en/lapor", "/en/lapor/server"]


def revoke(place: Place, *desks: str) -> None:
    """The root takes away the keys of these desks."""
    stations = sorted(place.inspectorate.desks[desk].station.public for desk in desks)
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "revocations", "", 2, place.inspectorate.revocations(2, *stations))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("desk", ["itjen", "irjen"])
def test_the_form_offers_it_no_more(place: Place, desk: str, page: str) -> None:
    """Its choice is gone, the other one stays, and a sentence names the closed one."""
    revoke(place, desk)
    text = place.client().get(page).get_data(as_text=True)
    assert f'name="desk" value="{desk}"' not in text
    assert f'name="desk" value="{OTHER[desk]}"' in text
    lang = "en" if page.startswith("/en") else "id"
    label = place.site.settings.desks[desk].label[lang]
    assert f'data-desk-closed="{desk}">{label}: ' in text.split('id="what"')[0], "said before anything is typed"
    assert "KPK" in text


def test_all_desks_are_offered_while_all_are_open(place: Place) -> None:
    """No sentence says that one is closed."""
    text = place.client().get("/lapor/server").get_data(as_text=True)
    assert "data-desk-closed" not in text
    assert all(f'name="desk" value="{desk}"' in text for desk in OTHER)


@pytest.mark.parametrize("page", PAGES)
def test_the_form_is_closed_when_all_are(place: Place, page: str) -> None:
    """Nobody writes for nothing."""
    revoke(place, "itjen", "irjen")
    answer = place.client().get(page)
    assert (answer.status_code, hooks(answer).hooks["data-error"]) == (503, ["keys-expired"])


def test_the_review_leads_to_no_closed_desk(place: Place) -> None:
    """A report that speaks of the inspectorate is not sent on to a desk that nobody can address."""
    revoke(place, "irjen")
    review = place.reporter().review(what="Pegawai itjen minta uang.")
    text = review.get_data(as_text=True)
    assert review.status_code == 200
    assert 'name="reader" value="irjen"' not in text
    assert 'data-desk-closed="irjen"' in text


def test_a_report_that_names_no_reader_goes_to_no_other_desk(place: Place) -> None:
    """The usual desk is closed: what was typed comes back, and nothing is sealed to the other."""
    revoke(place, "itjen")
    typed = {name: value for name, value in REPORT.items() if name != "desk"}
    answer = place.client().post("/lapor", data=typed | {"step": "review"})
    assert answer.status_code == 503
    assert REPORT["what"] in hooks(answer).areas["typed"]
    assert place.blobs() == []


def answered(place: Place) -> Reporter:
    """A reporter whose report itjen has collected."""
    reporter = place.reporter()
    reporter.send()
    publish_timeline(place, reporter, [Entry(TODAY, RECEIVED, texts=1)])
    return reporter


def test_no_addition_is_asked_for_that_cannot_be_sealed(place: Place) -> None:
    """The thread of a closed desk shows why, and no form."""
    reporter = place.reporter()
    reporter.send()
    revoke(place, "itjen")
    text = reporter.status().get_data(as_text=True)
    assert "data-shut" in text
    assert 'action="/tambah"' not in text
    assert 'action="/pilihan"' not in text


def test_no_addition_is_asked_for_while_nothing_is_taken_in(place: Place) -> None:
    """Answers are read all the same."""
    reporter = answered(place)
    closed = Place(replace(place.site, settings=replace(place.site.settings, intake_open=False)), place.inspectorate)
    data = {name: reporter.secret[name] for name in ("code", "words")}
    answer = closed.client().post("/status", data=data)
    assert answer.status_code == 200
    assert "data-shut" in answer.get_data(as_text=True)
    assert 'action="/tambah"' not in answer.get_data(as_text=True)


def test_an_addition_typed_before_it_closed_comes_back_and_goes_nowhere_else(place: Place) -> None:
    """The form of yesterday names its desk: no other takes its place, and what was typed is on the page."""
    reporter = place.reporter()
    receipt = reporter.send()
    revoke(place, "itjen")
    answer = reporter.add(receipt, "Satu lagi.")
    assert answer.status_code == 503
    assert "Satu lagi." in answer.get_data(as_text=True)
    assert len(place.blobs()) == 1


def test_a_thread_at_two_desks_goes_on_at_the_open_one(place: Place) -> None:
    """One form, for the desk that is open, and a sentence about the other."""
    reporter = place.reporter()
    reporter.send()
    secret = parse_secret(reporter.secret["code"], reporter.secret["words"])
    again = Browser(place.inspectorate, "irjen", secret=secret).text()
    assert Tus(place.client()).send(again).status_code == 201
    revoke(place, "irjen")
    page = hooks(reporter.status())
    assert page.inputs["desk"] == "itjen"
    assert "data-shut" in page.hooks


def test_what_was_sealed_before_a_revocation_is_taken_after_it(place: Place) -> None:
    """By tus, as a file in parts and in a container: two slots still count where one desk is left."""
    browser = Browser(place.inspectorate)
    text, large = browser.text(), browser.file(b"x" * 1_500_000)
    container = Sealed().add(place).add(place, b"x").container
    client = Tus(place.client())
    address = client.open(large)
    revoke(place, "irjen")
    client = Tus(place.client())
    assert client.send(text).status_code == 201
    assert client.patch(address, 0, large.blob).status_code == 204
    assert (send(place, container).status_code, len(place.blobs())) == (200, 4)
    assert len(place.opened()) == 4


@pytest.mark.parametrize(("slots", "taken"), [(1, True), (2, True), (3, False)])
def test_slots_that_no_keyring_had_are_refused(place: Place, slots: int, *, taken: bool) -> None:
    """After a revocation one slot or two, never more than desks have published keys."""
    revoke(place, "irjen")
    answer = send(place, Sealed().add(place, slots=slots).container)
    assert result(answer)[0] == (["1"] if taken else ["0"])


def test_an_addition_by_hand_to_a_desk_that_never_was_finds_its_thread(place: Place) -> None:
    """A form that names no known desk goes where the thread is, as before."""
    reporter = place.reporter()
    reporter.send()
    fields = {name: reporter.secret[name] for name in ("code", "words")} | {"desk": "lain", "what": "x"}
    answer = place.client().post("/tambah", data=multipart(fields, []), content_type=MULTIPART)
    assert answer.status_code == 200
    assert len(place.opened()) == 2
