"""Says whether a folder is in memory, for what must never reach a disk.

Rule: where this cannot be known (not on Linux), the answer is no.
"""

import os
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")  # proc(5): the third field is the device, the type follows " - "
_SWAPS: Final = Path("/proc/swaps")  # a line of heads, and one for each place to which memory may go
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


def is_in_memory(folder: Path) -> bool:
    """Return whether a folder, or the nearest one above it that exists, is in memory that no swap writes to a disk."""
    place = folder.resolve()
    while not place.exists():
        place = place.parent
    try:
        device = place.stat().st_dev
        mounts = _MOUNTS.read_text("utf-8", "replace").splitlines()
        has_swap = len(_SWAPS.read_text("utf-8").splitlines()) > 1
        wanted = f"{os.major(device)}:{os.minor(device)}"
    except (OSError, AttributeError):  # no such file, no such function: another system
        return False
    types = {line.partition(" - ")[2].split(" ")[0] for line in mounts if line.split(" ")[2] == wanted}
    return not has_swap and bool(types) and types <= _IN_MEMORY
