"""Pages name officers by their names; a login is for unlocking, for managing accounts and for the log."""

import re
from pathlib import Path

import pytest
from cases_world import exclude
from desk_world import let_in, make_desk
from test_desk_guard import PAGES
from triage_world import SETTINGS, TODAY, World
from work_world import move, new_case

from dropbox.triage.casework import handling
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

LOGINS = ("qzactor", "qzkept")  # part of no word
OWN = {"/petugas", "/akun", "/buka", "/kegiatan"}  # accounts, and the log, whose chain holds logins
HOLD = {"reason": "court", "reference": "12/G/2026"}
STATEMENT = {"party": "witness", "name": "Rahmawati", "given": str(date_of(TODAY)), "text": "Saya melihat."}
TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "desk").glob("*.html"))
PERSON = r"(?:officer|proposer|giver|assignee|lifter|withdrawer)"
BARE = re.compile(rf"\{{\{{ *\w+\.{PERSON} *(?:\||\}}\}})|who=\w+\.{PERSON}[ ,]")


def test_no_page_shows_a_login(world: World) -> None:
    """What two officers did, proposed and were kept out of is shown with their names, on every page without files."""
    let_in(world, LOGINS[0], "irjen", name="Ratna Kusuma")
    let_in(world, LOGINS[1], "penelaah", name="Bayu Mahardika")
    client = make_desk(world, LOGINS[0])
    case, other = new_case(client.vault), new_case(client.vault)
    work = Work(client.vault, SETTINGS, TODAY)
    handling.assign(work, case, office="inspektorat-1", officer=LOGINS[0], text="Telaah.", due=TODAY + 5)
    exclude(client.vault, case, LOGINS[1])
    move(client.vault, case, "VERIFIKASI")
    for act, typed in (("catat", {"text": "Catatan."}), ("keterangan", STATEMENT), ("tahan", HOLD)):
        assert client.post(f"/kasus/1/{act}", typed).status_code == 302
    assert client.post("/kasus/1/usul-lepas-tahan", {"hold": "1"}).status_code == 302
    assert client.post(f"/kasus/{other.number}/tolak", {"reason": "evidence", "grounds": "x"}).status_code == 302
    client.desk.close("test")
    client = make_desk(world)
    pages = {page: client.get(page).text for page in sorted({"/", *PAGES, "/kasus/1", "/kasus/2/rujukan"} - OWN)}
    shown = {page: re.sub(r"<[^>]*>", " ", text) for page, text in pages.items()}
    assert [page for page, text in shown.items() if "qz" in text] == []
    for page in ("/", "/kasus/1", "/persetujuan", "/belum-terbit", "/perawatan"):
        assert "Ratna Kusuma" in shown[page], page
    assert "Bayu Mahardika disebut dalam laporan" in " ".join(shown["/kasus/1"].split())
    client.desk.close("end")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_shows_no_login(path: Path) -> None:
    """No template writes the login of who did something; the log writes it after the name."""
    assert path.stem == "journal" or not BARE.search(path.read_text("utf-8"))
