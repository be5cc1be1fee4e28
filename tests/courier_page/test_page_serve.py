"""The page and its accounts as an administrator starts and makes them."""

import io
import stat
from pathlib import Path

import pytest
from page_world import NAME, PASSPHRASE

from dropbox.cli import main
from dropbox.courier.pages.accounts import Accounts
from dropbox.courier.pages.door import Door


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "courier.toml"
    path.write_text('[courier_page]\nfolder = "accounts"\ngate = "gate.sock"\n')
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    return path


def account(config: Path, act: str, *words: str) -> int:
    return main(["courier", "account", act, *words, "--config", str(config)])


def test_an_account_is_made_and_its_key_shown_once(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key and device code stand on stdout in groups of four; list shows names alone; a reset makes others."""
    monkeypatch.setenv("DROPBOX_LANG", "id")
    passphrase = ("--passphrase-file", str(config.parent / "passphrase"))
    assert account(config, "add", NAME, *passphrase) == 0
    shown = capsys.readouterr()
    made = Accounts(config.parent / "accounts").find(NAME)
    assert made
    *_, key, _, device = shown.out.rstrip().splitlines()
    assert made.secret == key.replace(" ", "")
    door = Door(Accounts(config.parent / "accounts"))
    assert door._throttle.typed(made, device)
    assert "▄" in shown.out
    assert "tidak ditampilkan lagi" in shown.err
    assert account(config, "reset", NAME, *passphrase) == 0
    shown_again = capsys.readouterr().out
    assert made.secret not in shown_again.replace(" ", "")
    assert device not in shown_again
    assert account(config, "list") == 0
    assert capsys.readouterr().out == f"{NAME}\n"
    assert account(config, "remove", NAME) == 0
    assert account(config, "list") == 0
    assert capsys.readouterr().out == ""
    assert stat.S_IMODE((config.parent / "accounts").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("act", "words", "said"),
    [
        ("remove", ["siapa"], "Akun itu tidak ada"),
        ("add", ["Siapa Saja"], "diawali huruf"),
        ("add", ["siapa"], "--passphrase-file"),
    ],
)
def test_what_cannot_be_done_is_said(
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    words: list[str],
    said: str,
) -> None:
    """An unknown account, a wrong name and a passphrase that cannot be asked for end with 1 and a sentence."""
    monkeypatch.setenv("DROPBOX_LANG", "id")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    given = ["--passphrase-file", str(config.parent / "passphrase")] if " " in words[0] else []
    assert account(config, act, *words, *given) == 1
    assert said in capsys.readouterr().err


def test_the_page_does_not_run_as_root(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root reads what the page's user must not."""
    monkeypatch.setenv("DROPBOX_LANG", "en")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert main(["courier", "serve", "--config", str(config)]) == 1
    assert "does not run as root" in capsys.readouterr().err
