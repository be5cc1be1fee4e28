"""Care of the vault as a page and as commands: findings in words, copy, backup, drill, what is due for deletion."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from cases_world import take
from desk_world import DeskClient, let_in, make_desk
from triage_world import LOGIN, PASSPHRASE, TODAY, World, new_thread, take_raw

from dropbox.triage import cli
from dropbox.triage.access import approvals
from dropbox.triage.cases import casebook
from dropbox.triage.commands import maintenance
from dropbox.triage.maintenance import backup, disks
from dropbox.triage.maintenance.disks import Disk
from dropbox.triage.ui import findings
from dropbox.triage.vault.vault import Vault


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A connected disk, as the kernel's table would name it."""
    place = tmp_path / "media" / "Cadangan A"
    place.mkdir(parents=True)
    monkeypatch.setattr(disks, "mounted", lambda _stick: [Disk(place, 1 << 30)])
    return place


def _filled(world: World) -> None:
    with world.open() as vault:
        thread = new_thread()
        world.take(vault, [world.report(thread), world.file(thread, 1, b"isi berkas" * 999)])


def _text(client: DeskClient, path: str = "/perawatan") -> str:
    return client.get(path).text


def test_every_finding_has_a_sentence_on_the_page_too() -> None:
    """The same codes as at the command line, in sentences that are whole."""
    assert findings.SENTENCES.keys() == maintenance.SENTENCES.keys()
    assert all(str(sentence).endswith(".") for sentence in findings.SENTENCES.values())


def test_the_page_says_what_is_wrong_and_what_to_do(world: World) -> None:
    """Bad things first; reading every file is asked for, and then finds a damaged one."""
    _filled(world)
    client = make_desk(world)
    blob = next(client.desk.vault().blobs.iterdir())
    raw = bytearray(blob.read_bytes())
    raw[-1] ^= 1
    blob.write_bytes(raw)
    assert "2 berkas tersegel ada dan utuh." in _text(client)
    page = client.post("/perawatan/periksa").text
    assert "1 berkas tersegel hilang atau rusak." in page
    assert page.index("hilang atau rusak") < page.index("Basis data utuh.")


def test_the_second_copy_is_brought_up_to_date(world: World) -> None:
    """Or the page says that its disk is away."""
    _filled(world)
    client = make_desk(world)
    assert client.post("/perawatan/salinan").status_code == 302
    assert len(list((world.copy_path() / "blobs").iterdir())) == 2
    world.copy_path().rename(world.folder / "away")
    answer = client.post("/perawatan/salinan")
    assert answer.status_code == 409
    assert "Salinan kedua tidak ada di tempatnya." in answer.text
    (world.folder / "away").rename(world.copy_path())


def test_backup_and_drill_on_a_chosen_disk(world: World, disk: Path) -> None:
    """The folder bears the desk's name; the drill asks for the passphrase, says it is good, and leaves nothing."""
    _filled(world)
    client = make_desk(world)
    assert "Cadangan A" in _text(client)
    assert "/perawatan/uji" not in _text(client)
    assert client.post("/perawatan/cadangan", {"disk": "0"}).status_code == 302
    assert backup.is_backup(disk / "cadangan-itjen")
    before = sorted(disk.iterdir())
    wrong = client.post("/perawatan/uji", {"disk": "0", "passphrase": "salah sama sekali"})
    assert (wrong.status_code, "salah sama sekali" in wrong.text) == (409, False)
    page = client.post("/perawatan/uji", {"disk": "0", "passphrase": PASSPHRASE}).text
    assert "data-drilled" in page
    assert PASSPHRASE not in page
    assert sorted(disk.iterdir()) == before


@pytest.mark.parametrize("number", ["", "1", "-1", "/tmp", "٠"])
def test_a_disk_is_one_of_the_list(world: World, disk: Path, number: str) -> None:
    """Neither a path nor a number beyond it."""
    client = make_desk(world)
    for path in ("/perawatan/cadangan", "/perawatan/uji"):
        assert client.post(path, {"disk": number, "passphrase": PASSPHRASE}).status_code == 409
    assert list(disk.iterdir()) == []


def test_what_is_due_is_proposed_and_nothing_else(world: World) -> None:
    """A case whose time is over, and the key of an old week; both wait for a second officer."""
    with world.open() as vault:
        old, fresh = take(world, vault), take(world, vault, new_thread(), 2)
        vault.db.execute(
            "update cases set status = 'SELESAI_TIDAK', closed = 1, due = 0 where number = ?", (old.number,)
        )
        vault.db.execute("insert into epochs (number, public) values (1, ?)", (bytes(32),))
    client = make_desk(world)
    page = _text(client)
    assert old.name in page
    assert fresh.name not in page
    assert client.post("/perawatan/usul", {"number": str(fresh.number)}).status_code == 409
    assert client.post("/perawatan/usul", {"number": "x"}).status_code == 409
    assert client.post("/perawatan/usul", {"number": "x", "epoch": "1"}).status_code == 409
    assert client.post("/perawatan/usul", {"number": str(old.number)}).status_code == 302
    assert client.post("/perawatan/usul", {"number": "1", "epoch": "1"}).status_code == 302
    assert [one.action for one in approvals.pending(client.desk.vault())] == ["delete", "epoch"]
    assert not {"Usulkan hapus", "Usulkan musnahkan"} & set(re.findall(r">(Usulkan \w+)<", _text(client)))
    assert len(casebook.all_cases(client.desk.vault())) == 2


@pytest.mark.parametrize("role", ["verifikator", "penelaah", "pengawas"])
def test_others_have_no_care(world: World, disk: Path, role: str) -> None:
    """Neither the page nor one of its forms."""
    let_in(world, "sari", role)
    client = make_desk(world, "sari")
    assert client.get("/perawatan").status_code == 409
    for path in ("periksa", "salinan", "cadangan", "uji", "usul"):
        answer = client.post(f"/perawatan/{path}", {"disk": "0", "passphrase": PASSPHRASE, "number": "1"})
        assert answer.status_code == 409
    assert list(disk.iterdir()) == []


def test_disks_are_what_is_mounted_below_the_stick(tmp_path: Path) -> None:
    """With the kernel's way to write spaces; a plain folder, another place and a missing one are none."""
    stick = tmp_path / "media"
    for name in ("A B", "plain"):
        (stick / name).mkdir(parents=True)
    (tmp_path / "mediator").mkdir()
    lines = [f"/dev/x {stick}/A\\040B ext4 rw 0 0", f"/dev/y {tmp_path}/mediator ext4 rw 0 0", "proc /proc proc rw 0 0"]
    table = tmp_path / "mounts"
    table.write_text("\n".join(lines))
    assert [one.path for one in disks.mounted(stick, table)] == [stick / "A B"]
    assert disks.mounted(stick, tmp_path / "nothing") == []


def test_doctor_backup_drill_and_restore_at_the_command_line(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command each; a restored vault opens with the same passphrase."""
    _filled(world)
    words = world.folder / "words"
    words.write_text(PASSPHRASE + "\n")
    words.chmod(0o600)
    monkeypatch.setenv("DROPBOX_OFFICER", LOGIN)
    common = ["--passphrase-file", str(words)]
    own = ["--vault", str(world.path()), *common]
    kept = str(world.folder / "kept")
    cli.run(["doctor", *own])
    assert "vault.db is whole" in capsys.readouterr().out
    assert cli.run(["backup", *own, kept]) == 0
    cli.run(["drill", *own, kept])
    assert "2 sealed files are there and whole" in capsys.readouterr().out
    new = world.folder / "new"
    assert cli.run(["restore", "--vault", str(new), *common, kept]) == 0
    assert "publish today" in capsys.readouterr().err
    with Vault.open(new, LOGIN, PASSPHRASE) as vault:
        assert vault.copy_folder == world.folder / "new.copy"
        assert len(casebook.all_cases(vault)) == 1
    assert cli.run(["restore", "--vault", str(new), *common, kept]) == 1
    next(world.path().glob("blobs/*")).unlink()
    assert cli.run(["doctor", *own, "--quick"]) == 1


def test_two_officers_forget_the_newest_export(world: World) -> None:
    """One proposes on the page of care, another approves; then the next signed export is taken for the newest."""
    let_in(world, "wakil", "irjen")
    client = make_desk(world)
    assert client.post("/perawatan/ekspor").status_code == 409
    take_raw(client.vault, world.export([], number=5, day=TODAY + 90), TODAY + 90)
    assert "Usulkan lupakan" in _text(client)
    assert client.post("/perawatan/ekspor").status_code == 302
    assert "Usulkan lupakan" not in _text(client)
    (waiting,) = approvals.pending(client.vault)
    assert client.post(f"/persetujuan/{waiting.number}", {"approve": "1"}).status_code == 409
    client.post("/kunci")
    client.unlock("wakil")
    assert "Lupakan ekspor terakhir" in client.get("/persetujuan").text
    assert take_raw(client.vault, world.export([], number=6)).doubt == "old"
    assert client.post(f"/persetujuan/{waiting.number}", {"approve": "1"}).status_code == 302
    assert take_raw(client.vault, world.export([], number=7)).doubt == ""
    assert "Nomor 7," in _text(client)


@pytest.mark.parametrize(
    ("lang", "said"), [("id", "server tidak menandatanganinya"), ("en", "the server did not sign it")]
)
def test_the_page_says_why_an_export_does_not_count(world: World, lang: str, said: str) -> None:
    """In the officer's language, with what follows from it for the keys."""
    client = make_desk(world)
    client.get(f"/bahasa/{lang}")
    stick = world.folder / "stick"
    stick.mkdir()
    client.desk.settings = replace(
        client.desk.settings, workstation=replace(client.desk.settings.workstation, stick=stick)
    )
    (stick / "export-1").write_bytes(world.export([world.report(new_thread())], sign=lambda _: bytes(64)))
    page = client.post("/kurir/ambil", {"number": "0"}).text
    assert 'data-doubt="signature"' in page
    assert said in page
    assert len(casebook.all_cases(client.vault)) == 1


def test_a_certificate_is_installed_while_the_pages_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request goes onto the stick, the certificate comes from it; another station's is not offered."""
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("dropbox.triage.ui.pages.care._stick", lambda: stick)
    client = make_desk(world)
    assert client.post("/perawatan/permintaan").status_code == 302
    assert (stick / "station-itjen.request").exists()
    vault = client.desk.vault()
    (stick / "a.cert").write_bytes(world.certificate(vault, serial=9, station=bytes(32)))
    (stick / "b.cert").write_bytes(world.certificate(vault, serial=4))
    page = _text(client)
    assert ("b.cert" in page, "a.cert" in page) == (True, False)
    assert client.post("/perawatan/sertifikat", {"number": "0"}).status_code == 302
    assert vault.certificate(TODAY)[1].serial == 4
    assert client.post("/perawatan/sertifikat", {"number": "7"}).status_code == 409
