"""Form, review, receipt: three answers suffice, all others come along, and nobody sends what they have not read."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from dropbox.crypto.secret import parse_secret
from dropbox.errors import StorageBusyError
from dropbox.form import form_file, regions
from dropbox.form.model import AMOUNT, KABKOTA, LINE, MANY, ONE, PROVINCE, TEXT, UNIT, Question
from dropbox.web.base.messages import QUESTIONS
from tests.support.desks import INSTANCE
from tests.web.conftest import REPORT, Place, hooks, sending_fields, submitted

FORM = form_file.load()
LEAST = {"what": "Ada setoran.", "who": "Kepala seksi", "where": "Kantor kabupaten"}


def _answer(question: Question) -> str | list[str]:
    """Something that a reporter may answer."""
    words = f"Jawaban “{question.name}”\r\n& baris kedua"
    return {
        LINE: words.replace("\r\n", " "),
        TEXT: words,
        AMOUNT: "Rp1.500.000",
        ONE: question.options[-1].code if question.options else "",
        MANY: [option.code for option in question.options],
        PROVINCE: "32",
        KABKOTA: "Kabupaten Bandung",
        UNIT: "kua",
    }[question.kind]


EVERYTHING = {question.name: _answer(question) for question in FORM.questions()}


def _sealed(answers: dict[str, str | list[str]]) -> dict[str, str]:
    """How the answers stand in the record."""
    return {
        name: ",".join(value) if isinstance(value, list) else value.replace("\r\n", "\n")
        for name, value in answers.items()
    }


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_answer_survives_every_step(place: Place, prefix: str) -> None:
    """Form, review, back to the form, review again, send: all answers are there each time, and sealed as given."""
    reporter = place.reporter(prefix)
    page = hooks(reporter.review(**EVERYTHING))
    code = page.inputs["code"]
    for _ in range(2):
        edited = reporter.client.post(prefix + "/lapor", data=submitted(page, step="edit"))
        assert edited.status_code == 200
        assert "data-error" not in hooks(edited).hooks
        again = reporter.client.post(prefix + "/lapor", data=submitted(hooks(edited), step="review"))
        page = hooks(again)
        assert page.inputs["code"] == code
    sent = reporter.client.post(prefix + "/lapor", data=submitted(page) | sending_fields(page))
    assert hooks(sent).hooks["data-receipt-code"] == [code]
    assert place.opened()[0][0].message.fields == {
        **{name: REPORT[name] for name in ("channel", "category", "what", "who", "where")},
        **_sealed(EVERYTHING),
    }


def test_three_answers_suffice(place: Place) -> None:
    """What, who and where; everything else has a usual value, which the review does not show as an answer."""
    client = place.client()
    review = client.post("/lapor", data={**LEAST, "step": "review"})
    page = hooks(review)
    assert review.status_code == 200
    shown = review.get_data(as_text=True)
    assert place.site.settings.desks["itjen"].reads["id"] in shown
    assert re.findall("<dt>(.*?)</dt>", shown.split('data-part="answers"')[1].split("</dl>")[0]) == [
        QUESTIONS[name] for name in LEAST
    ]
    assert client.post("/lapor", data=submitted(page) | sending_fields(page)).status_code == 200
    usual = {"channel": "tidak-disebut", "category": "tidak-tahu"}
    assert place.opened("itjen")[0][0].message.fields == LEAST | usual


def test_the_form_holds_no_secret_until_the_review(place: Place) -> None:
    """Code and words are made when the review is first shown."""
    client = place.client()
    for path in ("/lapor", "/lapor/server"):
        assert "code" not in hooks(client.get(path)).inputs
    assert hooks(client.post("/lapor", data={**LEAST, "step": "review"})).hooks["data-receipt-code"]


def test_the_review_reads_back_questions_and_labels(place: Place) -> None:
    """Each answer stands under its question, codes as the words that were chosen, in the page's language."""
    for prefix, lang in (("", "id"), ("/en", "en")):
        text = place.reporter(prefix).review(**EVERYTHING).get_data(as_text=True)
        read = text.split('data-part="answers"')[1].split("</dl>")[0]
        for question in FORM.questions():
            assert f"<dt>{escape(question.label[lang])}</dt>" in read
            for option in question.options if question.kind == MANY else question.options[-1:]:
                assert escape(option.label[lang]) in read
        for shown in ("Jawa Barat", "Kabupaten Bandung", FORM.unit_label("kua", lang)):
            assert shown in read


def test_the_form_asks_what_the_review_reads_back(place: Place) -> None:
    """Every question of the configuration stands on the form, once, with its label; so do the program's own."""
    for path, lang in (("/lapor/server", "id"), ("/en/lapor/server", "en")):
        text = place.client().get(path).get_data(as_text=True)
        for question in FORM.questions():
            assert text.count(f'data-question="{question.name}"') == 1
            assert f">{escape(question.label[lang])}<" in text
        for name, label in QUESTIONS.items():
            assert text.count(f'data-question="{name}"') == 1
            assert lang == "en" or f">{label}<" in text


def test_a_place_from_the_lists_is_a_place(place: Place) -> None:
    """Kind of unit and province, or a kabupaten, stand for `where`; the unit alone does not."""
    client = place.client()
    least = LEAST | {"where": ""}
    assert client.post("/lapor", data=least | {"x-unit-type": "kua"}).status_code == 422
    assert client.post("/lapor", data=least | {"x-province": "32"}).status_code == 422
    chosen = {"x-unit-type": "kua", "x-kabkota": "Kota Bandung"}
    page = hooks(client.post("/lapor", data=least | chosen))
    assert page.inputs.get("where", "") == ""
    client.post("/lapor", data=submitted(page) | sending_fields(page))
    fields = place.opened()[0][0].message.fields
    assert fields["where"] == "KUA kecamatan, Kota Bandung"
    assert fields["x-kabkota"] == "Kota Bandung"


def test_places_can_be_chosen_without_a_script(place: Place) -> None:
    """All provinces and kinds of unit are on the page, none of hajj or halal among them; a regency is typed."""
    text = place.client().get("/lapor/server").get_data(as_text=True)
    assert all(f'value="{code}">{name}' in text for code, name in regions.provinces().items())
    assert 'id="x-kabkota" name="x-kabkota" data-kind="kabkota"' in text
    units = text.split('id="x-unit-type"')[1].split("</select>")[0].lower()
    assert not any(word in units for word in ("haji", "umrah", "bpjph"))


@pytest.mark.parametrize("typed", ["", " ", "kata", "4"])
def test_nothing_is_sent_before_the_word_is_written(place: Place, typed: str) -> None:
    """A wrong word is named at its field, what was typed and the secret stay, and the right one sends."""
    reporter = place.reporter()
    secret = reporter.form()
    answer = reporter.send(confirm=typed)
    page = hooks(answer)
    assert answer.status_code == 422
    assert 'href="#confirm"' in answer.get_data(as_text=True)
    assert {name: page.inputs[name] for name in REPORT} == REPORT
    assert page.inputs["code"] == secret["code"]
    assert page.inputs["confirm"] == typed
    assert place.blobs() == []
    assert reporter.send(confirm=secret["confirm"][:4].upper()).status_code == 200


def test_the_asked_word_is_named(place: Place) -> None:
    """The page asks for the word by its number, and no page holds that word but among the eight."""
    reporter = place.reporter()
    text = reporter.review().get_data(as_text=True)
    page = hooks(reporter.review())
    fields = sending_fields(page)
    number = fields["words"].split().index(fields["confirm"]) + 1
    assert "data-part" in text
    assert page.inputs["confirm"] == ""
    assert f'data-part="confirm-number">{number}<' in reporter.client.post(
        "/lapor", data=submitted(page, step="review")
    ).get_data(as_text=True)


def test_groups_stand_open_when_they_hold_something(place: Place) -> None:
    """What was answered, or is at fault, is not hidden when the form comes back; empty groups stay closed."""
    client = place.client()
    too_long = "a" * 100_001
    answer = client.post("/lapor", data={**LEAST, "x-p2-name": "Ratna", "x-court-number": too_long})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#x-court-number"' in text
    assert 'data-group="people" open' in text
    assert 'data-person="2" open' in text
    assert 'data-person="1">' in text
    assert 'data-group="earlier" open' in text
    assert 'data-group="evidence">' in text
    assert hooks(answer).inputs["x-court-number"] == too_long


def test_answers_of_another_version_of_the_form_come_along(place: Place) -> None:
    """Keys and codes that the form no longer has are read back bare and sealed."""
    reporter = place.reporter()
    longest = "x-" + "a" * 30
    old = {
        "x-gone": "Jawaban lama",
        longest: "Jawaban juga",
        "x-court": "maybe",
        "x-evidence": ["photo", "tape"],
        "x-unit-type": "asrama",
    }
    page = hooks(reporter.review(**old))
    edited = reporter.client.post("/lapor", data=submitted(page, step="edit"))
    page = hooks(reporter.client.post("/lapor", data=submitted(hooks(edited), step="review")))
    reporter.client.post("/lapor", data=submitted(page) | sending_fields(page))
    fields = place.opened()[0][0].message.fields
    assert {name: fields[name] for name in old} == _sealed(old)


def test_a_changed_report_keeps_its_secret_and_goes_to_the_new_reader(place: Place) -> None:
    """From the review back to the form: what is changed there counts, with the code that was noted."""
    reporter = place.reporter()
    page = hooks(reporter.review())
    form = hooks(reporter.client.post("/lapor", data=submitted(page, step="edit")))
    changed = submitted(form, step="review") | {"what": "Lain.", "desk": "irjen"}
    page = hooks(reporter.client.post("/lapor", data=changed))
    sent = reporter.client.post("/lapor", data=submitted(page) | sending_fields(page))
    assert hooks(sent).hooks["data-receipt-code"] == [page.inputs["code"]]
    assert place.opened("irjen")[0][0].message.fields["what"] == "Lain."
    assert place.opened("itjen") == []


@pytest.mark.parametrize(
    ("answers", "is_asked"),
    [
        ({"what": "Pegawai ITJEN minta uang"}, True),
        ({"who": "Seorang inspekturnya"}, True),
        ({"x-p1-unit": "Inspektorat  Jenderal"}, True),
        ({"what": "Orang inspektorat jendral Kemenag minta uang"}, True),
        ({"where": "Inspektorat Wilayah II"}, True),
        ({"x-unit-type": "itjen"}, True),
        ({"what": "Kepala kantor minta uang"}, False),
        ({"what": "Pegawai ITJEN minta uang", "desk": "irjen"}, False),
    ],
)
def test_a_report_that_names_the_inspectorate_asks_again_who_reads_it(
    place: Place, answers: dict[str, str], *, is_asked: bool
) -> None:
    """With a button that changes the reader; it warns, and stops nobody."""
    reporter = place.reporter()
    page = hooks(reporter.review(**answers))
    assert ("conflict" in page.hooks["data-part"]) == is_asked
    if not is_asked:
        return
    switched = hooks(reporter.client.post("/lapor", data=submitted(page, reader="irjen")))
    assert "conflict" not in switched.hooks["data-part"]
    assert "irjen" in switched.hooks["data-part"]
    assert switched.inputs["code"] == page.inputs["code"]
    reporter.client.post("/lapor", data=submitted(switched) | sending_fields(switched))
    assert len(place.opened("irjen")) == 1
    assert reporter.client.post("/lapor", data=submitted(page) | sending_fields(page)).status_code == 200


@pytest.mark.parametrize(
    ("answers", "is_shown"),
    [
        ({"x-safeguarding": "yes"}, True),
        ({"what": "Siswi itu dilecehkan"}, True),
        ({"x-witnesses": "Korban di bawah umur"}, True),
        ({"who": "Guru pencabul"}, True),
        ({"what": "Ia berbuat tidak senonoh di asrama"}, True),
        ({"what": "Anak buahnya dipaksa setor"}, False),
    ],
)
def test_advice_for_victims_is_shown_where_it_is_needed(
    place: Place, answers: dict[str, str], *, is_shown: bool
) -> None:
    """By the tick or by the words: help elsewhere is named before the report goes."""
    text = place.reporter().review(**answers).get_data(as_text=True)
    assert ("Pergi ke tempat aman" in text) == is_shown
    assert 'href="/kekerasan"' not in text, "who leaves the page loses what is on it"


def test_hints_are_few_and_stop_nobody(place: Place) -> None:
    """The three most helpful things that are missing; none once everything is answered."""
    reporter = place.reporter()

    def hinted(**answers: str | list[str]) -> list[str]:
        text = reporter.review(**{"when": "", **answers}).get_data(as_text=True)
        return [hint.text["id"] for hint in FORM.hints if hint.text["id"] in text]

    assert hinted() == [hint.text["id"] for hint in FORM.hints[:3]]
    assert hinted(**{"x-evidence": ["photo"]}) == [hint.text["id"] for hint in FORM.hints[1:4]]
    assert hinted(**EVERYTHING) == []


def test_the_refusal_rules_are_told_and_frighten_nobody(place: Place) -> None:
    """Up front and folded: court, hajj and other bodies, where to go instead, and that one may send anyway."""
    text = place.client().get("/lapor/server").get_data(as_text=True)
    note = text.split('data-part="refusals"')[1].split("</details>")[0]
    for word in (
        "pengadilan",
        "Kementerian Haji dan Umrah",
        "SP4N-LAPOR!",
        "Ombudsman",
        "tetap boleh mengirim",
    ):
        assert word in note
    assert 'href="/aturan-penolakan"' in note


def test_a_broken_store_at_the_review_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed intake or a form that is too large gives every answer back, with its question, to be copied."""
    reporter = place.reporter()
    page = hooks(reporter.review(**EVERYTHING))
    data = submitted(page, step="edit")
    monkeypatch.setattr("dropbox.web.report.views.closed_reason", lambda: "closed")
    for step in ("review", "edit", "send"):
        answer = reporter.client.post("/lapor", data=data | {"step": step})
        kept = hooks(answer).areas["typed"]
        assert answer.status_code == 503
        for question in FORM.questions():
            assert question.label["id"] in kept
        assert "Jawaban “x-how”\n& baris kedua" in kept


def test_a_fault_at_the_review_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks before anything is sent, the page that says so holds what was typed."""

    def fail(*_: object) -> None:
        raise StorageBusyError("store.busy")

    monkeypatch.setattr("dropbox.web.report.form_token.make", fail)
    answer = place.client().post("/lapor", data=LEAST | {"x-how": "Tunai"})
    assert answer.status_code == 503
    assert "Tunai" in hooks(answer).areas["typed"]


def test_the_enter_key_sends_and_does_not_go_back(place: Place) -> None:
    """The first button of the review's form, which a browser presses for Enter, is the one that sends."""
    text = place.reporter().review(what="Itjen").get_data(as_text=True)
    form = text.split('<form class="review"')[1]
    assert form.split("<button")[1].startswith(' type="submit" name="step" value="send" hidden>')


TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1, max_size=60).filter(
    str.strip
)
NAMES = st.sampled_from(
    ["what", "who", "where", *(one.name for one in FORM.questions() if one.kind in (TEXT, LINE, AMOUNT, KABKOTA))]
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(NAMES, TYPED, max_size=4))
def test_whatever_is_typed_comes_back_and_is_sealed(place: Place, typed: dict[str, str]) -> None:
    """Any signs in any field: in the review's hidden fields, in the form again, and in the sealed record, exactly."""
    client = place.client()
    data = LEAST | typed
    page = hooks(client.post("/lapor", data=data))
    assert {name: page.inputs[name] for name in data} == data
    edited = hooks(client.post("/lapor", data=submitted(page, step="edit")))
    fields = edited.inputs | edited.areas
    assert {name: fields[name] for name in data} == data
    client.post("/lapor", data=submitted(page) | sending_fields(page))
    thread = parse_secret(page.inputs["code"], page.inputs["words"]).keys(INSTANCE, "itjen").thread
    (sealed,) = [opened.message.fields for opened, _ in place.opened() if opened.message.thread == thread]
    assert {name: sealed[name] for name in data} == data


def test_no_answer_is_chosen_from_the_start(place: Place) -> None:
    """Each list begins with it, and so do role and kind: what was chosen can be taken back."""
    text = place.client().get("/lapor/server").get_data(as_text=True)
    lists = re.findall(r"<select[^>]*>\s*(<option[^\n]*)", text)
    assert len(lists) == sum(question.kind in (ONE, PROVINCE, UNIT) for question in FORM.questions())
    assert set(lists) == {'<option value="">Tidak mau menjawab'}
    assert re.findall(r'value="([^"]*)" id="[^"]*" checked', text) == ["tidak-disebut", "tidak-tahu"]


def test_the_review_leads_to_the_field_that_it_names(place: Place) -> None:
    """Both buttons have the field as a fragment, which no browser sends, and nothing else in the address."""
    for prefix in ("", "/en"):
        text = place.reporter(prefix).review(**LEAST).get_data(as_text=True)
        assert re.findall(r'value="edit" formaction="([^"]*)"', text) == [
            f"{prefix}/lapor#desk",
            f"{prefix}/lapor#what",
        ]
