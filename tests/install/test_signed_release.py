"""INSTALLING.md's command that compares packages with the root's signature, played as it stands there."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox.ceremony import authority
from dropbox.cli import main
from dropbox.disk import memory
from dropbox.packaging import package, sums
from dropbox.wire.calendar import Day
from tests.install.guides import blocks
from tests.support.server import PROJECT

SIGN, COMPARE = blocks("dropbox/INSTALLING.md", "The root's signature")
FOLDER = "debian12-root"
TODAY = Day(20_700)
PASSPHRASE = "lima kata acak untuk akar"


def root_in(folder: Path) -> authority.Root:
    """A root of its own, with its root.pub."""
    authority.make_root(folder, demo=False, today=TODAY, days=300, passphrase=PASSPHRASE)
    return authority.open_root(folder, PASSPHRASE)


def release_in(folder: Path, content: str) -> Path:
    """A release of two folders, with its list."""
    for name in (FOLDER, "debian12/server"):
        (folder / name).mkdir(parents=True)
        (folder / name / "dropbox-itjen-root_0.2.0+deb12_amd64.deb").write_text(f"{name} {content}")
        package.write_list(folder / name)
    sums.write(folder)
    return folder


def sign(place: Path) -> None:
    """Play the line of R with the folder `release` on its drive, in a folder that has `root`."""
    (place / "stick").mkdir()
    (place / "stick/release").symlink_to(place / "release")
    (place / "passphrase").write_text(PASSPHRASE)
    (place / "passphrase").chmod(0o600)
    machine, program, *words = shlex.split(SIGN)
    assert (machine, program) == ("R", "dropbox")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(place)
        here.setattr(memory, "_SWAPS", Path(os.devnull))
        assert main([*words, "--passphrase-file", "passphrase"]) == 0


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `release`, signed by the root of `root`, a program `dropbox`, and a stranger's signature."""
    place = tmp_path_factory.mktemp("signed")
    listed = (release_in(place / "release", "good") / sums.NAME).read_bytes()
    root_in(place / "root")
    sign(place)
    (place / "foreign.sig").write_bytes(authority.sign_file(root_in(place / "stranger"), listed))
    (place / "programs").mkdir()
    (place / "programs/dropbox").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dropbox "$@"\n')
    (place / "programs/dropbox").chmod(0o700)
    return place


def compared(signed: Path, folder: Path) -> list[str] | None:
    """The last lines that the command prints for packages that were copied into a folder; None when it fails."""
    done = subprocess.run(
        ["bash", "-c", COMPARE.replace("RELEASE", str(signed / "release")).replace("FOLDER", FOLDER)
         .replace("ROOT_PUB", str(signed / "root/root.pub"))],
        cwd=folder,
        env={**os.environ, "PATH": f"{signed / 'programs'}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT)},
        check=False,
        capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout.splitlines() if done.returncode == 0 else None


def test_a_folder_of_the_signed_release_is_named(signed: Path, tmp_path: Path) -> None:
    """The last line that is printed names the folder whose packages the root signed."""
    (tmp_path / "SHA256SUMS").write_bytes((signed / "release" / FOLDER / "SHA256SUMS").read_bytes())
    printed = compared(signed, tmp_path)
    assert printed
    assert printed[-1].endswith(f"  {FOLDER}/SHA256SUMS")


def _other_role(signed: Path, folder: Path) -> None:
    """The packages of another folder of the same release."""
    (folder / "SHA256SUMS").write_bytes((signed / "release/debian12/server/SHA256SUMS").read_bytes())


def _other_packages(signed: Path, folder: Path) -> None:
    """A list of other packages."""
    other = release_in(folder / "other", "evil")
    (folder / "SHA256SUMS").write_bytes((other / FOLDER / "SHA256SUMS").read_bytes())


@pytest.mark.parametrize("change", [_other_role, _other_packages])
def test_packages_that_the_root_did_not_sign_are_refused(
    signed: Path, tmp_path: Path, change: Callable[[Path, Path], None]
) -> None:
    """Another folder's list, or a forged one: the command fails."""
    change(signed, tmp_path)
    assert compared(signed, tmp_path) is None


@pytest.mark.parametrize("forgery", ["list", "signature"])
def test_a_forged_list_or_signature_is_refused(signed: Path, tmp_path: Path, forgery: str) -> None:
    """A list that was changed after signing, or the signature of another root: the command fails."""
    (tmp_path / "SHA256SUMS").write_bytes((signed / "release" / FOLDER / "SHA256SUMS").read_bytes())
    path = signed / "release" / ("release.sha256" if forgery == "list" else "release.sha256.sig")
    before = path.read_bytes()
    path.write_bytes(before + b"\n" if forgery == "list" else (signed / "foreign.sig").read_bytes())
    try:
        assert compared(signed, tmp_path) is None
    finally:
        path.write_bytes(before)
