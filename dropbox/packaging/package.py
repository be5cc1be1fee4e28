"""Makes a Debian package (deb(5)) of a folder that stands for `/`.

Rule: the same content gives the same bytes, wherever and by whomever it is built: owner, modes, times and order are
fixed (reproducible-builds.org, SOURCE_DATE_EPOCH).
"""

import gzip
import hashlib
import io
import os
import shutil
import subprocess
from email.utils import formatdate
from pathlib import Path
from typing import Final

from dropbox.packaging.environment import libraries
from dropbox.packaging.roles import (
    HERE,
    MAINTAINER,
    PROJECT,
    SCRIPTS,
    Debian,
    documents,
    dpkg_file,
    package_name,
    schema,
)

_FOLDER, _PROGRAM, _FILE, _SETTINGS = 0o755, 0o755, 0o644, 0o640
_CLOSED: Final = ("dropbox", "dropbox-courier")  # folders of settings, which postinst gives to a group
_SETTINGS_FOLDER: Final = 0o750


def make(root: Path, role: str, debian: Debian, version: str, moment: int, out: Path, parts: str) -> Path:
    """Make the package of a role from its folder, which already holds the environment; returns the file.

    Args:
        root: folder that stands for `/`; it gets the role's files, guides and what dpkg reads.
        role: one of ROLES.
        debian: the release that the package is for.
        version: of the project.
        moment: seconds since 1970: the time of everything in the package.
        out: folder of the package.
        parts: the list of its parts, which becomes one of its documents.

    Raises:
        RuntimeError: dpkg-deb refused.
    """
    name, full = package_name(role), f"{version}+deb{debian.number}"
    _copy(HERE / role / "files", root)
    _documents(root, role, debian, full, moment)
    (root / "usr/share/doc" / name / "parts.cdx.json").write_text(parts, "utf-8")
    values = {"VERSION": full, "MAINTAINER": MAINTAINER, "PYTHON": debian.python, "SCHEMA": schema()}
    values |= {"DEBIAN": str(debian.number), "GLIBC": str(debian.glibc)}
    _fix_modes(root)
    control = root / "DEBIAN"
    control.mkdir()
    for item in ("control", "conffiles", *SCRIPTS):
        text = dpkg_file(role, item, values)
        if text is None:
            continue
        if item == "control":
            text = text.replace("\nDescription:", f"\nInstalled-Size: {_kib(root)}\nDescription:")
        (control / item).write_text(text, "utf-8")
        (control / item).chmod(_PROGRAM if item in SCRIPTS else _FILE)
    (control / "md5sums").write_text("".join(_sums(root)), "utf-8")
    (control / "md5sums").chmod(_FILE)
    control.chmod(_FOLDER)
    for path in [root, *root.rglob("*")]:
        os.utime(path, (moment, moment), follow_symlinks=False)
    made = out / f"{name}_{full}_amd64.deb"
    _build(root, made, moment)
    return made


def write_list(folder: Path) -> list[Path]:
    """Write `SHA256SUMS` of a folder's packages (sha256sum(1)) into it; returns the packages."""
    packages = sorted(folder.glob("*.deb"))
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in packages]
    (folder / "SHA256SUMS").write_text("".join(sums), "ascii")
    return packages


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)


def _documents(root: Path, role: str, debian: Debian, version: str, moment: int) -> None:
    name = package_name(role)
    folder = root / "usr/share/doc" / name
    folder.mkdir(parents=True)
    for path in documents(role):
        # keys/README.md would be any README there.
        shutil.copy(path, folder / (path.name if path.name != "README.md" else "KEYS.md"))
    (folder / "copyright").write_text(_copyright(root), "utf-8")
    entry = (
        f"{name} ({version}) {debian.suite}; urgency=medium\n\n  * See CHANGELOG.md in this folder.\n\n"
        f" -- {MAINTAINER}  {formatdate(moment)}\n"
    )
    (folder / "changelog.gz").write_bytes(_gzipped(entry.encode()))


def _gzipped(content: bytes) -> bytes:
    """Compress with GzipFile, whose head is the same in every Python: gzip.compress writes another one since 3.13."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _copyright(root: Path) -> str:
    """Return the notices of the program, and name and licence of every library that is inside."""
    (site,) = root.glob("usr/lib/*/lib/python*/site-packages")
    lines = [f"{name} {version}: {licence}\n" for name, version, licence in libraries(site)]
    return (
        (PROJECT / "dropbox/NOTICES.md").read_text("utf-8")
        + "\n## Libraries in this package\n\nTheir licences are in the folders *.dist-info of "
        + f"/{site.relative_to(root)}.\n\n"
        + "".join(lines)
        + "\nThe GNU Affero General Public License is LICENSE in the folder of dropbox_itjen. On Debian systems, other "
        "common licences are in /usr/share/common-licenses.\n"
    )


def _fix_modes(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            continue
        is_settings = any(path.is_relative_to(root / "etc" / name) for name in _CLOSED)
        if path.is_dir():
            path.chmod(_SETTINGS_FOLDER if is_settings else _FOLDER)
        elif is_settings:
            path.chmod(_SETTINGS)
        else:
            path.chmod(_PROGRAM if path.parent == root / "usr/bin" else _FILE)


def _content(root: Path) -> list[Path]:
    """Return the files of a package in a fixed order, without what dpkg reads."""
    paths = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in paths if not path.is_relative_to(root / "DEBIAN"))


def _kib(root: Path) -> int:
    """Return the installed size as deb-substvars(5) counts it: each file in whole KiB, 1 KiB for anything else."""
    files = sum(-(-path.stat().st_size // 1024) for path in _content(root))
    others = sum(1 for path in root.rglob("*") if path.is_symlink() or path.is_dir())
    return files + others


def _sums(root: Path) -> list[str]:
    return [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in _content(root)
    ]


def _build(root: Path, made: Path, moment: int) -> None:
    command = ["dpkg-deb", "--root-owner-group", "--threads-max=1", "-Zxz", "-z3", "--build", str(root), str(made)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(moment)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode:
        raise RuntimeError(f"dpkg-deb said: {done.stderr[-2000:]}")
