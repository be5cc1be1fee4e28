"""Disks that a person has connected: where a backup can go.

Rule: what is below the stick's folder and mounted is a disk; a folder there that is none is never offered.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TABLE: Final = Path("/proc/self/mounts")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")  # how the table writes a space, a tab, a line end or a backslash


@dataclass(frozen=True)
class Disk:
    """A mounted disk; `free` in bytes, `kind` the file system's name (`fuseblk`: exFAT or NTFS)."""

    path: Path
    free: int
    kind: str = ""


def mounted(stick: Path, table: Path = _TABLE) -> list[Disk]:
    """Disks at or below a folder that can be written to, by path.

    Args:
        stick: the settings' workstation.stick.
        table: of the kernel (proc(5)): device, place, type and options of each.
    """
    try:
        rows = [line.split(" ") for line in table.read_bytes().decode("utf-8", "surrogateescape").splitlines()]
    except OSError:
        return []
    places = {Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), row[1])): row[2] for row in rows if len(row) > 2}
    return [
        Disk(place, shutil.disk_usage(place).free, kind)
        for place, kind in sorted(places.items())
        if place.is_relative_to(stick) and os.access(place, os.W_OK | os.X_OK)
    ]
