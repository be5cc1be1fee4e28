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

from dropbox.packaging import environment, package, sums
from dropbox.packaging.parts import parts_of
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
    """Build the project's wheel with the tools of this environment; returns the file.

    Its members have hatchling's own fixed time, so that the lines of INSTALLING.md for pip give the same bytes.
    """
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    settings = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(folder), str(PROJECT)], check=True, env=settings
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def release(out: Path, roles: Iterable[str], debians: Iterable[Debian]) -> list[Path]:
    """Make each package in a folder `out/debian<number>/<role>/` with a list of its SHA-256; returns the packages.

    Next to a package is the list of its parts, which is also among its documents; `out/wheel` has the wheel that all
    of them hold.
    """
    made = []
    with tempfile.TemporaryDirectory() as work:
        (out / "wheel").mkdir(parents=True, exist_ok=True)
        wheel = build_wheel(out / "wheel")
        for debian in debians:
            for role in roles:
                folder = out / f"debian{debian.number}" / role
                folder.mkdir(parents=True, exist_ok=True)
                root, report = Path(work) / f"{role}{debian.number}", Path(work) / f"{role}{debian.number}.json"
                site = environment.make(root, role, debian, wheel, report)
                parts = parts_of(role, debian, site, report, version(), moment())
                made.append(package.make(root, role, debian, version(), moment(), folder, parts))
                made[-1].with_suffix(".cdx.json").write_text(parts, "utf-8")
                package.write_list(folder)
    return made


def main() -> int:
    """Make all packages in the folder that the command line names; print each."""
    out = Path(sys.argv[1])
    for path in release(out, ROLES, DEBIANS):
        sys.stdout.write(f"{path}\n")
    sys.stdout.write(f"{sums.write(out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
