"""Prevention as a page: what recurs, the recommendation's form, what became of it."""

import datetime

from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World
from work_world import new_case

from dropbox.triage.casework import handling
from dropbox.triage.casework.handling import Classification
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

FORM = {"kind": "unit", "subject": "KUA <Contoh>", "text": "Uji petik", "who": "Kanwil", "due": str(date_of(TODAY + 9))}


def _recur(vault: Vault) -> None:
    for _ in range(3):
        handling.classify(Work(vault, SETTINGS, TODAY), new_case(vault), Classification(unit="KUA <Contoh>"))


def test_a_recommendation_from_list_to_result(desk: DeskClient) -> None:
    """In both languages; a refused form keeps what was typed, and the statistics count what was done."""
    assert "Tidak ada yang berulang" in desk.get("/pencegahan").text
    _recur(desk.vault)
    page = desk.get("/pencegahan").text
    assert 'data-recurring="unit"' in page
    assert "KUA &lt;Contoh&gt;" in page
    late = desk.post("/pencegahan", FORM | {"due": str(datetime.date(2020, 1, 1))})
    assert late.status_code == 409
    assert "Tanggalnya harus sesudah hari ini" in late.text
    assert "Uji petik" in late.text
    assert desk.post("/pencegahan", FORM | {"due": "besok"}).status_code == 409
    gone = desk.post("/pencegahan", FORM | {"subject": "KUA lain"})
    assert gone.status_code == 409
    assert "Itu tidak ada dalam daftar" in gone.text
    assert desk.post("/pencegahan", FORM).status_code == 302
    assert 'data-recommendation="open"' in desk.get("/pencegahan").text
    assert desk.post("/pencegahan/1/selesai", {"result": " "}).status_code == 409
    assert desk.post("/pencegahan/1/selesai", {"result": "Sudah"}).status_code == 302
    desk.get("/bahasa/en")
    page = desk.get("/pencegahan").text
    assert 'data-recommendation="done"' in page
    assert "What recurred within a year" in page
    assert desk.post("/pencegahan/1/selesai", {"result": "Sudah"}).status_code == 409
    assert "Recommendations carried out" in desk.get("/statistik").text
    assert desk.post("/pencegahan", FORM | {"csrf_token": ""}).status_code == 400


def test_it_is_not_offered_to_other_roles(world: World) -> None:
    """Who works on cases has neither the page nor its entry in the menu."""
    let_in(world, "budi", "penelaah")
    client = make_desk(world, "budi")
    assert 'href="/pencegahan"' not in client.get("/").text
    assert client.get("/pencegahan").status_code == 409
    assert client.post("/pencegahan", FORM).status_code == 409
    client.desk.close("end")
