"""The language of the commands' errors."""

from pathlib import Path

import pytest

from dropbox.cli import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["triage", "list", "--vault", "none"], "Sebutkan siapa Anda"),
        (["courier", "import", "none"], "root.pub tidak terbaca"),
    ],
)
def test_an_error_is_said_in_indonesian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """An officer's and a courier's command, in the locale of Indonesia."""
    monkeypatch.chdir(tmp_path)
    for name in ("DROPBOX_LANG", "LC_ALL", "LC_MESSAGES", "DROPBOX_CONFIG", "DROPBOX_OFFICER", "DROPBOX_VAULT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
