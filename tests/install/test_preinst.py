"""The server package's backup before an upgrade."""

import os
import subprocess
from pathlib import Path

import dropbox

PREINST = Path(dropbox.__file__).parent / "packaging" / "server" / "debian" / "preinst"
COMMAND = """#!/bin/sh
test -e "$BROKEN" && exit 1
exec python3 - "$3" <<'END'
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("CREATE TABLE alembic_version (version_num)")
file.execute("INSERT INTO alembic_version VALUES ('0002')")
END
"""


def test_a_repeated_upgrade_keeps_the_first_backup(tmp_path: Path) -> None:
    """The script writes another file each time, and when the command fails it fails, and the earlier files stay."""
    backups, programs = tmp_path / "backups", tmp_path / "programs"
    backups.mkdir()
    programs.mkdir()
    (programs / "dropbox").write_text(COMMAND)
    (programs / "dropbox").chmod(0o755)
    script = PREINST.read_text().replace("/var/backups/dropbox", str(backups))
    script = script.replace("@VERSION@", "9.0").replace("@SCHEMA@", "0003")
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "BROKEN": str(tmp_path / "broken")}

    def run() -> int:
        return subprocess.run(
            ["sh", "-c", script, "preinst", "upgrade", "8.0"], env=environment, check=False
        ).returncode

    assert [run(), run()] == [0, 0]
    first = backups / "before-9.0.backup"
    held = first.read_bytes()
    (tmp_path / "broken").touch()
    assert run() != 0
    assert {path.name for path in backups.iterdir()} == {"before-9.0.backup", "before-9.0-2.backup"}
    assert first.read_bytes() == held
