"""Machines with a network of their own that meet at one switch; a cable can be pulled, and no program is told.

Rule: the host's own network is never touched: the switch is a namespace as well, and none of them has a way out.
"""

import contextlib
import ctypes
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET
_SWITCH: Final = "switch"
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Network:
    """Namespaces by their names; each has the address 10.9.0.N and its own loopback."""

    open_files: dict[str, int]  # what keeps the namespaces alive

    def address(self, name: str) -> str:
        """Where the others reach a machine."""
        return f"10.9.0.{[*self.open_files].index(name)}"

    @contextlib.contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """What this thread starts or opens in the block belongs to a machine."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _enter(self.open_files[name])
            try:
                yield
            finally:
                _enter(before)
        finally:
            os.close(before)

    def pull(self, name: str) -> None:
        """Let everything vanish that a machine sends, or others send to it: nothing refuses, nothing ends."""
        self._at_switch("link", "set", "dev", name, "nomaster")

    def plug(self, name: str) -> None:
        """End what `pull` began."""
        self._at_switch("link", "set", "dev", name, "master", _SWITCH)

    def _at_switch(self, *arguments: str) -> None:
        with self.inside(_SWITCH):
            _ip(*arguments)

    def _connect(self, name: str) -> None:
        place = f"/proc/{os.getpid()}/fd/{self.open_files[name]}"
        self._at_switch("link", "add", "name", name, "type", "veth", "peer", "name", "cable", "netns", place)
        self._at_switch("link", "set", "dev", name, "up")
        self.plug(name)
        with self.inside(name):
            _ip("link", "set", "lo", "up")
            _ip("address", "add", f"{self.address(name)}/24", "dev", "cable")
            _ip("link", "set", "cable", "up")


@contextlib.contextmanager
def network(names: Sequence[str]) -> Iterator[Network]:
    """Make a network of machines (takes root); it ends with the block and the processes in it."""
    made = Network({})
    try:
        for name in (_SWITCH, *names):
            made.open_files[name] = _namespace()
        made._at_switch("link", "add", "name", _SWITCH, "type", "bridge")
        made._at_switch("link", "set", "dev", _SWITCH, "up")
        for name in names:
            made._connect(name)
        yield made
    finally:
        for each in made.open_files.values():
            os.close(each)


def _namespace() -> int:
    """Make one, in a thread that ends with it; an open file keeps it."""
    found: list[int] = []

    def make() -> None:
        if not _LIBC.unshare(_NEW_NETWORK):
            found.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    assert found, "a namespace takes root"
    return found[0]


def _enter(namespace: int) -> None:
    if _LIBC.setns(namespace, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
