"""The sandbox against a hostile program in place of ours: it reaches nothing, leaves nothing, and is ended."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.limits import MIB
from dropbox.triage.evidence import leash, sandbox
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.sandbox import Limits
from dropbox.triage.vault.vault import Vault
from tests.support.server import wait_until

_WEB = shutil.ignore_patterns("web", "__pycache__")
Memory = Callable[[bytes], int]
USUAL = Limits(seconds=120, memory=512 * MIB, scratch=8 * MIB, output=MIB)
FORKING = Limits(seconds=120, memory=512 * MIB, scratch=8 * MIB, output=MIB, processes=40)


TRY = """
def attempt(name, act):
    try:
        print(name, 'DONE', act(), flush=True)
    except Exception as error:
        print(name, 'failed', flush=True)
"""


def test_it_sees_nothing_of_the_machine(hostile: Callable[..., str], vault: Vault, tmp_path: Path) -> None:
    """Vault, homes, passwords, other programs and temporary files do not exist for it."""
    (tmp_path / "canary").write_text("rahasia")
    places = ["/root", "/home", "/etc/shadow", "/etc/hostname", "/sys", "/var", "/run", str(tmp_path / "canary")]
    places += [str(vault.folder), str(Path.home()), str(Path(__file__).parents[2]), "/proc/1/environ", "/proc/1/root"]
    read = "os.listdir(p) if os.path.isdir(p) else open(p).read()"
    code = TRY + f"for p in {places!r}:\n    attempt(p, lambda: {read})"
    said = hostile(code)
    assert [line for line in said.splitlines() if "DONE" in line] == []
    assert said.count("failed") == len(places)


def test_it_is_nobody_and_sees_no_process_but_its_own(hostile: Callable[..., str]) -> None:
    """No right of root's, no name of this machine's people, a process list of its own."""
    said = hostile(
        "print(os.getuid(), os.getgroups() in ([], [65534]), os.uname().nodename, open('/etc/passwd').read().strip())\n"
        "status = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\n"
        "print(status['CapEff'], status['CapBnd'], status['NoNewPrivs'], status['Seccomp'])\n"
        "print(max(int(n) for n in os.listdir('/proc') if n.isdigit()) < 20, sorted(os.environ))"
    ).splitlines()
    assert said[0] == "65534 True sandbox nobody:x:65534:65534:nobody:/tmp:/usr/sbin/nologin"
    assert said[1] == "0000000000000000 0000000000000000 1 2"
    assert said[2] == "True ['HOME', 'LANG', 'LD_LIBRARY_PATH', 'PATH', 'PWD']"


def test_it_reaches_no_network(hostile: Callable[..., str]) -> None:
    """No socket at all for a reader, only a local stream socket for LibreOffice, and nobody to talk to."""
    code = TRY + (
        "import socket\n"
        "for family in (socket.AF_INET, socket.AF_INET6, 40, socket.AF_NETLINK, socket.AF_PACKET):\n"
        "    attempt(family, lambda: socket.socket(family, socket.SOCK_DGRAM))\n"
        "attempt('datagram', lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))\n"
        "attempt('local', lambda: socket.socket(socket.AF_UNIX))\n"
        "attempt('pair', lambda: socket.socketpair())\n"
        "print([l.split(':')[0].strip() for l in open('/proc/net/dev').read().splitlines()[2:]])"
    )
    for limits in (USUAL, FORKING):
        said = hostile(code, limits).splitlines()
        assert [line.split()[1] for line in said[:8]] == ["failed"] * 8
        assert said[8] == "['lo']"
    said = hostile(code, replace(FORKING, has_sockets=True)).splitlines()
    assert [line.split()[1] for line in said[:8]] == ["failed"] * 6 + ["DONE"] * 2


def test_it_changes_nothing(hostile: Callable[..., str], memory: Memory) -> None:
    """The system, the program and the file itself are read-only; only its own memory disk takes bytes."""
    code = TRY + (
        "for place in ('/x', '/usr/x', '/code/x', '/site/x', '/etc/x', '/dev/x', '/proc/sys/kernel/core_pattern'):\n"
        "    attempt(place, lambda: open(place, 'w'))\n"
        "attempt('input', lambda: os.write(0, b'x'))\n"
        "attempt('reopened', lambda: os.write(os.open('/proc/self/fd/0', os.O_RDWR), b'x'))\n"
        "attempt('/tmp', lambda: open('/tmp/x', 'w').write('x'))"
    )
    said = hostile(code).splitlines()
    assert [line for line in said if "DONE" in line] == ["/tmp DONE 1"]
    assert len(said) == 10


def test_dangerous_calls_are_denied(hostile: Callable[..., str]) -> None:
    """Name spaces, mounts, tracing, keys, io_uring, and memory that no limit counts."""
    code = (
        "import ctypes, mmap\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "calls = dict(unshare=(272, 0x10000000), mount=(165, 0, 0, 0, 0, 0), ptrace=(101, 0, 0, 0, 0),\n"
        "    keyctl=(250, 0, 0), io_uring=(425, 8, 0), bpf=(321, 0, 0, 0), memfd=(319, b'x', 0), fork=(57,),\n"
        "    clone_user=(56, 0x10000011, 0, 0, 0, 0))\n"
        "for name, call in calls.items():\n"
        "    print(name, libc.syscall(*call), ctypes.get_errno(), flush=True)\n"
        "try: mmap.mmap(-1, 4096)\nexcept OSError as error: print('shared', -1, error.errno, flush=True)\n"
        "libc.syscall(0x40000000 + 39)"
    )
    with pytest.raises(UnreadableError) as caught:  # what would be an x32 call ends it
        hostile(code)
    assert caught.value.reason == "stopped"
    said = hostile(code.replace("libc.syscall(0x40000000 + 39)", "")).splitlines()
    assert [line.split()[1:] for line in said] == [["-1", "1"]] * 10
    allowed = code.replace("libc.syscall(0x40000000 + 39)", "").replace("fork=(57,),", "")
    assert [line.split()[1:] for line in hostile(allowed, FORKING).splitlines()] == [["-1", "1"]] * 9


def test_a_fork_bomb_does_not_go_off(hostile: Callable[..., str]) -> None:
    """No process at all for our own reader; a bounded number for the programs."""
    code = (
        "import time\ncount = 0\n"
        "try:\n    while count < 1000:\n        if os.fork() == 0:\n            time.sleep(600)\n        count += 1\n"
        "except OSError:\n    pass\nprint(count, flush=True)\nos._exit(0)"
    )
    assert hostile(code) == "0\n"
    assert 0 < int(hostile(code, FORKING)) <= 40


def test_what_it_starts_ends_with_it(hostile: Callable[..., str]) -> None:
    """A process that hides in a session of its own ran, and is gone as well."""
    mark = f"marker-of-the-sandbox-test-{os.getpid()}"
    # The hidden one says by closing the pipe that it has become another program; only then does its parent end.
    code = (
        "import fcntl\nours, its = os.pipe()\nfcntl.fcntl(its, fcntl.F_SETFD, fcntl.FD_CLOEXEC)\n"
        "if os.fork() == 0:\n    os.setsid()\n    os.close(1)\n    os.close(ours)\n"
        f"    os.execv('/usr/bin/sleep', [{mark!r}, '700'])\n"
        f"os.close(its)\nos.read(ours, 1)\nprint({mark!r} in str(_others()), flush=True)\nos._exit(0)"
    )
    assert hostile(_OTHERS + code, FORKING) == "True\n"
    wait_until("the hidden process is gone", lambda: mark not in str(_processes()), shown=_processes)


_OTHERS = """
def _others():
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            found.append(open(f'/proc/{name}/cmdline', 'rb').read())
    return found
"""


def _processes() -> list[bytes]:
    """The command lines of all processes; those that have ended by now are left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes())
    return found


def test_memory_and_disk_are_bounded(hostile: Callable[..., str]) -> None:
    """A hog gets an error, not the machine's memory."""
    code = TRY + (
        "import errno\nattempt('memory', lambda: bytearray(3 << 30))\n"
        "def fill(folder):\n"
        "    total = 0\n"
        "    for number in range(1000):\n"
        "        with open(f'{folder}/{number}', 'wb', 0) as file:\n"
        "            for _ in range(8): total += file.write(bytes(1 << 18))\n"
        "attempt('tmp', lambda: fill('/tmp'))\nattempt('shm', lambda: fill('/dev/shm'))"
    )
    assert hostile(code).split() == ["memory", "failed", "tmp", "failed", "shm", "failed"]


@pytest.mark.parametrize(
    ("code", "reason", "seconds"),
    [
        ("while True: pass", "time", 3),
        ("import time; time.sleep(3600)", "time", 3),
        ("os.close(1); import time; time.sleep(3600)", "time", 3),
        ("while True: os.write(1, bytes(1 << 16))", "too-large", 60),
        ("os.write(1, b'+' * 100); os.kill(os.getpid(), 11)", "stopped", 60),
        ("sys.exit(3)", "stopped", 60),
        ("import ctypes; ctypes.string_at(0)", "stopped", 60),
    ],
)
def test_it_is_ended(hostile: Callable[..., str], code: str, reason: str, seconds: int) -> None:
    """Endless loops, sleepers, floods and crashes each end, and it is said how."""
    with pytest.raises(UnreadableError) as caught:
        hostile(code, Limits(seconds=seconds, memory=512 * MIB, scratch=MIB, output=MIB))
    assert caught.value.reason == reason


def _children() -> set[int]:
    """The processes that this one has started, ended but not waited for included."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            _state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid():
                found.add(int(path.parent.name))
    return found


def test_who_stops_listening_ends_it(hostile: Callable[..., str], memory: Memory) -> None:
    """An abandoned reading leaves no process and no descriptor behind."""
    sandbox.check()
    before = len(list(Path("/proc/self/fd").iterdir()))
    children = _children()
    pieces = sandbox.run(["nothing"], source := memory(b""), USUAL)
    next(pieces)
    pieces.close()
    os.fstat(source)
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 1
    assert _children() <= children


def test_without_a_sandbox_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, memory: Memory) -> None:
    """No bubblewrap, or one that this machine does not let work: a sentence, never another way."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="bubblewrap is not installed"):
        sandbox.check()
    (tmp_path / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    with pytest.raises(ConfigurationError, match="does not start"):
        list(sandbox.run(["facts", "pdf"], memory(b"%PDF-"), USUAL))


def test_it_learns_no_path_of_this_machine(hostile: Callable[..., str]) -> None:
    """The launcher's command line, which the program can read, has no folder of a user."""
    said = hostile("print(open('/proc/1/cmdline').read())")
    assert "bwrap" in said
    assert str(Path(__file__).parents[2]) not in said


def test_it_works_for_others_than_root() -> None:
    """As nobody, in a user name space: the same walls (run by another user when the tests run as root)."""
    if os.geteuid() != 0:
        sandbox.check()
        return
    code = (
        "from dropbox.triage.evidence import sandbox\n"
        "sandbox._PROGRAM = \"import os; os.write(1, b'!'); print(os.getuid(), os.path.exists('/root'), flush=True)\"\n"
        "source = sandbox.sealed_memory(iter([b'x']))\n"
        "print(b''.join(sandbox.run([], source, sandbox.Limits(120, 1 << 29, 1 << 20, 4096))).decode().strip())"
    )
    with tempfile.TemporaryDirectory() as name:
        # Whoever is nobody may not enter root's folders: a copy of the code and the system's own Python will do.
        shutil.copytree(Path(sandbox.__file__).parents[2], Path(name, "dropbox"), ignore=_WEB)
        Path(name).chmod(0o755)
        done = subprocess.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", code],
            env={"PYTHONPATH": name, "PATH": "/usr/bin"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.stdout, done.stderr) == ("65534 False\n", "")


def test_a_sandbox_that_has_only_begun_ends_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut at the moment of its start, when its walls are not built yet, a job ends each time and leaves no process."""
    source = sandbox.sealed_memory(iter(()))
    start = sandbox._start
    mark = f"begun-{os.getpid()}"
    monkeypatch.setattr(sandbox, "_PROGRAM", f"import time; time.sleep(600)  # {mark}")
    for _ in range(20):
        own = leash.Leash()

        def cut_at_once(*arguments: object, own: leash.Leash = own) -> leash.Process:
            threading.Timer(0, own.cut).start()
            return start(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(sandbox, "_start", cut_at_once)
        leash.take(own)
        try:
            with pytest.raises(UnreadableError, match="broke off"):
                list(sandbox.run([], source, USUAL))
        finally:
            leash.drop()
    os.close(source)
    wait_until("no process of a sandbox is left", lambda: mark not in str(_processes()), shown=_processes)
