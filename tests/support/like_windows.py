"""Runs commands of the program with what Windows lacks taken away: an emulation on Linux, a strong suspicion, no proof.

    python -m tests.support.like_windows < {"today": 20000 or null, "commands": [[…], …]}

Taken away: modules and names of POSIX, folders that can be opened, permissions, zone files of the system, names that
Windows reserves, and the replacement, renaming or removal of files that are open. Standard output is a list of exit
codes; what the commands say goes to standard error, in the code page that PYTHONIOENCODING names.
"""

import contextlib
import errno
import fcntl
import getpass  # noqa: F401  the standard library loads first, as it is on POSIX
import hashlib  # noqa: F401
import json
import os
import re
import shutil
import socket  # noqa: F401
import sqlite3  # noqa: F401
import ssl  # noqa: F401
import subprocess
import sys
import tempfile  # noqa: F401
import threading  # noqa: F401
import zoneinfo
from pathlib import Path
from typing import Any

MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "readline", "syslog")
NAMES = set(
    """geteuid getuid getgid getegid fchmod fchown chown lchown O_TMPFILE O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NOCTTY
    memfd_create MFD_CLOEXEC MFD_ALLOW_SEALING pread pwrite preadv pwritev pipe2 posix_spawn posix_fadvise
    posix_fallocate POSIX_FADV_DONTNEED fork statvfs fstatvfs getpgid killpg setsid mkfifo major minor uname getloadavg
    sched_getaffinity sync""".split()  # noqa: SIM905  shorter than so many quotes
)
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')
REAL: dict[str, Any] = {
    name: getattr(os, name) for name in ("open", "mkdir", "fsync", "rename", "replace", "unlink", "remove")
}
STATVFS = os.statvfs
GET_FLAGS, FLAGS = fcntl.fcntl, fcntl.F_GETFL


def refuse_name(path: Any) -> None:
    """Refuse what Windows refuses as a new file's or folder's name."""
    name = Path(os.fsdecode(path)).name
    if RESERVED.fullmatch(name) or FORBIDDEN.search(name):
        raise OSError(errno.EINVAL, "Invalid argument")


def refuse_open(path: Any) -> None:
    """Refuse to replace, rename or remove a file that this process has open."""
    wanted = os.path.realpath(path)
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if str(one.readlink()) == wanted:
                raise PermissionError(errno.EACCES, "the file is open")


def open_(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
    """os.open that opens no folder and keeps no modes."""
    if Path(os.fsdecode(path)).is_dir():
        raise PermissionError(errno.EACCES, "Permission denied")
    if flags & os.O_CREAT:
        refuse_name(path)
    descriptor: int = REAL["open"](path, flags, mode | 0o666, dir_fd=dir_fd)
    return descriptor


def mkdir(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
    """os.mkdir that keeps no modes."""
    refuse_name(path)
    REAL["mkdir"](path, mode | 0o777, dir_fd=dir_fd)


def fsync(descriptor: int) -> None:
    """os.fsync of files that may be written."""
    if not GET_FLAGS(descriptor, FLAGS) & (os.O_WRONLY | os.O_RDWR):
        raise OSError(errno.EBADF, "Bad file descriptor")
    REAL["fsync"](descriptor)


def rename(source: Any, target: Any, **more: Any) -> None:
    """os.rename that replaces nothing."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "File exists")
    refuse_name(target)
    refuse_open(source)
    REAL["rename"](source, target, **more)


def replace(source: Any, target: Any, **more: Any) -> None:
    """os.replace of closed files."""
    refuse_name(target)
    refuse_open(source)
    refuse_open(target)
    REAL["replace"](source, target, **more)


def unlink(path: Any, **more: Any) -> None:
    """os.unlink of closed files."""
    refuse_open(path)
    REAL["unlink"](path, **more)


def disk_usage(path: Any) -> Any:
    """shutil.disk_usage, which on Windows needs no statvfs."""
    found = STATVFS(path)
    sizes = found.f_blocks, found.f_blocks - found.f_bfree, found.f_bavail
    return shutil._ntuple_diskusage(*(size * found.f_frsize for size in sizes))


def emulate() -> None:
    """Take away from this process what Windows does not have."""
    os.umask(0)
    functions: dict[str, Any] = {"open": open_, "mkdir": mkdir, "fsync": fsync, "rename": rename, "replace": replace}
    functions |= {"unlink": unlink, "remove": unlink}
    functions |= {"umask": lambda _mask: 0, "chmod": lambda *_all, **_more: None}
    for name, function in functions.items():
        setattr(os, name, function)
    shutil.disk_usage = disk_usage
    for name in NAMES & set(dir(os)):
        delattr(os, name)
    for module in MODULES:
        sys.modules[module] = None  # type: ignore[assignment]
    zoneinfo.reset_tzpath(to=())


def like_windows(
    folder: Path, *commands: list[object], today: int | None = None, page: str = "cp1252"
) -> tuple[list[int], str]:
    """Exit codes of commands in one emulated process, and what they said."""
    asked = json.dumps({"today": today, "commands": [[str(word) for word in one] for one in commands]})
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error", "-m", "tests.support.like_windows"],
        input=asked.encode(),
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONIOENCODING": page, "DROPBOX_LANG": "id"},
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode(page)
    assert done.returncode == 0, said[-4000:]
    return json.loads(done.stdout), said


def main() -> None:
    """Run the commands of standard input one after the other."""
    asked = json.load(sys.stdin)
    emulate()
    from dropbox.cli import main as run

    if asked["today"] is not None:
        import dropbox.receiver.cli

        dropbox.receiver.cli._today = lambda: asked["today"]
    with contextlib.redirect_stdout(sys.stderr):
        codes = [run(command) for command in asked["commands"]]
    print(json.dumps(codes))


if __name__ == "__main__":
    main()
