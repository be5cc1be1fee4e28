"""Files and folders that a person names and the system refuses: a sentence each, from disk.private to the commands."""

import errno
import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from dropbox import cli
from dropbox.disk import paths, private, terminal
from dropbox.errors import ConfigurationError, MalformedError, NotFoundError, StorageFullError
from tests.support.refused import each_refusal, refused

__all__ = ["refused"]

PASSPHRASE = "lima kata acak sekali"


@each_refusal
def test_what_the_system_refuses_is_an_error_of_its_own(refused: Path) -> None:
    """A new file, a probe of its place, a private folder and a private file raise errors that have a sentence."""
    with pytest.raises(StorageFullError):
        private.write_whole(refused, b"")
    with pytest.raises(StorageFullError):
        private.check_target(refused)
    with pytest.raises(StorageFullError):
        private.private_folder(refused)
    with pytest.raises((NotFoundError, ConfigurationError)):
        private.read_private(refused)


@each_refusal
def test_what_the_system_refuses_is_not_there(refused: Path) -> None:
    """Questions about such a path are answered with False, and removing what it names does nothing."""
    assert not (paths.is_there(refused) or paths.is_folder(refused) or paths.is_plain_file(refused))
    paths.remove_left_over(refused)


def test_what_cannot_be_read_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file in a folder that may not be entered, nor one whose disk fails; one that is not there is."""
    (tmp_path / "file").touch(0o600)
    with pytest.raises(NotFoundError):
        private.read_private(tmp_path / "other")
    assert paths.is_missing(tmp_path / "other")
    for name, number in (("read_bytes", errno.EIO), ("lstat", errno.EACCES)):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, failing(number))
            assert not paths.is_missing(tmp_path / "file")
            with pytest.raises(ConfigurationError) as raised:
                private.read_private(tmp_path / "file")
            assert raised.value.code == "file.name-unreadable"


def failing(number: int) -> Callable[..., NoReturn]:
    """A method that the system refuses with an error number."""

    def act(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return act


def test_a_broken_link_is_there(tmp_path: Path) -> None:
    """So that nothing is written over it."""
    (tmp_path / "link").symlink_to("nowhere")
    assert paths.is_there(tmp_path / "link")


COMMANDS = [
    "referral agree --to {path}",
    "referral keygen --label KPK --to {path} --passphrase-file {words}",
    "referral open x --key {path} --to x --root x --passphrase-file {words}",
    "courier notice-key {path} --passphrase-file {words}",
    "keys root --to {path} --passphrase-file {words}",
    "keys revoke 1 --root {path} --to {new} --passphrase-file {words}",
    "keys revoke 1 --root {folder} --to {new} --passphrase-file {words}",
    "keys show {path}",
    "keys calendar --root {folder}",
    "demo --dir {path}",
    "demo --dir {folder}",
    "lpsk --agenda A --identity-file {words} --summary-file {words} --kind legal --out {path}",
]


@each_refusal
def test_commands_say_what_the_system_refuses(
    refused: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No command calls such a path an internal error, nor what is in place of its folder; each leaves no new file."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)
    words = tmp_path / "words"
    words.write_text(PASSPHRASE, "utf-8")
    words.chmod(0o600)
    known = {"path": refused, "folder": refused.parent, "words": words, "new": tmp_path / "new"}
    before = sorted(tmp_path.rglob("*"))
    for command in COMMANDS:
        code = cli.main(command.format_map(known).split())
        said = capsys.readouterr().err
        assert code in (1, 2), (command, said)
        assert said, command
        assert "internal error" not in said, (command, said)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_is_no_choice_of_a_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of the system that is not about a name stays an internal error."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)

    def run(_: list[str]) -> int:
        raise OSError(errno.ENOSPC, "", "x")

    monkeypatch.setitem(cli._COMMANDS, "serve", cli._Command(lambda: run, "server", ""))
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr().err.startswith("internal error: OSError")


def test_bytes_that_are_not_utf8_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An argument with such bytes is refused with a sentence, before its command is looked for."""
    assert cli.main(["keys", "show", os.fsdecode(b"caf\xe9")]) == 1
    assert "not UTF-8" in capsys.readouterr().err


def test_typed_bytes_that_are_not_utf8_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person types at a question is refused alike, with and without echo, and whether Python decodes it."""
    for typed in (io.TextIOWrapper(io.BytesIO(b"caf\xe9\n"), "utf-8"), io.StringIO("caf\udce9\n")):
        monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("sys.stdin", typed)
        with pytest.raises(MalformedError):
            terminal.asked("?", "--x")
    monkeypatch.setattr("getpass.getpass", lambda _: "caf\udce9")
    with pytest.raises(MalformedError):
        terminal.asked_unseen("?", "--x")


def test_what_a_kill_has_left_of_a_file_goes_with_its_next_writing(tmp_path: Path) -> None:
    """Parts of the same file are removed; those of another file, and one that is still written, stay."""
    left, other, written = (tmp_path / f".{name}.partial" for name in ("a.0123abcd", "a.b.0123abcd", "a.fedc4321"))
    for part in (left, other, written):
        part.write_bytes(b"")
    with written.open("rb") as open_part:
        fcntl.flock(open_part, fcntl.LOCK_EX)
        private.write_whole(tmp_path / "a", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a", other.name, written.name])
    assert (tmp_path / "a").read_bytes() == b"whole"


def test_what_a_drive_holds_in_place_of_a_part_stops_nothing(tmp_path: Path) -> None:
    """A pipe and a link that are named like parts keep no part from being removed, and what the link names stays."""
    (tmp_path / "other").write_bytes(b"other")
    os.mkfifo(tmp_path / ".a.0123abcd.partial")
    (tmp_path / ".a.4567abcd.partial").symlink_to(tmp_path / "other")
    left = [tmp_path / f".a.{token}.partial" for token in ("00000000", "ffffffff")]
    for part in left:
        part.write_bytes(b"")
    private.write_whole(tmp_path / "a", b"whole")
    assert not any(part.exists() for part in left)
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert (tmp_path / "other").read_bytes() == b"other"


def test_a_part_that_another_process_took_away_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer whose part was removed before it could hold it says that nothing was written."""
    monkeypatch.setattr(private, "_hold", lambda _: [part.unlink() for part in tmp_path.iterdir()])
    with pytest.raises(StorageFullError):
        private.write_whole(tmp_path / "a", b"whole")
    assert list(tmp_path.iterdir()) == []
