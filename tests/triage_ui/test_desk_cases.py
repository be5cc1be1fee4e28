"""A day with cases on the desk's pages: look, label, write, hand on, merge, refuse, protect; and what is refused."""

from collections.abc import Iterator

import pytest
from cases_world import add_officer, take
from desk_world import DeskClient, let_in, make_desk
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, new_thread

from dropbox.triage.access import approvals, orphans
from dropbox.triage.cases import casebook
from dropbox.triage.casework import handling, inbox, search
from dropbox.triage.cli import run
from dropbox.triage.vault.work import Work


@pytest.fixture
def client(world: World) -> Iterator[DeskClient]:
    """Two reports of one matter, and a second officer."""
    with world.open() as vault:
        for number in (1, 2):
            take(
                world, vault, number=number, what="Uang seragam lima ratus ribu", who="Sutrisno", where="MTsN 3 Kediri"
            )
        add_officer(vault, "fauzi", "Ahmad Fauzi")
    client = make_desk(world)
    yield client
    client.desk.close("end")


def _work(client: DeskClient) -> Work:
    return Work(client.vault, SETTINGS, TODAY)


def _case(client: DeskClient, number: int = 1) -> casebook.Case:
    return casebook.case_of(client.vault, number)


def test_a_day_on_the_pages(client: DeskClient) -> None:
    """Look, label, write, hand on, merge, undo; each is in the case afterwards."""
    assert client.post("/kasus/1/catat", {"text": "Cek kuitansi"}).status_code == 302
    assert "Cek kuitansi" in client.get("/kasus/1").text
    handling.tag(_work(client), _case(client), add=["Dana BOS"])
    assert handling.tags(client.vault, _case(client)) == ["dana-bos"]
    labels = {"unit": "MTsN 3 Kediri", "unit_type": "madrasah"}
    assert client.post("/kasus/1/klasifikasi", labels).status_code == 302
    assert _case(client).agenda.startswith("0001/ITJEN/")
    assert _case(client).agenda in client.get("/kasus/1").text
    disposition = {"office": "dumas", "officer": "fauzi", "text": "Mohon cek"}
    assert client.post("/kasus/1/disposisi", disposition).status_code == 302
    assert (_case(client).office, _case(client).officer) == ("dumas", "fauzi")
    assert client.post("/kasus/1/disposisi", {"withdraw": "1"}).status_code == 302
    assert (_case(client).office, _case(client).officer) == ("", "")
    assert client.post("/kasus/2/gabung", {"into": "1"}).status_code == 302
    assert _case(client, 2).merged_into == 1
    assert client.post("/kasus/2/pisah").status_code == 302
    assert _case(client, 2).merged_into in (0, None)
    assert client.post("/kasus/2/klasifikasi", {"subject": "Seragam"}).status_code == 302
    assert _case(client, 2).agenda.startswith("0002/ITJEN/")
    assert orphans.count(_work(client)) == 0


def test_lists_show_what_there_is(client: DeskClient) -> None:
    """The inbox in order with its counts, narrowed by a filter; the search, and the cases that look alike."""
    page = client.get("/").text
    assert page.index("ITJEN-0001") < page.index("ITJEN-0002")
    found = inbox.page(_work(client), inbox.Filter())
    assert (found.total, found.unread) == (2, 2)
    first = inbox.page(_work(client), inbox.Filter(officer="-", text="seragam"), limit=1)
    assert (first.total, len(first.rows), first.rows[0].is_unread) == (2, 1, True)
    assert "<mark>seragam</mark>" in client.get("/cari?q=serag").text
    assert search.search(_work(client), "tidakada") == []
    assert 'name="into" value="ITJEN-0002"' in client.get("/kasus/1").text


def test_reading_a_case_takes_its_mark_away(client: DeskClient, world: World) -> None:
    """The command `show` is reading, as the page is."""
    client.desk.close("end")
    secret = world.folder / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    access = ("--vault", str(world.path()), "--passphrase-file", str(secret), "--officer", "kepala")
    assert run(["show", "1", *access]) == 0
    with world.open() as vault:
        rows = inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter(unread=True)).rows
        assert [row.name for row in rows] == ["ITJEN-0002"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/kasus/9/catat", {"text": "x"}),
        ("/kasus/1/catat", {"text": " "}),
        ("/kasus/1/klasifikasi", {"tags": "<b>"}),
        ("/kasus/1/klasifikasi", {}),
        ("/kasus/1/disposisi", {}),
        ("/kasus/1/disposisi", {"officer": "nobody"}),
        ("/kasus/1/gabung", {"into": "1"}),
        ("/kasus/1/pisah", {}),
        ("/kasus/1/buka-blokir", {"officer": "kepala"}),
    ],
)
def test_a_refusal_is_a_page_with_a_sentence(client: DeskClient, path: str, form: dict[str, str]) -> None:
    """No traceback; the status says that nothing was done."""
    refused = client.post(path, form)
    assert refused.status_code in (404, 409)
    assert 'role="alert"' in refused.text
    assert "Traceback" not in refused.text


# --- two officers -----------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(world: World) -> Iterator[DeskClient]:
    """One report with a request for protection and a sealed identity; the officers `kepala` and `budi`."""
    let_in(world, "budi", "irjen")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), record={"protection": b"career", "identity": b"Siti"})])
    client = make_desk(world)
    yield client
    client.desk.close("end")


def test_two_officers_refuse(pair: DeskClient) -> None:
    """Proposed, listed, declined once, proposed again, approved by the other, and never twice."""
    court = {"reason": "court", "reference": "12/Pid/2026"}
    refused = pair.post("/kasus/1/tolak", {"reason": "court"})
    assert (refused.status_code, "Tulis nomor perkara di pengadilan." in refused.text) == (409, True)
    assert pair.post("/kasus/1/tolak", court).status_code == 302
    assert pair.post("/persetujuan/1", {"approve": "1"}).status_code == 409
    pair.post("/kunci")
    pair.unlock("budi")
    assert "12/Pid/2026" in pair.get("/persetujuan").text
    (waiting,) = approvals.pending(pair.vault)
    assert (waiting.action, waiting.case, waiting.details["reason"]) == ("refuse", 1, "court")
    assert pair.post("/persetujuan/1", {"approve": "0"}).status_code == 302
    pair.post("/kunci")
    pair.unlock()
    assert pair.post("/kasus/1/tolak", court).status_code == 302
    pair.post("/kunci")
    pair.unlock("budi")
    assert pair.post("/persetujuan/2", {"approve": "1"}).status_code == 302
    assert pair.post("/persetujuan/2", {"approve": "1"}).status_code == 409
    assert _case(pair).status == "DITOLAK"


def test_protection_is_asked_for_and_answered(pair: DeskClient) -> None:
    """The request of the report is listed and answered; another is opened, and gets a message."""
    assert "Minta perlindungan" in pair.get("/").text
    assert pair.post("/kasus/1/jawab-pelindungan", {"request": "1", "outcome": "granted"}).status_code == 302
    assert pair.post("/kasus/1/minta-pelindungan", {"kind": "legal"}).status_code == 302
    assert pair.post("/kasus/1/jawab-pelindungan", {"request": "2", "text": "Kami urus."}).status_code == 302
    assert pair.post("/kasus/1/jawab-pelindungan", {"request": "x"}).status_code in (404, 409)
