"""The mirror of risk: what in a text may point to its reporter, and how the review without JavaScript shows it."""

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.form.mirror import PASSAGE_MAX, passages, patterns
from dropbox.form.model import LINE, TEXT
from dropbox.web.report import mirror as reflections
from dropbox.web.report.draft import Draft
from dropbox.web.report.report_form import REPORT_TEXTS
from tests.web.conftest import Place

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/js/mirror.json").read_text("utf-8"))
EVERYTHING = (
    "Saya guru di madrasah yang jauh, HP 0812-3456-7890 dan 0857-1234-5678, NIP 19850312 201001 1 004 dan "
    "19850312 201001 2 005, NIK 3201-0125-0185-0001 dan 3201-0125-0185-0002, rekening 0341-01-012345-53-9 dan rek "
    "0341-01-012345-53-8, nama-panjang-sekali-sekali-sekali@contoh.go.id, b@contoh.id. Ruang kerja saya. "
    "Rumah dinas kami. Sebagai kepala madrasah negeri, saya tahu."
)


def found(text: str) -> list[list[str]]:
    """Kinds and passages, in the order of the kinds."""
    return [[kind, one] for kind in patterns() for one in passages(text, kind)]


@pytest.mark.parametrize("text", VECTORS)
def test_vectors(text: str) -> None:
    """Numbers and words that point to a person are found; amounts, dates, years and letter numbers are not."""
    assert found(text) == VECTORS[text]


around = st.text(st.sampled_from("abc ,;\n"), max_size=20)


@given(around, st.sampled_from([text for text, one in VECTORS.items() if one and one[0][0] in ("nip", "nik")]), around)
def test_numbers_among_other_words(before: str, number: str, after: str) -> None:
    """What stands before and behind a number of a person does not hide it."""
    assert VECTORS[number][0] in found(f"{before} {number} {after}")


@given(st.text(st.sampled_from("0123456789 .-/+@aiksy"), max_size=80))
def test_passages_are_of_the_text(text: str) -> None:
    """A passage is a part of the text, with one blank for several, and not longer than PASSAGE_MAX."""
    line = re.sub("[ \t\r\n]+", " ", text)
    assert all(one in line and 0 < len(one) <= PASSAGE_MAX for _, one in found(text))


@given(st.integers(0, 10**13))
def test_amounts(rupiah: int) -> None:
    """No amount of rupiah is taken for a number of a person, not even behind the name of a bank."""
    amount = f"{rupiah:,}".replace(",", ".")
    assert not found(f"Transfer BRI sebesar Rp {amount} lalu Rp{amount},00 ke rekening {amount}")


@given(
    st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "%d%m%Y"]),
    st.times(),
)
def test_dates(day: datetime.date, form: str, time: datetime.time) -> None:
    """No date, twice and with a time, is taken for a number of a person."""
    date = day.strftime(form)
    assert not found(f"tanggal {date} {time:%H.%M} sampai {date} {time:%H.%M}")


def test_review_points_out(place: Place) -> None:
    """The review shows the passages, each with a button that leads to the field, and the report can still be sent."""
    page = place.reporter().review(what="Hubungi 0812-3456-7890.", who="Kepala, bos saya").get_data(as_text=True)
    assert '<q data-part="passages">0812-3456-7890</q>' in page
    assert 'value="edit" formaction="/lapor#what" aria-describedby="m-phone"' in page
    assert 'value="edit" formaction="/lapor#who" aria-describedby="m-self"' in page
    assert 'name="step" value="send"' in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_length_says_nothing(place: Place, prefix: str) -> None:
    """A review has one length: with nothing to point out, with one thing, and with as much as it can show."""
    reporter = place.reporter(prefix)
    reporter.form()  # the same code and words on each review
    texts = (what.ljust(len(EVERYTHING), "x") for what in ("", "HP 0812-3456-7890 ", EVERYTHING))
    pages = [reporter.review(what=what).get_data().rstrip(b"\n") for what in texts]
    assert [page.count(b'id="m-') for page in pages] == [0, 1, len(patterns())]
    assert len({len(page) for page in pages}) == 1


def test_no_other_place_looks() -> None:
    """Only the page of the review asks for what was found."""
    users = [path for path in (ROOT / "dropbox").rglob("*.py") if "report.mirror import" in path.read_text("utf-8")]
    assert [path.name for path in users] == ["pages.py"]


def test_a_long_report_is_searched_in_part(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many long answers a form has, at most SEARCHED characters are searched for each kind."""
    searched = dict.fromkeys(patterns(), 0)

    def counting(text: str, kind: str) -> Iterator[str]:
        searched[kind] += len(text)
        return passages(text, kind)

    monkeypatch.setattr(reflections, "passages", counting)
    form = place.site.form
    names = [*REPORT_TEXTS, *(question.name for question in form.questions() if question.kind in (LINE, TEXT))]
    draft = SimpleNamespace(typed=dict.fromkeys(names, "NIP 198503122010011004 " * 3_000))
    assert [one.kind for one in reflections.mirror(cast("Draft", draft), form)] == ["nip"]
    assert set(searched.values()) == {reflections.SEARCHED}
