"""Runs the program that parses reporters' files, isolated (bubblewrap).

    sealed memory, read-only ──> [ no network · read-only system · nothing of the vault · limits ] ──> bounded pipe

Rule: without the sandbox no file is opened. Its output is untrusted bytes of bounded length; no file of the sandbox
survives it, and no plaintext touches a disk. Started by root, the program runs as the user nobody; otherwise in its own
user namespace.
"""

import fcntl
import json
import os
import platform
import shutil
import sys
import sysconfig
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.limits import MIB
from dropbox.triage.evidence import leash
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.seccomp import filter_program

_NOBODY: Final = "65534"
_THREADS: Final = 64  # picture decoders start some; the filter denies processes
_PIECE: Final = 1 << 18
_ROOM_OF_READERS: Final = 1024 * MIB  # address space beyond the data
_ROOM_OF_PROGRAMS: Final = 14 * 1024 * MIB
_SEALS: Final = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_FILTER_FD, _PASSWD_FD, _WALLS_FD, _INFO_FD = 10, 11, 12, 13  # numbers in the launcher
_OUT_OF_THE_WAY: Final = 64
_INFO_MAX: Final = 4096
_PASSWD: Final = b"nobody:x:65534:65534:nobody:/tmp:/usr/sbin/nologin\n"
_STARTED: Final = b"!"  # the program's first byte: a failure before it is the sandbox's, not the file's
_PROGRAM: Final = (
    "import sys; sys.path[:0] = ['/code', '/site']; sys.stdout.buffer.write(b'!'); sys.stdout.buffer.flush();"
    " from dropbox.triage.evidence.inside.main import run; run(sys.argv[1:])"
)
_LIBRARIES: Final = (
    "PIL",
    "pillow.libs",
    "pypdfium2",
    "pypdfium2_cfg",
    "pypdfium2_raw",
    "pi_heif",
    "pi_heif.libs",
    "olefile",
    "libarchive",
)
_BINARY_HEIF: Final = "_pi_heif*.so"
# Of /etc only fonts and program names: nothing about this machine or its users.
_FOLDERS: Final = ("/etc", "/site", "/code", "/code/dropbox", "/code/dropbox/triage", "/code/dropbox/triage/evidence")
_ETC: Final = ("fonts", "alternatives", "ld.so.cache", "libreoffice")


@dataclass(frozen=True)
class Limits:
    """Limits of one job.

    Attributes:
        seconds: of wall-clock time, and as many of processor time.
        memory: bytes of data of each process.
        scratch: bytes of its /tmp, which is in memory.
        output: bytes of its reply.
        processes: how many it may start; 0 = none.
        has_sockets: whether it may use local sockets.
    """

    seconds: int
    memory: int
    scratch: int
    output: int
    processes: int = 0
    has_sockets: bool = False


def sealed_memory(pieces: Iterator[bytes]) -> int:
    """Return a descriptor of sealed anonymous memory (memfd) that holds the pieces; the caller closes it."""
    descriptor = os.memfd_create("file", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[os.write(descriptor, view) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def run(job: Sequence[str], source: int, limits: Limits) -> Iterator[bytes]:
    """Yield the untrusted output of a job, piece by piece.

    Args:
        job: name and arguments of evidence.inside.main.
        source: descriptor of sealed memory; the job reads it as its standard input.
        limits: the job is ended when it exceeds one.

    Raises:
        ConfigurationError: the sandbox cannot run on this machine.
        UnreadableError: `time`: it took too long; `too-large`: its output did; `stopped`: it ended early, or this
            thread's leash was cut.
    """
    held = leash.held()
    held.check()
    output, write_end = os.pipe2(os.O_CLOEXEC)
    try:
        started = _start(job, source, write_end, limits)
    except BaseException:
        os.close(output)
        raise
    finally:
        os.close(write_end)
    late = threading.Event()

    def time_is_over() -> None:
        late.set()
        leash.end(started)

    timer = threading.Timer(limits.seconds, time_is_over)
    timer.start()
    try:
        with held.holding(started):
            yield from _pieces(output, limits.output)
    except ConfigurationError:
        held.check()  # the leash may have been cut before the first byte
        if late.is_set():
            raise UnreadableError("time") from None
        raise
    except BaseException:  # also GeneratorExit: the reader wants no more of it
        leash.end(started)
        raise
    finally:
        # Returns at the latest when its time is over.
        status = os.waitstatus_to_exitcode(os.waitpid(started.launcher, 0)[1])
        timer.cancel()
        timer.join()
        leash.end(started)  # a launcher that was killed from elsewhere may have left the first process behind
        os.close(output)
        started.close()
    if late.is_set():
        raise UnreadableError("time")
    if status:
        raise UnreadableError("stopped")


def check() -> None:
    """Pass if the sandbox runs on this machine; raises ConfigurationError."""
    source = sealed_memory(iter(()))
    try:
        list(run(["nothing"], source, Limits(seconds=60, memory=512 * MIB, scratch=MIB, output=64)))
    finally:
        os.close(source)


def _pieces(output: int, most: int) -> Iterator[bytes]:
    first = os.read(output, 1)
    if first != _STARTED:
        raise ConfigurationError("sandbox.does-not-start")
    total = 0
    while piece := os.read(output, _PIECE):
        total += len(piece)
        if total > most:
            raise UnreadableError("too-large")
        yield piece


def _start(job: Sequence[str], source: int, output: int, limits: Limits) -> leash.Process:
    launcher = shutil.which("bwrap")
    if launcher is None:
        raise ConfigurationError("sandbox.not-installed")
    # The walls name paths of this machine: from a descriptor, so that /proc/1/cmdline does not show them inside.
    walls = b"".join(os.fsencode(part) + b"\0" for part in _walls(limits))
    program = [*_as_nobody(), *_rlimits(limits), _python(), "-I", "-B", "-c", _PROGRAM, *job]
    command = [launcher, "--args", str(_WALLS_FD), "--", *program]
    info, info_end = os.pipe2(os.O_CLOEXEC)
    own = (
        os.open(f"/proc/self/fd/{source}", os.O_RDONLY | os.O_CLOEXEC),  # a new open file, with its own offset
        os.dup(output),
        os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC),
        sealed_memory(
            iter([filter_program(platform.machine(), processes=limits.processes > 0, sockets=limits.has_sockets)])
        ),
        sealed_memory(iter([_PASSWD])),
        sealed_memory(iter([walls])),
        info_end,
    )
    # Move them away from the numbers that they get in the launcher.
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY) for descriptor in own]
    places = zip(moved, (0, 1, 2, _FILTER_FD, _PASSWD_FD, _WALLS_FD, _INFO_FD), strict=True)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, here, there) for here, there in places]
        process = os.posix_spawn(launcher, command, {}, file_actions=actions, setpgroup=0)
    except BaseException:
        os.close(info)
        raise
    finally:
        for descriptor in (*own, *moved):
            os.close(descriptor)
    return leash.Process.of(process, _first_process(info))


def _first_process(info: int) -> int:
    """Return the process id of the first process behind the walls, as bwrap reports it; 0 if it started none.

    Only that process has to be killed to end all others there. Killing the launcher is not enough: the first process
    lives on if it did not ask the kernel yet to end with its parent.
    """
    with os.fdopen(info, "rb") as report:
        said = report.read(_INFO_MAX)
    return int(json.loads(said)["child-pid"]) if said else 0


def _walls(limits: Limits) -> list[str]:
    """Return the options of bwrap that decide what the job can see and reach."""
    if os.geteuid() == 0:
        rights = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        rights += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        rights += ["--cap-add", "CAP_SETPCAP"]  # all are dropped once it has become nobody
    else:
        rights = ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", _NOBODY, "--gid", _NOBODY]
        rights += ["--cap-drop", "ALL"]
    return [
        *rights,
        *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--chdir", "/"),
        *("--seccomp", str(_FILTER_FD), "--info-fd", str(_INFO_FD)),
        *("--clearenv", "--setenv", "PATH", "/usr/bin:/usr/sbin", "--setenv", "HOME", "/tmp"),  # noqa: S108  its own
        *("--setenv", "LANG", "C.UTF-8", "--setenv", "LD_LIBRARY_PATH", "/python/lib"),
        *("--ro-bind", "/usr", "/usr"),
        *(part for name in ("bin", "sbin", "lib", "lib64") for part in ("--symlink", f"usr/{name}", f"/{name}")),
        *(part for folder in _FOLDERS for part in ("--perms", "0755", "--dir", folder)),
        *(part for name in _ETC for part in ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")),
        *("--perms", "0444", "--ro-bind-data", str(_PASSWD_FD), "/etc/passwd"),
        *(part for source, target in _code() for part in ("--ro-bind", str(source), target)),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(MIB), "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),  # noqa: S108
        *("--size", str(limits.scratch), "--perms", "1777", "--tmpfs", "/tmp", "--remount-ro", "/"),  # noqa: S108
    ]


def _as_nobody() -> list[str]:
    """Return options: root becomes nobody for good; any other user is nobody already, in its own user namespace."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--bounding-set=-all", "--"]


def _rlimits(limits: Limits) -> list[str]:
    sizes = [f"--data={limits.memory}", f"--fsize={max(limits.scratch, 1)}", f"--cpu={limits.seconds}"]
    # Of address space too, because each 2 MiB of it may need 4 KiB of page tables, which no other limit counts.
    # LibreOffice and ffmpeg reserve far more than they use.
    room = _ROOM_OF_PROGRAMS if limits.processes else _ROOM_OF_READERS
    sizes += [f"--as={limits.memory + room}", "--memlock=65536", "--msgqueue=0", "--sigpending=1024"]
    return ["prlimit", "--core=0", "--nofile=256", f"--nproc={limits.processes or _THREADS}", *sizes, "--"]


def _code() -> Iterator[tuple[Path, str]]:
    """Yield (path here, path in the sandbox) of Python, the libraries and the fixed program; nothing else."""
    base = Path(sys.base_prefix).resolve()
    if not base.is_relative_to("/usr"):
        yield base, "/python"
    yield Path(__file__).parent / "inside", "/code/dropbox/triage/evidence/inside"
    site = Path(sysconfig.get_paths()["platlib"])
    for name in _LIBRARIES:
        if (site / name).is_dir():
            yield site / name, f"/site/{name}"
    for library in site.glob(_BINARY_HEIF):
        yield library, f"/site/{library.name}"


def _python() -> str:
    base = Path(sys.base_prefix).resolve()
    name = f"bin/python{sys.version_info.major}.{sys.version_info.minor}"
    return str(base / name) if base.is_relative_to("/usr") else f"/python/{name}"
