"""The maintainer scripts of the packages: the backup before an upgrade, and the release of Debian."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox.packaging.roles import HERE, ROLES

COMMAND = """#!/bin/sh
test "$2" = schema && test -e "$NEWER" && { cat "$NEWER"; exit 1; }
test "$2" = backup && test -e "$NEWER" && exit 1
test "$2" = schema && exit 0
test -e "$BROKEN" && exit 1
printf '%s\\n' "$*" >> "$ASKED"
test "$2" = backup || exit 0
exec python3 - "$3" <<'END'
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("CREATE TABLE alembic_version (version_num)")
file.execute("INSERT INTO alembic_version VALUES ('0002')")
END
"""
# What the scripts call besides: as another user there is nobody here, and the others only change the system.
OTHERS = {
    "setpriv": 'shift 3; exec "$@"',
    "chgrp": 'test -e "$2" && echo "$2" >> "$OWNED"',
    **dict.fromkeys(("systemd-sysusers", "systemd-tmpfiles", "py3compile", "deb-systemd-helper"), "exit 0"),
}
PLACES = {"VERSION": "9.0", "SCHEMA": "0003", "DEBIAN": "12", "PYTHON": "3.11"}
SETTINGS = ("etc/dropbox/dropbox.toml", "etc/dropbox-courier/courier.toml")
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a script of a role's package on a machine of its own; returns its exit code."""
    for name in ("backups", "programs", "run", "etc"):
        (tmp_path / name).mkdir()
    for path in SETTINGS:
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).touch()
    for name, text in {"dropbox": COMMAND, **{name: f"#!/bin/sh\n{text}\n" for name, text in OTHERS.items()}}.items():
        (tmp_path / "programs" / name).write_text(text)
        (tmp_path / "programs" / name).chmod(0o755)
    (tmp_path / "os-release").write_text('ID=debian\nVERSION_ID="12"\n')
    environment = {
        "PATH": f"{tmp_path / 'programs'}:{os.environ['PATH']}",
        "BROKEN": str(tmp_path / "broken"),
        "NEWER": str(tmp_path / "newer"),
        "ASKED": str(tmp_path / "asked"),
        "OWNED": str(tmp_path / "owned"),
    }

    def run_script(name: str, *arguments: str, role: str = "server") -> int:
        script = (HERE / role / "debian" / name).read_text("utf-8")
        for place, value in PLACES.items():
            script = script.replace(f"@{place}@", value)
        script = script.replace("/var/backups/dropbox", str(tmp_path / "backups"))
        script = script.replace("/etc/dropbox", str(tmp_path / "etc/dropbox"))
        script = script.replace("/run/", f"{tmp_path / 'run'}/").replace(
            "/etc/os-release", str(tmp_path / "os-release")
        )
        return subprocess.run(["sh", "-c", script, name, *arguments], env=environment, check=False).returncode

    return run_script


def test_a_repeated_upgrade_keeps_the_first_backup(run: Run, tmp_path: Path) -> None:
    """The script writes another file each time, and when the command fails it fails, and the earlier files stay."""
    backups = tmp_path / "backups"
    assert [run("preinst", "upgrade", "8.0"), run("preinst", "upgrade", "8.0")] == [0, 0]
    first = backups / "before-9.0.backup"
    held = first.read_bytes()
    (tmp_path / "broken").touch()
    assert run("preinst", "upgrade", "8.0") != 0
    assert {path.name for path in backups.iterdir()} == {"before-9.0.backup", "before-9.0-2.backup"}
    assert first.read_bytes() == held


def test_an_upgrade_trusts_the_backup_of_this_run_alone(run: Run, tmp_path: Path) -> None:
    """After the backup of preinst the store is upgraded without a second one; the next time there is a new one."""
    asked = tmp_path / "asked"
    assert [run("preinst", "upgrade", "8.0"), run("postinst", "configure", "8.0")] == [0, 0]
    assert asked.read_text().splitlines()[-1] == "store upgrade --without-backup"
    assert run("preinst", "install", "8.0") == 0  # after a removal
    assert run("postinst", "configure", "8.0") == 0
    assert asked.read_text().splitlines()[-1] == f"store upgrade --backup {tmp_path}/backups/before-9.0-2.backup"


def test_an_upgrade_that_was_given_up_leaves_no_word_of_its_backup(run: Run, tmp_path: Path) -> None:
    """When dpkg takes an upgrade back, the next installation makes a backup of its own."""
    assert [run("preinst", "upgrade", "8.0"), run("postinst", "abort-upgrade", "9.0")] == [0, 0]
    assert list((tmp_path / "run").iterdir()) == []
    assert run("postinst", "configure", "8.0") == 0
    assert "--backup " in (tmp_path / "asked").read_text().splitlines()[-1]


def test_a_new_store_is_tidied_at_once(run: Run, tmp_path: Path) -> None:
    """The first installation tidies, so that no look finds a store that was never tidied; an upgrade does not."""
    assert run("postinst", "configure") == 0
    assert (tmp_path / "asked").read_text().splitlines()[-1] == "store sweep"
    assert [run("preinst", "upgrade", "8.0"), run("postinst", "configure", "8.0")] == [0, 0]
    assert (tmp_path / "asked").read_text().splitlines()[-1] == "store upgrade --without-backup"


def test_the_second_machine_of_one_store_upgrades_without_a_backup(run: Run, tmp_path: Path) -> None:
    """A store that has this package's schema already lets the old program's refusal pass; a newer one does not."""
    (tmp_path / "newer").write_text("0003\n")
    assert run("preinst", "upgrade", "8.0") == 0
    assert list((tmp_path / "backups").iterdir()) == []
    assert run("postinst", "configure", "8.0") == 0
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [f"store upgrade --backup {tmp_path}/backups/before-9.0.backup"]
    for other in ("0004\n", "moved-0003-0123456789abcdef\n"):
        (tmp_path / "newer").write_text(other)
        assert run("preinst", "upgrade", "8.0") != 0


@pytest.mark.parametrize("missing", SETTINGS)
def test_settings_that_an_administrator_deleted_are_left_out(run: Run, tmp_path: Path, missing: str) -> None:
    """The script goes on without the file, and gives the others to their groups."""
    (tmp_path / missing).unlink()
    assert run("postinst", "configure", "8.0") == 0
    assert str(tmp_path / missing) not in (tmp_path / "owned").read_text().splitlines()
    assert len((tmp_path / "owned").read_text().splitlines()) == 3


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("system", ['ID=debian\nVERSION_ID="13"\n', "ID=debian\n", 'ID=ubuntu\nVERSION_ID="12"\n'])
def test_another_system_is_refused_before_anything_is_unpacked(
    run: Run, tmp_path: Path, role: str, system: str
) -> None:
    """A package of one Debian release refuses every other system, for installations and for upgrades."""
    assert run("preinst", "install", role=role) == 0
    (tmp_path / "os-release").write_text(system)
    assert run("preinst", "install", role=role) == 1
    assert run("preinst", "upgrade", "8.0", role=role) == 1
    assert run("preinst", "abort-upgrade", "8.0", role=role) == 0
