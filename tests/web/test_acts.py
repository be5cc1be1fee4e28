"""What a reporter does besides writing, without JavaScript; and what the page says of where the report stands."""

import re

import pytest
from werkzeug.test import TestResponse

from dropbox.web.base.labels import MEANINGS, PROTECTION_KINDS
from dropbox.wire import statuses
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from tests.support.desks import TODAY
from tests.web.conftest import MULTIPART, Place, Reporter, hooks, multipart
from tests.web.test_thread import TIMELINE, publish_timeline


def sent(place: Place) -> Reporter:
    """A reporter whose report is here."""
    reporter = place.reporter()
    reporter.send()
    return reporter


def do(reporter: Reporter, act: str, *more: tuple[str, str], page: TestResponse | None = None) -> TestResponse:
    """Send the form of an act that stands on the thread's page."""
    inputs = hooks(page or reporter.status()).inputs
    fields = {name: inputs[name] for name in ("code", "words", "nonce", "desk")} | {"act": act}
    body = multipart(fields, []).removesuffix(b"------reporter--\r\n")
    for name, value in more:  # a name may come more than once
        body += multipart({name: value}, []).removesuffix(b"------reporter--\r\n")
    return reporter.client.post("/pilihan", data=body + b"------reporter--\r\n", content_type=MULTIPART)


def additions(place: Place, desk: str = "itjen") -> list[dict[str, str]]:
    """What the desk opens of them."""
    return [found.message.fields for found, _ in place.opened(desk) if found.message.kind == "addition"]


def test_each_act_is_an_addition_of_the_same_size(place: Place) -> None:
    """Read, protection and withdrawal reach the desk; nobody can tell them from a text, or from each other."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    reporter.add(reporter.status(), "Satu lagi")
    for act, more in (
        ("read", []),
        ("protect", [("protection", "legal"), ("protection", "career"), ("act-text", "Saya dimutasi.")]),
        ("withdraw", [("sure", "1")]),
    ):
        answer = do(reporter, act, *more)
        assert answer.status_code == 200
        assert len(hooks(answer).hooks["data-added"]) == 1
    assert sorted(additions(place), key=str) == sorted(
        [
            {"what": "Satu lagi"},
            {"what": "", "act": "read"},
            {"what": "Saya dimutasi.", "protection": "legal,career"},
            {"what": "", "act": "withdraw"},
        ],
        key=str,
    )
    assert len({len(blob) for blob in place.blobs()}) == 1
    assert all(found.is_member for found, _ in place.opened())


def test_reading_is_offered_where_something_can_be_read(place: Place) -> None:
    """Before the first answer there is no such button; protection and withdrawal are there at once."""
    reporter = sent(place)
    offered = re.findall(r'name="act" value="(\w+)"', reporter.status().text)
    assert offered == ["protect", "withdraw"]
    publish_timeline(place, reporter, TIMELINE)
    assert re.findall(r'name="act" value="(\w+)"', reporter.status().text) == ["read", "protect", "withdraw"]


@pytest.mark.parametrize(
    ("act", "field", "more"),
    [
        ("withdraw", "sure", [("act-text", "Saya takut.")]),
        ("protect", "protection", [("act-text", "Saya takut.")]),
        ("protect", "protection", [("act-text", "Saya takut."), ("protection", "money")]),
    ],
)
def test_nothing_is_done_that_was_not_ticked(place: Place, act: str, field: str, more: list[tuple[str, str]]) -> None:
    """The fault is named, what was typed is still there in its open part, and nothing was sent."""
    reporter = sent(place)
    answer = do(reporter, act, *more)
    assert answer.status_code == 422
    assert field in hooks(answer).hooks["data-error-field"]
    assert "Saya takut." in re.findall(rf'<textarea id="{act}-text"[^>]*>\n([^<]*)</textarea>', answer.text)
    assert "<details open>" in answer.text
    assert additions(place) == []


def test_an_act_tells_no_secret(place: Place) -> None:
    """Code or words in what is typed beside are pointed out, and the ticks stay."""
    reporter = sent(place)
    answer = do(reporter, "protect", ("protection", "career"), ("act-text", reporter.secret["code"]))
    assert answer.status_code == 422
    assert hooks(answer).hooks["data-error-field"] == ["protect-text"]
    assert hooks(answer).checked["protection"] == "career"
    assert additions(place) == []


def test_an_act_again_is_kept_once(place: Place) -> None:
    """A double-click of one form is one message; an unknown act is none."""
    reporter = sent(place)
    page = reporter.status()
    for _ in range(2):
        assert do(reporter, "withdraw", ("sure", "1"), page=page).status_code == 200
    assert len(additions(place)) == 1
    assert do(reporter, "vanish").status_code == 422
    assert len(additions(place)) == 1


def test_an_act_at_two_desks_asks_for_which(place: Place) -> None:
    """Who wrote to both withdraws from one; the other hears nothing of it, and without a choice nothing is sent."""
    reporter = sent(place)
    reporter.send(desk="irjen")
    page = reporter.status()
    choices = re.findall(r'type="radio" name="desk" value="(\w+)"', page.text)
    assert choices == ["irjen", "itjen"] * 3  # for more words, protection and withdrawal
    inputs = hooks(page).inputs
    fields = {name: inputs[name] for name in ("code", "words", "nonce")}
    fields |= {"act": "withdraw", "sure": "1"}
    refused = reporter.client.post("/pilihan", data=multipart(fields, []), content_type=MULTIPART)
    assert (refused.status_code, additions(place), additions(place, "irjen")) == (422, [], [])
    fields |= {"desk": "irjen"}
    assert reporter.client.post("/pilihan", data=multipart(fields, []), content_type=MULTIPART).status_code == 200
    assert (additions(place), len(additions(place, "irjen"))) == ([], 1)


def test_a_wrong_secret_keeps_what_was_typed(place: Place) -> None:
    """Broken hidden fields do nothing, and the text can be copied."""
    sent(place)
    data = {"code": "x", "words": "y", "desk": "itjen", "act": "withdraw", "sure": "1", "act-text": "tulisan saya"}
    answer = place.client().post("/pilihan", data=multipart(data, []), content_type=MULTIPART)
    assert answer.status_code == 400
    assert "tulisan saya" in answer.text
    assert len(place.blobs()) == 1


def test_a_question_stands_at_the_top(place: Place) -> None:
    """With its date and what happens without an answer, also when something else was said since."""
    reporter = sent(place)
    noted = Entry(TODAY, STATUS, "BUTUH_INFO", "Permintaan dicatat.", TODAY + 30)
    publish_timeline(place, reporter, [*TIMELINE, noted])
    page = reporter.status().text
    assert hooks(reporter.status()).hooks["data-now"] == ["BUTUH_INFO"]
    top = page[: page.index('class="timeline"')]
    assert "Tahun berapa?" in top
    assert "Permintaan dicatat." not in top
    assert "23 Desember 2026" in top
    assert "Belum menjawab sampai" in top
    assert str(MEANINGS["BUTUH_INFO"]) in top


def test_a_question_whose_date_is_over_may_still_be_answered(place: Place) -> None:
    """The page says so, and no longer names the day as one to come."""
    reporter = sent(place)
    publish_timeline(place, reporter, [Entry(TODAY - 40, STATUS, "BUTUH_INFO", "Di mana?", TODAY - 1)])
    page = reporter.status().text
    assert "sudah lewat" in page
    assert "Belum menjawab sampai" not in page


def test_what_was_done_on_this_visit_takes_the_place_of_the_question(place: Place) -> None:
    """An answer counts at once and after the next act; a later visit says what may not be seen yet."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    page = reporter.status()
    assert "Sudah menjawab?" in page.text
    answered = reporter.add(page, "Tahun 2025.")
    assert "Jawaban Anda sudah terkirim hari ini." in answered.text
    assert "Keterangan Anda sudah kami terima." in answered.text
    assert "Tahun 2025." in answered.text
    for gone in ("Ada 1 pertanyaan", "menunggu jawaban Anda"):
        assert gone not in answered.text
    fields = {name: hooks(answered).inputs[name] for name in ("code", "words", "nonce", "desk", "did")}
    body = multipart(fields | {"act": "read"}, [])
    read = reporter.client.post("/pilihan", data=body, content_type=MULTIPART).text
    assert "Tanda Anda sudah kami terima." in read
    assert "Jawaban Anda sudah terkirim hari ini." in read
    assert "Ada 1 pertanyaan" in reporter.status().text


ASKED, ANSWERED = "Ada 1 pertanyaan", "Jawaban Anda sudah terkirim hari ini."


@pytest.mark.parametrize(
    ("what", "files", "said"),
    [
        ("", [("a.jpg", b"x"), ("b.jpg", b"x")], ANSWERED),
        ("Tahun 2025.", [("a.jpg", b"x"), ("b.jpg", b"")], ANSWERED),
        ("", [("a.jpg", b"x"), ("b.jpg", b"")], ASKED),
        ("x" * 100_001, [("a.jpg", b"x")], ASKED),
        ("CODE", [("a.jpg", b"x")], ASKED),
    ],
)
def test_only_a_stored_text_or_all_files_answer_a_question(
    place: Place, what: str, files: list[tuple[str, bytes]], said: str
) -> None:
    """A refused text keeps the question, and so does a part of the files."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    text = what.replace("CODE", f"Kode saya {reporter.secret['code']}")
    page = reporter.add(reporter.status(), text, files)
    assert hooks(page).hooks["data-added-file"]
    assert [sentence for sentence in (ASKED, ANSWERED) if sentence in page.text] == [said]


def test_files_that_broke_off_do_not_answer_a_question(place: Place) -> None:
    """The first one is kept; the line was cut in the second."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    inputs = hooks(reporter.status()).inputs
    fields = {name: inputs[name] for name in ("code", "words", "nonce", "desk")} | {"what": ""}
    body = multipart(fields, [("a.jpg", b"x"), ("b.jpg", b"y" * 50_000)])[:-30_000]
    page = reporter.client.post("/tambah", data=body, content_type=MULTIPART)
    assert hooks(page).hooks["data-added-file"]
    assert "Ada 1 pertanyaan" in page.text


def test_of_many_files_three_are_named(place: Place) -> None:
    """The others are counted."""
    reporter = sent(place)
    page = reporter.add(reporter.status(), files=[(f"foto-{number}.jpg", b"x") for number in range(5)])
    assert len(hooks(page).hooks["data-added-file"]) == 3
    assert "5 berkas" in page.text
    assert "dan 2 berkas lain" in page.text


def test_a_withdrawal_is_answered_in_its_own_words(place: Place) -> None:
    """Nothing on the page waits for an answer any more, or calls the request an addition."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    page = do(reporter, "withdraw", ("sure", "1"), ("act-text", "Saya takut.")).text
    assert "Permintaan Anda menarik laporan sudah kami terima." in page
    assert "Permintaan Anda menarik laporan sudah terkirim hari ini." in page
    assert "Saya takut." in page
    assert "menunggu jawaban Anda" not in page


def test_what_a_form_claims_to_have_done_is_not_believed_of_others(place: Place) -> None:
    """Only what this page can mean: anything else in the hidden field is dropped."""
    reporter = sent(place)
    publish_timeline(place, reporter, TIMELINE)
    inputs = hooks(reporter.status()).inputs
    fields = {name: inputs[name] for name in ("code", "words", "nonce", "desk")}
    body = multipart(fields | {"did": "answered-irjen <b> x", "act": "withdraw"}, [])
    page = reporter.client.post("/pilihan", data=body, content_type=MULTIPART).text
    assert "Ada 1 pertanyaan" in page
    assert 'name="did"' not in page


def test_an_answered_question_stands_there_no_more(place: Place) -> None:
    """After the next status its meaning and date are shown instead."""
    reporter = sent(place)
    publish_timeline(place, reporter, [*TIMELINE, Entry(TODAY, STATUS, "TELAAH", "", TODAY + 14)])
    page = reporter.status().text
    top = page[: page.index('class="timeline"')]
    assert "pertanyaan untuk Anda" not in top
    assert str(MEANINGS["TELAAH"]) in top
    assert "7 Desember 2026" in top


@pytest.mark.parametrize("status", statuses.STATUSES)
def test_every_status_says_what_it_means(place: Place, status: str) -> None:
    """In words of its own; a refusal leads to its rules, and an end promises no date."""
    reporter = sent(place)
    if status != statuses.SENT:
        entries = [Entry(TODAY, RECEIVED, texts=1), Entry(TODAY, STATUS, status), Entry(TODAY, MESSAGE, "", "a")]
        publish_timeline(place, reporter, entries)
    page = reporter.status()
    assert hooks(page).hooks["data-now"] == [status]
    assert str(MEANINGS[status]) in page.text
    assert ("/aturan-penolakan" in page.text) == (status == "DITOLAK")


def test_meanings_and_kinds_are_those_of_the_wire() -> None:
    """No status without its words, and the kinds that a desk understands."""
    from dropbox.triage.casework.protection import KINDS

    assert set(MEANINGS) == set(statuses.STATUSES)
    assert tuple(KINDS) == PROTECTION_KINDS


@pytest.mark.parametrize("path", ["/status", "/status/server"])
def test_the_page_is_light(place: Place, path: str) -> None:
    """With its style below 20 kB for a browser without JavaScript; so is the thread, which is never compressed."""
    reporter = sent(place)
    publish_timeline(place, reporter, [*TIMELINE[:3], Entry(TODAY, MESSAGE, text="Terima kasih.")])
    packed = {"Accept-Encoding": "gzip"}

    def weight(address: str) -> int:
        with reporter.client.get(address, headers=packed) as answer:
            return len(answer.get_data())

    style = weight("/static/style.css") + weight("/static/noscript.css")
    assert weight(path) + style <= 20_000
    assert len(reporter.status().get_data()) + style <= 20_000
