"""Names the roles and the Debian releases for which packages are made, and reads the files that a role's package holds.

Rule: what a package holds besides its libraries is a file in `<role>/files`, in its place; `<role>/debian` holds what
dpkg reads (deb-control(5), deb-postinst(5)) and the list of guides. Nothing is generated that could be written there.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PROJECT: Final = HERE.parents[1]
ROLES: Final = ("root", "workstation", "server")
SCRIPTS: Final = ("preinst", "postinst", "prerm", "postrm")
MAINTAINER: Final = "dropbox-itjen <dropbox-itjen@localhost>"  # the inspectorate has named no address yet


@dataclass(frozen=True)
class Debian:
    """A release of Debian."""

    number: int
    suite: str
    python: str  # the version of its python3
    glibc: int  # the minor version of its C library 2.x: wheels for newer ones are not taken


DEBIANS: Final = (Debian(12, "bookworm", "3.11", 36), Debian(13, "trixie", "3.13", 41))


def schema() -> str:
    """Return the number of the store's schema that this version of the program makes."""
    text = (PROJECT / "dropbox/store/schema.py").read_text("utf-8")
    found = re.search(r'^HEAD: Final = "(\d+)"', text, re.MULTILINE)
    if not found:
        raise RuntimeError("dropbox/store/schema.py names no schema")
    return found[1]


def package_name(role: str) -> str:
    """Return the name of a role's package."""
    return f"dropbox-itjen-{role}"


def dpkg_file(role: str, name: str, values: dict[str, str]) -> str | None:
    """Return a file of `<role>/debian` with its @PLACES@ filled in, None if the role has none of that name."""
    path = HERE / role / "debian" / name
    if not path.is_file():
        return None
    text = path.read_text("utf-8")
    for place, value in values.items():
        text = text.replace(f"@{place}@", value)
    return text


def documents(role: str) -> list[Path]:
    """Return the guides and lists that a role's package brings."""
    return [PROJECT / name for name in (HERE / role / "debian" / "docs").read_text("utf-8").split()]
