"""The machines of an inspectorate, installed and set up by the guides' own lines.

Rule: a line is typed as the guide has it; only LOGIN, FULL NAME and FOLDER are replaced. What is not played: the drive
is there without `mount`, and belongs to the server's user as the guide's `mount` would make it.
"""

import re
import shutil
from pathlib import Path

from tests.install.guides import blocks
from tests.roots.machine import Machine
from tests.support.server import PROJECT

INSTALLING, OPERATING = "dropbox/INSTALLING.md", "dropbox/web/OPERATING.md"
KEYS, LOST = "keys/README.md", "keys/LOST.md"
SHARED = "/usr/share/dropbox-itjen-server"
COPY, INSTALL = blocks(INSTALLING, "Install on each machine")[:2]
WAYS = re.findall(r"`(apt install (?:tor|nginx))`", (PROJECT / OPERATING).read_text("utf-8"))
STICK = "/media/stick"
OFFICER = "petugas"  # who works at R and W
_DEMANDS = {"LOGIN": "kepala", "FULL NAME": "Siti Rahmawati Hasan"}


class Inspectorate:
    """Machines by their letters in the guides, and the drive that goes between them."""

    def __init__(self, number: int, clean: Path, release: Path, folder: Path) -> None:
        self.number, self.folder = number, folder
        self._clean, self.release = clean, release
        self.machines: dict[str, Machine] = {}
        self._all: list[Machine] = []
        self.lines = 0  # of the guides, typed so far
        self.drive = folder / "drive"
        self.drive.mkdir()

    def add(self, letter: str, *, prepared: str = "") -> Machine:
        """Boot a clean machine in a letter's place; `prepared` is run before, with the network of the host."""
        folder = self.folder / f"{letter}{len(self._all)}"
        made = Machine(self._clean, folder, self.drive, self.release)
        self._all.append(made)
        self.machines[letter] = made
        if prepared:
            made.prepare(prepared)
        made.boot()
        made.run(f"useradd --create-home {OFFICER} && cd /home/{OFFICER} && mkdir second-disk && ln -s {STICK} stick")
        made.run(f"chown {OFFICER}: /home/{OFFICER}/second-disk")
        return made

    def add_server(self) -> None:
        """Boot a server that was installed with a network, with tor and nginx of Debian as the guide has them."""
        lines = (
            "export DEBIAN_FRONTEND=noninteractive",
            "apt update",
            "cd /media/release",
            COPY.replace("FOLDER", self.folder_of("server", with_network=True)),
            INSTALL.replace("apt install", "apt install --yes"),  # nobody is there to press a key
            "rm -r /root/new",
            *(f"{line} --yes --no-install-recommends" for line in WAYS),
        )
        self.add("S", prepared="\n".join(lines))
        self.lines += 3

    def close(self) -> None:
        """Switch every machine off."""
        for machine in self._all:
            machine.stop()

    def folder_of(self, role: str, *, with_network: bool = False) -> str:
        """Return what the guide calls FOLDER."""
        return f"debian{self.number}/{role}" if with_network else f"debian{self.number}-{role}"

    def carry(self, release: Path) -> None:
        """Lay another release onto the drive."""
        shutil.copytree(release, self.drive / release.parent.name)

    def install(self, letter: str, role: str, *, options: str = "", release: str = "", code: int = 0) -> str:
        """Type the guide's two commands at a machine; returns what they said.

        Args:
            letter: of the machine.
            role: whose package it gets.
            options: of the guide for apt, e.g. for the way back.
            release: a folder of the drive; default: the release that is tested.
            code: how the second command must end.
        """
        machine = self.machines[letter]
        self.lines += 2
        machine.run("rm -rf /root/new")
        folder = f"{STICK}/{release}" if release else "/media/release"
        machine.run(COPY.replace("FOLDER", self.folder_of(role)), folder=folder)
        return machine.run(INSTALL.replace("apt install", f"apt install{options}"), folder="/root/new", code=code)

    def play(self, lines: list[str]) -> str:
        """Type lines that begin with a machine's letter; returns all that was said."""
        said = ""
        for line in lines:
            machine = self.machines[line[0]]
            user, folder, owner = (
                (OFFICER, f"/home/{OFFICER}", OFFICER) if line[0] != "S" else ("root", "/media", "dropbox")
            )
            self.lines += 1
            machine.run(f"chown -R {owner}: {STICK}")
            text = line[1:].strip()
            for place, value in _DEMANDS.items():
                text = text.replace(place, value)
            said += machine.run(text, folder=folder, user=user)
        return said

    def report(self, what: str) -> str:
        """Send a report to the site as a browser without JavaScript does; returns the statuses on the last page."""
        return self.machines["S"].outside("tests.roots.reporter", what)

    def first_page(self) -> str:
        """Return status and title of the first page, as a browser on the server's machine gets them."""
        return self.machines["S"].outside("tests.roots.reporter")


def lines_of(block: str) -> list[str]:
    """The lines of a block that belong to a machine."""
    return [line for line in block.splitlines() if re.match(r"[RWS]   ", line)]


def ceremony(office: Inspectorate) -> None:
    """Hold the first ceremony for both desks, and set the server up."""
    (first,) = blocks(KEYS, "The first ceremony")
    said = office.play(lines_of(first))
    words = said.split("fingerprint of the root key:\n", 1)[1].splitlines()[0]
    assert said.count(words) == 2, "R and W show the same words"
    office.play([line.replace("itjen", "irjen") for line in lines_of(first) if "keys root" not in line])
    (setup,) = blocks(OPERATING, "Set it up")
    office.play(lines_of(setup))


def put_in_front(office: Inspectorate) -> str:
    """Give nginx and Tor the package's lines, and the settings Tor's new address; returns it."""
    server = office.machines["S"]
    server.run(f"cat {SHARED}/torrc {SHARED}/torrc-courier >> /etc/tor/torrc")
    (_, redirect) = blocks(OPERATING, "TLS")
    site = (
        "rm -f /etc/nginx/sites-enabled/default",
        "{ echo 'server { listen 443; server_name HOST;'",
        f"cat {SHARED}/nginx.conf",
        f"echo '}}'\ncat <<'END'\n{redirect}END\n}} | sed s/HOST/lapor.example/g > /etc/nginx/conf.d/lapor.conf",
        "nginx -t && systemctl reload nginx",
    )
    server.run("\n".join(site))
    server.run("systemctl restart tor@default && until test -s /var/lib/tor/dropbox/hostname; do sleep 0.2; done")
    address = server.run("cat /var/lib/tor/dropbox/hostname").strip()
    server.run(
        f"sed -i 's/^onion = .*/onion = \"{address}\"/' /etc/dropbox/dropbox.toml && systemctl restart dropbox-site"
    )
    return address


def look(office: Inspectorate) -> str:
    """Let the packaged look run; returns how it ended and what it said.

    The clock is the host's here, Tor has no network, and nginx has no certificate.
    """
    server, unit = office.machines["S"], "/etc/systemd/system/dropbox-status.service.d"
    without = "--without clock --without tls --without onion"
    server.run(
        f"mkdir -p {unit}; {{ echo '[Service]'; echo ExecStart=;"
        f" sed -n 's/^ExecStart=.*/& {without}/p' /usr/lib/systemd/system/dropbox-status.service; }}"
        f" > {unit}/clock.conf; systemctl daemon-reload"
    )
    server.run("systemctl start dropbox-status", code=None)
    return server.run("systemctl show dropbox-status -p ExecMainStatus; journalctl -o cat -u dropbox-status | tail -20")
