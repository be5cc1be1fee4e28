"""The guides' lines for root, workstation and server, played in their order on three folders that stand for machines.

Rule: a line is played as it stands there; only LOGIN and FULL NAME are replaced, and passphrases come from a file.
"""

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
_ASKS = "keys:root keys:certify keys:revoke keys:sign-file triage:*"


class Machines:
    """R, W and S, which share nothing but the drive; W can be thrown away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("drive", "disk", "programs"):
            (folder / name).mkdir()
        (folder / "passphrase").write_text(PASSPHRASE)
        (folder / "passphrase").chmod(0o600)
        program = folder / "programs" / "dropbox"
        words = " | ".join(_ASKS.split())
        program.write_text(
            f'#!/bin/sh\ncase "$1:$2" in {words}) set -- "$@" --passphrase-file {folder}/passphrase ;; esac\n'
            f'exec {shlex.quote(sys.executable)} -m dropbox "$@"\n'
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

    def play(self, lines: list[str]) -> str:
        """Run lines that begin with the machine's letter; returns all that was said."""
        return "".join(self.run(line[0], line[1:].strip()) for line in lines)

    def run(self, name: str, line: str) -> str:
        """Run one line on a machine."""
        env = {
            "PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT),
            "HOME": str(self.folder / name),
            "DROPBOX_LANG": "en",
            "PYTHONWARNINGS": "error",
        }
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
    (made.folder / "S" / "dropbox.toml").write_text(blocks(SERVER, "Set it up")[0])
    made.play([line for line in lines_of(blocks(SERVER, "Set it up")[1]) if "dropbox serve" not in line])
    return made


def test_the_ceremony_opens_both_desks(machines: Machines) -> None:
    """After both guides' lines the server can sign an export, and nothing warns of a late desk."""
    said = machines.run("S", "dropbox courier export stick/export-1 --config dropbox.toml")
    assert ": 0 blobs" in said, said
    assert "certificate" not in said, said


def test_the_ceremony_of_day_80_is_played(machines: Machines) -> None:
    """The same request is certified again, and the station publishes under the new certificate."""
    (again,) = blocks(KEYS, "Every 80 days")
    machines.play(lines_of(again))
    assert (machines.folder / "drive" / "return-itjen-12").is_file()
    machines.run("S", "dropbox courier import stick/return-itjen-12 --config dropbox.toml")


def test_the_maintenance_is_played(machines: Machines) -> None:
    """An officer's commands of care find nothing bad but this machine's network, and leave a backup."""
    (care,) = blocks(OFFICER, "Maintenance")
    said = "".join(machines.run("W", f"{line} || true") for line in care.splitlines())
    bad = [line for line in said.splitlines() if line.startswith(("Act today ", "dropbox:", "internal"))]
    assert [line for line in bad if "connected to a network" not in line] == []
    assert said.count("vault.db is whole") == 2
    assert (machines.folder / "disk" / "cadangan-itjen").is_dir()


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
