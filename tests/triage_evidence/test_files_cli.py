"""`examine` and `extract` at the command line, and the cleaned copy: the same functions, the same rules."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, new_thread

from dropbox.errors import ConfigurationError, NotFoundError
from dropbox.triage import cli
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import clean, reasons
from dropbox.triage.vault.work import Work

Run = Callable[..., int]


@pytest.fixture
def run(world: World, tmp_path: Path) -> Run:
    """Runs `dropbox triage …` on a vault with one case of three files."""
    thread = new_thread()
    with world.open() as vault:
        files = [("foto.jpg", samples.photo()), ("surat.pdf", samples.pdf()), ("a.exe", samples.PROGRAM)]
        blobs = [world.file(thread, number, data, name) for number, (name, data) in enumerate(files, 1)]
        world.take(vault, [world.report(thread), *blobs])
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)

    def with_vault(*arguments: str) -> int:
        return cli.run([*arguments, "--vault", str(world.path()), "--passphrase-file", str(secret)])

    return with_vault


def test_examine_tells_what_files_are(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """All cases, then one; `show` tells it too."""
    assert run("examine") == 0
    said = capsys.readouterr().err
    assert "ITJEN-0001, file 1: photo (JPEG)" in said
    assert "WARNING: It tells where it was made" in said
    assert "file 3: program: never to be run" in said
    assert "3 files examined, 0 known before" in said
    assert "file 1: reading the words in pictures (1 of 1)" in said
    assert run("examine", "1") == 0
    assert "0 files examined, 3 known before" in capsys.readouterr().err
    assert run("show", "1") == 0
    assert "ITJEN-0001, file 2: document (PDF)" in capsys.readouterr().out
    assert run("show", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["case"] == "ITJEN-0001"


def test_examine_says_that_a_file_named_the_officer(run: Run, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of that case is said but their number, and that nobody else may open it; the second time as well."""
    with world.open() as vault:
        vault.db.execute("update officers set name = 'Ahmad Fauzi'")
        thread = new_thread()
        blobs = [world.report(thread), world.file(thread, 1, b"Kirim ke Ahmad Fauzi", "catatan.txt")]
        world.take(vault, blobs, number=2)
    assert run("examine") == 0
    said = capsys.readouterr().err
    assert "1 cases are closed to you from now on" in said
    assert "nobody" in said
    assert "ITJEN-0002" not in said
    assert run("examine") == 0
    assert "ITJEN-0002" not in capsys.readouterr().err


def test_export_is_cleaned_and_extract_is_logged(run: Run, world: World, tmp_path: Path) -> None:
    """A cleaned copy, a refusal in words, one original, all originals."""
    out = str(tmp_path / "out")
    with world.open() as vault:
        work, case = Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1")
        assert clean.export_cleaned(work, case, 1, tmp_path / "out").name == "ITJEN-0001-01.png"
        with pytest.raises(reasons.UnreadableError, match="has no preview"):
            clean.export_cleaned(work, case, 3, tmp_path / "out")
        with pytest.raises(NotFoundError):
            clean.export_cleaned(work, case, 4, tmp_path / "out")
    assert run("extract", "1", "--file", "2", "--to", out) == 0
    assert run("extract", "1", "--to", out) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *("01-foto.jpg", "02-surat.pdf", "03-a.exe", "ITJEN-0001-01.png", "manifest.json"),
    ]
    with world.open() as vault:
        assert [line.action for line in audit_log.lines(vault) if line.action in ("file.export", "file.original")] == [
            *("file.export", "file.original", "file.original", "file.original", "file.original"),
        ]


def test_without_a_sandbox_it_says_what_to_install(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither looked at nor cleaned; the originals still come out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("examine") == 1
    assert "bubblewrap is not installed" in capsys.readouterr().err
    with world.open() as vault, pytest.raises(ConfigurationError, match="bubblewrap is not installed"):
        case = casebook.find_case(vault, "1")
        clean.export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert run("extract", "1", "--to", str(tmp_path / "out")) == 0
