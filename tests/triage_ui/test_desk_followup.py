"""What follows from a case on its page, and the page of what is due at whose desk."""

import re

from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World
from work_world import new_case

from dropbox.triage.casework import handling
from dropbox.triage.followup import records
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

LHP = {"kind": "report", "sign": "R-263/IJ/PS.01.3/04/2020", "dated": str(date_of(TODAY))}
ADVICE = {
    "kind": "recommendation",
    "parent": "1",
    "code": "tgr",
    "who": "Kanwil <b>",
    "text": "Tagih.",
    "until": str(date_of(TODAY + 30)),
}


def test_a_case_is_followed_up_from_its_report_to_the_last_letter(desk: DeskClient) -> None:
    """Each object is written, corrected and withdrawn on the page; what is refused keeps what was typed."""
    new_case(desk.vault)
    assert desk.post("/kasus/1/tindak-lanjut/catat", LHP).status_code == 302
    refused = desk.post("/kasus/1/tindak-lanjut/catat", ADVICE | {"until": "besok"})
    assert refused.status_code == 409
    assert 'value="Kanwil &lt;b&gt;"' in refused.text
    assert desk.post("/kasus/1/tindak-lanjut/catat", ADVICE).status_code == 302
    fixed = {**ADVICE, "root": "2", "who": "Sekretariat Jenderal", "reason": "Unit keliru"}
    assert desk.post("/kasus/1/tindak-lanjut/perbaiki", fixed | {"reason": ""}).status_code == 409
    assert desk.post("/kasus/1/tindak-lanjut/perbaiki", fixed).status_code == 302
    shown = desk.get("/kasus/1").text
    assert "Sekretariat Jenderal" in shown
    assert "Unit keliru" in shown
    assert shown.count('data-record="') == 2
    assert "R-263/IJ" in desk.get("/tugas").text
    proof = {"kind": "settlement", "parent": "2", "code": "done", "dated": str(date_of(TODAY)), "sign": "B-1/2026"}
    assert desk.post("/kasus/1/tindak-lanjut/catat", proof).status_code == 302
    assert "data-recommendations" not in desk.get("/tugas").text
    assert desk.post("/kasus/1/tindak-lanjut/cabut", {"root": "1", "reason": "Keliru"}).status_code == 409
    assert desk.post("/kasus/1/tindak-lanjut/bakar", LHP).status_code == 404
    assert desk.post("/kasus/7/tindak-lanjut/catat", LHP).status_code == 404


def test_a_printed_case_says_its_class_and_names_officers(desk: DeskClient) -> None:
    """Class, day and officer for paper; officers by name, no login; before anybody is let in there is nothing of it."""
    new_case(desk.vault)
    assert desk.post("/kasus/1/disposisi", {"office": "dumas", "text": "Telaah"}).status_code == 302
    page = desk.get("/kasus/1").text
    assert "data-print-class>RAHASIA</p>" in page
    assert re.search(r"Dicetak \d+ \w+ \d{4} oleh Kepala Uji\.", page)
    thread = page[page.index('<ol class="thread"') : page.index("</ol>", page.index('<ol class="thread"'))]
    assert "Kepala Uji, " in thread
    assert "kepala" not in thread
    desk.desk.close("end")
    assert "data-print-class" not in desk.get("/buka").text


def test_a_disposition_with_a_day_is_read_and_done_at_the_desk_of_its_addressee(world: World) -> None:
    """It waits on the addressee's page, is read by opening the case, and leaves the page when it is done."""
    let_in(world, "sari", "penelaah")
    client = make_desk(world)
    new_case(client.vault)
    due = {"officer": "sari", "text": "Mohon ditelaah", "due": str(date_of(TODAY + 3))}
    assert client.post("/kasus/1/disposisi", due).status_code == 302
    assert "Mohon ditelaah" not in client.get("/tugas").text
    assert "Mohon ditelaah" in client.get("/tugas?semua=1").text
    client.desk.close("end")
    client = make_desk(world, "sari")
    assert "Mohon ditelaah" in client.get("/tugas").text
    assert "· belum dibaca" in client.get("/tugas").text
    client.get("/kasus/1")
    assert "· belum dibaca" not in client.get("/tugas").text
    assert client.post("/kasus/1/disposisi", due).status_code == 409
    assert client.post("/kasus/1/tindak-lanjut/selesai", {"remark": ""}).status_code == 409
    assert client.post("/kasus/1/tindak-lanjut/selesai", {"remark": "Sudah ditelaah"}).status_code == 302
    assert "Sudah ditelaah" in client.get("/kasus/1").text
    assert "Mohon ditelaah" not in client.get("/tugas").text
    client.get("/bahasa/en")
    assert "Assignment done" in client.get("/kasus/1").text
    assert "No assignment waits here" in client.get("/tugas").text
    client.desk.close("end")


def test_who_is_kept_out_reads_no_duty_and_an_overseer_has_no_page(world: World) -> None:
    """Neither a row nor a count, whatever the address asks for."""
    let_in(world, "budi", "inspektur")
    let_in(world, "awas", "pengawas")
    with world.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        case = new_case(vault)
        handling.assign(work, case, office="dumas", text="Merahmuda")
        report = records.add(work, case, "report", {"sign": LHP["sign"], "dated": TODAY})
        due = {"code": "tgr", "who": "Kuningan", "text": "Birulaut", "until": TODAY - 1}
        records.add(work, case, "recommendation", due, report)
        with transaction(vault.db):
            vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'budi', 'named')")
    client = make_desk(world, "budi")
    for address in ("/tugas", "/tugas?semua=1", "/tugas?unit=dumas", "/tugas?petugas=kepala&lewat=1&halaman=2"):
        text = client.get(address).text
        assert not any(word in text for word in ("Merahmuda", "Kuningan", "Birulaut", "R-263", "unit=dumas&"))
        assert text.count('class="empty"') == 6
    for act in ("catat", "perbaiki", "cabut", "selesai"):
        assert client.post(f"/kasus/1/tindak-lanjut/{act}", LHP).status_code == 404
    client.desk.close("end")
    client = make_desk(world, "awas")
    assert client.get("/tugas").status_code == 409
    assert "/tugas" not in client.get("/akun").text
    client.desk.close("end")
