"""`dropbox triage officer` and `log`, as a person uses them."""

import json
from pathlib import Path

import pytest
from triage_world import CHEAP, PASSPHRASE, World

import dropbox.triage.vault.officer as officer_module
from dropbox.crypto.private.private_files import wrap
from dropbox.triage.cli import run


@pytest.fixture
def files(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of passphrase files `first` and `second`. Argon2id is cheap."""
    monkeypatch.setattr(officer_module, "wrap", lambda *arguments: wrap(*arguments[:4], CHEAP))
    for name, words in (("first", PASSPHRASE), ("second", "enam kata lain untuk uji")):
        path = world.folder / name
        path.write_text(words + "\n")
        path.chmod(0o600)
    return world.folder


def _run(world: World, *words: str, who: str = "kepala", file: str = "first") -> int:
    return run([*words, "--vault", str(world.path()), "--officer", who, "--passphrase-file", str(world.folder / file)])


def test_an_officer_from_first_day_to_last(world: World, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Let in, listed, given roles, a passphrase of their own, shown out; the log has it all and is whole."""
    second = ["--new-passphrase-file", str(files / "second")]
    assert _run(world, "officer", "add", "budi", "--name", "Budi Uji", "--role", "verifikator", *second) == 0
    assert _run(world, "list", who="budi", file="second") == 0
    assert _run(world, "officer", "roles", "budi", "--role", "penelaah") == 0
    assert _run(world, "officer", "list") == 0
    assert "budi  Budi Uji  -  penelaah" in capsys.readouterr().out
    first = ["--new-passphrase-file", str(files / "first")]
    assert _run(world, "officer", "passphrase", *first, who="budi", file="second") == 0
    assert _run(world, "list", who="budi", file="second") == 1
    assert _run(world, "list", who="budi") == 0
    assert _run(world, "officer", "remove", "budi") == 0
    assert _run(world, "list", who="budi") == 1
    assert _run(world, "log", "--verify") == 0
    out, err = capsys.readouterr()
    assert "4 lines" in err
    assert len(out.splitlines()[-1]) == 64
    assert _run(world, "log", "--json") == 0
    assert [json.loads(one)["action"] for one in _objects(capsys.readouterr().out)] == [
        "officer.manage", "officer.manage", "officer.passphrase", "officer.manage"
    ]  # fmt: skip
    assert _run(world, "log") == 0
    assert "did=remove identities_lost=0 login=budi" in capsys.readouterr().out


def _objects(text: str) -> list[str]:
    return [f"{{{one}}}" for one in text.strip().removeprefix("{").removesuffix("}").split("}\n{")]


def test_wrong_use_says_what_is_missing(world: World, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No login, another's passphrase, a role that is none."""
    assert _run(world, "officer", "add") == 1
    assert "name the officer" in capsys.readouterr().err
    assert _run(world, "officer", "passphrase", "budi") == 1
    assert "cannot be reset" in capsys.readouterr().err
    second = ["--new-passphrase-file", str(files / "second")]
    assert _run(world, "officer", "add", "budi", "--name", "Budi Hartono", "--role", "raja", *second) == 1
    assert "petugas-penerima" in capsys.readouterr().err
    assert _run(world, "officer", "fly") == 2
