"""Builds the sandbox's system call filter with libseccomp: a list of what is allowed.

    not in the list       EPERM, so that a library can go another way
    clone3                ENOSYS: its flags are in memory, which a filter cannot read; libc falls back to clone
    another machine's     the process is ended (for example the x32 calls of x86-64)

Rule: only what decoding a file needs is allowed. No job gets other processes' memory, namespaces, mounts, keys,
io_uring, devices, or shared memory that no limit counts. A job gets processes only if it runs a program, and local
sockets only if that program needs them. Calls that could enlarge a kernel buffer are not in the list, so that what one
descriptor can hold stays at the kernel's default.
"""

import ctypes
import errno
import functools
import os
from typing import Any, Final

from dropbox.errors import ConfigurationError

_LIBRARY: Final = "libseccomp.so.2"
# SCMP_ARCH_*: the AUDIT_ARCH numbers of <linux/audit.h>.
MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000
_BAD_ARCH: Final = 2  # SCMP_FLTATR_ACT_BADARCH
_MASKED_EQUAL: Final = 7  # SCMP_CMP_MASKED_EQ
_UNKNOWN: Final = -1  # __NR_SCMP_ERROR

_FILES: Final = """
    read write readv writev pread64 pwrite64 preadv pwritev open openat creat close close_range lseek stat fstat lstat
    newfstatat statx statfs fstatfs access faccessat faccessat2 getdents getdents64 readlink readlinkat mkdir mkdirat
    rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat chmod fchmod fchmodat chown fchown
    fchownat truncate ftruncate fallocate fsync fdatasync fadvise64 utime utimes utimensat umask chdir fchdir getcwd dup
    dup2 dup3 pipe pipe2 sendfile copy_file_range ioctl getxattr lgetxattr fgetxattr
"""
_MEMORY: Final = "brk munmap mprotect mremap madvise mincore msync mlock munlock membarrier get_mempolicy"
_THREADS: Final = """
    futex set_robust_list get_robust_list set_tid_address rseq gettid sched_yield sched_getaffinity sched_setaffinity
    sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getpriority getcpu arch_prctl exit
    exit_group
"""
_SIGNALS: Final = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigsuspend rt_sigpending sigaltstack kill tgkill tkill
    pause restart_syscall
"""
_WAITING: Final = """
    clock_gettime clock_getres gettimeofday time nanosleep clock_nanosleep times alarm setitimer getitimer poll ppoll
    select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2
"""
# The launcher becomes nobody, sets limits and starts the program under this filter.
_STARTING: Final = """
    execve wait4 waitid prctl prlimit64 getrlimit setrlimit capget capset setresuid setresgid setgroups getpid getppid
    getuid geteuid getgid getegid getgroups getresuid getresgid getpgid getpgrp getsid setsid setpgid uname sysinfo
    getrusage getrandom
"""
_PROCESSES: Final = "fork vfork"
_SOCKETS: Final = """
    connect accept accept4 bind listen getsockname getpeername getsockopt sendto recvfrom sendmsg recvmsg shutdown
"""

_AF_UNIX, _SOCK_STREAM, _SOCK_TYPES = 1, 1, 0xF
_CLONE_THREAD: Final = 0x00010000
_CLONE_NEW: Final = 0x7E020080  # namespaces of all kinds
# MAP_SHARED | MAP_ANONYMOUS is memory that no limit on data counts; each other combination of the two is allowed.
_SHARED_ANONYMOUS: Final = 0x21
_NOT_SHARED_ANONYMOUS: Final = (0x00, 0x01, 0x20)
# Commands of fcntl: descriptors, their flags, the size of a pipe; not those that enlarge a pipe, notify or lease.
_FCNTL: Final = (0, 1, 2, 3, 4, 1030, 1032)
_FCNTL_LOCKS: Final = (5, 6, 7)  # programs lock their own files


class _Comparison(ctypes.Structure):
    """Compares an argument of a call: struct scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


_Condition = tuple[int, int, int]  # argument (0-based), mask, value: argument & mask == value


def filter_program(machine: str, *, processes: bool, sockets: bool) -> bytes:
    """Return an array of struct sock_filter for `bwrap --seccomp`.

    Args:
        machine: as `uname -m` names it.
        processes: whether the job may start processes; threads are always allowed.
        sockets: whether it may use local stream sockets.

    Raises:
        ConfigurationError: libseccomp is not installed, or it is neither an x86-64 nor an arm64 machine.
    """
    if machine not in MACHINES:
        raise ConfigurationError("sandbox.processor")
    library = _library()
    context = library.seccomp_init(_ERRNO | errno.EPERM)
    if not context:
        raise MemoryError
    try:
        # Removes the machine that this runs on, if it is another one.
        for name, number in MACHINES.items():
            present = library.seccomp_arch_exist(context, number) == 0
            if present != (name == machine):
                change = library.seccomp_arch_remove if present else library.seccomp_arch_add
                _check(change(context, number))
        _check(library.seccomp_attr_set(context, _BAD_ARCH, _KILL))
        rules = _Rules(library, context)
        rules.allow(f"{_FILES} {_MEMORY} {_THREADS} {_SIGNALS} {_WAITING} {_STARTING}")
        for command in (*_FCNTL, *(_FCNTL_LOCKS if processes else ())):
            rules.allow("fcntl", (1, 0xFFFFFFFF, command))
        for flags in _NOT_SHARED_ANONYMOUS:
            rules.allow("mmap", (3, _SHARED_ANONYMOUS, flags))
        rules.deny("clone3", errno.ENOSYS)
        thread = 0 if processes else _CLONE_THREAD
        rules.allow("clone", (0, _CLONE_NEW | thread, thread))
        if processes:
            rules.allow(_PROCESSES)
        if sockets:
            for name in ("socket", "socketpair"):
                rules.allow(name, (0, 0xFFFFFFFF, _AF_UNIX), (1, _SOCK_TYPES, _SOCK_STREAM))
            rules.allow(_SOCKETS)
        return _exported(library, context)
    finally:
        library.seccomp_release(context)


class _Rules:
    """Adds rules to a filter."""

    def __init__(self, library: Any, context: int) -> None:  # noqa: ANN401  ctypes has no types for a library
        self._library, self._context = library, context

    def allow(self, names: str, *conditions: _Condition) -> None:
        for name in names.split():
            self._add(_ALLOW, name, conditions)

    def deny(self, name: str, error: int) -> None:
        self._add(_ERRNO | error, name, ())

    def _add(self, action: int, name: str, conditions: tuple[_Condition, ...]) -> None:
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number == _UNKNOWN:  # older than this libseccomp: the call stays denied
            return
        compared = (_Comparison * len(conditions))(
            *(_Comparison(argument, _MASKED_EQUAL, mask, value) for argument, mask, value in conditions)
        )
        # A call that the machine does not have (`open` on arm64) gets a number that no call has, or no rule.
        _check(self._library.seccomp_rule_add_array(self._context, action, number, len(conditions), compared))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(-result, "libseccomp")


def _exported(library: Any, context: int) -> bytes:  # noqa: ANN401
    memory = os.memfd_create("filter", os.MFD_CLOEXEC)
    try:
        _check(library.seccomp_export_bpf(context, memory))
        return os.pread(memory, os.fstat(memory).st_size, 0)
    finally:
        os.close(memory)


@functools.cache
def _library() -> Any:  # noqa: ANN401
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        raise ConfigurationError("sandbox.no-libseccomp") from None
    library.seccomp_init.argtypes, library.seccomp_init.restype = (ctypes.c_uint32,), ctypes.c_void_p
    library.seccomp_release.argtypes, library.seccomp_release.restype = (ctypes.c_void_p,), None
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_export_bpf.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.seccomp_syscall_resolve_name.argtypes = (ctypes.c_char_p,)
    for name in ("exist", "add", "remove"):
        getattr(library, f"seccomp_arch_{name}").argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.seccomp_rule_add_array.argtypes = (
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint),
        ctypes.POINTER(_Comparison),
    )
    return library
