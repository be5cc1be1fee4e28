"""Keeps what this process holds out of core dumps.

Rule: imports nothing of the project, so that every floor may use it.
"""

import resource


def forbid_core_dumps() -> None:
    """Let a crash write no memory anywhere, as far as this process may say so.

    Of a limit of 0 bytes the kernel takes no notice when /proc/sys/kernel/core_pattern names a program; 1 byte stops
    that program too. Where the hard limit is 0 already, it stays so.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    bound = 0 if most == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (bound, bound))
