"""Beside a case: legal holds, statements."""

from desk_world import DeskClient, let_in, make_desk
from triage_world import TODAY, World
from work_world import move, new_case

from dropbox.wire.calendar import date_of

HOLD = {"reason": "court", "reference": "12/G/2026 <b>"}


def test_a_hold_from_placing_to_lifting(world: World) -> None:
    """It is on the case, on the page of maintenance and in the proposal; a second officer lifts it."""
    let_in(world, "budi", "irjen")
    client = make_desk(world)
    move(client.vault, new_case(client.vault), "SELESAI_TIDAK")
    refused = client.post("/kasus/1/tahan", HOLD | {"reason": ""})
    assert (refused.status_code, "12/G/2026 &lt;b&gt;" in refused.text) == (409, True)
    assert client.post("/kasus/1/tahan", HOLD).status_code == 302
    assert "data-held" in client.get("/kasus/1").text
    assert "12/G/2026 &lt;b&gt;" in client.get("/perawatan").text
    assert client.post("/perawatan/usul", {"number": "1"}).status_code == 409
    assert client.post("/kasus/1/usul-lepas-tahan", {"hold": "7"}).status_code == 409
    assert client.post("/kasus/1/usul-lepas-tahan", {"hold": "1"}).status_code == 302
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 409
    client.desk.close("test")
    second = make_desk(world, "budi")
    assert "12/G/2026 &lt;b&gt;" in second.get("/persetujuan").text
    assert second.post("/persetujuan/1", {"approve": "1"}).status_code == 302
    shown = second.get("/kasus/1").text
    assert ("data-held" in shown, "Dilepas oleh Budi Uji" in shown) == (False, True)
    second.desk.close("end")


def test_who_may_not_hold(world: World) -> None:
    """A reviewer sees the hold, and has neither form nor act; an officer who is kept out gets no page."""
    for login, role in (("budi", "penelaah"), ("ina", "inspektur")):
        let_in(world, login, role)
    client = make_desk(world)
    new_case(client.vault, today=TODAY)
    client.post("/kasus/1/tahan", HOLD)
    client.vault.db.execute("insert into exclusions values (1, 'ina', 'named', '')")
    client.desk.close("test")
    reviewer = make_desk(world, "budi")
    shown = reviewer.get("/kasus/1").text
    assert ("Perkara di pengadilan" in shown, "/kasus/1/tahan" in shown) == (True, False)
    assert reviewer.post("/kasus/1/tahan", HOLD).status_code == 409
    assert reviewer.post("/kasus/1/usul-lepas-tahan", {"hold": "1"}).status_code == 409
    reviewer.desk.close("test")
    out = make_desk(world, "ina")
    assert out.post("/kasus/1/tahan", HOLD).status_code == 404
    assert "12/G/2026" not in out.get("/perawatan").text
    out.desk.close("end")


STATEMENT = {"party": "witness", "name": "Rahmawati <b>", "given": str(date_of(TODAY)), "text": "Saya melihat <i>."}


def test_a_statement_on_the_page(desk: DeskClient) -> None:
    """A refused form keeps what was typed; a correction and a withdrawal are shown with their reasons."""
    new_case(desk.vault)
    refused = desk.post("/kasus/1/keterangan", STATEMENT | {"text": ""})
    assert (refused.status_code, "Rahmawati &lt;b&gt;" in refused.text) == (409, True)
    assert desk.post("/kasus/1/keterangan", STATEMENT | {"given": "besok"}).status_code == 409
    assert desk.post("/kasus/1/keterangan", STATEMENT).status_code == 302
    later = STATEMENT | {"statement": "1", "why": "correction", "text": "Saya melihat dua kuitansi."}
    assert desk.post("/kasus/1/keterangan", later | {"why": ""}).status_code == 409
    assert desk.post("/kasus/1/keterangan", later).status_code == 302
    assert "Perbaikan salah tulis" in desk.get("/kasus/1").text
    assert desk.post("/kasus/1/tarik-keterangan", {"statement": "1", "why": "twice"}).status_code == 302
    shown = desk.get("/kasus/1").text
    assert ("Tercatat dua kali" in shown, "Saya melihat &lt;i&gt;." in shown) == (True, True)
    assert desk.post("/kasus/1/tarik-keterangan", {"statement": "x"}).status_code == 409
