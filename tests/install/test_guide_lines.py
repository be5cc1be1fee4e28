"""The guides' lines for root, workstation and server, played in their order on three folders that stand for machines.

Rule: a line is played as it stands there; only LOGIN and FULL NAME are replaced, and passphrases come from a file.
"""

import datetime
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.install.guides import blocks
from tests.support.server import PROJECT

CEREMONY = "The first ceremony"
KEYS, SERVER, OFFICER = "keys/README.md", "dropbox/web/OPERATING.md", "dropbox/triage/OFFICER.md"
PASSPHRASE = "lima kata acak untuk semua"
# Whose passphrase is asked for; the others hold no private file.
_ASKS = "keys:root keys:certify keys:revoke keys:sign-file keys:sign-manifest keys:split keys:combine triage:*"
# The machine of the tests may swap, that of a root does not.
_PROGRAM = """
import os, pathlib, sys
from dropbox.disk import memory
memory._SWAPS = pathlib.Path("/dev/null")
if sys.argv[1:2] == ["keys"]:
    import pytest
    from tests.support.papers import Papers
    numbers = os.environ["CUSTODIANS"].split()
    Papers(pathlib.Path(os.environ["PAPERS"]), list(map(int, numbers))).sit_down(pytest.MonkeyPatch())
from dropbox.cli import main
sys.exit(main())
"""
SEALER = {KEYS: "Signing the off-line sealer", SERVER: "The off-line sealer"}
SHARES, LOST, VERIFYING = "keys/SHARES.md", "keys/LOST.md", "dropbox/verification/VERIFYING.md"


class Machines:
    """R, W and S, which share nothing but the drive; W can be thrown away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.custodians = ""  # the numbers of the papers whose words are typed
        for name in ("drive", "disk", "programs", "papers"):
            (folder / name).mkdir()
        (folder / "passphrase").write_text(PASSPHRASE)
        (folder / "passphrase").chmod(0o600)
        program = folder / "programs" / "dropbox"
        words = " | ".join(_ASKS.split())
        program.write_text(
            f'#!/bin/sh\ncase "$1:$2" in {words}) set -- "$@" --passphrase-file {folder}/passphrase ;; esac\n'
            f'exec {shlex.quote(sys.executable)} -c {shlex.quote(_PROGRAM)} "$@"\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        for name in "RWS":
            self.add(name)

    def add(self, name: str) -> None:
        """Make a machine with the drive and the disk for backups in it."""
        machine = self.folder / name
        machine.mkdir()
        (machine / "stick").symlink_to(self.folder / "drive")
        (machine / "disk").symlink_to(self.folder / "disk")
        (machine / "second-disk").mkdir()

    def install_server(self) -> None:
        """Do at S what the package does when it is installed: its settings, and an empty store."""
        settings = self.folder / "S/etc/dropbox/dropbox.toml"
        settings.parent.mkdir(parents=True)
        packaged = (PROJECT / "dropbox/packaging/server/files/etc/dropbox/dropbox.toml").read_text("utf-8")
        settings.write_text(packaged.replace("/var/lib/dropbox/", f"{self.folder / 'S'}/"))
        self.run("S", "dropbox store upgrade")

    def play(self, lines: list[str]) -> str:
        """Run lines that begin with the machine's letter; returns all that was said."""
        return "".join(self.run(line[0], line[1:].strip()) for line in lines)

    def run(self, name: str, line: str) -> str:
        """Run one line on a machine."""
        env = {
            "PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT),
            "DROPBOX_CONFIG": str(self.folder / "S/etc/dropbox/dropbox.toml") if name == "S" else "",
            "HOME": str(self.folder / name),
            "DROPBOX_LANG": "en",
            "PYTHONWARNINGS": "error",
            "PAPERS": str(self.folder / "papers"),
            "CUSTODIANS": self.custodians,
        }
        line = line.replace(" /etc/dropbox", f" {self.folder / 'S/etc/dropbox'}")
        line = line.replace("LOGIN", "kepala").replace("FULL NAME", "Siti Rahmawati Hasan")
        done = subprocess.run(
            ["sh", "-eu", "-c", f"umask 077; {line}"],
            cwd=self.folder / name,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout + done.stderr


def lines_of(block: str) -> list[str]:
    """The lines of a block that belong to a machine."""
    return [line for line in block.splitlines() if re.match(r"[RWS]   ", line)]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Machines:
    """Three machines after the ceremony, with both desks' first keys at the server."""
    made = Machines(tmp_path_factory.mktemp("guides"))
    (first,) = blocks(KEYS, CEREMONY)
    said = made.play(lines_of(first))
    words = said.split("fingerprint of the root key:\n", 1)[1].splitlines()[0]
    assert said.count(words) == 2, "R and W show the same words"
    made.play([line.replace("itjen", "irjen") for line in lines_of(first) if "keys root" not in line])
    made.install_server()
    (setup,) = blocks(SERVER, "Set it up")
    made.play([line for line in lines_of(setup) if "systemctl" not in line])
    return made


def test_the_ceremony_opens_both_desks(machines: Machines) -> None:
    """After both guides' lines the server can sign an export, and nothing warns of a late desk."""
    said = machines.run("S", "dropbox courier export stick/export-1")
    assert ": 0 blobs" in said, said
    assert "certificate" not in said, said


def test_the_ceremony_of_day_80_is_played(machines: Machines) -> None:
    """The same request is certified again, and the station publishes under the new certificate."""
    (again,) = blocks(KEYS, "Every 80 days")
    machines.play(lines_of(again))
    assert (machines.folder / "drive" / "return-itjen-12").is_file()
    machines.run("S", "dropbox courier import stick/return-itjen-12")


def test_the_maintenance_is_played(machines: Machines) -> None:
    """An officer's commands of care find nothing bad but this machine's network, and leave a backup."""
    (care,) = blocks(OFFICER, "Maintenance")
    said = "".join(machines.run("W", f"{line} || true") for line in care.splitlines())
    bad = [line for line in said.splitlines() if line.startswith(("Act today ", "dropbox:", "internal"))]
    assert [line for line in bad if "connected to a network" not in line] == []
    assert said.count("vault.db is whole") == 2
    assert (machines.folder / "disk" / "cadangan-itjen").is_dir()


def test_the_sites_manifest_is_proposed_and_signed(machines: Machines) -> None:
    """R shows the words that S proposed, signs, and names the number for the minutes."""
    propose, sign = blocks(VERIFYING, "For the administrator")
    proposed = machines.play(lines_of(propose))
    signed = machines.play(lines_of(sign))
    (words,) = (line for line in proposed.splitlines() if line.startswith("  "))
    assert words in signed.splitlines()
    assert "site manifest 1 (" in signed
    assert (machines.folder / "drive" / "site.manifest").is_file()


def test_the_sealer_is_signed(machines: Machines) -> None:
    """Both guides have one line for it, and its signature is verified with the root's public key."""
    (line,), (other,) = (lines_of(blocks(guide, name)[0]) for guide, name in SEALER.items())
    assert line == other
    (machines.folder / "drive/pengunci.html").write_text("<!doctype html>")
    machines.play([line])
    machines.run("W", "dropbox keys verify stick/pengunci.html stick/pengunci.sig --root-pub stick/root.pub")


def test_the_root_is_split_drilled_and_rebuilt(machines: Machines) -> None:
    """The ceremony of the shares, the drill and the rebuilding, with papers typed and the minutes' numbers."""
    (ceremony,), (drill,), (again,), (calendar,) = (
        blocks(SHARES, name) for name in ("The ceremony", "The drill", "Rebuilding the root", "The calendar")
    )
    said = machines.play(lines_of(ceremony))
    minutes = re.findall(r"last serial (\d+), list of revocations (\d+), site manifest (\d+)", said)[-1]
    machines.custodians = "1 4 5"
    assert machines.play(lines_of(drill)).startswith("good: shares 1 4 5")
    machines.custodians = "2 3 4"
    numbers = dict(zip(("SERIAL", "LIST", "MANIFEST"), minutes, strict=True))
    said = machines.play([re.sub("|".join(numbers), lambda name: numbers[name[0]], line) for line in lines_of(again)])
    words = machines.run("R", "dropbox keys show root/root.pub").splitlines()[-2]
    assert said.count(words) == 2
    (line,) = lines_of(calendar)  # it ends with 3: the server's settings are not at R
    today = datetime.datetime.now(datetime.UTC).date()
    said = machines.run("R", f"{line[1:].strip().replace('DATE', str(today))} || [ $? = 3 ]")
    assert said.count("weekly keys of the desk") == 2
    assert "NOW" not in said


def test_a_lost_share_and_a_lost_stick_are_replaced(machines: Machines) -> None:
    """A second set is made, and the export is written again."""
    (share,), (stick,) = blocks(LOST, "A share"), blocks(LOST, "A stick")
    assert "5 shares were copied" in machines.play(lines_of(share))
    machines.play(lines_of(stick))
    assert (machines.folder / "drive" / "export-2").is_file()


def server_serial(machines: Machines) -> str:
    """The last serial of a server in serials.txt."""
    lines = (machines.folder / "R" / "root" / "serials.txt").read_text().splitlines()
    return [line.split()[0] for line in lines if "(server)" in line][-1]


def test_a_server_in_other_hands_gets_a_new_key(machines: Machines) -> None:
    """After the lines the export is signed under another serial, and the desk takes none of the old key."""
    (block,) = blocks(LOST, "The server in other hands")
    old = server_serial(machines)
    machines.run("S", "dropbox courier export stick/export-old")
    machines.play([line.replace("SERIAL", old) for line in lines_of(block)])
    assert int(server_serial(machines)) > int(old)
    refused = machines.run("W", "dropbox triage import stick/export-old --vault vault-itjen || [ $? = 1 ]")
    assert "the key that signed this export has been revoked" in refused
    said = machines.run("S", "dropbox courier export stick/export-3")
    machines.run("W", "dropbox triage import stick/export-3 --vault vault-itjen")
    assert said.startswith(f"export {server_serial(machines)}-0001")


def test_a_list_of_revocations_reaches_server_and_desks(machines: Machines) -> None:
    """The lines under "Revoking" install a list at the server and at a desk."""
    (block,) = blocks(KEYS, "Revoking")
    machines.run("R", f"dropbox keys revoke {server_serial(machines)} --root root --to stick/revocations")
    said = machines.play(lines_of(block))
    (machines.folder / "drive/revocations").unlink()  # the next revocation writes a file of this name
    assert said.count("revocations") == 2


def test_a_burnt_server_is_set_up_anew_from_nothing(machines: Machines) -> None:
    """The lines lead to a server that has the desk's keys, and whose exports the desk takes as newer."""
    _, block = blocks(LOST, "A burnt server")
    (machines.folder / "S").rename(machines.folder / "burnt")
    machines.add("S")
    machines.install_server()
    said = machines.play([line for line in lines_of(block) if "systemctl" not in line])
    assert f"export {server_serial(machines)}-0001" in said
    assert "not newer" not in said


def test_a_stolen_workstation_is_replaced(machines: Machines) -> None:
    """The lines for a lost workstation lead to a station that publishes and is taken by the server."""
    machines.run("W", "dropbox triage backup disk/cadangan-itjen --vault vault-itjen")
    (machines.folder / "W").rename(machines.folder / "stolen")
    machines.add("W")
    restore, lost = blocks(KEYS, "A lost or stolen workstation")
    machines.play(lines_of(restore))
    said = machines.play(lines_of(lost))
    assert "revocations" in said
    assert (machines.folder / "drive" / "return-itjen-9").is_file()
