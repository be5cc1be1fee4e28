"""A referral at the desk: two officers, forms that refuse, files in the export folder, an answer that comes in."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import samples
from desk_world import DeskClient, let_in, make_desk, new_desk
from referral_world import STORY, SUMMARY, Body
from triage_world import TODAY, World, new_thread

from dropbox.triage.referral import receivers

DRAFTED = {
    "receiver": "1",
    "request": "ambil-alih",
    "summary": SUMMARY,
    "chronology": "Maret 2026: pertama\nApril 2026: kedua",
    "reported-people": "Ahmad Contoh; Kepala Seksi; Kankemenag Kota Contoh; peminta",
    "since": "2026-03",
    "precision": "bulan",
    "rupiah": "Rp1.500.000.000",
    "court": "tidak",
    "with_files": "1",
}


@pytest.fixture
def client(world: World) -> Iterator[DeskClient]:
    """A desk with one case with a file, and a second officer."""
    let_in(world, "budi", "inspektur")
    thread = new_thread()
    with world.open() as vault:
        report = world.report(thread, record={"what": STORY.encode(), "category": b"korupsi"})
        world.take(vault, [report, world.file(thread, 1, samples.photo(), "IMG.jpg")])
    client = make_desk(world)
    yield client
    client.desk.close("end")


def upload(data: bytes, name: str = "berkas") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def body_of(folder: Path, client: DeskClient) -> Body:
    """A receiver that was added at the desk."""
    made = Body(folder / "kpk")
    card = made.make()
    words = receivers.look_at(client.vault, card, TODAY).words
    wrong = client.post("/rujukan/penerima", {"card": upload(card), "target": "kpk", "words": words[::-1]})
    assert wrong.status_code == 409
    assert "Jangan dipakai" in wrong.text
    assert words not in wrong.text
    added = client.post("/rujukan/penerima", {"card": upload(card), "target": "kpk", "words": words.upper()})
    assert added.status_code == 302
    return made


def test_a_referral_from_the_first_form_to_the_answer(client: DeskClient, world: World, tmp_path: Path) -> None:
    """Two officers let a dossier go; the body opens it and answers; the page shows it, and the board how far it is."""
    kpk = body_of(tmp_path, client)
    assert "KPK, Direktorat PLPM" in client.get("/rujukan").text
    assert client.post("/kasus/1/rujukan/nilai", {"rupiah": "1.000.000.000", "year": "2026"}).status_code == 302
    assert "nilai mencapai batas" in client.get("/rujukan").text
    assert client.post("/kasus/1/rujukan/tanya", {"target": "kpk"}).status_code == 302
    assert client.post("/kasus/1/rujukan/persetujuan", {"case": "1", "target": "kpk", "said": "yes"}).status_code == 302
    assert client.post("/kasus/1/rujukan/tanda", {"case": "1", "file": "1", "mark": "go"}).status_code == 302

    quoted = client.post("/kasus/1/rujukan/usul", DRAFTED | {"summary": f"Menurut laporan: {STORY}"})
    assert quoted.status_code == 409
    assert "kata-kata sendiri" in quoted.text
    assert "Rp1.500.000.000" in quoted.text
    assert client.post("/kasus/1/rujukan/usul", DRAFTED).status_code == 302
    own = client.get("/persetujuan").text
    assert SUMMARY in own
    assert "IMG.jpg" in own
    assert "(ditanya " in own
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 409
    client.post("/kunci")
    client.unlock("budi")
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 302
    assert client.post("/kasus/1/rujukan/segel", {"referral": "2"}).status_code == 409
    assert client.post("/kasus/1/rujukan/segel", {"referral": "1"}).status_code == 302
    (dossier,) = (world.folder / "ekspor").iterdir()
    got = kpk.open(dossier, world)
    assert (got / "bukti/001.png").exists()

    answer = kpk.answer(dossier, world, number="B-7/2026", result="working", question="Siapa <b>saksi</b>?")
    taken = client.post("/rujukan/jawaban", {"answer": upload(answer)})
    assert taken.status_code == 302
    assert "/kasus/1/rujukan" in taken.headers["Location"]
    shown = client.get("/kasus/1/rujukan").text
    assert "B-7/2026" in shown
    assert "Siapa &lt;b&gt;saksi&lt;/b&gt;?" in shown
    assert client.post("/rujukan/jawaban", {"answer": upload(answer)}).status_code == 302
    assert "sudah ada" in client.get("/rujukan").text
    case = client.get("/kasus/1").text.partition("</ol>")[0]
    assert "Instansi: KPK." in case
    assert "sedang menangani dugaan ini" in case
    assert "saksi" not in case


def test_the_second_officer_looks_before_approving(client: DeskClient, tmp_path: Path) -> None:
    """The proposal names the copy, what is covered and that it was not viewed; approving works after the look."""
    body_of(tmp_path, client)
    (base,) = set(re.findall(r'href="(/kasus/1/berkas/[0-9]+)"', client.get("/kasus/1").text))
    box = {"box-x": "0", "box-y": "0", "box-width": "500", "box-height": "500"}
    assert client.post(f"{base}/samarkan", {"name": "Untuk KPK"} | box).status_code == 302
    assert 'value="redacted-1"' in client.get("/kasus/1/rujukan").text
    marked = {"case": "1", "file": "1", "part": "", "mark": "redacted-1"}
    assert client.post("/kasus/1/rujukan/tanda", marked).status_code == 302
    assert client.post("/kasus/1/rujukan/usul", DRAFTED).status_code == 302
    client.post("/kunci")
    client.unlock("budi")
    waiting = client.get("/persetujuan").text
    for words in ("salinan samaran", "Untuk KPK", "1 kotak", "belum Anda lihat", f"{base}/samaran/1"):
        assert words in waiting
    refused = client.post("/persetujuan/1", {"approve": "1"})
    assert (refused.status_code, "Lihat dahulu salinan samaran" in refused.text) == (409, True)
    assert client.get(f"{base}/samaran/1").status_code == 200
    assert "belum Anda lihat" not in client.get("/persetujuan").text
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("path", "field", "data", "words"),
    [
        ("/rujukan/jawaban", "answer", b"", "Ini bukan berkas jawaban"),
        ("/rujukan/jawaban", "answer", b"DBXN\x01" + bytes(16 + 1120) + b"\0\0\0\0", "bukan tentang rujukan"),
        ("/rujukan/penerima", "card", b"dropbox private file v1\nkind: receiver\n", "bukan kartu penerima"),
    ],
)
def test_wrong_files_are_told(client: DeskClient, path: str, field: str, data: bytes, words: str) -> None:
    """What is no answer or no card changes nothing, and the page says so."""
    refused = client.post(path, {field: upload(data), "target": "kpk", "words": "a"})
    assert refused.status_code == 409
    assert words in refused.text
    assert client.post(path, {"target": "kpk"}).status_code == 409


def test_a_receiver_is_retired_on_purpose(client: DeskClient, tmp_path: Path) -> None:
    """Only with the tick; then nothing can be prepared for it."""
    body_of(tmp_path, client)
    assert client.post("/rujukan/penerima/1/pensiun").status_code == 409
    assert client.post("/rujukan/penerima/1/pensiun", {"sure": "1"}).status_code == 302
    assert "Yang tidak berlaku lagi: 1" in client.get("/rujukan").text
    refused = client.post("/kasus/1/rujukan/usul", DRAFTED)
    assert refused.status_code == 409
    assert "Minta kartu baru" in refused.text


def test_the_letter_for_the_ombudsman(client: DeskClient) -> None:
    """The reporter reads their agenda number on the board."""
    assert client.post("/kasus/1/rujukan/surat-ombudsman").status_code == 302
    shown = client.get("/kasus/1").text
    assert re.search(r"(?i)Nomor agenda: 0001/itjen/[0-9]{4}\.", shown)


def test_who_may_not_refer_sees_no_page(world: World) -> None:
    """A receiving officer is not offered referrals, and the addresses stay shut; in English as well."""
    let_in(world, "penerima", "petugas-penerima")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    client = new_desk(world)
    client.start()
    client.unlock("penerima")
    try:
        assert "/rujukan" not in client.get("/kasus/1").text
        assert client.get("/rujukan").status_code == 409
        assert client.get("/kasus/1/rujukan").status_code == 409
        assert client.post("/kasus/1/rujukan/usul", DRAFTED).status_code == 409
        assert client.post("/rujukan/penerima", {"card": upload(b"x"), "target": "kpk", "words": ""}).status_code == 409
    finally:
        client.desk.close("end")


def test_pages_are_there_in_english(client: DeskClient) -> None:
    """No text of the pages is left in Indonesian."""
    client.get("/bahasa/en")
    for path, words in (("/rujukan", "Add a receiver"), ("/kasus/1/rujukan", "Prepare a referral")):
        assert words in client.get(path).text
