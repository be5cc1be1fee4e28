"""Clean Debian machines: mmdebstrap makes a minimal system, systemd-nspawn boots it in namespaces of its own.

Rule: a machine sees the drive and nothing of the checkout, and has no network once it is booted. Lines are typed at a
terminal of their own, with passphrases where they are asked for.
"""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from dropbox.packaging.roles import DEBIANS, PROJECT

PASSPHRASE: Final = "lima kata acak untuk semua"
_ASKED: Final = re.compile(
    r"((?:passphrase[^\n]*|the same again): |\[Y/n\] |\(Y/I/N/O/D/Z\) \[default=N\] \? )\Z", re.IGNORECASE
)
_WAIT_SECONDS: Final = 1800  # of a boot, or of one line: one installs LibreOffice, on a busy machine
_MINIMAL: Final = "systemd-sysv,dbus"  # what a machine boots with


def clean_root(number: int, folder: Path) -> Path:
    """Return the minimal system of a Debian release; it is made once for each folder."""
    suite = next(one.suite for one in DEBIANS if one.number == number)
    root = folder / f"debian{number}"
    if not root.is_dir():
        made = folder / f"debian{number}.part"
        shutil.rmtree(made, ignore_errors=True)
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={_MINIMAL}", suite, str(made)]
        subprocess.run(command, check=True)
        made.rename(root)
    return root


class Machine:
    """One machine; the clean system stays as it is, and what the machine writes is in a folder of its own."""

    def __init__(self, clean: Path, folder: Path, drive: Path, release: Path) -> None:
        self.root = folder / "root"
        self._drive, self._release = drive, release
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._log = folder / "console"
        for name in ("root", "upper", "work"):
            (folder / name).mkdir(parents=True)
        layers = f"lowerdir={clean},upperdir={folder / 'upper'},workdir={folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, str(self.root)], check=True)

    def _command(self, *more: str) -> list[str]:
        return [
            *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--link-journal=no", "--timezone=off"),
            *("--directory", str(self.root), "--bind", f"{self._drive}:/media/stick"),
            *("--bind-ro", f"{self._release}:/media/release", *more),
        ]

    def prepare(self, line: str) -> None:
        """Run a line with the network of the host, before the machine is booted."""
        subprocess.run(
            self._command("--resolv-conf=copy-host", "--pipe", "bash", "-euc", line),
            check=True,
            stdin=subprocess.DEVNULL,
        )

    def boot(self) -> None:
        """Boot, and return when systemd has started everything."""
        with self._log.open("wb") as log:
            self._nspawn = subprocess.Popen(
                self._command("--private-network", "--resolv-conf=off", "--boot"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + _WAIT_SECONDS
        while not (self.leader() and self._is_up()):
            if self._nspawn.poll() is not None or time.monotonic() > end:
                raise RuntimeError(self._log.read_text("utf-8", "replace")[-2000:])

    def leader(self) -> str:
        """Return the number of the process that is the first one of the booted machine."""
        assert self._nspawn
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        return next(iter(children.read_text().split()), "")

    def _is_up(self) -> bool:
        wait = ["timeout", str(_WAIT_SECONDS), "systemctl", "is-system-running", "--wait"]
        command = ["nsenter", "--target", self.leader(), "--all", *wait]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return done.stdout.strip() in {"running", "degraded"}

    def run(self, line: str, *, folder: str = "/root", user: str = "root", code: int | None = 0) -> str:
        """Type a line at a terminal of the booted machine; returns all that was said.

        Args:
            line: of a shell.
            folder: where it is typed.
            user: who types it.
            code: how it must end; None: it does not matter.
        """
        home = "/root" if user == "root" else f"/home/{user}"
        said, ended = _typed(
            [
                *("nsenter", "--target", self.leader(), "--all"),
                *("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"),
                *("env", "-i", "TERM=xterm", f"HOME={home}", "LC_ALL=C.UTF-8", "DROPBOX_LANG=en"),
                *("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",),
                *("sh", "-c", 'cd "$1" && exec bash -c "$2"', "sh", folder, line),
            ]
        )
        assert code is None or ended == code, f"{line}\nended with {ended}:\n{said[-4000:]}"
        return said

    def outside(self, module: str, *arguments: str) -> str:
        """Run a module of the tests at this machine's loopback, as a browser there would; returns what it printed."""
        done = subprocess.run(
            ["nsenter", "--target", self.leader(), "--net", sys.executable, "-m", module, *arguments],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.strip()

    def stop(self) -> None:
        """Switch it off, and take its folder away."""
        if self._nspawn:
            self._nspawn.send_signal(signal.SIGTERM)  # an orderly end
            try:
                self._nspawn.wait(60)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
            self._nspawn = None
        if self.root.is_mount():
            subprocess.run(["umount", str(self.root)], check=True)


def _typed(command: list[str]) -> tuple[str, int]:
    """Run a command at a new terminal, answering what it asks; returns what it said and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606
    said = ""
    try:
        while True:
            if not select.select([terminal], [], [], _WAIT_SECONDS)[0]:
                os.kill(child, signal.SIGKILL)
                break
            try:
                piece = os.read(terminal, 1 << 16)
            except OSError:  # the last process has closed it
                break
            if not piece:
                break
            said += piece.decode("utf-8", "replace").replace("\r\n", "\n")
            if asked := _ASKED.search(said):
                answer = {"[": "Y", "(": "N"}.get(asked[1][0], PASSPHRASE)
                os.write(terminal, f"{answer}\n".encode())
                said += "\n"
    finally:
        os.close(terminal)
        _, status = os.waitpid(child, 0)
    return said, os.waitstatus_to_exitcode(status)
