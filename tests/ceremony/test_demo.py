"""The demo: one command makes it, again changes nothing, and what it prints really works."""

import datetime
import hashlib
import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dropbox
from dropbox import demo
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.key_bundle import VerifiedKeys, open_keyed_bundle
from dropbox.crypto.sealing import Address, Decoys, seal_text
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce, new_secret
from dropbox.crypto.signing import Trust
from dropbox.errors import ConfigurationError, RefusedError, WrongPassphraseError
from dropbox.settings.installation import load
from dropbox.store.blobs import BlobInfo
from dropbox.store.database import Store
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import day_of, epoch_of
from dropbox.wire.fields import u32
from dropbox.wire.keyring import RootAnchor, parse_anchor
from dropbox.wire.signed import numbers_of

PROJECT = Path(dropbox.__file__).parents[1]
Contents = dict[str, tuple[int, bytes]]


def contents(folder: Path) -> Contents:
    """Mode and hash of every file."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).digest())
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("lock", "dropbox.db-wal", "dropbox.db-shm")
    }


def make(work: Path) -> str:
    """Run the command in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "dropbox", "keys", "demo", "--dir", ".demo", "--port", "8123"],
        cwd=work,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shell(work: Path, line: str) -> str:
    """Paste a line into a shell that stands in a folder; returns its output."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(line, shell=True, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.returncode == 0, (line, done.stderr)
    return done.stdout


def first_line(work: Path, line: str) -> str:
    """Paste a line that goes on until it is stopped; returns what it prints first."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    words = shlex.split(line)
    words[words.index("--port") + 1] = "0"  # any port that is free
    with subprocess.Popen(words, cwd=work, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            return running.stdout.readline()
        finally:
            running.terminate()


def test_each_officer_may_do_their_part(made: tuple[Path, str]) -> None:
    """At both desks: each opens the vault with the passphrase of their own file, and nobody else's, in their role."""
    folder = made[0] / ".demo"
    roles = {"kepala": "irjen", "verifikator": "verifikator", "inspektur": "inspektur", "pengawas": "pengawas"}
    words = {login: (folder / f"passphrase-{login}").read_text().strip() for login in roles if login != "kepala"}
    words["kepala"] = (folder / "passphrase").read_text().strip()
    assert len(set(words.values())) == len(roles)
    for login, role in roles.items():
        with Vault.open(folder / "vault-itjen", login, words[login]) as vault:
            assert vault.officer.roles == (role,)
    with Vault.open(folder / "vault-irjen", "pengawas", words["pengawas"]) as vault:
        assert vault.desk == "irjen"
    with pytest.raises(WrongPassphraseError):
        Vault.open(folder / "vault-itjen", "verifikator", words["inspektur"])


def published(folder: Path, today: int) -> dict[str, VerifiedKeys]:
    """The verified keys of each desk at the demo's server."""
    store = Store.open(load(folder / "dropbox.toml").database)
    trust = Trust(anchor_of(folder), today)
    keys = {desk: open_keyed_bundle(trust, item.body) for desk, item in store.published.all("keys")}
    store.close()
    return keys


def anchor_of(folder: Path) -> RootAnchor:
    return parse_anchor((folder / "keys" / "root.pub").read_bytes())


@pytest.fixture
def today() -> int:
    """The day number by which keys count: UTC's."""
    return day_of(datetime.datetime.now(datetime.UTC).date())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """(a folder with a demo in it, what was printed)."""
    work = tmp_path_factory.mktemp("work")
    return work, make(work)


def test_keys_stay_in_the_folder(made: tuple[Path, str]) -> None:
    """Nothing outside of it; private inside; no half-made thing left."""
    work, _ = made
    assert [path.name for path in work.iterdir()] == [".demo"]
    for path in (work / ".demo").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.is_dir():
            assert mode == 0o700, path
        elif path.name not in ("root.pub", "dropbox.toml"):
            assert mode & 0o077 == 0, path
    assert not (work / ".demo" / "unfinished").exists()
    assert {path.name for path in (work / ".demo" / "keys").iterdir()} == {"root.pub"}


def test_everything_is_marked(made: tuple[Path, str], today: int) -> None:
    """The root, both desks and their keys for the weeks ahead are there, and say that they are a demo."""
    folder = made[0] / ".demo"
    assert anchor_of(folder).demo
    desks = published(folder, today)
    assert sorted(desks) == ["irjen", "itjen"]
    for desk in desks.values():
        assert desk.certificate.demo
        assert {epoch_of(today) + i for i in range(13)} <= set(desk.keys)
        assert max(desk.keys) >= epoch_of(desk.certificate.last), "a certificate never outlives its keys"


def test_again_changes_nothing(made: tuple[Path, str]) -> None:
    before = contents(made[0])
    assert make(made[0]) == made[1]
    assert contents(made[0]) == before


def test_tells_where_things_are(made: tuple[Path, str]) -> None:
    assert "http://127.0.0.1:8123/" in made[1]
    for name in ("passphrase", "passphrase-verifikator", "passphrase-inspektur", "passphrase-pengawas"):
        assert f".demo/{name}\n" in made[1]
        assert (made[0] / ".demo" / name).is_file()
    assert "DEMO: never for real reports" in made[1]


def send(folder: Path, today: int) -> ReporterSecret:
    """A report to itjen, as the site would store it."""
    instance = anchor_of(folder).instance
    secret = new_secret()
    keys = secret.keys(instance, "itjen")
    nonce = form_nonce(FIRST_FORM, 0, 0)
    address = Address(
        instance, epoch_of(today), 2, 1, EpochPublicKey(published(folder, today)["itjen"].keys[epoch_of(today)])
    )
    fields = {"channel": "wbs", "category": "pungli", "what": "kanari", "who": "x", "where": "y", "desk": "itjen"}
    record = keys.shared() | {name: value.encode() for name, value in fields.items()}
    record |= {"kind": b"report", "nonce": nonce, "sent": u32(today)}
    blob = seal_text(address, Decoys(), keys.auth_key, record)
    store = Store.open(load(folder / "dropbox.toml").database)
    blob_id = keys.blob_id(nonce)
    info = BlobInfo(blob_id, bytes(32), address.epoch, len(blob), hashlib.sha256(blob).digest())
    store.blobs.put(info, blob)
    store.close()
    return secret


def test_printed_commands_work(tmp_path: Path, today: int) -> None:
    """Copied and pasted in their order they carry a report from the server to a case and its answer back."""
    printed = make(tmp_path)
    folder = tmp_path / ".demo"
    send(folder, today)
    commands = [line for line in printed.splitlines() if "dropbox" in line.split("#")[0] or line.startswith("echo")]
    commands = [line for line in commands if line.startswith(("/", "echo", ".venv", shlex.quote(sys.executable)))]
    (serve,) = (line for line in commands if " triage serve " in line)
    commands.remove(serve)
    assert len(commands) == 13
    assert "/mulai/" in first_line(tmp_path, serve)
    for line in commands:
        shell(tmp_path, line)
    listed = shell(tmp_path, commands[2] + " --json")
    (case,) = json.loads(listed)
    assert (case["status"], case["fields"]["what"]) == ("TELAAH", "kanari")
    store = Store.open(load(folder / "dropbox.toml").database)
    assert store.blobs.snapshot() == [], "both desks have given receipts"
    store.close()
    assert ".demo/stick/export-2" in make(tmp_path)


def test_renewal(tmp_path: Path, today: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs out within a week is certified, published and imported anew; the rest stays."""
    folder = tmp_path / ".demo"
    real_certify = demo._certify_and_publish

    def certify_with_a_short_life(*arguments: object) -> None:
        monkeypatch.setattr(demo, "_CERTIFICATE_DAYS", 100 if arguments[1] == "irjen" else 6)
        real_certify(*arguments)

    monkeypatch.setattr(demo, "_certify_and_publish", certify_with_a_short_life)
    demo.make_demo(folder, 8000)
    before = published(folder, today)
    assert before["itjen"].certificate.last == today + 6
    monkeypatch.undo()
    demo.make_demo(folder, 8000)
    after = published(folder, today)
    assert after["itjen"].certificate.last == today + 77
    assert after["itjen"].certificate.serial == 4  # the two desks and the server have those before
    assert after["itjen"].bundle.head.number == numbers_of(4).start
    assert after["irjen"] == before["irjen"]


def test_interrupted_demo_starts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo that was killed half-way is thrown away: nothing of it was ever used."""
    folder = tmp_path / ".demo"
    steps: list[Callable[..., None]] = [demo._certify_and_publish]

    def fail_at_the_second_desk(*arguments: object) -> None:
        if arguments[1] == "irjen":
            raise KeyboardInterrupt
        steps[0](*arguments)

    monkeypatch.setattr(demo, "_certify_and_publish", fail_at_the_second_desk)
    with pytest.raises(KeyboardInterrupt):
        demo.make_demo(folder, 8000)
    assert not (folder / "dropbox.toml").exists()
    monkeypatch.undo()
    demo.make_demo(folder, 8000)
    assert (folder / "dropbox.toml").exists()


def test_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """A folder with anything else in it is not touched."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "precious").write_text("x")
    with pytest.raises(RefusedError, match="not empty"):
        demo.make_demo(tmp_path, 8000)
    assert [path.name for path in tmp_path.rglob("*")] == ["keys", "precious"]


def test_demo_of_an_earlier_format_is_named(tmp_path: Path) -> None:
    """Its keys could not be read: a sentence says what to delete, and nothing in it is touched."""
    folder = tmp_path / ".demo"
    demo.make_demo(folder, 8000)
    path = folder / "first-return-irjen"
    path.write_bytes(path.read_bytes()[:-1])
    before = contents(folder)
    with pytest.raises(RefusedError, match=r"delete the folder .*\.demo"):
        demo.make_demo(folder, 8000)
    assert contents(folder) == before


def test_failing_step_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step of the server's side that fails says why."""
    monkeypatch.setattr(demo, "_SETTINGS", '[server]\ndatabase = "mysql://x"\n')
    with pytest.raises(ConfigurationError, match="sqlite"):
        demo.make_demo(tmp_path / ".demo", 8000)
