"""The server's package over its life: an upgrade that changes the schema, the way back, removal, and a burnt server.

Rule: as in test_machines.py; a newer version is made from the package itself (versions.py).
"""

import pytest

from tests.install.guides import blocks
from tests.roots.inspectorate import LOST, OPERATING, STICK, Inspectorate, lines_of, look, put_in_front
from tests.roots.versions import AHEAD, NUMBER, newer

OURS = "# The administrator wrote this."
BACKUPS = "ls /var/backups/dropbox"
STATE = "dpkg-query -W -f '${Version} ${Status}\\n' dropbox-itjen-server; systemctl is-active dropbox-site"
STORE = "/var/lib/dropbox/dropbox.db"
SCHEMA, BLOBS = "version_num FROM alembic_version", "count(*) FROM blob"
SQL = "python3 -c \"import sqlite3; print(*sqlite3.connect('{file}').execute('SELECT {what}').fetchone())\""


def reports(office: Inspectorate) -> int:
    """Return how many blobs the server holds."""
    return int(office.machines["S"].run(SQL.format(file=STORE, what=BLOBS)))


@pytest.fixture(scope="session")
def next_release(running: Inspectorate) -> str:
    """The newer release, on the drive of the machines."""
    made = newer(running.release, running.number, running.folder / "newer")
    running.carry(made)
    return made.parent.name


def test_an_upgrade_is_one_command_with_a_backup_before(running: Inspectorate, next_release: str) -> None:
    """The site answers before and after; the reports and the administrator's settings stay, with a backup before."""
    server = running.machines["S"]
    server.run(f"echo '{OURS}' >> /etc/dropbox/dropbox.toml")
    assert "TERKIRIM" in running.report("Sebelum peningkatan.")
    held = reports(running)
    running.install("S", "server", release=next_release)
    version, active = server.run(STATE).splitlines()
    assert (version, active) == (f"{NUMBER}+deb{running.number} install ok installed", "active")
    assert running.first_page().startswith("200 ")
    assert server.run(SQL.format(file=STORE, what=SCHEMA)).strip() == AHEAD
    assert reports(running) == held > 0
    assert f"before-{NUMBER}+deb{running.number}.backup" in server.run(BACKUPS).split()
    assert OURS in server.run("cat /etc/dropbox/dropbox.toml")
    assert "newer version" in server.run("tail -1 /etc/dropbox/dropbox.toml.dpkg-dist")
    assert "TERKIRIM" in running.report("Sesudah peningkatan.")


def test_the_way_back_is_refused_before_anything_changes(running: Inspectorate, next_release: str) -> None:
    """The older package does not replace a program whose store it cannot read; the site goes on."""
    said = running.install("S", "server", options=" --allow-downgrades", code=100)
    assert "cannot read the store" in said
    version, active = running.machines["S"].run(STATE).splitlines()
    assert (version, active) == (f"{NUMBER}+deb{running.number} install ok installed", "active")
    assert running.first_page().startswith("200 ")


def test_the_way_back_of_the_guide_loses_no_report(running: Inspectorate, next_release: str) -> None:
    """After the guide's lines and the one command the older program serves; what came since is in the copy aside."""
    server, held = running.machines["S"], reports(running)
    (back,) = blocks(OPERATING, "Upgrade, and the way back")
    running.play([line.replace("VERSION", f"{NUMBER}+deb{running.number}") for line in lines_of(back)])
    running.install("S", "server", options=" --allow-downgrades")
    version, active = server.run(STATE).splitlines()
    assert not version.startswith(NUMBER)
    assert active == "active"
    assert reports(running) == held - 1
    assert running.first_page().startswith("200 ")
    assert "newer.backup" in server.run(BACKUPS)
    assert "TERKIRIM" in running.report("Sesudah jalan kembali.")


def test_what_a_removed_package_left_is_backed_up_anew(running: Inspectorate, next_release: str) -> None:
    """An installation after a removal changes the schema only behind a backup of that day, not an earlier one's."""
    server, blobs = running.machines["S"], reports(running)
    before = set(server.run(BACKUPS).split())
    assert f"before-{NUMBER}+deb{running.number}.backup" in before
    server.run("apt-get --yes remove dropbox-itjen-server")
    running.install("S", "server", release=next_release)
    (made,) = set(server.run(BACKUPS).split()) - before
    server.run(f"cp /var/backups/dropbox/{made} /root/copy")
    assert server.run(SQL.format(file="/root/copy", what=SCHEMA)).strip() == f"{int(AHEAD) - 1:04d}"
    assert int(server.run(SQL.format(file="/root/copy", what=BLOBS))) == blobs
    assert running.first_page().startswith("200 ")


def test_another_debian_is_refused_with_its_number(running: Inspectorate) -> None:
    """A package that is unpacked on another release says for which one it is."""
    machine = running.add("X")
    machine.run("sed -i 's/^VERSION_ID=.*/VERSION_ID=\"99\"/' /etc/os-release")
    said = machine.run(f"dpkg --unpack /media/release/debian{running.number}/root/*.deb", code=None)
    assert f"is for Debian {running.number}, and this is debian 99" in said
    assert "installed" not in machine.run("dpkg-query -W -f '${Status}' dropbox-itjen-root", code=None).split()


def test_a_burnt_server_comes_back_from_its_backup(running: Inspectorate, next_release: str) -> None:
    """On another clean machine the guide's lines restore what the backup holds; the site answers at a new address."""
    backup, _ = blocks(OPERATING, "Backups")
    with_backup, _ = blocks(LOST, "A burnt server")
    server = running.machines["S"]
    server.run(f"{backup} cp /var/backups/dropbox/2026-12-01.backup /etc/dropbox/dropbox.toml {STICK}/")
    burnt = server.run("cat /var/lib/tor/dropbox/hostname", code=None).strip()
    held = reports(running)
    server.stop()
    running.add_server()
    running.install("S", "server", release=next_release)  # the backup has its schema
    running.play(["S   cp stick/dropbox.toml /etc/dropbox/dropbox.toml", *lines_of(with_backup)])
    assert running.first_page().startswith("200 ")
    assert reports(running) == held > 0
    assert burnt != put_in_front(running)
    assert "TERKIRIM" in running.report("Sesudah pemulihan.")
    said = look(running)
    print(said)
    assert "ExecMainStatus=0\n" in said, said


def test_a_burnt_server_without_a_backup_is_set_up_anew(running: Inspectorate) -> None:
    """The guide's lines lead from a clean machine to a site that answers and takes reports."""
    _, without = blocks(LOST, "A burnt server")
    running.machines["S"].stop()
    running.add("S")
    running.install("S", "server")
    running.play(lines_of(without))
    assert running.first_page().startswith("200 ")
    assert "TERKIRIM" in running.report("Sesudah kebakaran.")
