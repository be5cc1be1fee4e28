"""The entrance: every failure is a sentence and a number, and no traceback shows what was given to us."""

import errno
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dropbox import cli
from dropbox.cli import main
from dropbox.disk.private import write_whole
from dropbox.errors import RefusedError, StorageFullError
from dropbox.store import schema

CANARY = "kanari-4711"
_WAITING_BACKUP = """
import signal, sys
from dropbox.store.copies import backup
def wait(*_):
    print("half", flush=True)
    sys.stdin.read()
backup._copy_into = wait
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from dropbox.cli import main
sys.exit(main())
"""


def command_that_raises(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make `dropbox serve` raise."""

    def run(_: list[str]) -> int:
        raise error

    entry = cli._Command(lambda: run, "server", "")
    monkeypatch.setitem(cli._COMMANDS, "serve", entry)


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"    {name}" in shown for name in ("keys", "serve", "courier", "triage", "seal", "store"))


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--fly"], ["store"], ["store", "fly"], ["keys", "certify"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "usage: dropbox" in shown.err


@pytest.mark.parametrize("command", ["keys", "courier", "seal", "store", "triage"])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"dropbox {command}" in capsys.readouterr().out


def test_refusal_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, RefusedError("the board is older"))
    assert main(["serve"]) == 1
    assert capsys.readouterr().err == "dropbox: the board is older\n"


def test_interrupt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, KeyboardInterrupt())
    assert main(["serve"]) == 130
    assert capsys.readouterr().err == ""


def test_unexpected_error_shows_no_value(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)
    command_that_raises(monkeypatch, ValueError(CANARY))
    assert main(["serve"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("internal error: ValueError at dropbox/cli.py:")
    assert CANARY not in shown


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DROPBOX_DEBUG", "1")
    command_that_raises(monkeypatch, ValueError(CANARY))
    assert main(["serve"]) == 1
    assert CANARY in capsys.readouterr().err


MISSING = [
    (["serve"], "flask", "the role server"),
    (["courier", "export", "x"], "sqlalchemy", "the role server"),
    (["store", "upgrade"], "alembic", "the role server"),
    (["triage", "list"], "sqlcipher3", "the role workstation"),
    (["keys", "show", "x"], "cryptography", "the role root"),
    (["keys", "demo"], "sqlcipher3", "make serve"),
    (["referral", "show", "x"], "nacl", "the role root"),
    (["keys", "drill", "--root-pub", "x"], "shamir_mnemonic", "the role root"),
    (["serve"], "resource", "Linux"),
    (["triage", "list"], "fcntl", "Linux"),
]


@pytest.mark.parametrize(("arguments", "module", "advice"), MISSING)
def test_missing_part_is_named(arguments: list[str], module: str, advice: str) -> None:
    """Without a part, the command names it and what the reader has; it sends nobody to a package index."""
    script = f"import sys; sys.modules[{module!r}] = None; from dropbox.cli import main; sys.exit(main({arguments}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert module in done.stderr
    assert advice in done.stderr
    assert "pip" not in done.stderr


def test_python_m_dropbox() -> None:
    done = subprocess.run([sys.executable, "-m", "dropbox", "fly"], capture_output=True, check=False)
    assert done.returncode == 2


def test_store_upgrade_and_sweep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "dropbox.toml"
    config.write_text('[server]\ndatabase = "sqlite:///sub/store.db"\n')
    assert main(["store", "upgrade", "--config", str(config)]) == 1
    assert "folder of the database does not exist" in capsys.readouterr().err
    (tmp_path / "sub").mkdir()
    assert main(["store", "sweep", "--config", str(config)]) == 1
    assert "dropbox store upgrade" in capsys.readouterr().err
    for _ in range(2):
        assert main(["store", "upgrade", "--config", str(config)]) == 0
    assert main(["store", "sweep", "--config", str(config)]) == 0
    assert "expired uploads are forgotten; the database is rewritten" in capsys.readouterr().err


def test_a_nightly_sweep_leaves_out_what_another_has_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two nightly sweeps of a large store one rewrites it; one without the option always does."""
    config = tmp_path / "dropbox.toml"
    config.write_text('[server]\ndatabase = "sqlite:///store.db"\n')
    assert main(["store", "upgrade", "--config", str(config)]) == 0
    rewritten: list[object] = []
    monkeypatch.setattr("dropbox.store.upkeep.rewrite", rewritten.append)
    monkeypatch.setattr("dropbox.store.upkeep.is_small", lambda *_: False)
    monkeypatch.setattr("dropbox.settings.installation.Settings.night", lambda _: 20_000)
    for options, count in ((["--nightly"], 1), (["--nightly"], 1), ([], 2)):
        assert main(["store", "sweep", *options, "--config", str(config)]) == 0
        assert len(rewritten) == count


def test_the_schemas_number_is_printed_also_where_it_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A store of this program gives its number and 0; one of a newer program its number and 1; without one, 1."""
    config = tmp_path / "dropbox.toml"
    config.write_text('[server]\ndatabase = "sqlite:///store.db"\n')
    ask = ["store", "schema", "--config", str(config)]
    assert (main(ask), capsys.readouterr().out) == (1, "")
    assert main(["store", "upgrade", "--config", str(config)]) == 0
    assert (main(ask), capsys.readouterr().out) == (0, f"{schema.HEAD}\n")
    with closing(sqlite3.connect(tmp_path / "store.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert (main(ask), capsys.readouterr().out) == (1, "9999\n")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_part_of_a_backup(tmp_path: Path, ending: signal.Signals) -> None:
    """A backup that a signal ends in the middle leaves its folder empty, and the exit code names the signal."""
    config = tmp_path / "dropbox.toml"
    config.write_text('[server]\ndatabase = "sqlite:///store.db"\n')
    assert main(["store", "upgrade", "--config", str(config)]) == 0
    (tmp_path / "backups").mkdir(mode=0o700)
    words = ["-c", _WAITING_BACKUP, "store", "backup", str(tmp_path / "backups/one.backup"), "--config", str(config)]
    with subprocess.Popen([sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stdout.readline() == b"half\n"
        assert len(list((tmp_path / "backups").iterdir())) == 1
        program.send_signal(ending)
        assert program.wait() == 128 + ending
    assert list((tmp_path / "backups").iterdir()) == []


def test_an_interrupted_private_file_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What interrupts the writing goes on, and the folder stays empty."""

    def interrupt(_: int) -> None:
        assert len(list(tmp_path.iterdir())) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "root.key", b"sealed")
    assert list(tmp_path.iterdir()) == []


def store_with_backups(folder: Path) -> tuple[str, Path]:
    """The settings' file of a fresh store, and an empty folder for its backups."""
    config = folder / "dropbox.toml"
    config.write_text('[server]\ndatabase = "sqlite:///store.db"\n')
    assert main(["store", "upgrade", "--config", str(config)]) == 0
    backups = folder / "backups"
    backups.mkdir(mode=0o700)
    return str(config), backups


def test_a_sweep_removes_what_a_kill_has_left_of_a_backup(tmp_path: Path) -> None:
    """A part that nobody locks goes; one that is being written, and every whole file, stays."""
    config, backups = store_with_backups(tmp_path)
    left, written = (backups / f".dropbox-backup-{number * 16}.partial" for number in "01")
    for path in (left, written, backups / "one.backup"):
        path.touch(0o600)
    with written.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert main(["store", "sweep", "--backups", str(backups), "--config", config]) == 0
        assert sorted(backups.iterdir()) == sorted([written, backups / "one.backup"])


def stray_parts(backups: Path) -> tuple[Path, Path]:
    """What a kill has left of two backups: one part goes, and one stays, because no user can unlink a folder."""
    goes, stays = (backups / f".dropbox-backup-{number * 16}.partial" for number in "01")
    goes.touch(0o600)
    stays.mkdir()
    return goes, stays


def test_what_cannot_be_removed_of_a_backup_ends_no_sweep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The store is tidied, the other parts go, and what stays is named and is an exit code."""
    config, backups = store_with_backups(tmp_path)
    _, stays = stray_parts(backups)
    assert main(["store", "sweep", "--backups", str(backups), "--config", config]) == 1
    said = capsys.readouterr().err
    assert "the database is rewritten" in said
    assert f"{stays.name} could not be removed" in said
    assert list(backups.iterdir()) == [stays]


def test_a_backup_names_what_it_cannot_remove_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new backup is written and no failure, and the part that stays is named."""
    config, backups = store_with_backups(tmp_path)
    _, stays = stray_parts(backups)
    assert main(["store", "backup", str(backups / "one.backup"), "--config", config]) == 0
    assert f"{stays.name} could not be removed" in capsys.readouterr().err
    assert sorted(backups.iterdir()) == [stays, backups / "one.backup"]


def test_a_tidying_that_fails_leaves_no_part_of_a_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts go before the tidying, which they may hinder; its own failure is what the command ends with."""
    config, backups = store_with_backups(tmp_path)
    _, stays = stray_parts(backups)

    def full(*_: object, **__: object) -> bool:
        raise StorageFullError("store.disk-full")

    monkeypatch.setattr("dropbox.store.upkeep.Upkeep.tidy", full)
    assert main(["store", "sweep", "--backups", str(backups), "--config", config]) == 1
    assert list(backups.iterdir()) == [stays]
    assert capsys.readouterr().err.splitlines()[-1].startswith("dropbox: ")


def test_a_sweep_says_that_it_could_not_look_for_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder is missing or cannot be listed the store is tidied, and the exit code is 1."""
    config, backups = store_with_backups(tmp_path)
    assert main(["store", "sweep", "--backups", str(tmp_path / "missing"), "--config", config]) == 1
    said = capsys.readouterr().err
    assert "the database is rewritten" in said
    assert "in missing could not be looked for: No such file or directory" in said

    def refused(folder: Path) -> list[str]:  # as the system would; not for root
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr("os.listdir", refused)
    assert main(["store", "sweep", "--backups", str(backups), "--config", config]) == 1
    assert "in backups could not be looked for: Permission denied" in capsys.readouterr().err
    assert main(["store", "backup", str(backups / "one.backup"), "--config", config]) == 0
    assert "in backups could not be looked for: Permission denied" in capsys.readouterr().err
