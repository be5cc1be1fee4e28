"""Says of the running server what only it may see of itself: debugging, core dumps, the addresses on which it listens.

Rule: it says yes, no or addresses of sockets; of the environment one name is looked at.
"""

import contextlib
import os
from typing import Final

from dropbox.web.checks.sockets import OWN, listeners

_OWN: Final = OWN


def describe() -> str:
    """Return one line: whether it is debugged, whether a crash writes its memory, and its addresses (`?`: unknown)."""
    import resource  # noqa: PLC0415  Windows lacks it, where the pages are rendered to be compared (dropbox verify-site)

    debug = "yes" if os.environ.get("DROPBOX_DEBUG") == "1" else "no"
    # See dropbox.process: a limit of 1 byte stops the kernel and a program that core_pattern names.
    core = "yes" if any(bound not in {0, 1} for bound in resource.getrlimit(resource.RLIMIT_CORE)) else "no"
    seen = addresses()
    return f"debug={debug} core={core} listens={'?' if seen is None else ','.join(seen)}"


def addresses() -> list[str] | None:
    """Return the addresses of the TCP sockets on which this process listens.

    Returns:
        The addresses; None if none is seen: a site always listens, so the kernel's table was not seen whole.
    """
    try:
        own = set()
        for entry in (_OWN / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # that of this very look
                own.add(str(entry.readlink()))
        found = listeners(_OWN)
    except OSError:
        return None
    return sorted({one.address for one in found if f"socket:[{one.inode}]" in own}) or None
