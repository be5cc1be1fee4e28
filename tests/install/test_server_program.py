"""What the server's package does at the machine: root leaves the terminal, and only own copies are deleted."""

import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dropbox.packaging.roles import HERE

FILES = HERE / "server/files"
PROGRAM = FILES / "usr/bin/dropbox"
BACKUPS = "/var/backups/dropbox"
# Root in all but its rights, so that the test needs none: the user that root becomes is the test's own.
AS_ROOT = f"""
import getpass, os, pwd, runpy, sys, types
me = pwd.getpwuid(os.getuid())
pwd.getpwnam = lambda name: me
os.geteuid = lambda: 0
os.initgroups = lambda name, group: None

def main():
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
        print("still root's terminal")
    except OSError:
        print("no terminal of its own")
    try:
        print("length", len(getpass.getpass("Sandi: ")))
    except KeyboardInterrupt:
        print("interrupted")
        return 9
    return 7

sys.modules["dropbox"] = types.ModuleType("dropbox")
sys.modules["dropbox.cli"] = cli = types.ModuleType("dropbox.cli")
cli.main = main
runpy.run_path({str(PROGRAM)!r}, run_name="__main__")
"""


def at_a_terminal(typed: bytes) -> str:
    """Run the program below a shell at a terminal, type when it asks, and return what the terminal showed."""
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(AS_ROOT)}; echo code $?; stty -a"
    terminal, inside = pty.openpty()
    # As a terminal's first program has them: what runs the tests may ignore Ctrl-C, and its children inherit that.
    begin = ["env", "--default-signal=HUP,INT,QUIT", "setsid", "--ctty"]
    shell = subprocess.Popen([*begin, "bash", "-c", command], stdin=inside, stdout=inside, stderr=inside)
    os.close(inside)
    shown = b""
    try:
        while True:
            shown += os.read(terminal, 4096)
            if typed and b"Sandi: " in shown:
                os.write(terminal, typed)
                typed = b""
    except OSError:  # the shell has ended
        pass
    finally:
        os.close(terminal)
        shell.wait()
    return shown.decode()


@pytest.mark.parametrize(("typed", "said"), [(b"rahasia\n", "length 7"), (b"\x03", "interrupted")])
def test_the_program_leaves_roots_terminal(typed: bytes, said: str) -> None:
    """It cannot open it any more; a passphrase is asked for unseen, Ctrl-C arrives, and the exit code stays."""
    shown = at_a_terminal(typed)
    assert "no terminal of its own" in shown
    assert said in shown
    assert "rahasia" not in shown
    assert f"code {7 if said != 'interrupted' else 9}" in shown
    assert re.search(r"[^-]echo\b", shown), "the terminal shows again what is typed"


def test_only_the_packages_own_copies_are_deleted(tmp_path: Path) -> None:
    """The nightly line deletes old copies of upgrades, and neither new ones nor what an administrator wrote."""
    unit = (FILES / "usr/lib/systemd/system/dropbox-sweep.service").read_text("utf-8")
    (line,) = re.findall(rf"^ExecStartPre=-/usr/bin/(find {BACKUPS} .*-delete)$", unit, re.MULTILINE)
    assert f"\nReadWritePaths=-{BACKUPS}\n" in unit
    kept = {"before-0.3.backup": 13, "newer.backup": 400, "2026-12-01.backup": 400, "before-march.old": 400}
    for name, days in {"before-0.2.0+deb12.backup": 15, **kept}.items():
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, times=(time.time(), time.time() - days * 86_400))
    (tmp_path / "other").mkdir()
    shutil.copy2(tmp_path / "before-0.2.0+deb12.backup", tmp_path / "other" / "before-0.2.backup")
    subprocess.run([str(tmp_path) if word == BACKUPS else word for word in line.split()], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "other"}
    assert len(list((tmp_path / "other").iterdir())) == 1


def test_no_other_rule_of_the_package_has_an_age() -> None:
    """Systemd itself deletes nothing of the server's folders (tmpfiles.d(5): the sixth field)."""
    text = (FILES / "usr/lib/tmpfiles.d/dropbox-itjen-server.conf").read_text("utf-8")
    rules = [line.split() for line in text.splitlines() if not line.startswith("#")]
    assert [(rule[1], rule[5]) for rule in rules] == [("/var/lib/dropbox", "-"), (BACKUPS, "-")]


def test_a_service_that_systemd_stops_has_not_failed() -> None:
    """The exit code of a command that SIGTERM ends is a success for every service of the package."""
    text = (FILES / "usr/lib/systemd/system/dropbox-.service.d/sandbox.conf").read_text("utf-8")
    assert f"\nSuccessExitStatus={128 + signal.SIGTERM}\n" in text
