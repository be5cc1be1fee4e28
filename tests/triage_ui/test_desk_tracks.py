"""Beside a case: protection, sealed identity, the clearing letter, and the proof of authorship."""

import base64
import io
import re
from collections.abc import Iterator

import pytest
from desk_world import DeskClient, let_in, make_desk
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, announced, dump, new_thread
from work_world import as_officer, message, move, new_case, take

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import new_secret
from dropbox.triage.access import identity
from dropbox.triage.cases import casebook
from dropbox.triage.casework import claims, merging, protection, retention
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.manual_entry import Entered, Typed
from dropbox.triage.vault.work import Work

WHO = "Siti Kenarihijau, 0812000111"
STATEMENT = "Saya yang menulis laporan ini."
LETTER = {
    "name": "Ahmad Contoh",
    "position": "Kepala Seksi",
    "unit": "Kankemenag Kota Contoh",
    "number": "R-12/IJ/2026",
    "signer": "Budi",
    "signer_title": "Inspektur",
    "place": "Jakarta",
}


def field_of(text: str, name: str) -> str:
    """The value of a hidden field."""
    match = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert match is not None
    return match[1]


@pytest.fixture
def pair(world: World) -> Iterator[DeskClient]:
    """A desk where two officers may open identities, and case 1 has one."""
    let_in(world, "budi", "inspektur")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), record={"identity": WHO.encode()})])
        announced(vault, *identity.REASONS)
    client = make_desk(world)
    yield client
    client.desk.close("end")


def opening(client: DeskClient, **changes: str) -> dict[str, str]:
    """What the two officers type."""
    once = field_of(client.get("/kasus/1/identitas/1").text, "once")
    return {
        "once": once,
        "own": PASSPHRASE,
        "second": "budi",
        "second-passphrase": PASSPHRASE,
        "reason": "consent",
    } | changes


# --- what reporters do besides writing ----------------------------------------------------------------------------


def test_acts_of_the_reporter_are_seen(desk: DeskClient) -> None:
    """A read mark with its day and nothing new; a withdrawal in the list and on the case; protection by its kinds."""
    thread = new_thread()
    take(desk.vault, message(thread))
    desk.get("/kasus/1")
    take(desk.vault, message(thread, "addition", what="", act="read"))
    shown = desk.get("/kasus/1").text
    assert "Dibaca pelapor pada" in shown
    assert "data-withdrawn" not in shown
    assert "0 belum dibaca" in desk.get("/").text
    take(desk.vault, message(thread, "addition", what="", protection="career,legal"))
    take(desk.vault, message(thread, "addition", what="Saya takut.", act="withdraw"))
    listed = desk.get("/").text
    assert ("1 belum dibaca" in listed, "Ditarik pelapor" in listed, "Minta perlindungan" in listed) == (True,) * 3
    shown = desk.get("/kasus/1").text
    assert "data-withdrawn" in shown
    assert "Pelapor menarik laporannya" in shown
    assert "Saya takut." in shown
    assert "<li>Perlindungan karier</li><li>Perlindungan hukum</li>" in shown


# --- protection ---------------------------------------------------------------------------------------------------


def test_a_request_is_opened_and_answered(desk: DeskClient) -> None:
    """With its own date on the page; the reporter reads the outcome's sentence."""
    case = new_case(desk.vault)
    asked = desk.post("/kasus/1/minta-pelindungan", {"kind": "physical"})
    assert asked.headers["Location"] == "/kasus/1"
    shown = desk.get("/kasus/1").text
    assert protection.KINDS["physical"]["id"] in shown
    assert re.search(r'class="badge (soon|later)">jawab paling lambat', shown)
    number = field_of(shown, "request")
    assert desk.post("/kasus/1/jawab-pelindungan", {"request": number, "outcome": "granted"}).status_code == 302
    assert [one.status for one in protection.of_case(desk.vault, case)] == ["granted"]
    assert 'name="request"' not in desk.get("/kasus/1").text
    assert [line["did"] for line in desk.lines("protection.manage")] == ["open", "answer"]


def test_a_message_alone_leaves_it_open(desk: DeskClient) -> None:
    """It needs a text; what was typed into a refused answer is still there."""
    case = new_case(desk.vault)
    desk.post("/kasus/1/minta-pelindungan", {"kind": "legal"})
    number = field_of(desk.get("/kasus/1").text, "request")
    assert desk.post("/kasus/1/jawab-pelindungan", {"request": number, "text": " "}).status_code == 409
    again = desk.post("/kasus/1/jawab-pelindungan", {"request": number, "text": "Kami hubungi\x07 LPSK."})
    assert (again.status_code, "Kami hubungi" in again.text) == (409, True)
    assert desk.post("/kasus/1/jawab-pelindungan", {"request": number, "text": "Mohon tunggu."}).status_code == 302
    assert casebook.timeline(desk.vault, case)[-1].text == "Mohon tunggu."
    assert [one.status for one in protection.of_case(desk.vault, case)] == [protection.OPEN]


def test_a_merged_reporter_s_request_is_answered_at_the_leader(desk: DeskClient) -> None:
    """To its own reporter alone; a request of another case is not found from here."""
    leader, follower, other = (new_case(desk.vault) for _ in range(3))
    for case in (follower, other):
        protection.open_request(Work(desk.vault, SETTINGS, TODAY), case, "career")
    merging.merge(Work(desk.vault, SETTINGS, TODAY), follower, leader)
    numbers = {case.name: protection.of_case(desk.vault, case)[0].number for case in (follower, other)}
    foreign = {"request": str(numbers[other.name]), "outcome": "granted"}
    assert desk.post("/kasus/1/jawab-pelindungan", foreign).status_code == 409
    assert protection.of_case(desk.vault, other)[0].status == protection.OPEN
    own = {"request": str(numbers[follower.name]), "outcome": "denied", "text": "Belum dapat."}
    assert desk.post("/kasus/1/jawab-pelindungan", own).status_code == 302
    assert casebook.timeline(desk.vault, follower)[-1].text == "Belum dapat."
    assert "Belum dapat." not in [entry.text for entry in casebook.timeline(desk.vault, leader)]


# --- identity -----------------------------------------------------------------------------------------------------


def test_two_officers_read_it_once(pair: DeskClient) -> None:
    """On a page that nothing keeps; loading it again opens nothing; the log names both and why."""
    typed = opening(pair)
    opened = pair.post("/kasus/1/identitas/1", typed)
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "no-store")
    assert WHO in opened.text
    again = pair.post("/kasus/1/identitas/1", typed)
    assert (again.status_code, WHO in again.text) == (409, False)
    assert WHO not in pair.get("/kasus/1").text
    assert WHO not in repr(dump(pair.vault))
    details = {"identity": 1, "first": "budi", "second": "kepala", "reason": "consent"}
    assert pair.lines("identity.open") == [details]


@pytest.mark.parametrize(
    "changes",
    [
        {"own": "salah salah salah"},
        {"second-passphrase": "salah salah salah"},
        {"second": "kepala"},
        {"second": ""},
        {"second": "tidak-ada"},
        {"reason": ""},
        {"reason": "ingin tahu"},
        {"once": "x"},
    ],
)
def test_nothing_less_opens_it(pair: DeskClient, changes: dict[str, str]) -> None:
    """A wrong passphrase, one officer twice, nobody, no reason; passphrases never come back into the form."""
    refused = pair.post("/kasus/1/identitas/1", opening(pair) | changes)
    assert (refused.status_code, 'role="alert"' in refused.text) == (409, True)
    assert WHO not in refused.text
    assert PASSPHRASE not in refused.text
    assert "salah salah" not in refused.text
    assert pair.lines("identity.open") == []


def test_the_second_must_be_one_who_may(world: World, pair: DeskClient) -> None:
    """A verifier is no second officer, and is not even shown the form."""
    pair.desk.close("test")
    let_in(world, "ani", "verifikator")
    client = make_desk(world)
    assert client.post("/kasus/1/identitas/1", opening(client, second="ani")).status_code == 409
    client.desk.close("test")
    ani = make_desk(world, "ani")
    assert "/identitas/1" not in ani.get("/kasus/1").text
    assert ani.get("/kasus/1/identitas/1").status_code == 409


def test_an_identity_is_opened_from_its_own_case(pair: DeskClient) -> None:
    """Not from the address of another."""
    new_case(pair.vault)
    assert pair.get("/kasus/2/identitas/1").status_code == 404


def test_an_officer_seals_what_a_walk_in_said(world: World) -> None:
    """Typed once, then in no table as it was typed; one who may seal need not be one who may open."""
    let_in(world, "budi", "petugas-penerima")
    client = make_desk(world, "budi")
    case = new_case(client.vault)
    assert client.post("/kasus/1/segel-identitas", {"identity": " "}).status_code == 409
    assert client.post("/kasus/1/segel-identitas", {"identity": WHO}).status_code == 302
    assert len(identity.numbers(client.vault, case)) == 1
    assert WHO not in repr(dump(client.vault))
    assert len(client.lines("identity.seal")) == 1
    too_long = client.post("/kasus/1/segel-identitas", {"identity": "Siti " * 500})
    assert (too_long.status_code, "Siti Siti" in too_long.text) == (409, True)


# --- the letter ---------------------------------------------------------------------------------------------------


def test_the_letter_goes_into_the_export_folder(world: World, desk: DeskClient) -> None:
    """After SELESAI_TIDAK; its file's name tells nothing of the case."""
    case = new_case(desk.vault)
    assert "/kasus/1/surat" not in desk.get("/kasus/1").text
    assert desk.post("/kasus/1/surat", LETTER).status_code == 409
    move(desk.vault, case, "SELESAI_TIDAK")
    assert "/kasus/1/surat" in desk.get("/kasus/1").text
    assert desk.post("/kasus/1/surat", LETTER).status_code == 302
    (path,) = (world.folder / "ekspor").iterdir()
    assert re.fullmatch(r"surat-hasil-pemeriksaan-[0-9a-f]{8}\.pdf", path.name)
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(desk.lines("letter.clear")) == 1
    assert "R-12/IJ/2026" in desk.get("/kasus/1").text


def test_a_refused_letter_keeps_what_was_typed(world: World, desk: DeskClient) -> None:
    """A field in letters that the font lacks: the sentence, the other fields, and no file."""
    move(desk.vault, new_case(desk.vault), "SELESAI_TIDAK")
    refused = desk.post("/kasus/1/surat", LETTER | {"name": "名前"})
    assert (refused.status_code, LETTER["unit"] in refused.text, 'role="alert"' in refused.text) == (409, True, True)
    assert list((world.folder / "ekspor").iterdir()) == []


# --- proof of authorship ------------------------------------------------------------------------------------------


@pytest.fixture
def walk_in(desk: DeskClient) -> Entered:
    """A case and its reporter's secret."""
    typed = Typed("langsung", TODAY, "wbs", "pungli", {"what": "Ada setoran"})
    return manual_entry.enter(Work(desk.vault, SETTINGS, TODAY), typed)


def signed(client: DeskClient, entered: Entered) -> bytes:
    """The claim of the reporter, over the challenge that the page shows."""
    assert client.post("/pembuktian/1/tantangan").headers["Location"] == "/pembuktian/1"
    match = re.search(r"data-challenge>([0-9a-f]{64})<", client.get("/pembuktian/1").text)
    assert match is not None
    return make_claim(entered.secret, client.vault.instance, "itjen", bytes.fromhex(match[1]), STATEMENT)


def test_a_claim_is_checked(desk: DeskClient, walk_in: Entered) -> None:
    """As a file or pasted; the statement is shown, and the challenge is spent."""
    claim = signed(desk, walk_in)
    proven = desk.post("/pembuktian/1/periksa", {"file": (io.BytesIO(claim), "klaim")})
    assert (proven.status_code, STATEMENT in proven.text, "data-proven" in proven.text) == (200, True, True)
    again = desk.post("/pembuktian/1/periksa", {"pasted": base64.b64encode(claim).decode()})
    assert (again.status_code, "data-proven" in again.text) == (409, False)
    pasted = base64.encodebytes(signed(desk, walk_in)).decode()
    assert "data-proven" in desk.post("/pembuktian/1/periksa", {"pasted": pasted}).text
    assert [line["proven"] for line in desk.lines("claim.check") if line["did"] == "check"] == [1, 1]


def test_a_wrong_claim_is_told_in_words(desk: DeskClient, walk_in: Entered) -> None:
    """Another's code and words, noise, nothing, far too much; what was pasted stays."""
    signed(desk, walk_in)
    challenge = claims.waiting(Work(desk.vault, SETTINGS, TODAY), walk_in.case)
    assert challenge is not None
    forged = make_claim(new_secret(), desk.vault.instance, "itjen", challenge, STATEMENT)
    for bad in (forged, b"DBXM", b"", bytes(200_000)):
        refused = desk.post("/pembuktian/1/periksa", {"file": (io.BytesIO(bad), "klaim")})
        assert (refused.status_code, "data-unproven" in refused.text) == (409, True)
        assert STATEMENT not in refused.text
    pasted = desk.post("/pembuktian/1/periksa", {"pasted": "bukan base64!"})
    assert (pasted.status_code, "bukan base64!" in pasted.text) == (409, True)


def test_it_works_after_the_content_was_deleted(desk: DeskClient, walk_in: Entered) -> None:
    """Found by its agenda number, years later."""
    case = move(desk.vault, walk_in.case, "SELESAI_TIDAK")
    later = TODAY + SETTINGS.workstation.retention_days["SELESAI_TIDAK"]
    number = retention.propose(Work(desk.vault, SETTINGS, later), case)
    retention.approve(Work(as_officer(desk.vault), SETTINGS, later), number)
    assert desk.get("/kasus/1").status_code == 404
    found = desk.post("/pembuktian", {"nomor": case.agenda or case.name})
    assert found.headers["Location"] == "/pembuktian/1"
    claim = signed(desk, walk_in)
    proven = desk.post("/pembuktian/1/periksa", {"file": (io.BytesIO(claim), "klaim")})
    assert STATEMENT in proven.text


def test_a_number_that_is_none(desk: DeskClient) -> None:
    """A sentence, and what was typed."""
    refused = desk.post("/pembuktian", {"nomor": "9999/ITJEN/2020"})
    assert (refused.status_code, "9999/ITJEN/2020" in refused.text) == (404, True)


# --- roles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "protects", "seals", "clears", "checks", "prints"),
    [
        ("petugas-penerima", False, True, False, False, False),
        ("verifikator", True, True, False, False, True),
        ("penelaah", True, False, False, False, True),
        ("inspektur", True, True, True, True, True),
    ],
)
def test_roles(world: World, role: str, protects: bool, seals: bool, clears: bool, checks: bool, prints: bool) -> None:  # noqa: FBT001
    """What a role lacks is neither offered nor done."""
    let_in(world, "budi", role)
    with world.open() as vault:
        move(vault, new_case(vault), "SELESAI_TIDAK")
    client = make_desk(world, "budi")
    shown = client.get("/kasus/1").text
    acts = {
        "/kasus/1/minta-pelindungan": ({"kind": "career"}, protects),
        "/kasus/1/segel-identitas": ({"identity": WHO}, seals),
        "/kasus/1/surat": (LETTER, clears),
        "/kasus/1/cetak": ({}, prints),
    }
    for path, (typed, expected) in acts.items():
        assert (path in shown) == expected
        assert client.post(path, typed).status_code == (302 if expected else 409)
    assert client.get("/pembuktian").status_code == (200 if checks else 409)
    assert ('href="/pembuktian"' in shown) == checks
    assert client.post("/pembuktian/1/tantangan").status_code == (302 if checks else 409)


@pytest.mark.parametrize(
    "path",
    [
        "/kasus/1/minta-pelindungan",
        "/kasus/1/segel-identitas",
        "/kasus/1/surat",
        "/kasus/1/cetak",
        "/pembuktian/1/tantangan",
    ],
)
def test_each_act_needs_the_token(desk: DeskClient, path: str) -> None:
    """A form of another page, or of another day, changes nothing."""
    new_case(desk.vault)
    before = dump(desk.vault)
    assert desk.post(path, {"csrf_token": ""}).status_code == 400
    assert dump(desk.vault) == before
