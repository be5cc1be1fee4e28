"""`dropbox courier` says what it did in a sentence and a number, and never what a file holds."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from courier_desks import TODAY, Office, put_blob
from sqlalchemy import text

from dropbox.cli import main
from tests.support.refused import each_refusal, refused

__all__ = ["refused"]

Courier = Callable[..., tuple[int, str, str]]
CANARY = "kanari-4711"


@pytest.fixture
def courier(office: Office, capsys: pytest.CaptureFixture[str]) -> Courier:
    """Runs a command: (exit code, stdout, stderr)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["courier", *map(str, arguments), "--config", str(office.config)])
        return (code, *capsys.readouterr())

    return run


def test_export_and_import(office: Office, courier: Courier, tmp_path: Path) -> None:
    """The daily round."""
    blob = put_blob(office.store)
    code, out, err = courier("export", tmp_path / "out")
    assert (code, out) == (0, "")
    assert err.startswith("export 1-0001: 1 blobs, 3000 bytes\n")
    (tmp_path / "back").write_bytes(office.itjen.full_return([blob]))
    code, out, err = courier("import", tmp_path / "back")
    assert (code, out) == (0, "")
    assert "1 blobs deleted" in err  # a keyring of one desk: it is all desks
    code, _, err = courier("import", tmp_path / "back")
    assert (code, err) == (0, "return 1-0001 of itjen: nothing new, nothing changed\n")


@pytest.mark.parametrize(("left", "said"), [(200, False), (199, True)])
def test_the_roots_end_is_said_long_before(
    office: Office, courier: Courier, tmp_path: Path, *, left: int, said: bool
) -> None:
    """Each export names the days that are left, from the 200th on."""
    (office.config.parent / "root.pub").write_bytes(replace(office.anchor, last=TODAY + left).encode())
    code, _, err = courier("export", tmp_path / "out")
    assert (code, f"the root key is valid for {left} more days" in err) == (0, said)


def test_older_return(office: Office, courier: Courier, tmp_path: Path) -> None:
    """Refused with the reason."""
    for number, name in ((2, "new"), (1, "old")):
        (tmp_path / name).write_bytes(office.itjen.full_return(number=number))
    courier("import", tmp_path / "new")
    code, _, err = courier("import", tmp_path / "old")
    assert code == 1
    assert "an older bundle never replaces a newer one" in err


def test_warning_of_a_new_chain(office: Office, courier: Courier, tmp_path: Path) -> None:
    """Printed, though the import goes through."""
    office.take(office.itjen.full_return())
    heir = office.itjen.renewed(2)
    (tmp_path / "back").write_bytes(heir.returns(heir.keys(heir.number()), number=heir.number()))
    code, _, err = courier("import", tmp_path / "back")
    assert code == 0
    assert err.startswith("WARNING: the desk itjen begins a new chain of keys")


def test_damaged_database(office: Office, courier: Courier, tmp_path: Path) -> None:
    """Exit 1, and the blob's hash."""
    blob = put_blob(office.store)
    with office.store.transaction() as tx:
        tx.execute(text("UPDATE chunk SET data = zeroblob(length(data))"))
    code, _, err = courier("export", tmp_path / "out")
    assert code == 1
    assert blob.sha256.hex() in err
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"dropbox private file v1\n", b"DBXR", b"DBXV", b"DBXE", b"PK\x03\x04", b"\x00" * 5000],
    ids=["empty", "private", "return", "revocations", "export", "zip", "zeros"],
)
def test_bad_input_never_shows(office: Office, courier: Courier, tmp_path: Path, content: bytes) -> None:
    """Neither the content nor the path is repeated."""
    path = tmp_path / f"{CANARY}-name"
    path.write_bytes(content + CANARY.encode())
    code, out, err = courier("import", path)
    assert (code, out) == (1, "")
    assert CANARY not in err
    assert "internal error" not in err


def test_too_large(office: Office, courier: Courier, tmp_path: Path) -> None:
    """A file beyond the limit is not read whole."""
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    code, _, err = courier("import", tmp_path / "huge")
    assert code == 1
    assert "larger" in err


@pytest.mark.parametrize("command", ["export", "import"])
def test_bad_places(office: Office, courier: Courier, tmp_path: Path, command: str) -> None:
    """A folder, or a file in a folder that is not there, is an error in words."""
    for place in (tmp_path, tmp_path / CANARY / "file"):
        code, _, err = courier(command, place)
        assert code == 1
        assert CANARY not in err
        assert "internal error" not in err


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('[server]\nroot_pub = "nowhere"', "root.pub cannot be read"),
        ('[server]\nroot_pub = "dropbox.toml"', "not a root key"),
        ('[server]\nroot_pub = "root.pub"\ndatabase = "sqlite:///other.db"', "dropbox store upgrade"),
    ],
)
def test_bad_set_up(office: Office, courier: Courier, tmp_path: Path, lines: str, sentence: str) -> None:
    """What is missing is named."""
    office.config.write_text(lines)
    code, _, err = courier("export", tmp_path / "out")
    assert code == 1
    assert sentence in err


@pytest.mark.parametrize("arguments", [[], ["export"], ["import", "a", "b"], ["carry", "x"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2."""
    assert main(["courier", *arguments]) == 2


def test_imports_nothing_private() -> None:
    """The courier's process loads no private key but the one for exports, and not the web: it could open nothing."""
    script = "import sys, dropbox.courier.commands; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    loaded = {
        name for name in done.stdout.split() if name.startswith(("dropbox", "flask", "alembic", "sqlalchemy.orm"))
    }
    assert "dropbox.courier.importing" in loaded
    allowed = ("dropbox.courier", "dropbox.store", "dropbox.wire")
    names = ("exports", "kdf", "key_bundle", "signing", "words", "private", "private.server_key", "private.signing_key")
    crypto = {"dropbox.crypto", *(f"dropbox.crypto.{name}" for name in names)}
    floor = {"dropbox", *(f"dropbox.{name}" for name in ("errors", "limits", "published", "published.trust"))}
    floor |= {"dropbox.sentences", "dropbox.sentences.catalogue", "dropbox.sentences.parser"}
    floor |= {
        f"dropbox.{name}"
        for name in (
            "settings",
            *(
                f"settings.{part}"
                for part in (
                    *("installation", "business_days", "contacts", "courier", "courier_page", "letterhead", "notes"),
                    "workstation",
                )
            ),
        )
    }
    disk = {"dropbox.disk", "dropbox.disk.durable", "dropbox.disk.paths", "dropbox.disk.small", "dropbox.disk.terminal"}
    assert {name for name in loaded if not name.startswith(allowed)} <= crypto | floor | disk


def test_empty_folder_name(office: Office, courier: Courier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the working directory needs no folder before its name."""
    monkeypatch.chdir(tmp_path)
    assert courier("export", "out")[0] == 0
    assert Path("out").exists()


def test_the_request_is_public_and_never_overwrites(office: Office, courier: Courier, tmp_path: Path) -> None:
    """It holds the public half alone, its words are shown, and an existing file stays."""
    code, out, err = courier("request", tmp_path / "server.request")
    assert (code, out) == (0, "")
    assert len(err.splitlines()[-1].split()) == 12
    written = (tmp_path / "server.request").read_bytes()
    seed = office.store.state.get("server key")
    assert seed is not None
    assert seed not in written
    assert seed.hex().encode() not in written
    assert courier("request", tmp_path / "server.request")[0] == 1
    assert (tmp_path / "server.request").read_bytes() == written


def test_an_export_after_the_certificates_end_is_written_and_said(
    office: Office, courier: Courier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reports can still be taken in, and the exit code says that somebody must act."""
    monkeypatch.setattr("dropbox.published.trust.today", lambda: TODAY + 301)
    code, _, err = courier("export", tmp_path / "out")
    assert code == 1
    assert "destroy no key" in err
    assert (tmp_path / "out").exists()


@each_refusal
def test_a_drive_that_refuses_is_named(
    office: Office, courier: Courier, refused: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands that write to or read from a path that the system refuses end with a sentence, and no internal error."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)
    for act in ("export", "request", "import"):
        code, _, err = courier(act, refused)
        assert (code, "internal error" in err, bool(err)) == (1, False, True), (act, err)
