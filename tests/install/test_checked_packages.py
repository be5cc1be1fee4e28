"""INSTALLING.md's two commands that install a package, played with a drive that somebody has changed.

Rule: they are played as they stand there; `apt` is a stand-in that writes down what it is asked for.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox.packaging import package
from tests.install.guides import blocks

_, LISTS = blocks("dropbox/INSTALLING.md", "Make the packages")
COPY, INSTALL = blocks("dropbox/INSTALLING.md", "Install on each machine")
FOLDER = "debian12-root"
NAMES = ("dropbox-itjen-root_0.2.0+deb12_amd64.deb", "libc6_2.36-9+deb12u10_amd64.deb", "tzdata_1%3a2025b_all.deb")


@dataclass(frozen=True)
class Drive:
    """A drive with a release, the machine where it is installed, and what its paper says."""

    folder: Path
    paper: str

    @property
    def packages(self) -> Path:
        """The folder that is installed."""
        return self.folder / "release" / FOLDER

    def play(self) -> list[str] | None:
        """Return what apt was asked to install; None when it was not started."""
        asked = self.folder / "asked"
        made = run(COPY.replace("FOLDER", FOLDER), self.folder)
        assert made.split()[0] in self.paper, "the digits are other ones"
        subprocess.run(["bash", "-c", INSTALL], cwd=self.folder / "new", env=environment(self.folder), check=False)
        return asked.read_text().split() if asked.exists() else None


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder / 'programs'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def run(lines: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", lines.replace("/root/new", str(folder / "new"))],
        cwd=folder / "release",
        env=environment(folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    """A release of two folders on a drive, and the digits that its maker wrote on paper."""
    for name in (FOLDER, "debian12/server"):
        (tmp_path / "release" / name).mkdir(parents=True)
        for one in NAMES:
            (tmp_path / "release" / name / one).write_text(f"{name} {one}")
        package.write_list(tmp_path / "release" / name)
    apt = tmp_path / "programs" / "apt"
    apt.parent.mkdir()
    apt.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path / "asked"}\n')
    apt.chmod(0o700)
    return Drive(tmp_path, run(f"cd .. && {LISTS}", tmp_path))


def test_the_paper_names_each_folder_with_all_digits(drive: Drive) -> None:
    """The line that is written on paper has the SHA-256 of the folder's list, whole."""
    lines = dict(reversed(line.split()) for line in drive.paper.splitlines())
    assert sorted(lines) == ["debian12-root/SHA256SUMS", "debian12/server/SHA256SUMS"]
    digest = hashlib.sha256((drive.packages / "SHA256SUMS").read_bytes()).hexdigest()
    assert lines["debian12-root/SHA256SUMS"] == digest


def test_what_the_list_names_is_installed(drive: Drive) -> None:
    """An unchanged drive: apt gets each name of the list and no other, and what is no package is not copied."""
    (drive.packages / "README.txt").write_text("")
    names = [f"./{name}" for name in sorted(NAMES)]
    assert drive.play() == ["install", "--no-install-recommends", *names]
    assert sorted(path.name for path in (drive.folder / "new").iterdir()) == ["SHA256SUMS", *sorted(NAMES)]


def _extra(folder: Path) -> None:
    (folder / "libzz-helper_1.0_amd64.deb").write_text("with a preinst")


def _extra_like_an_option(folder: Path) -> None:
    (folder / "--ignore=*.deb").write_text("")


def _extra_of_two_lines(folder: Path) -> None:
    (folder / "x\ny.deb").write_text("")


def _altered(folder: Path) -> None:
    (folder / NAMES[1]).write_text("other")


def _missing(folder: Path) -> None:
    (folder / NAMES[1]).unlink()


def _exchanged(folder: Path) -> None:
    (folder / NAMES[1]).rename(folder / "other_1_all.deb")


CHANGES = [_extra, _extra_like_an_option, _extra_of_two_lines, _altered, _missing, _exchanged]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_installed_from_a_changed_drive(drive: Drive, change: Callable[[Path], None]) -> None:
    """A package more, another one, one less, or other bytes: apt is not started."""
    change(drive.packages)
    assert drive.play() is None


def test_a_changed_list_has_other_digits(drive: Drive) -> None:
    """Who adds a package to the list too is found by the paper."""
    _extra(drive.packages)
    package.write_list(drive.packages)
    with pytest.raises(AssertionError, match="the digits are other ones"):
        drive.play()


def test_a_link_is_copied_as_what_it_leads_to(drive: Drive) -> None:
    """What is checked and installed is on the machine's own disk, also where the drive had a link."""
    (drive.packages / NAMES[1]).rename(drive.folder / "elsewhere")
    (drive.packages / NAMES[1]).symlink_to(drive.folder / "elsewhere")
    assert drive.play()
    assert [path for path in (drive.folder / "new").iterdir() if path.is_symlink()] == []


def test_an_older_copy_is_not_mixed_with_the_new_one(drive: Drive) -> None:
    """Where the machine's folder exists already, nothing is copied."""
    (drive.folder / "new").mkdir()
    with pytest.raises(subprocess.CalledProcessError):
        drive.play()
    assert list((drive.folder / "new").iterdir()) == []
