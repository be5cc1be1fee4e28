"""Writes the list of everything in a release, which the root signs (`dropbox keys sign-file`).

Rule: the list names every file of the folder once, in the order of the names, in the lines of sha256sum(1); it never
names itself or its signature. A release to which something was added needs a new list, and a new signature.
"""

import hashlib
from pathlib import Path
from typing import Final

NAME: Final = "release.sha256"
_SIGNATURE: Final = "release.sha256.sig"


def write(out: Path) -> Path:
    """Write the list of a release's folder into it; returns the list."""
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    names = [path for path in paths if path.relative_to(out).as_posix() not in {NAME, _SIGNATURE}]
    lines = [f"{_digest(path)}  {path.relative_to(out).as_posix()}\n" for path in names]
    (out / _SIGNATURE).unlink(missing_ok=True)  # of an older list
    (out / NAME).write_text("".join(lines), "utf-8")
    return out / NAME


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
