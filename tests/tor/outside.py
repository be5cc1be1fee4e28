"""Where a browser really goes: strace watches every process of it, whatever its settings say.

Rule: every socket counts that could leave the machine, also of a name's look-up, also where no answer came.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.browser.firefox import program

_CALL = re.compile(r"^(?:\d+ +)?(socket|connect)\((.*)$", re.MULTILINE)
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_HOST = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def watched_firefox(folder: Path) -> tuple[Path, Path]:
    """A program that is Firefox under strace, and the log that it writes."""
    script, log = folder / "watched-firefox", folder / "sockets.log"
    # --seccomp-bpf: only these calls stop the browser, so that it stays as quick as it is.
    command = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,connect", "-o", str(log), program()]
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
    script.chmod(0o700)
    return script, log


def _calls(log: Path) -> Iterator[tuple[str, str]]:
    yield from _CALL.findall(log.read_text("ascii", "replace"))


def reached(log: Path) -> set[tuple[str, int]]:
    """Address and port of every connection that was tried over IP, with and without success."""
    found = set()
    for call, arguments in _calls(log):
        port, host = _PORT.search(arguments), _HOST.search(arguments)
        if call == "connect" and port and host:
            found.add((host[1] or host[2], int(port[1])))
    return found


def datagram_sockets(log: Path) -> list[str]:
    """Sockets over IP that are no TCP, as look-ups of names and media calls use them."""
    return [
        arguments for call, arguments in _calls(log)
        if call == "socket" and arguments.startswith("AF_INET") and "SOCK_STREAM" not in arguments
    ]  # fmt: skip
