"""The practice vault: what is in it, that it is marked, and that nothing real takes it for real."""

import hashlib
import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from desk_world import Clock, DeskClient, new_desk
from triage_world import CHEAP, SETTINGS, TODAY, World

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.settings import installation
from dropbox.triage.access import officers
from dropbox.triage.cases import casebook
from dropbox.triage.casework import inbox
from dropbox.triage.cli import run
from dropbox.triage.exchange.publish import publish
from dropbox.triage.followup import duties, records
from dropbox.triage.followup.kinds import KINDS
from dropbox.triage.intake import importing
from dropbox.triage.practice import content, files, making
from dropbox.triage.practice.people import PASSPHRASE, PEOPLE, has_practice_people, is_practice
from dropbox.triage.tables import exclusions
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.session import Desk
from dropbox.triage.vault import epochs
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import day_of
from dropbox.wire.statuses import CATEGORIES, CHANNELS


def _open(folder: Path, login: str = PEOPLE[0].login) -> Vault:
    return Vault.open(folder / making.VAULT, login, PASSPHRASE)


def _work(vault: Vault) -> Work:
    return Work(vault, SETTINGS, day_of(SETTINGS.today()))


def _copy(practice: Path, to: Path) -> Path:
    """A practice vault with its second copy that a test may change."""
    folder = to / "copy"
    shutil.copytree(practice, folder)
    with _open(folder) as vault, transaction(vault.db):
        vault.put("copy", os.fsencode(folder / f"{making.VAULT}.copy"))
    return folder


def test_there_are_25_cases_of_all_categories_and_channels(practice: Path) -> None:
    """The vault has 25 cases, and among them each category and each channel."""
    with _open(practice) as vault:
        cases = casebook.all_cases(vault)
    assert len(cases) == 25
    assert {one.category for one in cases} == set(CATEGORIES)
    assert {one.channel for one in cases} == set(CHANNELS)


def test_there_is_something_of_every_kind_to_practise_with(practice: Path) -> None:
    """A closed, a refused, an asked, an overdue, a withdrawn, a protected, a proposed and an entered case are there."""
    with _open(practice) as vault:
        rows = inbox.page(_work(vault), inbox.Filter(), limit=100).rows
    assert {"SELESAI_TERBUKTI", "DITOLAK", "BUTUH_INFO", "TELAAH", "KLARIFIKASI"} <= {one.status for one in rows}
    assert {"overdue", "soon"} & {one.urgency for one in rows} == {"overdue", "soon"}
    for wanted in ("is_unread", "is_protected", "is_proposed", "withdrawn", "files"):
        assert any(getattr(one, wanted) for one in rows), wanted
    assert {one.origin for one in rows} == {"online", "surat", "whatsapp"}
    assert "pelindungan-korban" in {tag for one in rows for tag in one.tags}


def test_there_is_a_follow_up_to_practise_with(practice: Path) -> None:
    """Objects of every kind are there; a recommendation is open, and a task letter and a disposition wait."""
    with _open(practice) as vault:
        work = _work(vault)
        kinds = {one.kind for case in casebook.all_cases(vault) for one in records.of_case(work, case)}
        assert kinds == set(KINDS)
        assert len(duties.recommendations(work)) == len(duties.tasks(work)) == len(duties.desks(work)) == 1


def test_the_named_officer_is_kept_out_and_others_are_not(practice: Path) -> None:
    """One case names an officer, who finds one case less than the first officer does."""
    with _open(practice) as vault:
        numbers = {one.number for one in casebook.visible_cases(vault)}
        named = [one for number in numbers for one in exclusions.of_cases(vault.db, [number]) if one.reason == "named"]
    assert [one.officer for one in named] == ["bayu"]


def test_each_practice_officer_opens_the_vault(practice: Path) -> None:
    """Every officer gets in with the passphrase that the page shows, and has one role of the settings."""
    for one in PEOPLE:
        with _open(practice, one.login) as vault:
            assert vault.officer.roles == one.roles
            assert set(one.roles) <= SETTINGS.workstation.roles.keys()


def test_the_waiting_export_brings_a_new_case_and_an_answer(practice: Path, tmp_path: Path) -> None:
    """What lies on the stick opens, is believed, and answers the open question."""
    folder = _copy(practice, tmp_path)
    (export,) = (folder / making.STICK).iterdir()
    with _open(folder) as vault:
        done = importing.import_export(_work(vault), io.BytesIO(export.read_bytes()).read)
        statuses = [one.status for one in casebook.all_cases(vault)]
    assert (done.opened, done.doubt, done.aside) == (4, "", [])
    assert len(statuses) == 26
    assert "BUTUH_INFO" not in statuses


def test_a_real_server_refuses_what_is_published_here(practice: Path, tmp_path: Path) -> None:
    """A return of the practice vault opens under its own root, and under no other."""
    world = World(tmp_path)
    with _open(_copy(practice, tmp_path)) as vault:
        bundle = publish(_work(vault))
        assert open_object(Trust(vault.anchor, TODAY), bundle, "return").head.desk == "latihan"
    with pytest.raises((UntrustedError, MalformedError)):
        open_object(Trust(world.anchor, TODAY), bundle, "return")


def test_a_real_desk_refuses_a_practice_export(practice: Path, vault: Vault) -> None:
    """A real vault takes nothing from an export of the practice server."""
    (export,) = (practice / making.STICK).iterdir()
    with pytest.raises((UntrustedError, MalformedError)):
        importing.import_export(Work(vault, SETTINGS, TODAY), io.BytesIO(export.read_bytes()).read)
    assert casebook.all_cases(vault) == []


def _state(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("place", ["", "practice", "blobs", "blobs/deep/practice"])
def test_nothing_is_made_in_a_vault_or_its_copy(world: World, place: str) -> None:
    """In a vault, in its second copy and below them practice is refused, and no file changes."""
    before = _state(world.folder)
    for vault in (world.path(), world.copy_path()):
        with pytest.raises(RefusedError) as error:
            making.make(vault / place)
        assert error.value.code == "practice.in-vault"
    assert _state(world.folder) == before


def test_nothing_is_made_in_a_folder_that_is_used(tmp_path: Path, world: World) -> None:
    """A folder that has a file, or that has a vault below it, is refused and keeps what it has."""
    used = tmp_path / "used"
    used.mkdir()
    (used / "notes").write_text("x")
    before = _state(tmp_path)
    for folder in (used, world.folder, used / "notes"):
        with pytest.raises(RefusedError) as error:
            making.make(folder)
        assert error.value.code == "practice.folder-used"
    assert _state(tmp_path) == before


def test_a_failure_leaves_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a step fails, nothing of the vault stays."""

    def fail(*_: object) -> None:
        raise RefusedError("practice.folder-used")

    monkeypatch.setattr(epochs, "extend", fail)
    with pytest.raises(RefusedError):
        making.make(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_the_command_asks_for_no_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command runs without --vault, and says no to a used folder in a sentence."""
    (tmp_path / "file").write_text("x")
    assert run(["practice", str(tmp_path)]) == 1
    assert "practice" in capsys.readouterr().err


def _desk(folder: Path) -> DeskClient:
    settings = installation.load(folder / making.CONFIG)
    clock = Clock()
    desk = Desk(settings, folder / making.VAULT, clock, CHEAP)
    return DeskClient(desk, create_app(desk), clock)


def test_pages_of_practice_are_marked_and_others_are_not(practice: Path, world: World) -> None:
    """Before and after unlocking a practice page is marked in its title and its banner; a real desk's page is not."""
    client = _desk(practice)
    client.start()
    locked = client.get("/buka").text
    assert client.unlock("sekar", PASSPHRASE).status_code == 302
    pages = [locked, client.get("/").text, client.get("/kasus/14").text, client.get("/bantuan/inbox").text]
    client.desk.close("end")
    assert all("<title>LATIHAN" in text and 'class="practice"' in text for text in pages)
    real = new_desk(world)
    real.start()
    assert "LATIHAN" not in real.get("/buka").text


def test_the_passphrase_is_shown_for_practice_alone(practice: Path, world: World) -> None:
    """The page that asks for the passphrase shows it for practice officers, and for no real vault."""
    client, real = _desk(practice), new_desk(world)
    for one in (client, real):
        one.start()
    assert PASSPHRASE in client.get("/buka").text
    assert PASSPHRASE not in real.get("/buka").text
    assert is_practice(practice / making.VAULT)
    assert not is_practice(world.path())
    assert not has_practice_people(world.path())


def test_the_named_files_are_made_and_differ() -> None:
    """Each file that a report names has a maker and a media type, and the same name gives the same bytes."""
    read = content.read()
    names = [name for one in read.reports for name in one.files]
    names += [name for one in read.reports for later in one.later for name in later.files]
    names += [one.file for one in read.letters if one.file]
    assert len({name.rpartition(".")[2] for name in names}) == 8
    assert len({files.made(name) for name in names}) == len(set(names))
    assert all(files.media_type(name) for name in names)
    assert all(files.made.__wrapped__(name) == files.made(name) for name in ("a.png", "a.docx", "a.zip", "a.wav"))


def test_no_officer_can_be_named_by_chance(practice: Path) -> None:
    """Besides the one report that names an officer, nothing keeps an officer out but safeguarding."""
    with _open(practice) as vault:
        numbers = [one.number for one in casebook.all_cases(vault)]
        kept = {(one.officer, one.reason) for one in exclusions.of_cases(vault.db, numbers)}
        assert officers.all_officers(vault)
    assert {one for one in kept if one[1] != "safeguarding"} == {("bayu", "named")}


def test_settings_of_practice_change_only_the_stick(practice: Path) -> None:
    """The configuration of the folder is that of the program but for the courier's stick."""
    settings = installation.load(practice / making.CONFIG)
    assert settings.workstation.stick == practice / making.STICK
    assert replace(settings.workstation, stick=SETTINGS.workstation.stick) == SETTINGS.workstation
