"""Blocks of the guides that need no server: played in a folder that stands for the machine's own."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dropbox.packaging import apart
from tests.install.guides import blocks
from tests.support.server import PROJECT
from tests.test_papers import wrong

RUNNING, RUNBOOK = "dropbox/courier/RUNNING.md", "dropbox/server/RUNBOOK.md"


def play(lines: str, machine: Path, **programs: str) -> str:
    """Run lines in the checkout, with the machine's /etc in a folder and programs that take the place of others."""
    own = machine / "programs"
    own.mkdir(exist_ok=True)
    for name, text in {"dropbox": f'exec {shlex.quote(sys.executable)} -m dropbox "$@"', **programs}.items():
        (own / name).write_text(f"#!/bin/sh\n{text}\n")
        (own / name).chmod(0o700)
    lines = lines.replace(" /etc/", f" {machine}/etc/")
    env = {"PATH": f"{own}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT), "DROPBOX_LANG": "en"}
    done = subprocess.run(["sh", "-eu", "-c", lines], cwd=PROJECT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_accounts_of_the_courier_are_listed(tmp_path: Path) -> None:
    """The line for the list, as the page's user would run it, reads the file of settings that it names."""
    _, line = next(block for block in blocks(RUNNING, "Accounts") if "account list" in block).splitlines()
    config = tmp_path / "etc/dropbox-courier/courier.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[courier_page]\nfolder = "{tmp_path}/accounts"\n')
    play(line, tmp_path, runuser='while [ "$1" != -- ]; do shift; done; shift; exec "$@"')


def test_a_checkout_gives_the_courier_its_services(tmp_path: Path) -> None:
    """The lines copy the sandbox, both services and the page's settings, from where they are in a checkout."""
    (lines,) = blocks(RUNNING, "From a checkout")
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    play(lines.replace(" -g dropbox-courier ", " "), tmp_path, useradd="exit 0")
    found = {str(path.relative_to(tmp_path / "etc")) for path in (tmp_path / "etc").rglob("*") if path.is_file()}
    services = {f"systemd/system/dropbox-{name}.service" for name in ("gate", "courier")}
    assert found == {
        *services,
        "systemd/system/dropbox-.service.d/sandbox.conf",
        "dropbox-courier/courier.toml",
    }


def test_the_monitors_line_is_one_of_cron(tmp_path: Path) -> None:
    """The runbook's lines write a time, a user and a command that the program has."""
    (lines,) = (block for block in blocks(RUNBOOK, "How to look") if "cron.d" in block)
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    play("\n".join(line.strip() for line in lines.splitlines()), tmp_path, install="exit 0")
    line = (tmp_path / "etc/cron.d/dropbox-status").read_text()
    found = re.fullmatch(r"\d+ \* \* \* \* dropbox /usr/bin/(dropbox [^>]+) >/dev/null\n", line)
    assert found, line
    assert wrong(found[1]) == ""


def test_what_sudo_fetched_belongs_to_the_builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All below the folder goes to the user and group of sudo; without sudo nothing changes."""
    (tmp_path / "debian12-root").mkdir()
    (tmp_path / "debian12-root/one.deb").touch()
    given: list[tuple[Path, int, int]] = []
    monkeypatch.setattr(os, "chown", lambda path, owner, group, **_: given.append((path, owner, group)))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("SUDO_UID", raising=False)
    apart.give_back(tmp_path)
    assert given == []
    monkeypatch.setenv("SUDO_UID", "1234")
    monkeypatch.setenv("SUDO_GID", "5678")
    apart.give_back(tmp_path)
    paths = (tmp_path, tmp_path / "debian12-root", tmp_path / "debian12-root/one.deb")
    assert sorted(given) == [(path, 1234, 5678) for path in paths]


def test_folders_are_given_back_when_fetching_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of mmdebstrap is raised, and what was fetched until then is given back."""
    (tmp_path / "debian12/server").mkdir(parents=True)
    (tmp_path / "debian12/server/one.deb").touch()
    given: list[Path] = []

    def fail(package: Path, folder: Path) -> None:
        raise RuntimeError(f"{package.name} {folder.name}")

    monkeypatch.setattr(apart, "collect", fail)
    monkeypatch.setattr(apart, "give_back", given.append)
    monkeypatch.setattr("sys.argv", ["apart", str(tmp_path)])
    with pytest.raises(RuntimeError, match=r"one\.deb debian12-server"):
        apart.main()
    assert given == [tmp_path]
