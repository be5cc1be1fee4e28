"""The report form: one report each, never crossed, nothing typed dropped without a word."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.crypto.secret import new_secret
from dropbox.wire.statuses import CATEGORIES
from tests.support.desks import NOW, FakeInspectorate, make_site
from tests.web.conftest import REPORT, Place, Reporter, hooks, sending_fields, submitted


def test_a_report_is_acknowledged_and_only_its_desk_opens_it(place: Place) -> None:
    """A sent report shows its code and words again and opens at the addressed desk alone, field by field."""
    reporter = place.reporter()
    page = reporter.send()
    found = hooks(page).hooks
    assert page.status_code == 200
    assert found["data-receipt-code"] == [reporter.secret["code"]]
    assert found["data-passphrase"] == [reporter.secret["words"]]
    assert found["data-status"] == ["TERKIRIM"]
    (opened, body) = place.opened("itjen")[0]
    expected = {name: REPORT[name] for name in ("channel", "category", "what", "who", "where", "when")}
    assert opened.message.fields == expected
    assert opened.is_member
    assert body == b""
    assert place.opened("irjen") == []


def test_a_report_about_the_inspectorate_is_closed_to_itjen(place: Place) -> None:
    """A report sealed to irjen does not open at itjen."""
    place.reporter().send(desk="irjen")
    assert len(place.opened("irjen")) == 1
    assert place.opened("itjen") == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_is_taken(place: Place, category: str) -> None:
    """Each of the seven choices reaches the desk as it was chosen."""
    assert place.reporter().send(category=category).status_code == 200
    assert place.opened()[0][0].message.fields["category"] == category


def test_english_pages_seal_the_same_way(place: Place) -> None:
    """The English form acknowledges in English and seals with its language noted."""
    page = place.reporter("/en").send()
    assert page.status_code == 200
    assert '<html lang="en"' in page.get_data(as_text=True)
    assert place.opened()[0][0].message.lang == "en"


@pytest.mark.parametrize("times", [2, 3])
def test_reload_and_double_click_keep_one_report(place: Place, times: int) -> None:
    """The same form sent again is acknowledged again and stored once."""
    reporter = place.reporter()
    for _ in range(times):
        assert hooks(reporter.send()).hooks["data-status"] == ["TERKIRIM"]
    assert len(place.blobs()) == 1


def test_back_and_other_words_keep_both(place: Place) -> None:
    """What is changed after Back is stored beside the first, and its own reload is not stored again."""
    reporter = place.reporter()
    reporter.send()
    for _ in range(2):
        assert reporter.send(what="Lain lagi.").status_code == 200
    texts = {opened.message.fields["what"] for opened, _ in place.opened()}
    assert texts == {REPORT["what"], "Lain lagi."}
    assert len(place.blobs()) == 2
    assert len({opened.message.thread for opened, _ in place.opened()}) == 1


def test_two_tabs_are_two_reports(place: Place) -> None:
    """Two forms opened side by side have secrets of their own and never cross."""
    client = place.client()
    one, two = Reporter(client), Reporter(client)
    one.form(), two.form()
    assert one.secret["code"] != two.secret["code"]
    two.send(what="dua")
    one.send(what="satu")
    assert len({opened.message.thread for opened, _ in place.opened()}) == 2


def test_a_late_form_keeps_the_text_and_shows_new_secrets(place: Place) -> None:
    """After the MAC's time nothing is sent; the page has everything typed, other secrets, and asks to note them."""
    reporter = place.reporter()
    reporter.form()
    late = Place(replace(place.site, clock=lambda: NOW + datetime.timedelta(days=5)), place.inspectorate)
    for step in ("review", "send"):
        answer = late.client().post("/lapor", data={**REPORT, **reporter.secret, "step": step})
        page = hooks(answer)
        assert answer.status_code == 422
        assert {name: page.inputs[name] for name in REPORT} == REPORT
        assert page.inputs["confirm"] == ""
        assert page.inputs["code"] != reporter.secret["code"]
        assert page.hooks["data-error"]
    assert place.blobs() == []
    again = submitted(page) | sending_fields(page)
    assert late.client().post("/lapor", data=again).status_code == 200
    assert place.opened()[0][0].message.fields["what"] == REPORT["what"]


def test_a_form_lives_for_two_days_at_least(place: Place) -> None:
    """A form of 47 hours ago is still taken."""
    reporter = place.reporter()
    reporter.form()
    later = Place(replace(place.site, clock=lambda: NOW + datetime.timedelta(hours=47)), place.inspectorate)
    assert later.client().post("/lapor", data={**REPORT, **reporter.secret}).status_code == 200


def test_foreign_secrets_are_not_taken(place: Place) -> None:
    """Code and words that this server did not make, or with another form's MAC, send nothing."""
    ours = place.reporter().form()
    foreign = new_secret()
    planted = {"code": foreign.code, "words": foreign.words, "mac": ours["mac"]}
    for secret in (planted, {**ours, "mac": "0.00"}, {**ours, "code": "kode"}):
        for step in ("review", "send"):
            answer = place.client().post("/lapor", data={**REPORT, **ours, **secret, "step": step})
            page = hooks(answer)
            assert answer.status_code == 422
            assert page.inputs["what"] == REPORT["what"]
            assert page.inputs["code"] not in (secret["code"], ours["code"])
    assert place.blobs() == []


@pytest.mark.parametrize("missing", ["what", "who", "where"])
def test_a_missing_field_is_named_and_the_rest_kept(place: Place, missing: str) -> None:
    """Without a required field nothing is sent, the fault links to the field, and secrets and text stay."""
    reporter = place.reporter()
    answer = reporter.send(**{missing: ""})
    page = hooks(answer)
    assert answer.status_code == 422
    assert page.inputs["code"] == reporter.secret["code"]
    assert f'href="#{missing}"' in answer.get_data(as_text=True)
    for name in {"what", "who", "where", "when"} - {missing}:
        assert page.areas[name] == REPORT[name]
    assert place.blobs() == []


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u00a0"])
def test_blank_is_not_an_answer(place: Place, blank: str) -> None:
    """White space alone counts as empty."""
    assert place.reporter().send(what=blank).status_code == 422


@pytest.mark.parametrize("field", ["what", "who", "where", "when", "x-how", "x-p2-name"])
@pytest.mark.parametrize("secret", ["code", "code without dashes", "words", "four words"])
def test_a_text_with_its_own_secrets_is_refused(place: Place, field: str, secret: str) -> None:
    """Code or words inside the text are pointed out at the field, and nothing is sent."""
    reporter = place.reporter()
    reporter.form()
    told = {
        "code": reporter.secret["code"].lower(),
        "code without dashes": reporter.secret["code"].replace("-", ""),
        "words": reporter.secret["words"].upper(),
        "four words": ", ".join(reporter.secret["words"].split()[2:6]),
    }[secret]
    answer = reporter.send(**{field: f"Kode saya {told} ya"})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)
    assert place.blobs() == []


@pytest.mark.parametrize(
    "text",
    [
        "nul \x00 byte",
        "\u202eRTL",
        "🙂" * 500,
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "a\r\nb",
        "x",
        "é" * 9000,
    ],
)
def test_odd_texts_arrive_as_typed(place: Place, text: str) -> None:
    """Control characters, emoji, markup and one-letter texts are sealed as they are (line ends as LF)."""
    assert place.reporter().send(what=text).status_code == 200
    assert place.opened()[0][0].message.fields["what"] == text.replace("\r\n", "\n")


def test_markup_in_a_kept_text_stays_text(place: Place) -> None:
    """What is shown again is escaped."""
    page = place.reporter().send(what="<b>x</b>", who="").get_data(as_text=True)
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_megabyte_of_text_is_named_and_kept(place: Place) -> None:
    """A field beyond its limit is refused with the whole text kept."""
    text = "a" * 1_000_000
    answer = place.reporter().send(what=text)
    assert answer.status_code == 422
    assert hooks(answer).areas["what"] == text
    assert place.blobs() == []


def test_a_long_text_takes_the_next_size(place: Place) -> None:
    """A text beyond the small cell is sealed in the next bucket, whole."""
    place.reporter().send(what="b" * 60_000)
    assert place.opened()[0][0].message.fields["what"] == "b" * 60_000
    assert len(place.blobs()[0]) > 65_536


def test_texts_of_any_length_up_to_the_cell_look_alike(place: Place) -> None:
    """One letter and ten thousand give blobs of one length."""
    place.reporter().send(what="a")
    place.reporter().send(what="a" * 10_000)
    assert len({len(blob) for blob in place.blobs()}) == 1


def test_a_form_beyond_all_limits_gets_a_readable_413(place: Place) -> None:
    """Five megabytes of form are refused with a page, not an empty response."""
    answer = place.reporter().send(what="a" * 5_000_000)
    assert answer.status_code == 413
    assert "a" * 1_000_000 in answer.get_data(as_text=True)
    assert hooks(answer).hooks["data-error"] == ["too-large-text"]
    assert place.blobs() == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b"what=1&" * 10_000, "application/x-www-form-urlencoded"),
        (b"x" * 100, "multipart/form-data; boundary=x"),
        (b"", ""),
    ],
)
def test_other_bodies_get_a_readable_400(place: Place, body: bytes, content_type: str) -> None:
    """What is no such form is refused with a page."""
    answer = place.client().post("/lapor", data=body, content_type=content_type)
    assert answer.status_code == 400
    assert hooks(answer).hooks["data-error"] == ["bad-form"]


def test_ill_formed_utf8_is_no_server_error(place: Place) -> None:
    """Bytes that are no UTF-8 are taken with replacement signs, not refused with a 500."""
    secret = place.reporter().form()
    pairs = [f"{name}={value}" for name, value in {**REPORT, **secret}.items() if name != "what"]
    body = "&".join(pairs).replace(" ", "+").encode() + b"&what=%ff%fe"
    answer = place.client().post("/lapor", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_a_cross_site_form_is_refused(place: Place) -> None:
    """A form that a foreign page sends is refused; one without the header, or from here, is not."""
    secret = place.reporter().form()
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        answer = place.client().post("/lapor", data={**REPORT, **secret}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == status


def test_closed_intake_says_so_and_keeps_the_text(place: Place) -> None:
    """A closed form explains itself; a text that was sent meanwhile can be copied from the answer."""
    secret = place.reporter().form()
    closed = Place(replace(place.site, settings=replace(place.site.settings, intake_open=False)), place.inspectorate)
    shown = closed.client().get("/lapor")
    answer = closed.client().post("/lapor", data={**REPORT, **secret})
    assert shown.status_code == answer.status_code == 503
    assert hooks(shown).hooks["data-error"] == ["closed"]
    assert REPORT["what"] in answer.get_data(as_text=True)
    assert place.blobs() == []


def test_expired_keys_close_the_form(place: Place) -> None:
    """When no desk has a key for this week the form is closed, status goes on, and nothing is sealed to an old key."""
    reporter = place.reporter()
    reporter.send()
    later = Place(replace(place.site, clock=lambda: NOW + datetime.timedelta(days=40)), place.inspectorate)
    assert hooks(later.client().get("/lapor")).hooks["data-error"] == ["keys-expired"]
    data = {"code": reporter.secret["code"], "words": reporter.secret["words"]}
    assert later.client().post("/status", data=data).status_code == 200


def test_a_desk_without_keys_is_told_before_the_code(tmp_path: Path) -> None:
    """Whoever writes to a desk that has no key this week keeps the text, gets no code, and is led to no other desk."""
    inspectorate = FakeInspectorate()
    del inspectorate.desks["irjen"]
    site, _ = make_site(tmp_path, inspectorate)
    client = Place(site, inspectorate).client()
    answer = client.post("/lapor", data=REPORT | {"desk": "irjen"})
    page = hooks(answer)
    assert (answer.status_code, page.hooks["data-error"]) == (503, ["keys-expired"])
    assert REPORT["what"] in page.areas["typed"]
    assert "data-receipt-code" not in page.hooks
    assert "KPK" in answer.get_data(as_text=True)
    assert client.post("/lapor", data=REPORT).status_code == 200
    site.store.close()


def test_a_tab_that_is_loaded_again_days_later_is_told_the_truth(place: Place) -> None:
    """What it sent is here: no new code, no "not received", and the text is on the page."""
    reporter = place.reporter()
    reporter.send()
    late = Place(replace(place.site, clock=lambda: NOW + datetime.timedelta(days=5)), place.inspectorate)
    shut = Place(replace(place.site, settings=replace(place.site.settings, intake_open=False)), place.inspectorate)
    for later in (late, shut):
        answer = later.client().post("/lapor", data={**REPORT, **reporter.secret})
        assert answer.status_code == 200
        assert hooks(answer).hooks["data-status"] == ["TERKIRIM"]
        assert REPORT["what"] in answer.get_data(as_text=True)
    assert len(place.blobs()) == 1


def test_any_other_fault_keeps_the_text(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks while sealing or storing, the form comes back with everything in it and the same secrets."""

    def fail(*_: object) -> None:
        raise OSError("disk on fire")

    reporter = place.reporter()
    reporter.form()
    monkeypatch.setattr(type(place.site.store.blobs), "put", fail)
    answer = reporter.send()
    assert answer.status_code == 500
    assert hooks(answer).inputs["what"] == REPORT["what"]
    assert hooks(answer).inputs["confirm"] == reporter.secret["confirm"]
    assert hooks(answer).inputs["code"] == reporter.secret["code"]
