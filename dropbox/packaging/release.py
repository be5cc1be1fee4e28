"""Makes the packages of all roles for all Debian releases, from this checkout: `python -m dropbox.packaging.release`.

Rule: it needs the network once, for pip and npm. What it makes names neither this machine nor its folders.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from dropbox.packaging import environment, package
from dropbox.packaging.roles import DEBIANS, PROJECT, ROLES, Debian


def version() -> str:
    """Return the project's version."""
    table = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    return str(table["project"]["version"])


def moment() -> int:
    """Return SOURCE_DATE_EPOCH, else the time of the newest commit (seconds since 1970)."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=PROJECT, check=True, capture_output=True, text=True)
    return int(told.stdout)


def build_wheel(folder: Path) -> Path:
    """Build the project's wheel with the tools of this environment; returns the file."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(folder), str(PROJECT)],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(moment())},
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def release(out: Path, roles: Iterable[str], debians: Iterable[Debian]) -> list[Path]:
    """Make each package in a folder `out/debian<number>/<role>/` with a list of its SHA-256; returns the packages."""
    made = []
    with tempfile.TemporaryDirectory() as work:
        wheel = build_wheel(Path(work))
        for debian in debians:
            for role in roles:
                folder = out / f"debian{debian.number}" / role
                folder.mkdir(parents=True, exist_ok=True)
                root = Path(work) / f"{role}{debian.number}"
                environment.make(root, role, debian, wheel)
                made.append(package.make(root, role, debian, version(), moment(), folder))
                package.write_list(folder)
    return made


def main() -> int:
    """Make all packages in the folder that the command line names; print each."""
    for path in release(Path(sys.argv[1]), ROLES, DEBIANS):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
