"""Says whether this machine's memory may be written to a disk, for what must never reach one.

Rule: where this cannot be known (not on Linux), the answer is yes.
"""

from pathlib import Path
from typing import Final

_SWAPS: Final = Path("/proc/swaps")  # proc(5): a line of heads, and one for each place to which memory may go


def may_swap() -> bool:
    """Return whether memory may go to a disk: there is swap, or this cannot be known."""
    try:
        return len(_SWAPS.read_text("utf-8").splitlines()) > 1
    except OSError:
        return True
