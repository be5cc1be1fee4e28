"""The page of numbers: only what was signed, in both languages, light, without any style or script of its own."""

import gzip
import re

import pytest

from dropbox.wire.statistics import Period, Row, Statistics, Table
from tests.support.desks import TODAY
from tests.web.conftest import Place, hooks

PATHS = ("/statistik", "/en/statistik")
CHANNEL = Table(
    "channel",
    ("cases",),
    (Row("wbs", (1200,)), Row("dumas", (200,)), Row("tidak-disebut", (100,)), Row("total", (1500,))),
)
PROVINCE = Table(
    "province",
    ("cases",),
    (Row("11", (None,)), Row("32", (44,)), Row("91", (None,)), Row("unknown", (0,)), Row("total", (50,))),
)
_TRACK = {"waiting": 100, "examined": 200, "referred": None, "unproven": 10, "refused": 50, "total": 400}
TRACK = Table("track", ("cases",), tuple(Row(code, (number,)) for code, number in _TRACK.items()))
STAGE = Table("stage", ("median", "p90", "on-time"), (Row("verifikasi", (3, 9, 88)), Row("audit", (None,) * 3)))
PERIOD = Period(TODAY - 100, TODAY - 11, TODAY - 5, (CHANNEL, PROVINCE, TRACK, STAGE))


def publish(place: Place, *periods: Period, desk: str = "itjen", number: int = 1, signer: str = "") -> None:
    """Put statistics where the courier would."""
    station = place.inspectorate.desks[signer or desk]
    signed = station.signed("statistics", Statistics(station.head(number), periods).encode())
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "statistics", desk, number, signed)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_published_yet(place: Place, path: str) -> None:
    """The page says so, and shows no table."""
    answer = place.client().get(path)
    assert answer.status_code == 200
    assert "data-unpublished" in hooks(answer).hooks
    assert "<table" not in answer.text


def test_numbers_stand_in_tables_with_bars_and_words(place: Place) -> None:
    """Every table has its definition, shown numbers are written the local way, the longest bar is whole."""
    publish(place, PERIOD)
    text = place.client().get("/statistik").text
    english = place.client().get("/en/statistik").text
    assert re.findall(r'data-table="([^"]+)"', text) == ["channel", "province", "track", "stage"]
    assert "1.200" in text
    assert "1,200" in english
    assert "Ketiganya bersama-sama adalah jumlahnya." in text
    assert "The three together are the total." in english
    assert re.findall(r'<rect width="(\d+)%"', text)[:2] == ["100", "16"]
    assert "Jawa Barat" in text
    assert "Statistik" in re.search(r"<title>(.*?)</title>", text)[1]  # type: ignore[index]


def test_what_is_hidden_is_named_without_a_number(place: Place) -> None:
    """Rows without numbers are listed in a fold; a row with a nought is not one of them."""
    publish(place, PERIOD)
    text = place.client().get("/statistik").text
    assert re.search(r"<summary>Tidak ditampilkan: 2</summary>\s*<p>Aceh, Papua.</p>", text)
    assert re.search(r"Belum diketahui</th><td>0</td>", text)


def test_the_share_followed_up_follows_from_shown_numbers(place: Place) -> None:
    """400 reports, 100 wait, 50 were refused: 62 per cent; not told when one of these is hidden."""
    publish(place, PERIOD)
    assert re.search(r"<strong data-followed>62 %", place.client().get("/statistik").text)
    hidden = Table("track", ("cases",), (Row("waiting", (None,)), *TRACK.rows[1:]))
    publish(place, Period(*(TODAY - 100, TODAY - 11, TODAY - 5), (hidden,)), number=2)
    assert "data-followed" not in place.client().get("/statistik").text


def test_a_quiet_period_is_short(place: Place) -> None:
    """Tables without a number are names in one fold; how many reports came and were followed up is still said."""
    quiet = [
        Table(table.code, table.columns, tuple(Row(row.code, (None,) * len(row.values)) for row in table.rows))
        for table in PERIOD.tables
    ]
    publish(place, Period(*(TODAY - 100, TODAY - 11, TODAY - 5), tuple(quiet)))
    text = place.client().get("/statistik").text
    assert "<table" not in text
    assert "Tabel: 4</summary>" in text
    assert len(re.findall("<strong[^>]*>tidak ditampilkan", text)) == 2
    publish(place, PERIOD, number=2)
    assert "<strong data-came>1.500" in place.client().get("/statistik").text


def test_periods_and_desks_stand_apart(place: Place) -> None:
    """The newest period is open, older ones are folded; each desk has its own part."""
    older = Period(TODAY - 300, TODAY - 200, TODAY - 190, (CHANNEL,))
    publish(place, older, PERIOD)
    publish(place, PERIOD, desk="irjen")
    answer = place.client().get("/statistik")
    assert hooks(answer).hooks["data-desk"] == ["itjen", "irjen"]
    assert answer.text.count("<details>") == 1


@pytest.mark.parametrize("bent", ["other desk", "flipped", "revoked grammar"])
def test_what_does_not_verify_is_not_shown(place: Place, bent: str) -> None:
    """Somebody who writes into the store cannot make numbers appear."""
    desk = place.inspectorate.desks["itjen"]
    signed = desk.signed("statistics", Statistics(desk.head(1), (PERIOD,)).encode())
    body = {"other desk": signed, "flipped": signed[:-1] + b"\x00", "revoked grammar": signed + b"\x00"}[bent]
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "statistics", "irjen", 1, body)
    assert "data-unpublished" in place.client().get("/statistik").text


def test_codes_without_words_do_no_harm(place: Place) -> None:
    """A table that this site has no words for is left out; a row shows its code."""
    unknown = Table("zukunft", ("cases",), (Row("wbs", (7,)),))
    row = Table("channel", ("cases",), (Row("brieftaube", (7,)),))
    publish(place, Period(TODAY - 100, TODAY - 11, TODAY - 5, (unknown, row)))
    text = place.client().get("/statistik").text
    assert "zukunft" not in text
    assert "brieftaube" in text


@pytest.mark.parametrize("path", PATHS)
def test_the_page_is_light_and_brings_nothing_of_its_own(place: Place, path: str) -> None:
    """Eight quarters of two desks with every province stay below 20 KB; no style attribute, no script but ours."""
    from dropbox.form.regions import provinces

    rows = tuple(Row(code, (int(code) * 7,)) for code in provinces())
    full = Table("province", ("cases",), (*rows, Row("total", (99_999,))))
    periods = [Period(TODAY - 900 + 100 * at, TODAY - 801 + 100 * at, TODAY, PERIOD.tables) for at in range(8)]
    periods = [Period(one.first, one.last, one.counted, (CHANNEL, full, TRACK, STAGE)) for one in periods]
    for desk in ("irjen", "itjen"):
        publish(place, *periods, desk=desk)
    answer = place.client().get(path)
    assert len(gzip.compress(answer.get_data())) < 20_000
    assert not re.search(r"\sstyle=|<style|\son\w+=", answer.text)
    assert re.findall(r"<script[^>]*>", answer.text) == re.findall(r"<script[^>]*exit[^>]*>", answer.text)
