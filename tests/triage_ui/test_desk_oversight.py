"""The overseer's page: clocks without content, the yearly statement, its check."""

import datetime
import io
import types

import pytest
from desk_world import let_in, make_desk
from triage_world import TODAY, World
from work_world import new_case

from dropbox.triage.cases import audit_log
from dropbox.triage.vault.schema import transaction
from dropbox.wire.calendar import date_of

YEAR = date_of(TODAY).year - 1


def test_the_overseer_sees_clocks_and_states_the_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In both languages; no link leads to a case; a statement is written, checked, and refused of an altered log."""
    with world.open() as vault, monkeypatch.context() as patch:
        vault.db.execute("drop trigger log_is_not_cut")
        vault.db.execute("delete from log")
        clock = types.SimpleNamespace(now=lambda _zone: datetime.datetime(YEAR, 5, 5, tzinfo=datetime.UTC))
        patch.setattr(audit_log, "datetime", types.SimpleNamespace(datetime=clock, UTC=datetime.UTC))
        with transaction(vault.db):
            audit_log.write(vault, "unlock")
    with world.open() as vault:
        new_case(vault, today=TODAY - 40, what="kenari")
    let_in(world, "awas", "pengawas")
    client = make_desk(world, "awas")
    page = client.get("/pengawasan").text
    assert 'data-clock="overdue"' in page
    assert "ITJEN-0001" in page
    assert "kenari" not in page
    assert "/kasus/1" not in page
    assert client.get("/kasus/1").status_code == 409
    assert client.post("/pengawasan/pernyataan", {"year": YEAR}).status_code == 302
    (made,) = client.desk.settings.workstation.export_folder.glob("*.dbx")
    good = made.read_bytes()

    def checked(raw: bytes) -> tuple[int, str]:
        form = {"statement": (io.BytesIO(raw), "a.dbx")}
        answer = client.post("/pengawasan/periksa", form, content_type="multipart/form-data")
        return answer.status_code, client.get("/pengawasan").text if answer.status_code == 302 else answer.text

    assert f"Catatan masih sama dengan pernyataan tahun {YEAR}: 1 baris, 1 dari" in checked(good)[1]
    assert "Ini bukan pernyataan" in checked(good[:-1])[1]
    assert "Pernyataan ini tidak sah" in checked(good[:-1] + bytes([good[-1] ^ 1]))[1]
    assert "Pilih berkasnya dahulu" in client.post("/pengawasan/periksa").text
    assert "Tahun itu belum selesai" in client.post("/pengawasan/pernyataan", {"year": YEAR + 1}).text
    assert client.post("/pengawasan/pernyataan", {"year": "x" * 300}).status_code == 409
    client.vault.db.execute("drop trigger log_is_not_changed")
    client.vault.db.execute("update log set officer = 'budi' where number = 1")
    assert "Rantai catatan tidak utuh" in client.post("/pengawasan/pernyataan", {"year": YEAR}).text
    assert "tidak lagi sama" in checked(good)[1]
    client.get("/bahasa/en")
    assert "Yearly statement about the log" in client.get("/pengawasan").text
    client.desk.close("end")


def test_the_papers_of_data_protection_are_written(world: World) -> None:
    """Register and breach note as files; a refused note keeps what was typed."""
    let_in(world, "awas", "pengawas")
    client = make_desk(world, "awas")
    assert 'data-spent="0"' in client.get("/pengawasan").text
    assert client.post("/pengawasan/pemrosesan", {"kind": "pdf"}).status_code == 302
    assert client.post("/pengawasan/pemrosesan", {"kind": "exe"}).status_code == 409
    form = {"found": "2025-12-31T23:30", "people": "12", "kind": "txt"}
    form |= {"data": "Nama <b>", "how": "Stik hilang", "steps": "Kunci diganti", "contact": "Pengawas"}
    for bent in ({"found": "kemarin"}, {"people": "banyak"}, {"how": ""}, {"since": "2026-01-01T00:00"}):
        refused = client.post("/pengawasan/pemberitahuan", form | bent)
        assert refused.status_code == 409
        assert "Nama &lt;b&gt;" in refused.text
    assert client.post("/pengawasan/pemberitahuan", form).status_code == 302
    folder = client.desk.settings.workstation.export_folder
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".txt"]
    (note,) = folder.glob("*.txt")
    assert "3 Januari 2026 pukul 23.30 WIB" in note.read_text("utf-8")
    client.desk.close("end")
