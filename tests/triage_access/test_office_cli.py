"""Officers from the first day to the last, and `dropbox triage log` about them."""

import json
from pathlib import Path

import pytest
from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY, World

import dropbox.triage.vault.officer as officer_module
from dropbox.crypto.private.private_files import wrap
from dropbox.errors import RefusedError
from dropbox.triage.access import officers
from dropbox.triage.cli import run
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


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
    first, second = PASSPHRASE, (files / "second").read_text().strip()
    with world.open() as vault:
        new = NewOfficer("budi", "Budi Uji", ("verifikator",), second)
        officers.add(Work(vault, SETTINGS, TODAY), new)
    assert _run(world, "list", who="budi", file="second") == 0
    with world.open() as vault:
        officers.change(Work(vault, SETTINGS, TODAY), "budi", officers.Change(roles=("penelaah",)))
        budi = officers.find(vault, "budi")
        assert (budi.name, budi.unit, budi.roles, budi.active) == ("Budi Uji", "", ("penelaah",), True)
    with Vault.open(world.path(), "budi", second) as vault:
        officers.change_passphrase(vault, second, first)
    assert _run(world, "list", who="budi", file="second") == 1
    assert _run(world, "list", who="budi") == 0
    with world.open() as vault:
        officers.remove(Work(vault, SETTINGS, TODAY), "budi")
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
    assert "act: removed  identities lost: 0  login: budi" in capsys.readouterr().out


def _objects(text: str) -> list[str]:
    return [f"{{{one}}}" for one in text.strip().removeprefix("{").removesuffix("}").split("}\n{")]


def test_a_role_that_is_none_is_refused(world: World, files: Path) -> None:
    """The sentence names the roles that there are; an officer without the act reads no log."""
    second = (files / "second").read_text().strip()
    with world.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        with pytest.raises(RefusedError, match="petugas-penerima"):
            officers.add(work, NewOfficer("budi", "Budi Hartono", ("raja",), second))
        officers.add(work, NewOfficer("budi", "Budi Hartono", ("verifikator",), second))
    assert _run(world, "log", who="budi", file="second") == 1
    assert _run(world, "officer", "add", "budi") == 2
