"""Care of the vault as a page and as commands: findings in words, copy, backup, drill, what is due for deletion."""

import re
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cases_world import take
from desk_world import DeskClient, let_in, make_desk
from triage_world import LOGIN, PASSPHRASE, SETTINGS, TODAY, World, new_thread, take_raw

from dropbox.triage import cli
from dropbox.triage.access import approvals
from dropbox.triage.cases import casebook
from dropbox.triage.commands import maintenance
from dropbox.triage.exchange import returns
from dropbox.triage.maintenance import backup, disks, outcomes
from dropbox.triage.maintenance.disks import Disk
from dropbox.triage.maintenance.restoring import Drill
from dropbox.triage.ui import findings
from dropbox.triage.ui.chores import Chores
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.wire.signed import encode_certificate_file, split_certificate_file
from tests.support.server import wait_until

_WAIT_SECONDS = 60.0


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


def _ended(client: DeskClient) -> str:
    """The page of backups when nothing runs any more."""
    wait_until(
        "the backup or drill has ended", lambda: client.desk.chores.now is None or client.desk.chores.now.outcome
    )
    return _text(client, "/perawatan/cadangan")


def test_backup_and_drill_on_a_chosen_disk(world: World, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder bears the desk's name; the drill asks for the passphrase, says it is good, and leaves nothing.

    Neither on the disk, nor in memory.
    """
    _filled(world)
    begun: list[weakref.ref[Drill]] = []
    run = Chores.drill
    monkeypatch.setattr(Chores, "drill", lambda self, drill: (begun.append(weakref.ref(drill)), run(self, drill)))
    client = make_desk(world)
    assert "Cadangan A" in _text(client, "/perawatan/cadangan")
    assert "/perawatan/uji" not in _text(client, "/perawatan/cadangan")
    assert client.post("/perawatan/cadangan", {"disk": "0"}).status_code == 302
    page = _ended(client)
    assert ('data-state="done"' in page, "2 berkas tersegel, 2 baru" in page) == (True, True)
    assert backup.is_whole(disk / "cadangan-itjen")
    before = sorted(disk.iterdir())
    wrong = client.post("/perawatan/uji", {"disk": "0", "passphrase": "salah sama sekali"})
    assert (wrong.status_code, "salah sama sekali" in wrong.text) == (409, False)
    assert client.post("/perawatan/uji", {"disk": "0", "passphrase": PASSPHRASE}).status_code == 302
    page = _ended(client)
    assert ("Cadangan ini dapat dipulihkan." in page, PASSPHRASE in page) == (True, False)
    assert sorted(disk.iterdir()) == before
    wait_until("the drill is freed", lambda: [one() for one in begun] == [None])
    assert client.lines("vault.backup") == [{}, {"files": 2, "bad": 0}]
    assert client.lines("vault.drill") == [{}, {"bad": 0}]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Copies of blobs wait for this event, which is set at first."""
    event, real = threading.Event(), second_copy.copy_blob
    event.set()

    def copy_blob(source: Path, target: Path, sha256: bytes) -> bool:
        event.wait(_WAIT_SECONDS)
        return real(source, target, sha256)

    monkeypatch.setattr(second_copy, "copy_blob", copy_blob)
    yield event
    event.set()


def test_a_backup_goes_on_while_the_desk_is_locked(world: World, disk: Path, held: threading.Event) -> None:
    """Its page shows it running and reloads by itself; another is refused; the next officer sees how it ended.

    The log then names the officer who began it.
    """
    _filled(world)
    let_in(world, "wakil", "inspektur")
    client = make_desk(world)
    held.clear()
    client.post("/perawatan/cadangan", {"disk": "0"})
    page = _text(client, "/perawatan/cadangan")
    assert ("data-running" in page, 'http-equiv="refresh"' in page, 'action="/perawatan/' in page) == (
        True,
        True,
        False,
    )
    assert "Tunggu sampai selesai." in client.post("/perawatan/cadangan", {"disk": "0"}).text
    client.post("/kunci")
    held.set()
    wait_until("the backup has ended", lambda: client.desk.chores.now is not None and client.desk.chores.now.outcome)
    client.unlock("wakil")
    assert outcomes.last(client.vault, outcomes.BACKUP).state == outcomes.BEGUN
    assert 'data-state="done"' in _text(client, "/perawatan/cadangan")
    assert outcomes.last(client.vault, outcomes.BACKUP).state == outcomes.DONE
    assert client.lines("vault.backup") == [{}, {"files": 2, "bad": 0, "officer": LOGIN}]


def test_locking_ends_a_drill_and_it_is_called_interrupted(world: World, disk: Path, held: threading.Event) -> None:
    """Nothing of what it restored stays, and the page does not show it as done."""
    _filled(world)
    client = make_desk(world)
    client.post("/perawatan/cadangan", {"disk": "0"})
    _ended(client)
    before = sorted(disk.iterdir())
    held.clear()
    client.post("/perawatan/uji", {"disk": "0", "passphrase": PASSPHRASE})
    wait_until("the drill copies", lambda: client.desk.chores.now.progress.stage == "second-copy")
    client.post("/kunci")
    held.set()
    wait_until("the drill has ended", lambda: client.desk.chores.now is None)
    assert sorted(disk.iterdir()) == before
    client.unlock()
    assert 'data-state="interrupted"' in _text(client, "/perawatan/cadangan")


def test_a_reload_of_the_page_keeps_no_desk_open(world: World) -> None:
    """Only an officer's own requests count against the idle time."""
    client = make_desk(world)
    client.clock.pass_minutes(SETTINGS.workstation.idle_minutes - 1)
    client.get("/perawatan/cadangan?sendiri=1")
    client.clock.pass_minutes(2)
    assert client.get("/perawatan/cadangan").status_code == 302


def test_a_failed_backup_is_said_in_both_languages(world: World, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its reason, also on the next day's page."""
    client = make_desk(world)
    monkeypatch.setattr(backup, "check_room", lambda *_: (_ for _ in ()).throw(OSError(28, "")))
    assert client.post("/perawatan/cadangan", {"disk": "0"}).status_code == 409
    page = _text(client, "/perawatan/cadangan")
    assert ('data-state="failed"' in page, "Cadangan tidak dapat ditulis" in page) == (True, True)
    client.get("/bahasa/en")
    assert "the backup could not be written" in _text(client, "/perawatan/cadangan")


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
    assert [client.get(f"/perawatan/{page}").status_code for page in ("sertifikat", "cadangan")] == [409, 409]
    for path in ("periksa", "salinan", "cadangan", "uji", "usul", "sertifikat", "permintaan"):
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
    asked = client.get("/persetujuan").text
    assert ("Lupakan ekspor terakhir" in asked, "Nomor 1-0005," in asked) == (True, True)
    assert take_raw(client.vault, world.export([], number=6)).doubt == "old"
    assert client.post(f"/persetujuan/{waiting.number}", {"approve": "1"}).status_code == 302
    assert take_raw(client.vault, world.export([], number=7)).doubt == ""
    assert "Nomor 1-0007," in _text(client)


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


@pytest.fixture
def stick(desk: DeskClient, tmp_path: Path) -> Path:
    """The drive of the desk."""
    place = tmp_path / "stick"
    place.mkdir()
    desk.desk.settings = replace(desk.desk.settings, workstation=replace(desk.desk.settings.workstation, stick=place))
    return place


def test_the_certificate_is_renewed_on_the_page(world: World, desk: DeskClient, stick: Path) -> None:
    """The request goes onto the drive, the root's answer comes from it, and the page says until when it holds."""
    assert desk.post("/perawatan/permintaan").status_code == 302
    assert (stick / "station-itjen.request").exists()
    certificate, _ = split_certificate_file(world.certificate(desk.vault, serial=4, first=TODAY - 90))
    (stick / "b.cert").write_bytes(encode_certificate_file(certificate, world.revocations(number=4)))
    page = _text(desk, "/perawatan/sertifikat")
    assert ("sudah ada di stik" in page, "Sertifikat nomor 4, berlaku sampai" in page) == (True, True)
    assert desk.post("/perawatan/sertifikat", {"number": "0"}).status_code == 302
    assert desk.vault.certificate(TODAY)[1].serial == 4
    page = _text(desk, "/perawatan/sertifikat")
    assert ("Perbarui sekarang: tersisa 10 hari." in page, "Terpasang" in page) == (True, True)
    assert desk.post("/perawatan/sertifikat", {"number": "7"}).status_code == 409


def test_a_list_of_revocations_is_installed_alone(world: World, desk: DeskClient, stick: Path) -> None:
    """A newer one, once; one that lacks a revoked key is refused."""
    (stick / "list").write_bytes(world.revocations(number=7, keys={bytes(32): TODAY}))
    assert desk.post("/perawatan/sertifikat", {"number": "0"}).status_code == 302
    assert desk.vault.revocations_held().number == 7
    assert desk.lines("vault.revocations") == [{"number": 7}]
    (stick / "list").write_bytes(world.revocations(number=8))
    refused = desk.post("/perawatan/sertifikat", {"number": "0"})
    assert (refused.status_code, "sudah dicabut sebelumnya" in refused.text) == (409, True)
    assert desk.vault.revocations_held().number == 7


@pytest.mark.parametrize(("lang", "known"), [("id", "komputer atau meja lain"), ("en", "another workstation or desk")])
def test_files_of_the_root_that_do_not_fit_are_named_with_their_reason(
    world: World, desk: DeskClient, stick: Path, lang: str, known: str
) -> None:
    """Another station's, an older one, a half one and root.pub have no button; what is not the root's is not listed."""
    good = world.certificate(desk.vault, serial=3)
    desk.vault.install_certificate(good, TODAY)
    (stick / "other.cert").write_bytes(world.certificate(desk.vault, serial=9, station=bytes(32)))
    (stick / "older.cert").write_bytes(world.certificate(desk.vault, serial=2))
    (stick / "half.cert").write_bytes(good[:150])
    (stick / "root.pub").write_bytes(desk.vault.anchor.encode())
    (stick / "foto.jpg").write_bytes(b"<b>rahasia</b>")
    desk.get(f"/bahasa/{lang}")
    page = _text(desk, "/perawatan/sertifikat")
    assert page.count('class="badge warning"') == 4
    assert ("foto.jpg" in page, known in page, 'name="number"' in page) == (False, True, False)
    assert [desk.post("/perawatan/sertifikat", {"number": str(at)}).status_code for at in range(5)] == [409] * 5
    assert desk.vault.installed().serial == 3


def test_a_return_is_marked_when_an_export_confirms_it(world: World, desk: DeskClient, stick: Path) -> None:
    """The newest stands first; an unsigned export confirms nothing, and a number that was never made counts as ours."""
    assert "data-published" in desk.post("/kurir/terbit").text
    with transaction(desk.vault.db):  # a second one of the same day
        desk.vault.put_count("published", 2)
        returns.remember(desk.vault, 2, TODAY)
    states = re.compile(r'data-return="(\w+)"')
    assert states.findall(_text(desk, "/kurir")) == ["waiting", "waiting"]
    for number, taken, signed, expected in (
        (1, 1, False, ["waiting", "waiting"]),
        (2, 1, True, ["waiting", "taken"]),
        (3, 9, True, ["taken", "replaced"]),
        (4, 0, True, ["waiting", "waiting"]),
    ):
        more = {} if signed else {"sign": lambda _: bytes(64)}
        take_raw(desk.vault, world.export([], number=number, returns={"irjen": 7, "itjen": taken}, **more))
        assert states.findall(_text(desk, "/kurir")) == expected


def test_only_the_export_that_the_vault_remembers_is_called_taken(world: World, desk: DeskClient, stick: Path) -> None:
    """One that was passed over may still be taken in; another instance's has no button, and gets no return."""
    for folder in ("a", "b"):
        (stick / folder).mkdir()
    exports = {number: world.export([world.report(new_thread())], number=number) for number in (5, 6, 7)}
    foreign = bytearray(world.export([], number=9, day=TODAY + 1))
    foreign[5] ^= 1  # the first byte of the instance, after magic and version
    (stick / "a" / "foreign").write_bytes(foreign)
    (stick / "b" / "cut").write_bytes(exports[7][:40])
    for number, data in exports.items():
        (stick / "b" / str(number)).write_bytes(data)
    take_raw(desk.vault, exports[6])
    rows = re.compile(r'<tr data-export="(\w+)"><th scope="row" class="code">(\w+)</th>(.*?)</tr>', re.DOTALL)

    found = rows.findall(_text(desk, "/kurir"))
    names = [("newer", "7"), ("taken", "6"), ("older", "5"), ("cut", "cut"), ("foreign", "foreign")]
    assert [row[:2] for row in found] == names
    for said, expected in (
        ("Terbaru", ["7"]),
        ('class="main" autofocus', ["7"]),
        ("Sudah diambil", ["6"]),
        ("ambil bila belum", ["5"]),
        ("Dari instalasi lain", ["foreign"]),
        ("<button", ["7", "6", "5", "cut"]),
    ):
        assert [name for _, name, row in found if said in row] == expected

    assert "data-published" in desk.post("/kurir/terbit").text
    assert [path.parent.name for path in stick.rglob("return-*")] == ["b"]
    (stick / "b" / "7").unlink()
    left = rows.findall(_text(desk, "/kurir"))
    assert [row[:2] for row in left] == names[1:]
    assert not [name for _, name, row in left if 'class="main"' in row or "Terbaru" in row]
    assert "data-imported" in desk.post("/kurir/ambil", {"number": "1"}).text
    assert len(casebook.all_cases(desk.vault)) == 2
    assert desk.post("/kurir/ambil", {"number": "3"}).status_code == 409
    assert len(casebook.all_cases(desk.vault)) == 2


def test_commands_name_the_page_while_the_desk_is_open(
    world: World, desk: DeskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for a vault that another command has."""
    words = world.folder / "words"
    words.write_text(PASSPHRASE + "\n")
    words.chmod(0o600)
    monkeypatch.setenv("DROPBOX_OFFICER", LOGIN)
    monkeypatch.setenv("DROPBOX_LANG", "en")
    run = ["certificate", "--vault", str(world.path()), "--passphrase-file", str(words), "x.cert"]
    assert cli.run(run) == 1
    assert "on the page Care" in capsys.readouterr().err
    desk.desk.close("end")
    with world.open():
        assert cli.run(run) == 1
    assert "on the page" not in capsys.readouterr().err
