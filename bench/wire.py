"""Counts every byte between a browser and the server, in both directions, heads and bodies."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIECE_BYTES = 65536


@dataclass
class Wire:
    """A relay that counts bytes and does not parse them."""

    upstream: int
    port: int = 0
    down: int = 0  # bytes from the server to the browser
    up: int = 0
    _count: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def address(self) -> str:
        """The address for the browser."""
        return f"http://127.0.0.1:{self.port}"

    def join(self, browser: socket.socket) -> None:
        """Relay one connection until both sides have closed it."""
        with browser, socket.create_connection(("127.0.0.1", self.upstream)) as server:
            upwards = threading.Thread(target=self._carry, args=(browser, server), daemon=True)
            upwards.start()
            self._carry(server, browser)
            upwards.join()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        upwards = source.getpeername()[1] != self.upstream
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE_BYTES):
                with self._count:
                    if upwards:
                        self.up += len(piece)
                    else:
                        self.down += len(piece)
                target.sendall(piece)
        for side in (source, target):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def wire_to(upstream: int) -> Iterator[Wire]:
    """Start a relay to the server on that port."""
    wire = Wire(upstream)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire.port = listener.getsockname()[1]

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    browser, _ = listener.accept()
                    threading.Thread(target=wire.join, args=(browser,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield wire
        listener.shutdown(socket.SHUT_RDWR)
