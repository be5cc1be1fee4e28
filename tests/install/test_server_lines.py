"""OPERATING.md's lines for the server that need no second machine, played as they stand."""

import hashlib
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dropbox import limits
from dropbox.settings.installation import ACCEPTABLE
from dropbox.store import schema
from dropbox.store.blobs import BlobInfo
from dropbox.store.connections import revision
from dropbox.store.copies.exclusive import unserved
from dropbox.store.database import Store
from dropbox.store.marks import code_of
from dropbox.store.migrate import bring, upgrade
from tests.install.guides import blocks
from tests.support.postgresql import programs, shared_server
from tests.support.server import PROJECT, SiteFolder, serving

GUIDE = "dropbox/web/OPERATING.md"


@pytest.fixture
def server(tmp_path: Path) -> Callable[[str], str]:
    """A server's folder with a blob in its store; plays a line in it and returns what was said."""
    program = tmp_path / "programs" / "dropbox"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m dropbox "$@"\n')
    program.chmod(0o700)
    (program.parent / "systemctl").write_text('#!/bin/sh\necho "$@" >> asked\n')
    (program.parent / "systemctl").chmod(0o700)
    env = {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT), "DROPBOX_LANG": "en"}
    env["DROPBOX_CONFIG"] = str(tmp_path / "server" / "dropbox.toml")
    folder = tmp_path / "server"
    folder.mkdir(mode=0o700)
    (folder / "dropbox.toml").write_text('[server]\ndatabase = "sqlite:///dropbox.db"\nroot_pub = "root.pub"\n')
    upgrade(f"sqlite:///{folder}/dropbox.db")

    (folder / "backups").mkdir(mode=0o700)

    def play(line: str) -> str:
        line = line.replace("/var/backups/dropbox", "backups").replace("/var/lib/dropbox", str(folder))
        line = line.replace("/etc/dropbox", str(folder))
        command = ["sh", "-eu", "-c", f"umask 022; {line}"]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    return play


def lines_of(block: str) -> list[str]:
    """The lines of a block that belong to the server."""
    return [line for line in block.splitlines() if line.startswith("S   ")]


def _held(url: str) -> int:
    with closing(Store.open(url)) as store:
        return len(store.blobs.snapshot())


def move_as_the_guide_says(server: Callable[[str], str], folder: Path) -> None:
    """Type the lines of a move, and write the new database into the settings' copy where they say so."""
    (move,) = blocks(GUIDE, "Move to another database")
    said = ""
    for line in lines_of(move):
        said += server(line[1:].strip())
        if "write the new `database`" in line:
            copy = folder / "new.toml"
            copy.write_text(copy.read_text().replace("dropbox.db", "new.db"))
    assert "refuses to be opened" in said
    assert "must name the new database" in said


def test_the_lines_of_backup_and_restore(server: Callable[[str], str], tmp_path: Path) -> None:
    """Played while the store is open, and then without a database, they bring back what it held, for its owner only."""
    url = f"sqlite:///{tmp_path}/server/dropbox.db"
    backup, restore = blocks(GUIDE, "Backups")
    with closing(Store.open(url)) as store:
        store.blobs.put(BlobInfo(bytes(32), bytes(32), 7, 3, hashlib.sha256(b"abc").digest()), b"abc")
        assert "1 blobs" in server(backup)
    (written,) = (tmp_path / "server" / "backups").iterdir()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    for file in (tmp_path / "server").glob("dropbox.db*"):
        file.unlink()
    assert "newest return of each desk" in server(restore)
    assert _held(url) == 1


def test_the_lines_of_upgrade_way_back_and_move(server: Callable[[str], str], tmp_path: Path) -> None:
    """An older store is upgraded, put back as it was with the newer one kept, upgraded again and moved."""
    url = f"sqlite:///{tmp_path}/server/dropbox.db"
    with unserved(url) as connection:
        for table in (*schema.metadata.sorted_tables, schema.version):
            table.drop(connection)
        bring(connection, "0002")
    server("dropbox store backup /var/backups/dropbox/before-VERSION.backup")  # as the package does
    server("dropbox store upgrade --without-backup")
    assert revision(url) == schema.HEAD
    (back,) = blocks(GUIDE, "Upgrade, and the way back")
    (line,) = [line[1:].strip() for line in back.splitlines() if "dropbox store" in line]
    server(line)
    assert revision(url) == "0002"
    server("dropbox store upgrade --without-backup")
    move_as_the_guide_says(server, tmp_path / "server")
    assert code_of(revision(url)) == "store.moved"
    assert _held(f"sqlite:///{tmp_path}/server/new.db") == 0


def test_the_site_runs_with_the_new_database_after_a_move(server: Callable[[str], str], tmp_path: Path) -> None:
    """After the guide's lines the site's settings, as closed as before, name the new one; the old one is not needed."""
    site = SiteFolder(tmp_path / "server")
    (site.folder / "root.pub").write_bytes(site.inspectorate.anchor.encode())
    site.config.chmod(0o640)
    with closing(Store.open(f"sqlite:///{site.folder}/dropbox.db")) as store:
        site.inspectorate.publish_keys(store)
    move_as_the_guide_says(server, site.folder)
    assert (site.folder / "asked").read_text().splitlines() == ["stop dropbox-site", "start dropbox-site"]
    assert stat.S_IMODE(site.config.stat().st_mode) == 0o640
    assert not (site.folder / "new.toml").exists()
    for file in site.folder.glob("dropbox.db*"):
        file.unlink()
    with serving(site) as running:
        assert running.client.get("/data/kunci").status == 200


def test_the_lines_that_make_a_postgresql_database(tmp_path: Path) -> None:
    """With them the role, and no superuser, makes the store's tables in a database that takes every letter."""
    (lines,) = blocks(GUIDE, "PostgreSQL")
    (tmp_path / "runuser").write_text('#!/bin/sh\nshift 3\nexec "$@"\n')  # the test's server knows no users of a system
    (tmp_path / "runuser").chmod(0o700)
    with shared_server() as postgresql:
        place = postgresql.engine.url
        env = {"PATH": f"{tmp_path}:{programs()}:{os.environ['PATH']}", "PGUSER": "postgres"}
        env["PGHOST"] = str(place.query["host"])
        for line in lines_of(lines):
            subprocess.run(  # without a terminal it reads the new password from its input
                ["sh", "-eu", "-c", line[1:]], env=env, input=b"rahasia\nrahasia\n", start_new_session=True, check=True
            )
        url = place.set(username="dropbox", database="dropbox").render_as_string(hide_password=False)
        upgrade(url)
        assert _held(url) == 0
        with closing(Store.open(url)) as store, store.connections.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW server_encoding").scalar() == "UTF8"


def test_the_lines_that_let_services_reach_a_database(tmp_path: Path) -> None:
    """They give the addresses to units of the package that open the store, and not to the courier's page."""
    (lines,) = (block for block in blocks("dropbox/store/SCALING.md", "The package on several machines"))
    (tmp_path / "systemctl").write_text("#!/bin/sh\n")
    (tmp_path / "systemctl").chmod(0o700)
    lines = lines.replace("/etc/", f"{tmp_path}/").replace("ADDRESSES", "192.0.2.1 192.0.2.2")
    subprocess.run(["sh", "-eu", "-c", lines], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, check=True)
    written = {file.parent.name.removesuffix(".d"): file.read_text() for file in tmp_path.glob("systemd/system/*/*")}
    assert set(written.values()) == {"[Service]\nIPAddressAllow=192.0.2.1 192.0.2.2\n"}
    units = (PROJECT / "dropbox/packaging/server/files/usr/lib/systemd/system").glob("*.service")
    assert written.keys() == {file.name for file in units if "\nUser=dropbox\n" in file.read_text("utf-8")}


def test_all_that_opens_the_database_is_stopped_before_an_upgrade() -> None:
    """SCALING.md's line for several machines names each unit of the package that opens the store, and its timer."""
    text = " ".join((PROJECT / "dropbox/store/SCALING.md").read_text("utf-8").split())
    (line,) = re.findall(r"`systemctl stop ([^`]+)`", text)
    asked = subprocess.run(["bash", "-c", f"echo {line}"], check=True, capture_output=True, text=True).stdout.split()
    stopped = {name if "." in name else f"{name}.service" for name in asked}
    units = PROJECT / "dropbox/packaging/server/files/usr/lib/systemd/system"
    opening = {file.name for file in units.glob("*.service") if "\nUser=dropbox\n" in file.read_text("utf-8")}
    timers = {file.name for file in units.glob("*.timer") if f"{file.stem}.service" in opening}
    assert stopped == opening | timers


def test_the_guide_says_what_production_looks_at() -> None:
    """Each word that accepts something, and the search's bounds, stand there as they are in the program."""
    text = " ".join((PROJECT / GUIDE).read_text("utf-8").split())
    assert [word for word in ACCEPTABLE if f"| `{word}` |" not in text] == []
    assert f"ends at {limits.REACH_ENTRIES_MAX:_} names or {limits.REACH_SECONDS} s".replace("_", " ") in text
