"""Makes the folder of Python that a package brings: a virtual environment (PEP 405) with the role's locked libraries.

Rule: pip takes wheels alone, each with a hash of the role's lock, and runs nothing of them. The folder names nothing of
the machine that built it, and holds no bytecode: the machine that installs it compiles.
"""

import os
import re
import subprocess
import sys
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

from dropbox.packaging.roles import PROJECT, Debian, package_name
from dropbox.packaging.untold import LICENCES

_OLDEST_GLIBC: Final = 5  # manylinux_2_5, the first
_LEGACY: Final = ("manylinux1", "manylinux2010", "manylinux2014")
_PIP_NOTES: Final = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # of this installation: dpkg has its own

_PYTHON_2: Final = ("olefile/olefile2.py",)  # no part of what runs, and no bytecode can be made of it


def make(root: Path, role: str, debian: Debian, wheel: Path, report: Path) -> Path:
    """Write the environment of a role below a package's root; returns its folder of libraries.

    Args:
        root: folder that stands for `/`.
        role: whose lock file names the libraries.
        debian: whose Python and C library they must fit.
        wheel: of this project.
        report: where pip writes what it took, from where and with which hash (`pip install --report`).

    Raises:
        RuntimeError: pip could not install; with what it said.
    """
    home = root / "usr/lib" / package_name(role)
    site = home / "lib" / f"python{debian.python}" / "site-packages"
    site.mkdir(parents=True)
    (home / "bin").mkdir()
    (home / "bin/python").symlink_to(f"../../../bin/python{debian.python}")
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n", "utf-8")
    lock = PROJECT / f"requirements-{role}.lock"
    _pip(site, debian, "--report", str(report), "--require-hashes", "--requirement", str(lock))
    _pip(site, debian, "--no-index", str(wheel))
    _tidy(site)
    return site


def libraries(site: Path) -> list[tuple[str, str, str]]:
    """Return (name, version, licence) of each library of a folder, by name; from their own metadata (PEP 639, 566).

    Where the metadata has no SPDX expression, the licence is that of `untold.toml`, else what there is, else "?".
    """
    found = []
    for path in site.glob("*.dist-info/METADATA"):
        told = HeaderParser().parsestr(path.read_text("utf-8"))
        kinds = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")]
        short = (told["License"] or "").partition("\n")[0]
        known = LICENCES.get(re.sub(r"[-_.]+", "-", told["Name"]).lower())
        licence = told["License-Expression"] or known or ", ".join(kinds) or short or "?"
        found.append((told["Name"], told["Version"], licence))
    return sorted(found, key=lambda one: one[0].lower())


def _pip(site: Path, debian: Debian, *what: str) -> None:
    platforms = [f"manylinux_2_{minor}" for minor in range(debian.glibc, _OLDEST_GLIBC - 1, -1)]
    command = [
        *(
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-compile",
        ),
        *("--target", str(site), "--only-binary", ":all:", "--implementation", "cp", "--python-version", debian.python),
        *(part for name in (*platforms, *_LEGACY) for part in ("--platform", f"{name}_x86_64")),
        *what,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pip could not install for Debian {debian.number}: {(done.stdout + done.stderr)[-2000:]}")


def _tidy(site: Path) -> None:
    """Remove programs of libraries, and what pip noted about this machine."""
    for path in sorted((site / "bin").glob("*")):
        path.unlink()
    (site / "bin").rmdir()
    for name in _PYTHON_2:
        (site / name).unlink(missing_ok=True)
    for folder in site.glob("*.dist-info"):
        for name in _PIP_NOTES:
            (folder / name).unlink(missing_ok=True)
    strange = [path.name for path in site.iterdir() if path.suffix == ".pth" or re.search(r"\.data$", path.name)]
    if strange:
        raise RuntimeError(f"a library runs code at each start, or is not whole: {', '.join(strange)}")
    for folder_name, _, names in os.walk(site):
        if "__pycache__" in folder_name and names:
            raise RuntimeError(f"a wheel brings bytecode: {folder_name}")
