"""The inbox as a page: what a row shows, sorting, saved filters, several cases at once, and quick sorting."""

import re

from cases_world import exclude, take
from desk_world import DeskClient, let_in, make_desk
from triage_world import World

from dropbox.triage.cases import casebook
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction


def _fill(world: World, count: int = 3) -> None:
    with world.open() as vault:
        for number in range(1, count + 1):
            take(world, vault, number=number, what=f"Kenari {number} <b>tebal</b>", where="MTsN Gelatik", who="Merpati")


def _shown(page: str) -> list[str]:
    return re.findall(r"data-open href=\"/kasus/\d+\">(ITJEN-\d+)", page)


def test_a_row_shows_the_reporters_words_as_text_and_as_theirs(world: World) -> None:
    """First words, place and people stand in quotation marks, without markup, until an officer has classified."""
    _fill(world, 1)
    client = make_desk(world)
    page = client.get("/").text
    quoted = re.findall(r'<q class="said" dir="auto">(.*?)</q>', page)
    assert quoted == ["Kenari 1 &lt;b&gt;tebal&lt;/b&gt;", "MTsN Gelatik", "Merpati"]
    client.post("/kasus/1/klasifikasi", {"unit": "Kantor Elang", "subject": "Setoran"})
    page = client.get("/").text
    assert "MTsN Gelatik" not in page
    assert "Kantor Elang" in page


def test_pages_of_a_sorted_list_have_no_text_in_their_addresses(world: World, monkeypatch: object) -> None:
    """By unit, page after page: every case once, and the way on is a number; a number of no page begins anew."""
    _fill(world)
    client = make_desk(world)
    with transaction(client.vault.db):
        for number, unit in ((1, "Rajawali"), (2, "elang"), (3, "Elang")):
            client.vault.db.execute("update cases set unit = ? where number = ?", (unit, number))
    monkeypatch.setattr("dropbox.triage.casework.inbox.PAGE_ROWS", 1)  # type: ignore[attr-defined]
    monkeypatch.setattr("dropbox.triage.casework.inbox.page.__defaults__", (1, None))  # type: ignore[attr-defined]
    seen, address = [], "/?sort=unit"
    while address:
        page = client.get(address).text
        seen += _shown(page)
        found = re.search(r'data-jump="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
        assert "elang" not in address.lower()
    assert seen == ["ITJEN-0002", "ITJEN-0003", "ITJEN-0001"]
    assert _shown(client.get("/?sort=unit&after=99999").text) == ["ITJEN-0002"]


def test_a_saved_filter_has_its_number_as_address(world: World) -> None:
    """Its unit is in no address; a deleted one shows the open cases, and the case page still opens."""
    _fill(world)
    client = make_desk(world)
    with transaction(client.vault.db):
        client.vault.db.execute("update cases set unit = 'Rajawali' where number = 2")
    client.get("/?unit=rajawali&sort=unit")
    where = client.post("/saringan", {"name": "Burung"}).headers["Location"]
    assert where.startswith("/?saved=")
    page = client.get(where).text
    assert _shown(page) == ["ITJEN-0002"]
    assert not re.search(r'(?:href|action)="[^"]*[Rr]ajawali', page)
    number = re.search(r"saved=(\d+)", where)
    assert number
    assert client.post(f"/saringan/{number[1]}/hapus").status_code == 302
    assert client.get("/kasus/2").status_code == 200
    assert len(_shown(client.get(where).text)) == 3
    assert client.post(f"/saringan/{number[1]}/hapus").status_code == 404


def test_several_cases_get_office_and_tags_and_the_page_says_which(world: World) -> None:
    """With a number that is no case: the page names what was done and what was not; nothing chosen is said so."""
    _fill(world)
    client = make_desk(world)
    answer = client.post(
        "/pilihan", {"case": ["1", "3", "77", "x"], "office": "dumas", "add": "mendesak"}, follow_redirects=True
    )
    assert "2 kasus selesai: ITJEN-0001, ITJEN-0003." in answer.text
    assert "Tidak dikerjakan: ITJEN-0077." in answer.text
    assert [casebook.case_of(client.vault, CaseNumber(one)).office for one in (1, 2, 3)] == ["dumas", "", "dumas"]
    assert "Pilih dahulu" in client.post("/pilihan", {"add": "a"}, follow_redirects=True).text


def test_a_hidden_case_is_neither_done_nor_told_from_one_that_is_not_there(world: World) -> None:
    """For who is kept out, case 1 answers as case 77 does in a batch, and is not in what they decide together."""
    _fill(world, 2)
    let_in(world, "wawan", "inspektur", name="Wawan Setiawan")
    with world.open() as vault:
        exclude(vault, casebook.case_of(vault, CaseNumber(1)), "wawan")
    client = make_desk(world)
    client.post("/pilihan", {"case": ["1", "2"], "spam": "1"})
    assert "data-batch" in client.get("/persetujuan").text
    client.unlock("wawan")
    pages = [
        client.post("/pilihan", {"case": [number], "office": "dumas"}, follow_redirects=True).text.replace(name, "X")
        for number, name in (("1", "ITJEN-0001"), ("77", "ITJEN-0077"))
    ]
    assert "Tidak dikerjakan: X." in pages[0]
    assert client.without_token(pages[0]) == client.without_token(pages[1])
    assert client.post("/kasus/1/sortir", {"subject": "a", "office": "dumas"}).status_code == 404
    waiting = client.get("/persetujuan").text
    assert "ITJEN-0001" not in waiting
    assert "data-batch" not in waiting, "a batch of two would tell of the second"
    answer = client.post("/persetujuan/bersama", {"proposal": ["1", "2"], "approve": "1"}, follow_redirects=True).text
    assert "1 kasus selesai: ITJEN-0002." in answer
    assert "Tidak dikerjakan: #1." in answer
    assert casebook.case_of(client.vault, CaseNumber(1)).status == "DITERIMA"


def _sort(client: DeskClient, number: int, **more: str) -> str:
    answer = client.post(f"/kasus/{number}/sortir", {"subject": "Setoran", "office": "inspektorat-2"} | more)
    return answer.headers.get("Location", "")


def test_quick_sorting_opens_the_next_case_and_checks_before_it_writes(world: World) -> None:
    """The form is there for a new case; without subject or office nothing is saved; the last leads to the list."""
    _fill(world, 2)
    client = make_desk(world)
    client.get("/")
    assert "data-sorting" in client.get("/kasus/1").text
    assert _sort(client, 1, office="x") == _sort(client, 1, subject=" ") == ""
    assert casebook.case_of(client.vault, CaseNumber(1)).agenda == ""
    assert _sort(client, 1) == "/kasus/2#sortir"
    assert "data-sorting" not in client.get("/kasus/1").text
    assert _sort(client, 2) == "/?is_open=1#kabar"
    case = casebook.case_of(client.vault, CaseNumber(1))
    assert (case.subject, case.office) == ("Setoran", "inspektorat-2")


def test_an_overseer_does_nothing_to_several_cases(world: World) -> None:
    """No act of the inbox is done by who may read no case."""
    _fill(world, 1)
    let_in(world, "awas", "pengawas")
    client = make_desk(world, "awas")
    client.post("/pilihan", {"case": ["1"], "office": "dumas", "add": "a", "spam": "1"})
    client.post("/saringan", {"name": "x"})
    client.post("/persetujuan/bersama", {"proposal": ["1"], "approve": "1"})
    assert client.vault.db.execute("select office from cases").fetchall() == [("",)]
    left = (
        "select (select count(*) from tags) + (select count(*) from saved_filters) + (select count(*) from proposals)"
    )
    assert client.vault.db.execute(left).fetchone() == (0,)
