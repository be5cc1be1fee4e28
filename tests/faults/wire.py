"""A network that tears: a relay on this machine that cuts connections in the middle of what they carry.

Rule: until the cut every byte passes unchanged and in order; both ends then see a connection that was lost.
"""

import contextlib
import random
import socket
import struct
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

Place = int | Path  # a port of 127.0.0.1, or a Unix socket
_PIECE: Final = 16 * 1024
_ABORT: Final = struct.pack("ii", 1, 0)  # SO_LINGER: the other side gets a reset, as when a machine is gone


def _socket(place: Place) -> tuple[socket.socket, tuple[str, int] | str]:
    if isinstance(place, Path):
        return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), str(place)
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM), ("127.0.0.1", place)


@dataclass
class _Cable:
    """One connection: both its ends, and how many bytes are left until it tears (-1: it holds)."""

    ends: tuple[socket.socket, socket.socket]
    left: int
    is_abrupt: bool
    lock: threading.Lock = field(default_factory=threading.Lock)

    def share(self, wanted: int) -> int:
        """How many of so many bytes still pass."""
        with self.lock:
            if self.left < 0:
                return wanted
            passing = min(wanted, self.left)
            self.left -= passing
            return passing

    def cut(self) -> None:
        for end in self.ends:
            with contextlib.suppress(OSError):
                if self.is_abrupt:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                end.shutdown(socket.SHUT_RDWR)
        for end in self.ends:
            end.close()


@dataclass
class Wire:
    """A relay from a place to another; `tearing` is the share of new connections that will be cut.

    Attributes:
        near: where it listens.
        far: whom it connects.
        choice: where connections are cut.
        torn: how many were.
    """

    near: Place
    far: Place
    choice: random.Random
    tearing: float = 0.0
    torn: int = 0
    _cables: set[int] = field(default_factory=set, repr=False)
    _open: dict[int, _Cable] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Self:
        self._listening, at = _socket(self.near)
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind(at)
        self._listening.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut_all()

    def cut_all(self) -> int:
        """Cut every connection there is; how many."""
        cables = list(self._open.values())
        for cable in cables:
            cable.left = 0
            cable.cut()
        return len(cables)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far, at = _socket(self.far)
            try:
                far.connect(at)
            except OSError:
                far.close()
                near.close()
                continue
            left = int(2 ** self.choice.uniform(5, 19)) if self.choice.random() < self.tearing else -1
            cable = _Cable((near, far), left, self.choice.random() < 0.5)
            self._open[id(cable)] = cable
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(cable, source, target), daemon=True).start()

    def _pump(self, cable: _Cable, source: socket.socket, target: socket.socket) -> None:
        """Pass on what comes, until one side ends or the cable tears."""
        try:
            while piece := source.recv(_PIECE):
                passing = cable.share(len(piece))
                target.sendall(piece[:passing])
                if passing < len(piece):
                    self.torn += 1
                    cable.cut()
                    break
            else:
                target.shutdown(socket.SHUT_WR)
                if source is cable.ends[0]:  # the answer may still come
                    return
                cable.is_abrupt = False  # an answer that has ended is still on its way
        except OSError:
            pass
        self._open.pop(id(cable), None)
        cable.cut()
