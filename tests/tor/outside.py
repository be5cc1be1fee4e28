"""Where a program really goes: strace watches every process of it, whatever its settings say.

Rule: every socket counts that could leave the machine: also for the look-up of a name, also where no answer came.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CALL = re.compile(r"^(?:\d+ +)?(socket|connect)\((.*)$", re.MULTILINE)
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_HOST = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


@dataclass(frozen=True)
class Watched:
    """A program that is another one under strace."""

    program: Path
    _log: Path

    @classmethod
    def make(cls, program: str, folder: Path) -> "Watched":
        """Write it into a folder."""
        script, log = folder / "watched", folder / "sockets.log"
        # --seccomp-bpf: nothing but these calls is stopped at, so the program stays as quick as it is.
        command = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,connect", "-o", str(log), program]
        # A home of its own: Firefox sends what it finds in that of the user about browsers that were killed before.
        command = ["env", f"HOME={folder}", *command]
        script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
        script.chmod(0o700)
        return cls(script, log)

    def _calls(self, name: str) -> Iterator[str]:
        for call, arguments in _CALL.findall(self._log.read_text("ascii", "replace")):
            if call == name:
                yield arguments

    def reached(self) -> set[tuple[str, int]]:
        """Address and port of every connection over IP that was tried, UDP's too."""
        found = set()
        for arguments in self._calls("connect"):
            port, host = _PORT.search(arguments), _HOST.search(arguments)
            if port and host:
                found.add((host[1] or host[2], int(port[1])))
        return found

    def datagram_sockets(self) -> list[str]:
        """Sockets over IP that are no TCP, as look-ups of names, calls and HTTP/3 use them."""
        made = self._calls("socket")
        return [one for one in made if one.startswith("AF_INET") and "SOCK_STREAM" not in one]

    def assert_went_only_to(self, port: int) -> None:
        """Nothing but this port of this machine was ever spoken to."""
        reached, datagrams = self.reached(), self.datagram_sockets()
        assert reached == {("127.0.0.1", port)}, reached
        assert datagrams == [], datagrams
