"""`dropbox triage` from init to publish, as a person or a script uses it."""

import io
import json
from pathlib import Path

import pytest
from triage_world import CHEAP, LOGIN, PASSPHRASE, TODAY, World, new_thread, verified

import dropbox.triage.vault.officer as officer_module
from dropbox.crypto.private.private_files import wrap
from dropbox.triage.cli import COMMANDS, run
from dropbox.triage.tasks import TASKS
from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault
from dropbox.wire.request import parse_request


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A root, and a passphrase file; no vault yet. Argon2id is cheap."""
    monkeypatch.setattr(officer_module, "wrap", lambda *arguments: wrap(*arguments[:4], CHEAP))
    world = World(tmp_path)
    (tmp_path / "root.pub").write_bytes(world.anchor.encode())
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    return world


def _run(world: World, *words: str, access: bool = True) -> int:
    vault = ["--vault", str(world.path()), "--passphrase-file", str(world.folder / "passphrase")] if access else []
    return run([*words, *vault])


def _words(world: World, login: str = LOGIN, name: str = "Sutarjo Wibisana") -> tuple[str, ...]:
    """What makes the desk's vault."""
    root = str(world.folder / "root.pub")
    return "init", "--desk", "itjen", "--root", root, "--officer", login, "--name", name


def _init(world: World) -> None:
    assert _run(world, *_words(world)) == 0
    certificate = world.folder / "itjen.cert"
    with world.open() as vault:
        certificate.write_bytes(world.certificate(vault))
        epochs.extend(vault, TODAY)
        world.public["itjen"] = epochs.public_keys(vault, 0, 1 << 32)
    assert _run(world, "certificate", str(certificate)) == 0


def test_the_whole_way(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Init, certificate, import, list, show, extract, answer, publish; then the reporter reads the answer."""
    assert _run(made, *_words(made)) == 0
    out, err = capsys.readouterr()
    request = parse_request(Path(out.strip()).read_bytes())
    assert (request.desk, request.instance) == ("itjen", made.anchor.instance)
    assert "another disk" in err
    with made.open() as vault:
        assert request.station == vault.station_public
        (made.folder / "itjen.cert").write_bytes(made.certificate(vault))
    assert _run(made, "certificate", str(made.folder / "itjen.cert")) == 0
    first = made.folder / "return-1"
    assert _run(made, "publish", str(first)) == 0
    assert first.stat().st_mode & 0o777 == 0o644
    made.public["itjen"] = verified(made, first.read_bytes()).public

    thread, photo = new_thread(), bytes(range(256)) * 999
    export = made.folder / "export"
    export.write_bytes(made.export([made.report(thread), made.file(thread, 1, photo, "foto.jpg")]))
    assert _run(made, "import", str(export)) == 0
    assert "2 opened" in capsys.readouterr().err

    assert _run(made, "list", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["case"] == "ITJEN-0001"
    assert listed.items() >= {"status": "DITERIMA", "channel": "wbs", "desk": "itjen", "category": "pungli"}.items()
    assert listed["sent"] <= listed["due"]
    assert _run(made, "list") == 0
    assert "ITJEN-0001" in capsys.readouterr().out

    assert _run(made, "show", "ITJEN-0001", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert {"case", "status", "channel", "desk", "category", "fields", "files", "timeline", "messages"} <= set(shown)
    assert shown["fields"]["what"] == "Pungutan di madrasah"
    assert shown["files"][0]["name"] == "foto.jpg"
    assert shown["messages"][0]["lang"] == "id"
    assert _run(made, "show", "1") == 0
    assert "Pungutan di madrasah" in capsys.readouterr().out

    assert _run(made, "extract", "1", "--to", str(made.folder / "out")) == 0
    assert (made.folder / "out" / "01-foto.jpg").read_bytes() == photo

    text = made.folder / "answer.txt"
    text.write_bytes(b"\xef\xbb\xbfSedang kami telaah.\r\n")
    assert _run(made, "answer", "itjen-1", "--status", "TELAAH", "--text-file", str(text)) == 0
    second = made.folder / "return-2"
    assert _run(made, "publish", str(second)) == 0
    out, _ = capsys.readouterr()
    assert out == ""
    timeline = verified(made, second.read_bytes()).timeline(made, thread)
    assert timeline is not None
    assert (timeline[-1].status, timeline[-1].text) == ("TELAAH", "Sedang kami telaah.")


def test_damage_is_one_and_everything_else_goes_through(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged blob is named on stderr, exit 1, and the others are opened."""
    _init(made)
    bad, good = made.report(new_thread()), made.report(new_thread())
    export = bytearray(made.export([bad, good]))
    export[export.index(bad.data) + 9000] ^= 1
    path = made.folder / "export"
    path.write_bytes(export)
    assert _run(made, "import", str(path)) == 1
    err = capsys.readouterr().err
    assert bad.short in err
    assert "1 opened" in err
    path.write_bytes(export[:-40])
    assert _run(made, "import", str(path)) == 1
    assert "damaged" in capsys.readouterr().err


def test_refusals_are_one_with_a_sentence(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Never a traceback, nothing on stdout."""
    _init(made)
    text = made.folder / "answer.txt"
    text.write_bytes(b"\xff\xfe")
    junk = made.folder / "junk"
    junk.write_bytes(b"PK")
    capsys.readouterr()
    for words in (
        ("show", "ITJEN-0099"),
        ("import", str(junk)),
        ("import", str(made.folder / "nothing")),
        ("import", str(made.folder)),
        ("certificate", str(junk)),
        ("answer", "1", "--status", "TELAAH", "--text-file", str(text)),
        ("extract", "1", "--to", str(made.folder / "out")),
        ("publish", str(made.folder / "no" / "such" / "folder")),
        _words(made),
        ("list", "--config", str(made.folder / "nothing.toml")),
    ):
        assert _run(made, *words) == 1, words
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.strip()) > 10
        assert "Traceback" not in err


def test_a_wrong_passphrase_is_one(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """As is a passphrase file that others may read."""
    _init(made)
    secret = made.folder / "passphrase"
    secret.write_text("quite another one\n")
    assert _run(made, "list") == 1
    assert "passphrase is wrong" in capsys.readouterr().err
    secret.chmod(0o644)
    assert _run(made, "list") == 1
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["frobnicate"],
        ["list"],  # no vault named
        ["show", "--vault", "x"],
        ["answer", "1", "--vault", "x"],
        ["answer", "1", "--vault", "x", "--status", "TELAAH", "--text-file", "f", "--next", "besok"],
        ["extract", "1", "--vault", "x"],
    ],
)
def test_wrong_use_is_two(argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With the usage on stderr."""
    monkeypatch.delenv("DROPBOX_VAULT", raising=False)
    assert run(argv) == 2
    assert "usage" in capsys.readouterr().err


def test_commands_and_table_are_the_same() -> None:
    """Each task with a purpose is a command, and each command such a task."""
    assert set(COMMANDS) == {task.name for task in TASKS.values() if task.purpose}


@pytest.mark.parametrize(
    ("locale", "said"), [("id_ID.UTF-8", "tulis daftar semua kasus"), ("en_GB.UTF-8", "list all cases")]
)
def test_help_is_in_the_language_of_the_terminal(
    locale: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Purposes come from the table in Indonesian or English; reading them runs nothing."""
    monkeypatch.delenv("DROPBOX_LANG")
    monkeypatch.setenv("LC_ALL", locale)
    assert run(["--help"]) == 0
    assert said in capsys.readouterr().out


def test_a_command_needs_the_act_of_the_table(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """An officer whose roles lack it is refused before anything is done."""
    _init(made)
    with made.open() as vault:
        vault.db.execute("update officers set roles = 'penelaah'")
    for words in (("doctor",), ("copy",), ("log",), ("import", "x"), ("certificate", "x")):
        assert _run(made, *words) == 1, words
        assert "your roles do not allow this act" in capsys.readouterr().err


def test_the_vault_may_be_named_by_the_environment(
    made: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the passphrase be asked; a new one twice."""
    typed = iter([PASSPHRASE, PASSPHRASE + "x", PASSPHRASE, PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    monkeypatch.setenv("DROPBOX_VAULT", str(made.path()))
    init = [*_words(made), "--copy", str(made.folder / "second")]
    assert run(init) == 1
    assert "differ" in capsys.readouterr().err
    assert not made.path().exists()
    assert run(init) == 0
    assert "WARNING" not in capsys.readouterr().err
    assert (made.folder / "second" / "vault.db").exists()
    assert run(["list"]) == 0


@pytest.mark.parametrize(
    "name", ["kepala", "Kepala", "Drs. H., M.Si.", "Inspektur Jenderal", "Auditor Madya II", "Tim"]
)
def test_a_vault_begins_with_a_name_of_its_officer(made: World, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Neither a post nor a title makes a first officer: nothing is made."""
    assert _run(made, *_words(made, name=name)) == 1
    assert "own name" in capsys.readouterr().err
    assert not made.path().exists()


def test_login_and_name_are_asked_for(
    made: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal; elsewhere the options are named, and no login is invented."""
    words = ("init", "--desk", "itjen", "--root", str(made.folder / "root.pub"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert _run(made, *words) == 1
    assert "--officer" in capsys.readouterr().err
    terminal = io.StringIO("sutarjo\nSutarjo Wibisana\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert _run(made, *words) == 0
    with Vault.open(made.path(), "sutarjo", PASSPHRASE) as vault:
        assert vault.officer.name == "Sutarjo Wibisana"


def test_cases_that_nobody_may_open_are_told_wherever_somebody_looks(
    made: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import, list, doctor and publish say how many there are, and none of them which; not before there is one."""
    _init(made)
    export = made.folder / "export"
    looks = (("import", str(export)), ("list",), ("doctor",), ("publish", str(made.folder / "return")))
    export.write_bytes(made.export([made.report(new_thread())]))
    for words in looks:
        _run(made, *words)
        assert "by nobody here" not in "".join(capsys.readouterr()), words
    export.write_bytes(made.export([made.report(new_thread(), "Sutarjo Wibisana meminta uang")], number=2))
    for words in looks:
        _run(made, *words)
        said = "".join(capsys.readouterr())
        assert "1 cases may be opened by nobody here" in said, words
        assert "ITJEN-0002" not in said


def test_a_lost_copy_is_begun_anew(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """`copy` says what is wrong, `copy --to` mends it and warns of the keys that are still out there."""
    _init(made)
    made.copy_path().rename(made.folder / "lost")
    assert _run(made, "copy") == 1
    assert "copy --to" in capsys.readouterr().err
    assert _run(made, "copy", "--to", str(made.folder / "second")) == 0
    assert "WARNING: the old second copy" in capsys.readouterr().err
    assert (made.folder / "second" / "vault.db").exists()
    assert _run(made, "copy") == 0


def test_a_private_key_is_no_certificate_and_no_root(made: World, capsys: pytest.CaptureFixture[str]) -> None:
    """It is called by its name."""
    _init(made)
    assert _run(made, "certificate", str(made.path() / "station.key")) == 1
    words = ["init", "--desk", "x", "--root", str(made.path() / "station.key"), "--vault", str(made.folder / "other")]
    assert run([*words, "--passphrase-file", str(made.folder / "passphrase")]) == 1
    assert "private file" in capsys.readouterr().err


def test_a_publication_replaces_an_older_return_and_nothing_else(
    made: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typed name of another file costs neither the file nor a publication; the same return may be written again."""
    _init(made)
    with made.open() as vault:
        (made.folder / "itjen.cert").write_bytes(made.certificate(vault))
    assert _run(made, "certificate", str(made.folder / "itjen.cert")) == 0
    anchor = made.path() / "root.pub"
    before = anchor.read_bytes()
    assert _run(made, "publish", str(anchor)) == 1
    assert "not overwritten" in capsys.readouterr().err
    assert anchor.read_bytes() == before
    assert [_run(made, "publish", str(made.folder / "return")) for _ in range(2)] == [0, 0]
