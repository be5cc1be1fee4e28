"""Mistakes in dropbox.toml and in numbers of a command line: a sentence for each, and no internal error."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dropbox import cli
from dropbox.errors import ConfigurationError
from dropbox.settings import installation
from dropbox.store.connections import revision
from dropbox.store.copies import move

MISTAKES = [
    "[desks]\nfoo = 3",
    "[roles]\nfoo = 3",
    "[offices]\nfoo = 3",
    "[referral_targets]\nfoo = 3",
    '[roles.foo]\nactions = 3\nlabel_id = "a"\nlabel_en = "a"',
    '[time]\nzone = "Asia"',
    '[time]\nzone = "../etc"',
    '[referral]\nlaw_enforcement = [["x"]]',
    *(f'[workstation]\nagenda_format = "{{{field}}}"' for field in ("number.foo", "number[0]", "number!x", "", "0")),
]
DATABASES = ["dropbox.db", "", "mysql://u:p@h/x", "postgresql+psycopg://u:p@h:abc/x", "sqlite://", "sqlite:///{folder}"]


def written(folder: Path, text: str) -> Path:
    """Return a file of settings with that text."""
    path = folder / "dropbox.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, mistake: str) -> None:
    """A value of another type or shape than the setting takes is a ConfigurationError."""
    with pytest.raises(ConfigurationError):
        installation.load(written(tmp_path, mistake))


@pytest.mark.parametrize("url", DATABASES)
def test_an_address_of_no_database_is_named(tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An address that names no database, or a folder, is a ConfigurationError, also as the target of a move."""
    place = tmp_path / "folder"
    place.mkdir(mode=0o700)
    url = url.format(folder=place)
    with pytest.raises(ConfigurationError):
        revision(url)
    for urls in ((url, f"sqlite:///{tmp_path}/new.db"), (f"sqlite:///{tmp_path}/new.db", url)):
        with pytest.raises(ConfigurationError):
            move.move(*urls)
    config = written(tmp_path, f'[store]\nbudget_mib = 5\n[server]\ndatabase = "{url}"\n')
    assert cli.main(["store", "sweep", "--config", str(config)]) == 1
    assert "internal error" not in capsys.readouterr().err
    assert place.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"", b"\xa5" * 8192, None])
def test_a_damaged_database_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    """Of an empty file, other bytes and a torn page each command says what to do, and calls none an internal error."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)
    file = tmp_path / "store.db"
    config = written(tmp_path, f'[server]\ndatabase = "sqlite:///{file}"\n')
    assert cli.main(["store", "upgrade", "--without-backup", "--config", str(config)]) == 0
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xa5" * (len(whole) - 100) if content is None else content)
    for journal in tmp_path.glob("store.db-*"):
        journal.unlink()
    capsys.readouterr()
    for command in ("sweep", "schema", "upgrade"):
        code = cli.main(["store", command, "--config", str(config), *(["--without-backup"] * (command == "upgrade"))])
        said = capsys.readouterr().err
        assert "internal error" not in said, (command, said)
        if content != b"":
            assert (code, "dropbox store restore" in said) == (1, True), (command, said)


def test_another_programs_error_of_a_database_stays_internal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of SQLite that is about no file, such as a wrong statement, is an internal error."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)

    def run(_: list[str]) -> int:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("select * from nothing")
        return 0

    monkeypatch.setitem(cli._COMMANDS, "serve", cli._Command(lambda: run, "server", ""))
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr().err.startswith("internal error: OperationalError")


@pytest.mark.parametrize(
    "command",
    [
        *(f"serve --port {port}" for port in (-1, 65536, 99999, "abc")),
        *(f"serve --{option} {number}" for option in ("workers", "threads") for number in (-1, 0, 10**9)),
        "triage serve --vault x --port 99999",
        "triage serve --vault x --port -1",
        "courier serve --port 99999",
        "demo --dir x --port 99999",
        *(f"server manifest --to x --number {number}" for number in (-1, 0, 2**32)),
    ],
)
def test_a_number_out_of_bounds_is_wrong_use(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused before anything starts, with its option and bounds."""
    assert cli.main(command.split()) == 2
    said = capsys.readouterr()
    assert (said.out, command.split()[-2] in said.err) == ("", True)
