"""Fetches what machines without a network need: a role's package with every package of Debian that it depends on.

    python -m dropbox.packaging.apart release

Rule: what is needed is decided by apt in a fresh, minimal Debian of the package's release, not by this machine: a
machine that holds more has no use for a part of it, and misses nothing. apt verifies Debian's signatures.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from dropbox.packaging import sums
from dropbox.packaging.package import write_list
from dropbox.packaging.roles import DEBIANS, Debian


def release_of(package: Path) -> Debian:
    """Return the Debian release that a package is for, from its version; raises ValueError for a foreign name."""
    found = re.search(r"\+deb(\d+)_amd64\.deb$", package.name)
    if not found:
        raise ValueError("this is no package of `make release`")
    return next(one for one in DEBIANS if one.number == int(found[1]))


def collect(package: Path, folder: Path) -> list[Path]:
    """Write a package and all that it depends on into a folder, with a list of SHA-256; returns the packages.

    It takes root, mmdebstrap and the network.

    Raises:
        RuntimeError: mmdebstrap failed; with what it said.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    inside = shlex.quote(f"/root/{package.name}")
    fetch = f'chroot "$1" apt-get --yes --no-install-recommends --download-only install {inside}'
    command = [
        *("mmdebstrap", "--quiet", "--variant=apt", "--format=null"),
        f"--customize-hook=copy-in {shlex.quote(str(package.resolve()))} /root",
        f"--customize-hook={fetch}",
        f"--customize-hook=sync-out /var/cache/apt/archives {shlex.quote(str(folder.resolve()))}",
        *(release_of(package).suite, "-"),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"mmdebstrap said: {done.stderr[-2000:]}")
    shutil.rmtree(folder / "partial", ignore_errors=True)
    (folder / "lock").unlink(missing_ok=True)
    shutil.copy(package, folder)
    return write_list(folder)


def main() -> int:
    """Collect for every package of the release in the folder that the command line names; print each folder."""
    out = Path(sys.argv[1])
    try:
        for package in sorted(out.glob("debian*/*/*.deb")):
            folder = out / f"{package.parent.parent.name}-{package.parent.name}"
            collect(package, folder)
            sys.stdout.write(f"{folder}\n")
        sys.stdout.write(f"{sums.write(out)}\n")
    finally:  # also what a failure leaves
        give_back(out)
    return 0


def give_back(out: Path) -> None:
    """Give all below a folder to the user who called sudo: the next `make release` deletes it without root."""
    if os.geteuid() or "SUDO_UID" not in os.environ:
        return
    owner, group = int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"])
    for path in (out, *out.rglob("*")):
        os.chown(path, owner, group, follow_symlinks=False)


if __name__ == "__main__":
    sys.exit(main())
