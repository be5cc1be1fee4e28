"""One passphrase at every place that takes one: what one place has set opens at the others, with or without blanks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_world import DeskClient, let_in, make_desk
from test_desk_tracks import WHO, opening
from triage_world import LOGIN, PASSPHRASE, World, announced, new_thread

from dropbox.disk.passphrases import ask_passphrase, check_passphrase
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import STAFF_PASSPHRASE_MIN
from dropbox.triage import cli
from dropbox.triage.access import identity
from dropbox.triage.maintenance import disks
from dropbox.triage.maintenance.disks import Disk
from tests.support.server import wait_until

NEW = "lima kata yang lain lagi"
PASTED = f"\t{NEW} \u00a0"  # with the blanks that a person pastes along
NAMED = {"login": "sari", "name": "Sari Uji", "unit": "", "roles": ["irjen"]}

ROOT = Path(__file__).parents[2]


def _account(client: DeskClient, typed: str) -> str:
    form = {"old": f" {PASSPHRASE} ", "passphrase": typed, "again": NEW}
    assert client.post("/akun/sandi", form).status_code == 302
    return LOGIN


def _officer(client: DeskClient, typed: str) -> str:
    assert client.post("/petugas", NAMED | {"passphrase": typed, "again": NEW}).status_code == 302
    return "sari"


def _suggested(client: DeskClient, typed: str) -> str:
    assert client.post("/petugas", NAMED | {"suggested": typed, "use": "1"}).status_code == 302
    return "sari"


def _file(folder: Path, typed: str) -> Path:
    path = folder / "words"
    path.write_text(f"{typed}\r\n", "utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("setting", [_account, _officer, _suggested])
def test_a_passphrase_of_a_page_opens_everywhere(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: Callable[[DeskClient, str], str]
) -> None:
    """It opens the door, the drill, and by command the vault and its backup, with or without the blanks around it."""
    disk = tmp_path / "media"
    disk.mkdir()
    monkeypatch.setattr(disks, "mounted", lambda _stick: [Disk(disk, 1 << 30)])
    client = make_desk(world)
    login = setting(client, PASTED)
    for typed in (PASTED, NEW):
        client.post("/kunci")
        assert client.unlock(login, typed).status_code == 302
    for path, form in (("cadangan", {}), ("uji", {"passphrase": PASTED})):
        assert client.post(f"/perawatan/{path}", {"disk": "0"} | form).status_code == 302
        wait_until("it has ended", lambda: client.desk.chores.now is None or client.desk.chores.now.outcome)
    assert "Cadangan ini dapat dipulihkan." in client.get("/perawatan/cadangan").text
    client.desk.close("end")
    asked = ["--vault", str(world.path()), "--officer", login]
    for typed in (PASTED, NEW):
        monkeypatch.setattr("getpass.getpass", lambda _, typed=typed: typed)
        assert cli.run(["list", *asked]) == 0
        assert cli.run(["list", *asked, "--passphrase-file", str(_file(tmp_path, typed))]) == 0
    restored = ["--vault", str(tmp_path / "restored"), *asked[2:]]
    file = str(_file(tmp_path, PASTED))
    assert cli.run(["restore", str(next(disk.iterdir())), *restored, "--passphrase-file", file]) == 0


def test_blanks_do_not_matter_to_two_officers(world: World) -> None:
    """An identity opens with both passphrases, with blanks around them."""
    let_in(world, "budi", "inspektur")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), record={"identity": WHO.encode()})])
        announced(vault, *identity.REASONS)
    client = make_desk(world)
    typed = opening(client, **{"own": f"{PASSPHRASE}\t", "second-passphrase": f" {PASSPHRASE} "})
    assert WHO in client.post("/kasus/1/identitas/1", typed).text
    client.desk.close("end")


@pytest.mark.parametrize("source", ["asked", "file"])
def test_a_passphrase_of_a_command_opens_the_page(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """A new one, asked for twice or from a file, is the one that the page takes, with or without blanks."""
    typed = iter([PASTED, NEW])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    new = ask_passphrase(_file(tmp_path, PASTED) if source == "file" else None, is_new=True)
    let_in(world, "budi", "inspektur", passphrase=new)
    client = make_desk(world)
    for given in (NEW, PASTED):
        client.post("/kunci")
        assert client.unlock("budi", given).status_code == 302
    client.desk.close("end")


def test_blanks_make_no_passphrase_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too short without its blanks is refused, and is not asked for once more."""
    short = "x" * (STAFF_PASSPHRASE_MIN - 1) + "  "
    typed = iter([short])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    with pytest.raises(RefusedError):
        ask_passphrase(None, is_new=True)
    with pytest.raises(RefusedError):
        check_passphrase(short)


def test_two_new_passphrases_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference other than blanks around them counts."""
    typed = iter([NEW, NEW.upper()])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    with pytest.raises(MalformedError):
        ask_passphrase(None, is_new=True)


def test_no_page_reads_a_passphrase_past_its_rule() -> None:
    """Each field that hides what is typed is read with `without_blanks`, on the desk's and the courier's pages."""
    hidden = re.compile(r'name="([^"]+)" type="password"')
    templates = [page for part in ("desk", "courier") for page in (ROOT / "templates" / part).glob("*.html")]
    fields = {name for page in templates for name in hidden.findall(page.read_text("utf-8"))}
    sources = [page for part in ("triage/ui", "courier/pages") for page in (ROOT / "dropbox" / part).rglob("*.py")]
    read = re.compile(r'(without_blanks\()?\b[\w.]+\.get\("([a-z-]+)"')
    found = [one for page in sources for one in read.findall(page.read_text("utf-8")) if one[1] in fields]
    assert {name for _, name in found} == fields
    assert all(rule for rule, _ in found), found
