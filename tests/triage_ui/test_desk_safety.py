"""The pages about the safety of reporters: risk, questions after closing, the notice before an identity is opened."""

import re

import pytest
from cases_world import exclude
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World, new_thread
from work_world import message, move, new_case, take

from dropbox.triage.access import identity
from dropbox.triage.cases import casebook
from dropbox.triage.casework.safety import notice
from dropbox.triage.tables.safety import notices, risks
from dropbox.triage.vault.work import Work

LONG_AGO = TODAY - 100
NUMBERS = {f"{about}-{name}": "1" for about in ("reporter", "matter") for name in ("likelihood", "severity")}


def test_the_risk_is_shown_with_its_answers_and_decided(desk: DeskClient) -> None:
    """Not decided, with the proposal and the answers' labels; afterwards decided, and again open after a new answer."""
    thread = new_thread()
    take(desk.vault, message(thread, **{"x-known-by": "few", "x-relation": "staff"}))
    shown = desk.get("/kasus/1").text
    for words in ("Belum diputuskan, usulan: Tinggi", "2 sampai 5 orang", "Pegawai di sana"):
        assert words in shown
    assert "belum dipastikan oleh inspektorat" in shown
    refused = desk.post("/kasus/1/putuskan-risiko", {"about": "1"} | NUMBERS | {"matter-severity": "9"})
    assert (refused.status_code, 'role="alert"' in refused.text) == (409, True)
    assert desk.post("/kasus/1/putuskan-risiko", {"about": "1", "grounds": "Umum."} | NUMBERS).status_code == 302
    shown = desk.get("/kasus/1").text
    assert ("Belum diputuskan" in shown, "Umum." in shown) == (False, True)
    take(desk.vault, message(thread, "addition", **{"x-when-frequency": "ongoing"}))
    assert "data-renewed" in desk.get("/kasus/1").text


def test_the_question_is_due_asked_and_shown(desk: DeskClient) -> None:
    """In the list of what is due and on the case; the form has the words that the reporter will read."""
    case = move(desk.vault, new_case(desk.vault), "SELESAI_TIDAK", LONG_AGO)
    assert case.name in desk.get("/perlindungan").text
    shown = desk.get("/kasus/1").text
    (words,) = re.findall(r'name="text-id" lang="id"[^>]*>([^<]+)</textarea>', shown)
    assert desk.post("/kasus/1/tanya-pelindungan", {"text-id": " "}).status_code == 409
    assert desk.post("/kasus/1/tanya-pelindungan", {"text-id": words}).status_code == 302
    assert casebook.timeline(desk.vault, case)[-1].text == words.replace("\r\n", "\n").strip()
    listed = desk.get("/perlindungan").text
    assert "Tidak ada pelapor yang perlu ditanyai sekarang." in listed.split("Tiga bulan ke depan")[0]
    assert "Bulan ke-3: ditanyakan" in desk.get("/kasus/1").text


def test_the_notice_is_read_before_it_is_saved(desk: DeskClient) -> None:
    """The page shows it with its reason, then saves what was typed; until its days are over nothing opens."""
    work = Work(desk.vault, SETTINGS, TODAY)
    number = identity.enter(work, new_case(desk.vault), "Amir")
    path = f"/kasus/1/identitas/{number}"
    assert desk.post(f"{path}/pemberitahuan", {"do": "show", "reason": ""}).status_code == 409
    shown = desk.post(f"{path}/pemberitahuan", {"do": "show", "reason": "court"})
    assert (shown.status_code, "Alasan: Perintah pengadilan." in shown.text) == (200, True)
    assert notices.of_identity(desk.vault.db, number) == []
    typed = {"do": "give", "reason": "court", "text": "Kami akan membukanya."}
    assert desk.post(f"{path}/pemberitahuan", typed).status_code == 302
    assert "menunggu penerbitan" in desk.get(path).text
    assert not identity.may_be_opened(work, number, "court")


def test_a_second_officer_decides_that_there_is_none(world: World) -> None:
    """The page of approvals names both reasons, and one who proposes does not decide."""
    let_in(world, "budi", "inspektur")
    client = make_desk(world)
    number = identity.enter(Work(client.vault, SETTINGS, TODAY), new_case(client.vault), "Amir")
    typed = {"do": "waive", "reason": "danger", "why": "danger"}
    assert client.post(f"/kasus/1/identitas/{number}/pemberitahuan", typed).status_code == 302
    assert "Anda yang mengusulkan" in client.get("/persetujuan").text
    client.desk.close("end")
    client = make_desk(world, "budi")
    assert notice.WHY["danger"]["id"] in client.get("/persetujuan").text
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 302
    assert identity.may_be_opened(Work(client.vault, SETTINGS, TODAY), number, "danger")
    client.desk.close("end")


ACTS = {
    "/kasus/1/putuskan-risiko": ("risk.decide", {"about": "1"} | NUMBERS),
    "/kasus/1/tanya-pelindungan": ("protection.manage", {"text-id": "Aman?"}),
    "/kasus/1/identitas/1/pemberitahuan": ("identity.open", {"do": "give", "reason": "court", "text": "Kami buka."}),
}


@pytest.mark.parametrize("role", sorted(SETTINGS.workstation.roles))
def test_each_role_does_its_acts_and_no_other(world: World, role: str) -> None:
    """Each route's act is done by the roles that have it; for an officer who is kept out the case is not there."""
    with world.open() as vault:
        case = move(vault, new_case(vault), "SELESAI_TIDAK", LONG_AGO)
        identity.enter(Work(vault, SETTINGS, TODAY), case, "Amir Kenari")
        before = risks.of_case(vault.db, case.number)
    let_in(world, "sari", role)
    client = make_desk(world, "sari")
    allowed = SETTINGS.workstation.roles[role].actions
    for path, (act, typed) in ACTS.items():
        answer = client.post(path, typed)
        assert (answer.status_code == 302) == (act in allowed), path
        assert "Kenari" not in answer.text
    assert (risks.of_case(client.vault.db, case.number) != before) == ("risk.decide" in allowed)
    exclude(client.vault, case, "sari")
    for path, (_act, typed) in ACTS.items():
        assert client.post(path, typed).status_code == 404, path
    assert case.name not in client.get("/perlindungan").text
    client.desk.close("end")
