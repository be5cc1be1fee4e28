"""The system call filter: what it allows on each machine, as the kernel would decide, and what it keeps bounded."""

import errno
import struct
from collections.abc import Callable
from dataclasses import replace

import pytest
from test_sandbox import FORKING, TRY, USUAL

from dropbox.errors import ConfigurationError
from dropbox.triage.evidence import seccomp
from dropbox.triage.evidence.seccomp import MACHINES, filter_program

ALLOW, KILL, DENIED, MISSING = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
# Numbers of calls: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h.
NUMBERS = {
    "x86_64": {
        "read": 0,
        "mmap": 9,
        "socket": 41,
        "socketpair": 53,
        "clone": 56,
        "execve": 59,
        "fcntl": 72,
        "ptrace": 101,
        "mount": 165,
        "keyctl": 250,
        "unshare": 272,
        "setsockopt": 54,
        "memfd_create": 319,
        "bpf": 321,
        "io_uring_setup": 425,
        "clone3": 435,
        "shmget": 29,
        "process_vm_readv": 310,
        "openat": 257,
    },
    "aarch64": {
        "read": 63,
        "mmap": 222,
        "socket": 198,
        "socketpair": 199,
        "clone": 220,
        "execve": 221,
        "fcntl": 25,
        "ptrace": 117,
        "mount": 40,
        "keyctl": 219,
        "unshare": 97,
        "setsockopt": 208,
        "memfd_create": 279,
        "bpf": 280,
        "io_uring_setup": 425,
        "clone3": 435,
        "shmget": 194,
        "process_vm_readv": 270,
        "openat": 56,
    },
}
THREAD, FORK, NEW_USER = 0x003D0F00, 0x01200011, 0x10000011


def decide(program: bytes, machine: int, number: int, *arguments: int) -> int:
    """What the kernel does with a call: the verdict of a classic BPF program (Linux, networking/filter)."""
    data = struct.pack("<IIQ6Q", number, machine, 0, *arguments, *(0,) * (6 - len(arguments)))
    steps = list(struct.iter_unpack("<HBBI", program))
    held = at = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            (held,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            held &= value
        elif code == 0x05:
            at += value
        else:
            passed = {0x15: held == value, 0x25: held > value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += if_true if passed else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_decoding_needs_is_allowed(machine: str) -> None:
    """Files, threads and private memory pass on both machines; the dangerous rest does not, whatever the job."""
    number = NUMBERS[machine]
    for processes in (False, True):
        for sockets in (False, True):
            program = filter_program(machine, processes=processes, sockets=sockets)

            def verdict(name: str, *arguments: int, program: bytes = program) -> int:
                return decide(program, MACHINES[machine], number[name], *arguments)

            assert [verdict(name) for name in ("read", "openat", "execve")] == [ALLOW] * 3
            dangerous = ("ptrace", "mount", "keyctl", "unshare", "setsockopt", "memfd_create", "bpf", "io_uring_setup")
            assert [verdict(name) for name in (*dangerous, "shmget", "process_vm_readv")] == [DENIED] * 10
            assert verdict("clone3") == MISSING
            assert (verdict("clone", THREAD), verdict("clone", NEW_USER)) == (ALLOW, DENIED)
            assert verdict("clone", FORK) == (ALLOW if processes else DENIED)
            assert [verdict("mmap", 0, 0, 0, flags) for flags in (0x22, 0x02, 0x01, 0x21)] == [ALLOW] * 3 + [DENIED]
            for name in ("socket", "socketpair"):
                assert verdict(name, 1, 1 | 0o2000000) == (ALLOW if sockets else DENIED)
                assert [verdict(name, *kind) for kind in ((2, 1), (10, 1), (16, 3), (1, 2), (1, 5))] == [DENIED] * 5
            assert [verdict("fcntl", 3, command) for command in (1, 1031, 1024)] == [ALLOW, DENIED, DENIED]


def test_another_machine_s_calls_end_the_program() -> None:
    """A number of another machine, or of x86-64's second table, would be another call."""
    for machine, other in zip(MACHINES, reversed(MACHINES), strict=True):
        program = filter_program(machine, processes=True, sockets=True)
        assert decide(program, MACHINES[other], NUMBERS[other]["read"]) == KILL
    program = filter_program("x86_64", processes=True, sockets=True)
    assert decide(program, MACHINES["x86_64"], 0x40000000) == KILL


def test_other_machines_and_a_missing_library_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its filter there is no sandbox."""
    with pytest.raises(ConfigurationError, match="arm64"):
        filter_program("riscv64", processes=False, sockets=False)
    monkeypatch.setattr(seccomp, "_LIBRARY", "libnothing.so.0")
    seccomp._library.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match="libseccomp is not installed"):
            filter_program("x86_64", processes=False, sockets=False)
    finally:
        seccomp._library.cache_clear()


def test_the_kernel_s_own_memory_is_bounded(hostile: Callable[..., str]) -> None:
    """Buffers of sockets and pipes stay at the kernel's default, and page tables are bounded by the address space."""
    code = TRY + (
        "import socket, fcntl, mmap\na, b = socket.socketpair()\n"
        "attempt('buffer', lambda: a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24))\n"
        "r, w = os.pipe()\nattempt('pipe', lambda: fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 1 << 20))\n"
        "maps = []\n"
        "def reserve():\n"
        "    while True: maps.append(mmap.mmap(-1, 1 << 32, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ))\n"
        "attempt('space', reserve)\nprint(len(maps) <= 4)\n"
    )
    said = hostile(code, replace(FORKING, has_sockets=True)).split()
    assert said == ["buffer", "failed", "pipe", "failed", "space", "failed", "True"]
    assert "DONE" not in hostile(TRY + "attempt('lock', lambda: __import__('fcntl').lockf(1, 2))", USUAL)
