"""Numbers, register and publication as pages: what is shown is what is written, and what is published was seen."""

import datetime
import re
from collections.abc import Iterator

import pytest
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World
from work_world import new_case

from dropbox.triage.cases.periods import span_of
from dropbox.triage.exchange import statistics_extract
from dropbox.wire.calendar import date_of, day_of

LAST_YEAR = date_of(TODAY).year - 1
CODE = str(LAST_YEAR)
MAY = day_of(datetime.date(LAST_YEAR, 5, 5))


@pytest.fixture
def busy(world: World) -> Iterator[DeskClient]:
    """A desk with seven reports of last year, one of them about itself."""
    with world.open() as vault:
        for number in range(7):
            new_case(vault, today=MAY, channel="wbs" if number else "dumas", who=f"=kenari{number}()")
    client = make_desk(world)
    yield client
    client.desk.close("end")


def _summary(page: str) -> str:
    match = re.search(r"<dl[^>]*data-summary>.*?</dl>", page, re.DOTALL)
    assert match
    return match[0]


def test_the_page_counts_and_its_files_say_the_same(busy: DeskClient) -> None:
    """In the officer's language, with bars; the files lie in the export folder, private."""
    page = busy.get(f"/statistik?masa={CODE}").text
    assert "7 (6 + 1 + 0)" in _summary(page)
    assert 'width="100%" height="10"><rect width="100%"' in page
    assert "WBS + Dumas + tidak disebut = jumlah" in page
    busy.get("/bahasa/en")
    assert "WBS + Dumas + not stated = total" in busy.get(f"/statistik?masa={CODE}").text
    for kind in ("pdf", "xlsx"):
        assert busy.post("/statistik/berkas", {"masa": CODE, "kind": kind}).status_code == 302
    files = sorted(path.suffix for path in busy.desk.settings.workstation.export_folder.iterdir())
    assert files == [".pdf", ".xlsx"]
    assert {path.stat().st_mode & 0o777 for path in busy.desk.settings.workstation.export_folder.iterdir()} == {0o600}


def test_the_register_is_searched_and_written(busy: DeskClient) -> None:
    """A line for each report, or those that hold the words; the file holds the same lines, and no formula."""
    assert 'data-lines="7"' in busy.get(f"/buku-register?masa={CODE}").text
    page = busy.get(f"/buku-register?masa={CODE}&kata=kenari3").text
    assert 'data-lines="1"' in page
    assert "ITJEN-0004" in page
    assert busy.post("/buku-register/berkas", {"masa": CODE, "kata": "kenari3", "kind": "csv"}).status_code == 302
    (made,) = busy.desk.settings.workstation.export_folder.glob("*.csv")
    lines = made.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert '"\'=kenari3()"' in lines[1]


def test_what_is_published_was_seen(busy: DeskClient) -> None:
    """The form bears the numbers of the page: when a report came meanwhile it is refused, and shown anew."""
    page = busy.get(f"/statistik/umum?masa={CODE}").text
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', page)
    new_case(busy.vault, today=MAY)
    late = busy.post("/statistik/umum", {"masa": CODE, "seen": seen})
    assert late.status_code == 409
    assert "Angkanya sudah berubah" in late.text
    assert statistics_extract.published(busy.vault) == ()
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', busy.get(f"/statistik/umum?masa={CODE}").text)
    assert busy.post("/statistik/umum", {"masa": CODE, "seen": seen}).status_code == 302
    assert len(statistics_extract.published(busy.vault)) == 1
    assert "data-published" in busy.get("/statistik/umum").text
    again = busy.post("/statistik/umum", {"masa": CODE, "seen": seen})
    assert again.status_code == 409
    assert busy.lines("statistics.publish") == [{"period": CODE}]


def test_the_preview_hides_what_the_public_does_not_read(busy: DeskClient) -> None:
    """Six, one and none: no part is shown, their sum is."""
    page = busy.get(f"/statistik/umum?masa={CODE}").text
    (table,) = re.findall(r'data-table="channel".*?</table>', page, re.DOTALL)
    assert re.findall(r'<td class="number">([^<]*)</td>', table) == ["–", "–", "–", "7"]


@pytest.mark.parametrize("path", ["/statistik", "/buku-register", "/statistik/umum"])
@pytest.mark.parametrize("code", ["kemarin", "9" * 4000, "2026-Q9", "../etc"])
def test_what_is_no_period_is_refused_with_a_sentence(desk: DeskClient, path: str, code: str) -> None:
    """And never echoed."""
    answer = desk.get(path, query_string={"masa": code})
    assert answer.status_code == 409
    assert "2026-Q1" in answer.text
    assert "9999" not in answer.text


def test_a_period_that_goes_on_is_not_published(desk: DeskClient) -> None:
    """This year's button leads to a sentence, not to a decision."""
    year = span_of(str(SETTINGS.today().year)).code
    assert "Masa ini belum selesai" in desk.get(f"/statistik/umum?masa={year}").text
    assert desk.post("/statistik/umum", {"masa": year, "seen": "0" * 64}).status_code == 409


def test_the_overseer_reads_numbers_alone(world: World) -> None:
    """No register, no publication, and no link to either."""
    with world.open() as vault:
        new_case(vault, today=MAY, who="kenari")
    let_in(world, "awas", "pengawas")
    client = make_desk(world, "awas")
    page = client.get(f"/statistik?masa={CODE}").text
    assert "1 (1 + 0 + 0)" in _summary(page)
    assert "/buku-register" not in page
    assert "/statistik/umum" not in page
    assert client.get("/buku-register").status_code == 409
    assert client.post("/buku-register/berkas", {"masa": CODE, "kind": "csv"}).status_code == 409
    client.desk.close("end")


def test_a_year_is_compared_with_target_and_peers(busy: DeskClient) -> None:
    """In both languages; a year without cases has no gap, and a month no comparison."""
    assert f"/statistik/pembanding?masa={CODE}" in busy.get(f"/statistik?masa={CODE}").text
    page = busy.get(f"/statistik/pembanding?masa={CODE}").text
    assert 'data-line="followed"' in page
    assert page.count("Belum dipastikan") == 1
    assert page.count("<sup>*</sup>") > 1
    assert "Selisih ke target: 96" in page
    assert "Tidak ada kasus, jadi tidak ada selisih." in busy.get("/statistik/pembanding?masa=2019").text
    assert busy.get(f"/statistik/pembanding?masa={CODE}-05").status_code == 409
    busy.get("/bahasa/en")
    assert "Nobody has found the figure." in busy.get(f"/statistik/pembanding?masa={CODE}").text
