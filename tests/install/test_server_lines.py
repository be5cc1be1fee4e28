"""OPERATING.md's lines for the server that need no second machine, played as they stand."""

import os
import sqlite3
import stat
import subprocess
import tomllib
from pathlib import Path

from dropbox import limits
from dropbox.settings.installation import ACCEPTABLE, load
from dropbox.store.migrate import upgrade
from tests.install.guides import blocks
from tests.support.server import PROJECT

GUIDE = "dropbox/web/OPERATING.md"
SERVER = blocks(GUIDE)


def test_the_settings_shown_are_settings(tmp_path: Path) -> None:
    """The example is read as it stands, and both files lie beside it."""
    (tmp_path / "dropbox.toml").write_text(SERVER[0])
    assert set(tomllib.loads(SERVER[0])) == {"server"}
    settings = load(tmp_path / "dropbox.toml")
    assert settings.root_pub == tmp_path / "root.pub"
    assert settings.database == f"sqlite:///{tmp_path}/dropbox.db"


def test_the_backup_line_writes_a_whole_and_private_copy(tmp_path: Path) -> None:
    """While the store is open, whatever the shell's umask was."""
    upgrade(f"sqlite:///{tmp_path}/dropbox.db")
    (line,) = [block for block in SERVER if "VACUUM INTO" in block]
    subprocess.run(["sh", "-eu", "-c", f"umask 022\n{line}"], cwd=tmp_path, check=True, env=dict(os.environ))
    copy = tmp_path / "backup.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_the_guide_says_what_production_looks_at() -> None:
    """Each word that accepts something, and the search's bounds, stand there as they are in the program."""
    text = " ".join((PROJECT / GUIDE).read_text("utf-8").split())
    assert [word for word in ACCEPTABLE if f"| `{word}` |" not in text] == []
    assert f"ends at {limits.REACH_ENTRIES_MAX:_} names or {limits.REACH_SECONDS} s".replace("_", " ") in text
