"""What reporters will read is on the page before it is saved, word for word, and can be taken back until it leaves."""

import html
import re
from collections.abc import Iterator

import pytest
from cases_world import exclude, take
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World, dump

from dropbox.triage.cases import casebook
from dropbox.triage.casework import phrases
from dropbox.triage.casework.outgoing import withdrawal
from dropbox.triage.tables import events
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of

TEXT = "Kami sedang menelaah dugaan ini."


@pytest.fixture
def client(world: World) -> Iterator[DeskClient]:
    """Two reports of one matter, and a second officer."""
    with world.open() as vault:
        for number in (1, 2):
            take(world, vault, number=number, what="Uang seragam lima ratus ribu")
    let_in(world, "fauzi", "irjen")
    client = make_desk(world)
    yield client
    client.desk.close("end")


def _case(client: DeskClient, number: int = 1) -> casebook.Case:
    return casebook.case_of(client.vault, number)


def _seen(page: str, form: str = "") -> str:
    """The fingerprint of what a page shows, or shows beside a form."""
    found = re.search(r'data-seen="([0-9a-f]+)"', page.partition(f'data-look="{form}"')[2] if form else page)
    assert found
    return found[1]


FORMS = {
    "/kasus/1/jawab": {"status": "TELAAH", "text": TEXT},
    "/kasus/1/klasifikasi": {"subject": "Seragam"},
    "/kasus/1/sortir": {"subject": "Seragam", "office": "inspektorat-1"},
    "/kasus/1/gabung": {"into": "ITJEN-0002", "leads": "2"},
    "/kasus/1/pelayanan": {},
    "/kasus/1/minta-pelindungan": {"kind": "legal"},
    "/kasus/1/rujukan/tanya": {"target": "kpk"},
    "/kasus/1/rujukan/surat-ombudsman": {},
}


@pytest.mark.parametrize("address", FORMS)
def test_a_form_shows_what_it_will_write(client: DeskClient, address: str) -> None:
    """The preview writes nothing; each line that is then on the timeline was on it, with and without scripts."""
    client.post("/kasus/2/jawab", {"status": "TELAAH", "text": TEXT})
    before = dump(client.vault)
    part = client.post(address, {**FORMS[address], "preview": "part"})
    assert dump(client.vault) == before
    last = events.last(client.vault.db)
    page = client.post(address, {**FORMS[address], "preview": "page"})
    assert (part.status_code, page.status_code) == (200, 200)
    assert events.last(client.vault.db) == last
    seen = _seen(page.text, address.rpartition("/")[2])
    assert seen == _seen(part.text)
    assert client.post(address, {**FORMS[address], "seen": seen}).status_code == 302
    written = events.told_since(client.vault.db, last)
    assert written
    for _, number, entry in written:
        assert f"ITJEN-{number:04d}" in part.text
        for line in entry.text.splitlines():
            assert line in html.unescape(part.text)
            assert line in html.unescape(page.text)
        if entry.next:
            assert phrases.spoken_date(date_of(entry.next), "id") in part.text


def test_a_refusal_is_shown_to_both_officers(client: DeskClient) -> None:
    """Who proposes and who approves read the sentence that the reporter gets."""
    form = {"reason": "evidence", "grounds": "Tidak ada"}
    shown = client.post("/kasus/1/tolak", {**form, "preview": "part"}).text
    assert "belum cukup" in shown
    assert client.post("/kasus/1/tolak", {**form, "seen": _seen(shown)}).status_code == 302
    assert "belum cukup" not in client.get("/persetujuan").text
    client.post("/kunci")
    assert client.unlock("fauzi").status_code == 302
    assert "belum cukup" in client.get("/persetujuan").text


def test_what_changed_since_it_was_seen_is_not_saved(client: DeskClient) -> None:
    """The form comes back with its text; nothing is told."""
    form = {"status": "TELAAH", "text": TEXT}
    seen = _seen(client.post("/kasus/1/jawab", {**form, "preview": "part"}).text)
    refused = client.post("/kasus/1/jawab", {**form, "text": "Lain.", "seen": seen})
    assert (refused.status_code, "Lain." in refused.text) == (409, True)
    assert _case(client).status == "DITERIMA"


def test_an_answer_is_taken_back_and_written_anew(client: DeskClient) -> None:
    """From its entry on the case's page, and from the list of what has not left; a second click finds nothing."""
    assert client.post("/kasus/1/jawab", {"status": "TELAAH", "text": TEXT}).status_code == 302
    page = client.get("/kasus/1").text
    assert "data-not-left" in page
    telling = re.search(r'name="telling" value="(\d+)"', page)
    assert telling
    assert TEXT in client.get("/belum-terbit").text
    anew = client.get(f"/kasus/1?ubah={telling[1]}").text
    assert f'name="instead" value="{telling[1]}"' in anew
    assert f">{TEXT}</textarea>" in anew
    form = {"status": "VERIFIKASI", "text": "Kami periksa dahulu.", "instead": telling[1]}
    assert client.post("/kasus/1/jawab", form).status_code == 302
    assert (_case(client).status, TEXT in client.get("/kasus/1").text) == ("VERIFIKASI", False)
    assert client.post("/kasus/1/jawab", form).status_code == 409
    newest = withdrawal.newest(Work(client.vault, SETTINGS, Day(TODAY)), _case(client))
    assert newest is not None
    assert client.post("/belum-terbit/tarik", {"telling": str(newest.number)}).status_code == 302
    assert _case(client).status == "DITERIMA"
    assert client.post("/kasus/1/tarik", {"telling": str(newest.number)}).status_code == 409


def test_saving_an_answer_opens_the_next_case(client: DeskClient) -> None:
    """Of the list from which the officer came; the first nine templates have a digit."""
    client.get("/?is_open=1")
    page = client.get("/kasus/1").text
    assert re.search(r'value="verify" data-status="VERIFIKASI"[^>]* data-digit="1"', page)
    saved = client.post("/kasus/1/jawab", {"status": "VERIFIKASI", "text": ""})
    assert saved.headers["Location"].endswith("/kasus/2#kabar")


def test_a_question_needs_a_question(client: DeskClient) -> None:
    """The general template alone is refused, with the officer's own question it is taken, and so is one that asks."""
    refused = client.post("/kasus/1/jawab", {"status": "BUTUH_INFO", "phrase": "ask", "text": ""})
    assert (refused.status_code, _case(client).status) == (409, "DITERIMA")
    asked = client.post("/kasus/1/jawab", {"status": "BUTUH_INFO", "phrase": "ask-place", "text": ""})
    assert (asked.status_code, _case(client).status) == (302, "BUTUH_INFO")


def test_merging_asks_which_case_leads(client: DeskClient) -> None:
    """The further one is proposed; the other reporter's new status is shown before it is saved."""
    client.post("/kasus/1/jawab", {"status": "TELAAH", "text": TEXT})
    page = client.post("/kasus/1/gabung", {"into": "ITJEN-0002", "preview": "page"}).text
    assert re.search(r'name="leads" value="1" checked', page)
    assert 'data-told="2"' in page
    assert 'data-told="1"' not in page
    form = {"into": "ITJEN-0002", "leads": "1", "seen": _seen(page, "gabung")}
    assert client.post("/kasus/1/gabung", form).status_code == 302
    assert (_case(client, 2).merged_into, _case(client, 2).status, _case(client).status) == (1, "TELAAH", "TELAAH")
    assert client.post("/kasus/2/pisah").status_code == 302
    assert (_case(client, 2).merged_into, _case(client, 2).status) == (0, "DITERIMA")


def test_who_is_kept_out_finds_nothing_that_waits(client: DeskClient) -> None:
    """Neither on the list, nor by the number of a telling, nor in a preview of another case."""
    client.post("/kasus/1/jawab", {"status": "TELAAH", "text": TEXT})
    newest = withdrawal.newest(Work(client.vault, SETTINGS, Day(TODAY)), _case(client))
    assert newest is not None
    exclude(client.vault, _case(client), "fauzi")
    client.post("/kunci")
    assert client.unlock("fauzi").status_code == 302
    page = client.get("/belum-terbit").text
    assert (TEXT in page, "ITJEN-0001" in page) == (False, False)
    for address in ("/belum-terbit/tarik", "/kasus/2/tarik"):
        assert client.post(address, {"telling": str(newest.number)}).status_code == 409
    assert client.post("/kasus/1/tarik", {"telling": str(newest.number)}).status_code == 404


def test_quick_sorting_shows_what_reporters_will_read(client: DeskClient) -> None:
    """It is beside the form when the case opens, and saving is refused if another case got that agenda number."""
    page = client.get("/kasus/1").text
    sorting = page[page.index('id="sorting-title"') :].partition("</section>\n</div>")[0]
    assert "Nomor agenda laporan Anda: 0001/ITJEN/" in sorting
    form = {"subject": "Seragam", "office": "inspektorat-1", "seen": _seen(page, "sortir")}
    assert client.post("/kasus/2/klasifikasi", {"subject": "Lain"}).status_code == 302
    refused = client.post("/kasus/1/sortir", form)
    assert (refused.status_code, _case(client).agenda) == (409, "")
    assert client.post("/kasus/1/sortir", form | {"seen": _seen(refused.text, "sortir")}).status_code == 302
    assert _case(client).agenda.startswith("0002/")


def test_what_cannot_be_taken_back_says_why(client: DeskClient) -> None:
    """The list of what has not left names new reports with the reason; who is kept out of one finds it in neither."""
    text = client.get("/belum-terbit").text
    listed = text[text.index('data-bound="import"') :]
    assert ("ITJEN-0001" in listed, "ITJEN-0002" in listed, "Menyusul kiriman pelapor" in listed) == (True, True, True)
    exclude(client.vault, _case(client, 2), "fauzi")
    client.post("/kunci")
    client.unlock("fauzi")
    assert "ITJEN-0002" not in client.get("/belum-terbit").text
