"""Forbids core dumps, so that no secret in memory reaches a disk.

Rule: it imports nothing of the project, so that every package may use it.
"""

import contextlib

with contextlib.suppress(ImportError):  # Windows has no such limits
    import resource


def forbid_core_dumps() -> None:
    """Set the limit of core dumps so that a crash writes no memory, as far as this process can control it.

    If /proc/sys/kernel/core_pattern names a program, the kernel ignores a limit of 0 bytes; a limit of 1 byte stops
    that program too. A hard limit of 0 stays 0. Does nothing on Windows, which has no limit for the dumps of a process.
    """
    if "resource" not in globals():
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    bound = 0 if most == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (bound, bound))
