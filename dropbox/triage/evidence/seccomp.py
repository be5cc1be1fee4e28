"""Builds the sandbox's system call filter (seccomp, classic BPF).

Rule: denied is what a file parser never needs: other processes' memory, namespaces, mounts, kernel modules, keys,
io_uring, non-local sockets, memory outside all limits. A job without helper programs cannot start a process at all.
Numbers are those of Linux on x86-64 (arch/x86/entry/syscalls/syscall_64.tbl); no other machine is supported.
"""

import errno
import platform
import struct
from typing import Final

from dropbox.errors import ConfigurationError

_MACHINE: Final = "x86_64"
_AUDIT_ARCH: Final = 0xC000003E
_X32: Final = 0x40000000  # the x32 ABI: a second set of numbers for the same calls
_DENIED: Final = {
    "shmget": 29, "shmat": 30, "fork": 57, "vfork": 58, "ptrace": 101, "syslog": 103, "uselib": 134,
    "personality": 135, "ustat": 136, "sysfs": 139, "modify_ldt": 154, "pivot_root": 155, "adjtimex": 159,
    "chroot": 161, "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
    "reboot": 169, "iopl": 172, "ioperm": 173, "init_module": 175, "delete_module": 176, "quotactl": 179,
    "clock_settime": 227, "mbind": 237, "set_mempolicy": 238, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "migrate_pages": 256, "unshare": 272, "move_pages": 279, "perf_event_open": 298,
    "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "memfd_create": 319,
    "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
    "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
_STARTING: Final = ("fork", "vfork")
_SOCKET, _SOCKETPAIR, _CLONE, _CLONE3, _MMAP = 41, 53, 56, 435, 9
_AF_UNIX: Final = 1
_CLONE_THREAD: Final = 0x00010000
_CLONE_NEW: Final = 0x7E020080  # namespaces of all kinds
_SHARED_ANONYMOUS: Final = 0x21  # MAP_SHARED | MAP_ANONYMOUS: no limit on data counts it

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_EPERM: Final = 0x00050000 | errno.EPERM
_ENOSYS: Final = 0x00050000 | errno.ENOSYS
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data


def filter_program(*, processes: bool) -> bytes:
    """Return an array of struct sock_filter for `bwrap --seccomp`.

    Args:
        processes: whether the job may start processes; threads are always allowed.

    Raises:
        ConfigurationError: this is not an x86-64 machine.
    """
    if platform.machine() != _MACHINE:
        raise ConfigurationError("sandbox.processor")
    steps = [
        _step(_LOAD, _ARCH),
        *_unless(_EQUAL, _AUDIT_ARCH, _KILL),
        _step(_LOAD, _NUMBER),
        *_if(_AT_LEAST, _X32, _KILL),
        *_if(_EQUAL, _CLONE3, _ENOSYS),  # its flags are in memory, which a filter cannot read; libc falls back to clone
    ]
    for name, number in _DENIED.items():
        if not (processes and name in _STARTING):
            steps += _if(_EQUAL, number, _EPERM)
    for number in (_SOCKET, _SOCKETPAIR):
        steps += _when(number, [_argument(0), *_unless(_EQUAL, _AF_UNIX, _EPERM)])
    flags = [_argument(0), *_if(_ANY_BIT, _CLONE_NEW, _EPERM)]
    if not processes:
        flags += _unless(_ANY_BIT, _CLONE_THREAD, _EPERM)
    steps += _when(_CLONE, flags)
    steps += _when(_MMAP, [_argument(3), _step(_AND, _SHARED_ANONYMOUS), *_if(_EQUAL, _SHARED_ANONYMOUS, _EPERM)])
    return b"".join((*steps, _step(_RETURN, _ALLOW)))


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _argument(place: int) -> bytes:
    """Load the low half of an argument: all compared values fit into it."""
    return _step(_LOAD, _ARGUMENTS + 8 * place)


def _if(test: int, value: int, verdict: int) -> list[bytes]:
    return [_step(test, value, 0, 1), _step(_RETURN, verdict)]


def _unless(test: int, value: int, verdict: int) -> list[bytes]:
    return [_step(test, value, 1, 0), _step(_RETURN, verdict)]


def _when(number: int, steps: list[bytes]) -> list[bytes]:
    """Return steps for one system call, which is allowed unless one of them denies it."""
    return [_step(_EQUAL, number, 0, len(steps) + 1), *steps, _step(_RETURN, _ALLOW)]
