"""Measures beside a case, and the page of policies."""

from desk_world import DeskClient, let_in, make_desk
from triage_world import TODAY, World
from work_world import new_case

from dropbox.wire.calendar import date_of

FORM = {"kind": "protect-career", "day": str(date_of(TODAY)), "decider": "Sekretaris <b>"}


def test_a_measure_from_decision_to_result(desk: DeskClient) -> None:
    """In both languages; a refused one keeps what was typed, and says what it lacks."""
    new_case(desk.vault)
    refused = desk.post("/kasus/1/tindakan", FORM | {"kind": "premium"})
    assert refused.status_code == 409
    assert "Penghargaan perlu bukti penulis laporan" in refused.text
    assert "Sekretaris &lt;b&gt;" in refused.text
    for bent in ({"day": "besok"}, {"decider": ""}, {"kind": ""}):
        assert desk.post("/kasus/1/tindakan", FORM | bent).status_code == 409
    assert desk.post("/kasus/1/tindakan", FORM).status_code == 302
    assert 'data-measure="running"' in desk.get("/kasus/1").text
    for bent in ({"measure": "1", "result": ""}, {"measure": "7", "result": "worked"}, {"measure": "x"}):
        assert desk.post("/kasus/1/hasil-tindakan", bent).status_code == 409
    assert desk.post("/kasus/1/hasil-tindakan", {"measure": "1", "result": "worked"}).status_code == 302
    assert "Dijalankan, berhasil" in desk.get("/kasus/1").text
    policies = desk.get("/kebijakan").text
    assert (policies.count("Belum dipastikan"), policies.count("<sup>*</sup>")) == (1, 5)
    assert [policies.count(f'data-open="{place}"') for place in ("policies.toml", "risk.toml", "[letterhead]")] == [
        1
    ] * 3
    desk.get("/bahasa/en")
    assert "Carried out, it worked" in desk.get("/kasus/1").text
    assert "Duty to report" in desk.get("/kebijakan").text
    assert "Protection: career" in desk.get("/statistik").text


def test_who_may_not_decide_sees_no_measures(world: World) -> None:
    """A reviewer has neither the form nor the act."""
    with world.open() as vault:
        new_case(vault)
    let_in(world, "budi", "penelaah")
    client = make_desk(world, "budi")
    assert "/kasus/1/tindakan" not in client.get("/kasus/1").text
    assert client.post("/kasus/1/tindakan", FORM).status_code == 409
    assert client.post("/kasus/1/hasil-tindakan", {"measure": "1", "result": "worked"}).status_code == 409
    client.desk.close("end")
